import { Inject, Injectable, Optional } from '@nestjs/common';
import { CognitoAuthenticator } from '../guard/cognito-authenticator.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { RESOLVED_OPTIONS } from '../tokens.js';

/** The session that an access token belongs to. */
@Injectable()
export class AccessSession {
  readonly #authenticator: CognitoAuthenticator | undefined;
  readonly #options: ResolvedCognitoOptions | undefined;

  constructor(
    // Without CognitoModule there are none, which CognitoAuthModule says in words.
    @Optional() @Inject(CognitoAuthenticator) authenticator: CognitoAuthenticator | undefined,
    @Optional() @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions | undefined,
  ) {
    this.#authenticator = authenticator;
    this.#options = options;
  }

  /**
   * Has the guard refuse the tokens of the session from now on, as the option `revocations` says. Cognito is not told: it
   * ends a session by its refresh token alone.
   *
   * @param accessToken - unchecked. One that opens nothing ends nothing either.
   */
  async revoke(accessToken: string): Promise<void> {
    const revocations = this.#options?.revocations;
    if (revocations === undefined) return;
    const carrier = { authorization: [], tokens: [accessToken] };
    const decision = await this.#authenticator?.authenticate(carrier, { tokenUse: 'access' });
    if (!decision?.admitted) return;
    const { origin_jti: originJti } = decision.user.claims;
    if (typeof originJti === 'string') await revocations.revokeSession(originJti);
  }
}
