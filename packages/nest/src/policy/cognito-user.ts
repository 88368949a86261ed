import {
  type AccessTokenClaims,
  type CognitoClaims,
  type IdTokenClaims,
  isMachine,
  type TokenUse,
  userPoolIdOf,
} from '@cognest/verifier';

interface CognitoCaller {
  /** The user's id, stable for life; of a machine the app client's id. */
  readonly sub: string;
  /** The user's groups, exactly as named. Empty when there are none. */
  readonly groups: readonly string[];
  /** The token's OAuth scopes. Empty in an ID token. */
  readonly scopes: readonly string[];
  /** The app client that the token was issued to. */
  readonly clientId: string;
  /** The pool that issued the token. */
  readonly userPoolId: string;
  /** That pool's name in the module's options; `'default'` where there is just one without a name. */
  readonly pool: string;
  readonly tokenUse: TokenUse;
}

/** A person who signed in. */
export interface CognitoPerson extends CognitoCaller {
  readonly isMachine: false;
  /** The real user name, not an alias. */
  readonly username: string;
  /** Every claim of the verified token. */
  readonly claims: AccessTokenClaims | IdTokenClaims;
}

/** A program with a token from the `client_credentials` grant: no user stands behind it. */
export interface CognitoMachine extends CognitoCaller {
  readonly isMachine: true;
  readonly username: undefined;
  readonly claims: AccessTokenClaims;
}

/** Who made the request, as a verified token says. Frozen. `isMachine` tells a person from a program. */
export type CognitoUser = CognitoPerson | CognitoMachine;

/** The names of the members of {@link CognitoUser}. */
export const USER_PROPERTIES = [
  'sub',
  'username',
  'groups',
  'scopes',
  'clientId',
  'userPoolId',
  'pool',
  'tokenUse',
  'isMachine',
  'claims',
] as const satisfies readonly (keyof CognitoUser)[];

const NONE: readonly string[] = Object.freeze([]);
/**
 * The frozen user of verified claims.
 *
 * @param poolNames - the configured names by user pool id.
 */
export function buildUser(claims: CognitoClaims, poolNames: ReadonlyMap<string, string>): CognitoUser {
  const isAccess = claims.token_use === 'access';
  const userPoolId = userPoolIdOf(claims);
  const machine = isMachine(claims);
  const scope = isAccess ? claims.scope : undefined;
  const username = (isAccess ? claims.username : claims['cognito:username']) ?? claims.sub;
  // One literal, since this is done for each new token: putting it together from parts costs as much as all the rest.
  return Object.freeze({
    sub: claims.sub,
    // A bare `groups` claim is whatever a trigger put there; only Cognito writes `cognito:groups`.
    groups: claims['cognito:groups'] ?? NONE,
    scopes: scope ? scopesOf(scope) : NONE,
    clientId: isAccess ? claims.client_id : claims.aud,
    userPoolId,
    // The verifier accepts tokens of configured pools only; a pool without a name meets no policy that names one.
    pool: poolNames.get(userPoolId) ?? '',
    tokenUse: claims.token_use,
    isMachine: machine,
    username: machine ? undefined : username,
    claims,
  } as CognitoUser);
}

// Nearly all tokens of an app have the same scopes.
let last = { scope: '', scopes: NONE };

function scopesOf(scope: string): readonly string[] {
  if (scope !== last.scope) {
    last = { scope, scopes: Object.freeze(scope.split(' ').filter((name) => name !== '')) };
  }
  return last.scopes;
}
