import {
  ListUserSessionsCommand,
  type ListUserSessionsCommandInput,
  RevokeUserSessionCommand,
  type RevokeUserSessionCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Input } from '../casing.js';
import { iteratePages, pageOf } from '../paging.js';
import { readSessions, type UserSession, type UserSessionPage } from '../user-session.js';
import { OwnPasskeys } from './own-passkeys.js';

export type ListUserSessionsInput = Input<ListUserSessionsCommandInput>;
export type RevokeUserSessionInput = Input<RevokeUserSessionCommandInput>;

/** Everything that signed-in users do for themselves, their sessions at the end. */
export abstract class SelfService extends OwnPasskeys {
  /**
   * One page of the sessions of the user whose access token it is, in a pool that keeps track of them
   * (`ListUserSessions`).
   *
   * @example `const { sessions } = await auth.listUserSessions({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token), `OperationNotEnabledException` (the pool keeps no track),
   *   `InvalidParameterException` (bad `nextToken`).
   */
  async listUserSessions(input: ListUserSessionsInput): Promise<UserSessionPage> {
    const operation = 'ListUserSessions';
    return readSessions(await this.api.run(ListUserSessionsCommand, operation, input, {}), operation);
  }

  /**
   * All sessions of the user whose access token it is, page by page as they are asked for (`ListUserSessions`).
   *
   * @example `for await (const { isCurrentSession } of auth.iterateUserSessions({ accessToken })) { … }`
   * @throws as {@link listUserSessions}.
   */
  iterateUserSessions(
    input: Omit<ListUserSessionsInput, 'nextToken'>,
  ): AsyncGenerator<UserSession, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listUserSessions(pageOf(input, { nextToken }));
      return { items: page.sessions, nextToken: page.nextToken };
    });
  }

  /**
   * Ends another session of the user whose access token it is (`RevokeUserSession`). Guards go on accepting its access
   * tokens until these expire.
   *
   * @example `await auth.revokeUserSession({ accessToken, sessionId })`
   * @throws `NotAuthorizedException` (unusable token), `ResourceNotFoundException` (no such session),
   *   `InvalidParameterException` (the session of the token itself), `OperationNotEnabledException` (the pool keeps no
   *   track).
   */
  async revokeUserSession(input: RevokeUserSessionInput): Promise<void> {
    await this.api.run(RevokeUserSessionCommand, 'RevokeUserSession', input, {});
  }
}
