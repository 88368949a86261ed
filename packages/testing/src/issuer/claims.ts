import { createHash, randomUUID } from 'node:crypto';
import type {
  AccessTokenOptions,
  IdTokenOptions,
  MachineTokenOptions,
  TokenOptions,
  UserTokenOptions,
} from './token-options.js';

/** Who issues, to whom unless the call says otherwise, and when. */
export interface Issue {
  readonly iss: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly nowS: number;
}

const LIFETIME_S = 3600;

/** The claims of an access token of Cognito's API. */
export function accessClaims(issue: Issue, options: AccessTokenOptions): object {
  const { clientId = issue.clientId, scopes = ['aws.cognito.signin.user.admin'] } = options;
  return withClaims(options, {
    ...userClaims(issue, options),
    client_id: clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    username: usernameOf(options),
  });
}

/** The claims of an ID token. */
export function idClaims(issue: Issue, options: IdTokenOptions): object {
  const { clientId = issue.clientId, attributes = {} } = options;
  return withClaims(options, {
    ...attributes,
    ...userClaims(issue, options),
    'cognito:username': usernameOf(options),
    aud: clientId,
    token_use: 'id',
  });
}

/** The claims of an access token of the `client_credentials` grant. */
export function machineClaims(issue: Issue, options: MachineTokenOptions): object {
  const { clientId = issue.clientId, scopes } = options;
  const { iat, exp } = times(issue, options);
  return withClaims(options, {
    sub: clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: iat,
    iss: issue.iss,
    exp,
    iat,
    version: 2,
    jti: randomUUID(),
    client_id: clientId,
  });
}

function userClaims(issue: Issue, options: UserTokenOptions): object {
  const { groups = [], signedInAgoS = 0, sub = subOf(issue.userPoolId, usernameOf(options)) } = options;
  const { iat, exp } = times(issue, options);
  return {
    sub,
    ...(groups.length > 0 && { 'cognito:groups': groups }),
    iss: issue.iss,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    auth_time: iat - signedInAgoS,
    exp,
    iat,
    jti: randomUUID(),
  };
}

function usernameOf({ username = 'test-user' }: UserTokenOptions): string {
  return username;
}

/** One that has expired was issued an hour before it did. */
function times({ nowS }: Issue, { expiresInS = LIFETIME_S }: TokenOptions): { iat: number; exp: number } {
  const exp = nowS + expiresInS;
  return { iat: expiresInS > 0 ? nowS : exp - LIFETIME_S, exp };
}

function withClaims({ claims = {} }: TokenOptions, own: object): object {
  // JSON leaves out what is undefined.
  return { ...own, ...claims };
}

/** In the form of a UUID of version 4, which Cognito gives. */
function subOf(userPoolId: string, username: string): string {
  const bytes = createHash('sha256').update(`${userPoolId}/${username}`).digest();
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
