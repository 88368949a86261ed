import type {
  CreateUserPoolClientRequest,
  ExplicitAuthFlowsType,
  RefreshTokenRotationType,
  UpdateUserPoolClientRequest,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolClientRecord, UserPoolClientSettings } from '../../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { newClientId, newClientSecret } from '../ids.js';
import { userPoolNotFound } from '../pools/faults.js';
import { DEFAULT_REFRESH_TOKEN_VALIDITY_DAYS } from './token-lifetimes.js';
import { type ClientRequest, checkClientRequest } from './user-pool-client-checks.js';
import { checkSecret } from './user-pool-client-secrets.js';

/**
 * Creates an app client.
 *
 * @param options.id The client's id instead of a new one, and `options.secret` its secret, for clients
 * that are declared rather than made.
 * @throws CognitoServiceError where AWS answers with one.
 */
export function createUserPoolClient(
  context: OperationContext,
  request: CreateUserPoolClientRequest,
  options: { readonly id?: string; readonly secret?: string } = {},
): UserPoolClientType {
  const pool = context.storage.userPools.find(request.UserPoolId as string);
  if (pool === undefined) throw userPoolNotFound(request.UserPoolId as string);
  if (request.ClientSecret !== undefined) checkSecret(request.ClientSecret);
  const now = context.clock.now();
  const secret =
    options.secret ?? request.ClientSecret ?? (request.GenerateSecret ? newClientSecret() : undefined);
  checkClientRequest(context, 'CreateUserPoolClient', pool, request, secret !== undefined);
  const client: UserPoolClientRecord = {
    id: options.id ?? newClientId(),
    userPoolId: pool.id,
    name: request.ClientName as string,
    secrets: secret === undefined ? [] : [secret],
    secretDates: secret === undefined ? [] : [now],
    settings: settingsOf(request),
    createdAt: now,
    modifiedAt: now,
  };
  context.storage.transaction(() => context.storage.clients.insert(client));
  return userPoolClientView(client);
}

/** Ends what it let in for good: a client that is declared with the same id later is another. */
export function deleteUserPoolClient(
  { storage, clock }: OperationContext,
  { id, userPoolId }: UserPoolClientRecord,
): void {
  storage.transaction(() => {
    storage.clients.delete(id);
    storage.signIns.revokeAllOfClient(userPoolId, id, clock.now());
    storage.challengeSessions.deleteOpenOfClient(userPoolId, id);
  });
}

/**
 * Replaces the configuration of a client: what the request leaves out returns to its default, but for the
 * name. Secrets stay.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export function updateUserPoolClient(
  context: OperationContext,
  { client, pool }: ClientAccess,
  request: UpdateUserPoolClientRequest,
): UserPoolClientType {
  checkClientRequest(context, 'UpdateUserPoolClient', pool, request, client.secrets.length > 0);
  const updated: UserPoolClientRecord = {
    ...client,
    name: request.ClientName ?? client.name,
    settings: settingsOf(request),
    modifiedAt: context.clock.now(),
  };
  context.storage.transaction(() => context.storage.clients.update(updated));
  return userPoolClientView(updated);
}

/** An app client and the pool that it belongs to. */
export interface ClientAccess {
  readonly client: UserPoolClientRecord;
  readonly pool: UserPoolRecord;
}

/** The client as Create and DescribeUserPoolClient answer it. */
export function userPoolClientView(client: UserPoolClientRecord): UserPoolClientType {
  return {
    ...client.settings,
    UserPoolId: client.userPoolId,
    ClientId: client.id,
    ClientName: client.name,
    ClientSecret: client.secrets[0],
    CreationDate: new Date(client.createdAt),
    LastModifiedDate: new Date(client.modifiedAt),
  };
}

function settingsOf(request: ClientRequest): UserPoolClientSettings {
  return {
    RefreshTokenValidity: request.RefreshTokenValidity || DEFAULT_REFRESH_TOKEN_VALIDITY_DAYS,
    AccessTokenValidity: request.AccessTokenValidity,
    IdTokenValidity: request.IdTokenValidity,
    TokenValidityUnits: request.TokenValidityUnits ?? {},
    ReadAttributes: request.ReadAttributes,
    WriteAttributes: request.WriteAttributes,
    ExplicitAuthFlows: request.ExplicitAuthFlows?.length ? [...request.ExplicitAuthFlows].sort() : undefined,
    SupportedIdentityProviders: request.SupportedIdentityProviders,
    CallbackURLs: request.CallbackURLs,
    LogoutURLs: request.LogoutURLs,
    DefaultRedirectURI: request.DefaultRedirectURI,
    AllowedOAuthFlows: request.AllowedOAuthFlows,
    AllowedOAuthScopes: request.AllowedOAuthScopes,
    AllowedOAuthFlowsUserPoolClient: request.AllowedOAuthFlowsUserPoolClient ?? false,
    AnalyticsConfiguration: request.AnalyticsConfiguration,
    PreventUserExistenceErrors: request.PreventUserExistenceErrors,
    EnableTokenRevocation: request.EnableTokenRevocation ?? true,
    EnablePropagateAdditionalUserContextData: request.EnablePropagateAdditionalUserContextData ?? false,
    AuthSessionValidity: request.AuthSessionValidity ?? DEFAULT_AUTH_SESSION_VALIDITY_MIN,
    RefreshTokenRotation: rotationOf(request),
  };
}

function rotationOf({ RefreshTokenRotation: wanted }: ClientRequest): RefreshTokenRotationType | undefined {
  if (wanted === undefined) return undefined;
  return wanted.Feature === 'ENABLED'
    ? { Feature: 'ENABLED', RetryGracePeriodSeconds: wanted.RetryGracePeriodSeconds ?? 0 }
    : { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 };
}

const DEFAULT_AUTH_SESSION_VALIDITY_MIN = 3;

export function authSessionValidityMs(client: UserPoolClientRecord): number {
  return (client.settings.AuthSessionValidity ?? DEFAULT_AUTH_SESSION_VALIDITY_MIN) * 60_000;
}

/** Whether the client hides which users exist. */
export function hidesUserExistence(client: UserPoolClientRecord): boolean {
  return client.settings.PreventUserExistenceErrors === 'ENABLED';
}

const DEFAULT_FLOWS: readonly ExplicitAuthFlowsType[] = [
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
];

/** What a client of the time before `ALLOW_*` may do without saying so. */
const LEGACY_FLOWS: Readonly<Partial<Record<ExplicitAuthFlowsType, ExplicitAuthFlowsType>>> = {
  ADMIN_NO_SRP_AUTH: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  USER_PASSWORD_AUTH: 'ALLOW_USER_PASSWORD_AUTH',
  CUSTOM_AUTH_FLOW_ONLY: 'ALLOW_CUSTOM_AUTH',
};

export function allowsFlow(client: UserPoolClientRecord, flow: ExplicitAuthFlowsType): boolean {
  const flows = client.settings.ExplicitAuthFlows ?? DEFAULT_FLOWS;
  if (flows.includes(flow)) return true;
  if (flows.some((name) => name.startsWith('ALLOW_'))) return false;
  if (flows.some((name) => LEGACY_FLOWS[name] === flow)) return true;
  return (
    flow === 'ALLOW_REFRESH_TOKEN_AUTH' ||
    (!flows.includes('CUSTOM_AUTH_FLOW_ONLY') &&
      (flow === 'ALLOW_USER_SRP_AUTH' || flow === 'ALLOW_CUSTOM_AUTH'))
  );
}
