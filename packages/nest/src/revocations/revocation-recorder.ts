import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import type { RevocationList } from '@cognest/verifier';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { BoundedLog } from '../errors/bounded-log.js';
import { wireText } from '../errors/wire-text.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import type { CognitoApi } from '../services/cognito-api.js';
import { COGNITO_APIS, RESOLVED_OPTIONS } from '../tokens.js';
import { ListWithGroups } from './deleted-groups.js';
import { IssuedSessions } from './issued-sessions.js';
import { OwnRevocations, type TokenIdentity } from './own-revocations.js';

/** What the requests and responses of these operations hold that matters here, in the API's words. */
interface ApiCall {
  readonly Username?: string;
  readonly GroupName?: string;
  readonly AccessToken?: string;
  /** A refresh token. */
  readonly Token?: string;
  readonly RefreshToken?: string;
  readonly AuthParameters?: { readonly REFRESH_TOKEN?: string };
  readonly AuthenticationResult?: {
    readonly AccessToken?: string;
    readonly IdToken?: string;
    readonly RefreshToken?: string;
  };
}

/**
 * The operations of an administrator after which a user's tokens are to be refused. A change of a password is not among
 * them: Cognito keeps the sessions then.
 */
const ENDED_BY_ADMINISTRATOR: ReadonlySet<string> = new Set([
  'AdminUserGlobalSignOut',
  'AdminDisableUser',
  'AdminDeleteUser',
  // The token goes on naming the group until it is refreshed.
  'AdminRemoveUserFromGroup',
]);

const MAX_SESSIONS = 100_000;

/** Records in the option `revocations` what the services end, so that the guard refuses it at the next request. */
@Injectable()
export class RevocationRecorder implements OnModuleInit {
  readonly #list: RevocationList | undefined;
  readonly #apis: readonly CognitoApi[];
  readonly #sessions = new IssuedSessions(MAX_SESSIONS);
  /** The list's revision before a call was made. */
  readonly #revisions = new WeakMap<object, number>();
  /** Who a call is about that will not be found afterwards. */
  readonly #subs = new WeakMap<object, string>();
  readonly #logger = new Logger(RevocationRecorder.name);
  readonly #bounded = new BoundedLog(RevocationRecorder.name);

  constructor(
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(COGNITO_APIS) apis: readonly CognitoApi[],
  ) {
    this.#list = options.revocations;
    this.#apis = apis;
  }

  onModuleInit(): void {
    const list = this.#list;
    if (list === undefined) return;
    for (const api of this.#apis) {
      api.observe(
        (operation, request, response) => this.#record(list, api, operation, request, response),
        (operation, request) => this.#prepare(api, operation, request),
      );
    }
  }

  async #prepare(api: CognitoApi, operation: string, request: ApiCall): Promise<void> {
    if (this.#list instanceof OwnRevocations) this.#revisions.set(request, this.#list.revision);
    if (operation !== 'AdminDeleteUser') return;
    const sub = await this.#subOf(api, operation, request);
    if (sub !== undefined) this.#subs.set(request, sub);
  }

  async #record(
    list: RevocationList,
    api: CognitoApi,
    operation: string,
    request: ApiCall,
    response: ApiCall,
  ): Promise<void> {
    this.#learn(request, response);
    if (ENDED_BY_ADMINISTRATOR.has(operation)) {
      const gone = operation === 'AdminDeleteUser';
      const sub = gone ? this.#subs.get(request) : await this.#subOf(api, operation, request);
      if (sub !== undefined) await list.revokeUser(sub);
    } else if (operation === 'GlobalSignOut' || operation === 'DeleteUser') {
      const { sub, origin_jti } = claimsOf(request.AccessToken);
      // Whatever our clock says, the session at hand is over.
      if (origin_jti !== undefined) await list.revokeSession(origin_jti);
      if (sub !== undefined) await list.revokeUser(sub);
    } else if (operation === 'DeleteGroup' && request.GroupName !== undefined) {
      await list.revokeGroup(api.userPoolId, request.GroupName);
      if (list instanceof ListWithGroups) {
        this.#logger.warn(
          'DeleteGroup: tokens that name the group are refused by this process alone, since the list in "revocations" ' +
            'has no method revokeGroup(userPoolId, groupName); add it where other processes share the list',
        );
      }
    } else if (operation === 'RevokeToken' && request.Token !== undefined) {
      const originJti = this.#sessions.of(request.Token);
      if (originJti !== undefined) await list.revokeSession(originJti);
      else {
        this.#bounded.warn(
          operation,
          'RevokeToken: this process has not seen that refresh token being issued, so it cannot tell which access ' +
            'tokens belong to it; they are good until they expire',
        );
      }
    }
  }

  /** Keeps which session a refresh token is of, when one is issued or used; and which tokens are new for sure. */
  #learn(request: ApiCall, response: ApiCall): void {
    const { AccessToken, IdToken, RefreshToken } = response.AuthenticationResult ?? {};
    const revision = this.#revisions.get(request);
    if (this.#list instanceof OwnRevocations && revision !== undefined) {
      for (const token of [AccessToken, IdToken]) {
        const claims = claimsOf(token);
        if (isIdentity(claims)) this.#list.accept(claims, revision);
      }
    }
    const originJti = claimsOf(AccessToken).origin_jti;
    if (originJti === undefined) return;
    // The one that was used may stay good, and may be the one that is revoked later.
    for (const token of [request.AuthParameters?.REFRESH_TOKEN, request.RefreshToken, RefreshToken]) {
      if (token !== undefined) this.#sessions.add(token, originJti);
    }
  }

  /** An administrator may name a user by an alias; tokens are known by the id. */
  async #subOf(api: CognitoApi, operation: string, { Username }: ApiCall): Promise<string | undefined> {
    try {
      const command = new AdminGetUserCommand({ ...api.inPool, Username });
      const { UserAttributes = [] } = await api.call('AdminGetUser', (client) => client.send(command));
      const sub = UserAttributes.find(({ Name }) => Name === 'sub')?.Value;
      if (sub !== undefined) return sub;
      throw new Error('the user has no sub');
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      // Not the message: Cognito's may quote the input. A user who is not there, or no name, is the caller's to hear of.
      if (name !== 'UserNotFoundException' && name !== 'InvalidParameterException') {
        this.#logger.warn(
          `${operation}: the user's tokens are good until they expire, since AdminGetUser failed (${wireText(name)}); allow ` +
            'cognito-idp:AdminGetUser, or say revocations: false',
        );
      }
      return undefined;
    }
  }
}

/** The claims of a token that came from Cognito, or was taken by it, just now: it needs no verification. */
function claimsOf(token: string | undefined): Partial<TokenIdentity> {
  try {
    const payload = token?.split('.')[1];
    if (payload === undefined) return {};
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const { iat, 'cognito:groups': groups } = claims;
    const text = (name: 'iss' | 'sub' | 'jti' | 'origin_jti') => {
      const value = claims[name];
      return typeof value === 'string' && value !== '' ? { [name]: value } : {};
    };
    return {
      ...text('iss'),
      ...text('sub'),
      ...text('jti'),
      ...text('origin_jti'),
      ...(typeof iat === 'number' && { iat }),
      ...(Array.isArray(groups) && { 'cognito:groups': groups as readonly string[] }),
    };
  } catch {
    return {};
  }
}

function isIdentity(claims: Partial<TokenIdentity>): claims is TokenIdentity {
  return claims.iss !== undefined && claims.sub !== undefined && claims.iat !== undefined;
}
