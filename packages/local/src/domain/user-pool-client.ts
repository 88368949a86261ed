import type {
  CreateUserPoolClientRequest,
  ExplicitAuthFlowsType,
  TimeUnitsType,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoServiceError } from '../errors.js';
import type { OperationContext } from '../operation.js';
import type { UserPoolClientRecord, UserPoolClientSettings } from '../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import { invalidParameter, notSupportedYet, userPoolNotFound } from './faults.js';
import { newClientId, newClientSecret } from './ids.js';
import { requiredAttributes, schemaAttribute } from './schema.js';

const OPERATION = 'CreateUserPoolClient';

/**
 * Creates an app client.
 *
 * @param options.id The client's id instead of a new one, and `options.secret` its secret, for clients
 * that are declared rather than made.
 * @throws CognitoServiceError in the cases of behaviour.md, C.15.
 */
export function createUserPoolClient(
  context: OperationContext,
  request: CreateUserPoolClientRequest,
  options: { readonly id?: string; readonly secret?: string } = {},
): UserPoolClientType {
  const pool = context.storage.userPools.find(request.UserPoolId as string);
  if (pool === undefined) throw userPoolNotFound(request.UserPoolId as string);
  checkRequest(pool, request);
  const now = context.clock.now();
  const secret =
    options.secret ?? request.ClientSecret ?? (request.GenerateSecret ? newClientSecret() : undefined);
  const client: UserPoolClientRecord = {
    id: options.id ?? newClientId(),
    userPoolId: pool.id,
    name: request.ClientName as string,
    secrets: secret === undefined ? [] : [secret],
    settings: settingsOf(request),
    createdAt: now,
    modifiedAt: now,
  };
  if (request.EnablePropagateAdditionalUserContextData && secret === undefined) {
    throw invalidParameter(
      'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
    );
  }
  context.storage.transaction(() => context.storage.clients.insert(client));
  return userPoolClientView(client);
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

function settingsOf(request: CreateUserPoolClientRequest): UserPoolClientSettings {
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
    RefreshTokenRotation: request.RefreshTokenRotation && { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 },
  };
}

const DEFAULT_REFRESH_TOKEN_VALIDITY_DAYS = 30;
const DEFAULT_AUTH_SESSION_VALIDITY_MIN = 3;
const DEFAULT_TOKEN_VALIDITY_S = 3600;

const UNIT_S: Readonly<Record<TimeUnitsType, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

export interface TokenLifetimes {
  readonly accessTokenS: number;
  readonly idTokenS: number;
  readonly refreshTokenS: number;
}

type Lifetimes = Pick<
  UserPoolClientSettings,
  'AccessTokenValidity' | 'IdTokenValidity' | 'RefreshTokenValidity' | 'TokenValidityUnits'
>;

export function tokenLifetimes(settings: Lifetimes): TokenLifetimes {
  const units = settings.TokenValidityUnits ?? {};
  const short = (validity: number | undefined, unit: TimeUnitsType = 'hours') =>
    validity ? validity * UNIT_S[unit] : DEFAULT_TOKEN_VALIDITY_S;
  return {
    accessTokenS: short(settings.AccessTokenValidity, units.AccessToken),
    idTokenS: short(settings.IdTokenValidity, units.IdToken),
    refreshTokenS: settings.RefreshTokenValidity
      ? settings.RefreshTokenValidity * UNIT_S[units.RefreshToken ?? 'days']
      : DEFAULT_REFRESH_TOKEN_VALIDITY_DAYS * UNIT_S.days,
  };
}

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

function checkRequest(pool: UserPoolRecord, request: CreateUserPoolClientRequest): void {
  checkFlows(request);
  checkLifetimes(request);
  checkAttributes(pool, request);
  checkOAuth(pool, request);
}

function checkFlows(request: CreateUserPoolClientRequest): void {
  const flows = request.ExplicitAuthFlows ?? [];
  const rotates = request.RefreshTokenRotation?.Feature === 'ENABLED';
  const modern = flows.filter((flow) => flow.startsWith('ALLOW_'));
  if (modern.length > 0 && modern.length < flows.length) {
    throw invalidParameter("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.");
  }
  if (rotates) {
    if (flows.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
      throw invalidParameter(
        'ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.',
      );
    }
    throw notSupportedYet(OPERATION, 'RefreshTokenRotation.Feature', 'ENABLED');
  }
  if (modern.length > 0 && !modern.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidParameter('REFRESH_TOKEN_AUTH should always be allowed.');
  }
}

const MIN_SHORT_S = 300;
const MAX_SHORT_S = 86_400;
const MIN_REFRESH_S = 3600;
const MAX_REFRESH_S = 3650 * 86_400;

function checkLifetimes(request: CreateUserPoolClientRequest): void {
  const { accessTokenS, idTokenS, refreshTokenS } = tokenLifetimes(request);
  const within = (value: number, min: number, max: number) => value >= min && value <= max;
  if (
    !within(accessTokenS, MIN_SHORT_S, MAX_SHORT_S) ||
    !within(idTokenS, MIN_SHORT_S, MAX_SHORT_S) ||
    !within(refreshTokenS, MIN_REFRESH_S, MAX_REFRESH_S)
  ) {
    throw invalidParameter('Invalid range for token validity.');
  }
  if (accessTokenS > refreshTokenS || idTokenS > refreshTokenS) {
    throw invalidParameter(
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    );
  }
}

const NEVER_WRITABLE = ['sub', 'email_verified', 'phone_number_verified'];

function checkAttributes(pool: UserPoolRecord, request: CreateUserPoolClientRequest): void {
  const unknown = (name: string) => schemaAttribute(pool, name) === undefined;
  if (request.ReadAttributes?.some(unknown)) {
    throw invalidParameter('Invalid read attributes specified while creating a client');
  }
  const writable = request.WriteAttributes;
  if (
    writable?.length &&
    (writable.some((name) => unknown(name) || NEVER_WRITABLE.includes(name)) ||
      requiredAttributes(pool).some((name) => !writable.includes(name)))
  ) {
    throw invalidParameter('Invalid write attributes specified while creating a client');
  }
}

const STANDARD_SCOPES = ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'];

function checkOAuth(pool: UserPoolRecord, request: CreateUserPoolClientRequest): void {
  const provider = request.SupportedIdentityProviders?.find((name) => name !== 'COGNITO');
  if (provider !== undefined) {
    throw invalidParameter(`The provider ${provider} does not exist for User Pool ${pool.id}.`);
  }
  const flows = request.AllowedOAuthFlows ?? [];
  const scopes = request.AllowedOAuthScopes ?? [];
  const callbacks = request.CallbackURLs ?? [];
  const interactive = flows.includes('code') || flows.includes('implicit');
  const invalidFlow = (message: string) => new CognitoServiceError('InvalidOAuthFlowException', message);
  if (request.AllowedOAuthFlowsUserPoolClient && (flows.length === 0 || scopes.length === 0)) {
    throw invalidFlow(
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    );
  }
  if (flows.includes('client_credentials')) {
    if (interactive) {
      throw invalidFlow('client_credentials flow can not be selected along with code flow or implicit flow.');
    }
    if (!request.GenerateSecret && request.ClientSecret === undefined) {
      throw invalidFlow(
        'client_credentials flow can not be selected if client does not have a client secret.',
      );
    }
  }
  if (interactive && callbacks.length === 0) {
    throw invalidParameter('CallbackUrls can not be empty when code flow or implicit flow is selected');
  }
  const scope = scopes.find((name) => !STANDARD_SCOPES.includes(name));
  if (scope !== undefined) {
    throw new CognitoServiceError('ScopeDoesNotExistException', `Invalid scope requested: ${scope}`);
  }
  for (const url of [...callbacks, ...(request.LogoutURLs ?? [])]) checkRedirect(url);
  if (request.DefaultRedirectURI !== undefined && !callbacks.includes(request.DefaultRedirectURI)) {
    throw invalidParameter(
      `The default redirect URI ${request.DefaultRedirectURI} is not in the callback URIs list.`,
    );
  }
}

function checkRedirect(url: string): void {
  if (url.includes('#')) throw invalidParameter(`${url} cannot use fragment`);
  if (/^http:/i.test(url) && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?=[:/?]|$)/i.test(url)) {
    throw invalidParameter(`${url} cannot use the HTTP protocol.`);
  }
}
