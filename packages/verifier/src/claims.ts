/** Which of Cognito's two signed tokens: the `token_use` claim. */
export type TokenUse = 'access' | 'id';

/** Claims that both tokens carry. Whatever else the pool adds is there too, as `unknown`. */
export interface CommonClaims {
  /** The user's id, stable for life. In a machine's token the app client's id. */
  readonly sub: string;
  /** The pool's issuer URL, one of the configured ones. */
  readonly iss: string;
  /** Expiry, in seconds since 1970. */
  readonly exp: number;
  /** Issue time, in seconds since 1970. */
  readonly iat: number;
  /** When the user signed in, in seconds since 1970. A refresh leaves it as it was. */
  readonly auth_time?: number;
  /** The token's id. Absent when token revocation is off for the client. */
  readonly jti?: string;
  /** The session's id: the same in all tokens that descend from one sign-in. */
  readonly origin_jti?: string;
  readonly event_id?: string;
  /** The user's groups, exactly as named. Absent when there are none. */
  readonly 'cognito:groups'?: readonly string[];
  readonly [claim: string]: unknown;
}

/** An access token: of a user, or of a machine (`client_credentials`). {@link isMachine} tells which. */
export interface AccessTokenClaims extends CommonClaims {
  readonly token_use: 'access';
  /** The app client that it was issued to. */
  readonly client_id: string;
  /** Scopes, separated by one space. */
  readonly scope?: string;
  /** The user's name in the pool. A machine has none. */
  readonly username?: string;
  readonly device_key?: string;
  /** 2 in tokens of the OAuth endpoints, absent in those of the API. */
  readonly version?: number;
}

/** An access token from the `client_credentials` grant: no user stands behind it. */
export interface MachineTokenClaims extends AccessTokenClaims {
  readonly username?: never;
}

/** An ID token: who the user is, for the app client that asked. */
export interface IdTokenClaims extends CommonClaims {
  readonly token_use: 'id';
  /** The app client that it was issued to. */
  readonly aud: string;
  readonly 'cognito:username'?: string;
  readonly 'cognito:roles'?: readonly string[];
  readonly 'cognito:preferred_role'?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly phone_number?: string;
  readonly phone_number_verified?: boolean;
  readonly nonce?: string;
}

/** Either token, told apart by `token_use`. */
export type CognitoClaims = AccessTokenClaims | IdTokenClaims;

/** The claims of the given token use; of a union of uses, the union of claims. */
export type ClaimsFor<Use extends TokenUse> = Use extends 'access' ? AccessTokenClaims : IdTokenClaims;

/**
 * Whether a verified token is a machine's: an access token whose subject is its own app client and that names no
 * user. A scope beside a client id is no sign of it: users' tokens carry both.
 */
export function isMachine(claims: CognitoClaims): claims is MachineTokenClaims {
  return claims.token_use === 'access' && claims.sub === claims.client_id && claims.username === undefined;
}

/** The id of the pool that issued a verified token: the last segment of its `iss`. */
export function userPoolIdOf(claims: CognitoClaims): string {
  return claims.iss.slice(claims.iss.lastIndexOf('/') + 1);
}
