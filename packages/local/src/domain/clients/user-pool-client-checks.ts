import type { CreateUserPoolClientRequest } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoServiceError } from '../../errors.js';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { constraintViolated, invalidParameter } from '../faults.js';
import { featureNotInTier } from '../pools/faults.js';
import { hasScope } from '../pools/resource-servers.js';
import { requiredAttributes, schemaAttribute } from '../pools/schema.js';
import { tokenLifetimes } from './token-lifetimes.js';

/** The members that CreateUserPoolClient and UpdateUserPoolClient share. */
export type ClientRequest = Omit<
  CreateUserPoolClientRequest,
  'UserPoolId' | 'ClientName' | 'GenerateSecret' | 'ClientSecret'
>;

type ClientOperation = 'CreateUserPoolClient' | 'UpdateUserPoolClient';

/**
 * What the model's constraints leave open.
 *
 * @param hasSecret Whether the client has a secret, or is getting one.
 * @throws CognitoServiceError where AWS answers with one.
 */
export function checkClientRequest(
  context: OperationContext,
  operation: ClientOperation,
  pool: UserPoolRecord,
  request: ClientRequest,
  hasSecret: boolean,
): void {
  checkFlows(pool, request);
  checkLifetimes(request);
  checkAttributes(operation, pool, request);
  checkOAuth(context, pool, request, hasSecret);
  if (request.EnablePropagateAdditionalUserContextData && !hasSecret) {
    throw invalidParameter(
      'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
    );
  }
}

function checkFlows(pool: UserPoolRecord, request: ClientRequest): void {
  const flows = request.ExplicitAuthFlows ?? [];
  const rotates = request.RefreshTokenRotation?.Feature === 'ENABLED';
  checkGracePeriod(request.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0);
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
    if (pool.settings.UserPoolTier === 'LITE') throw featureNotInTier('LITE', 'Refresh Token Rotation');
    return;
  }
  if (modern.length > 0 && !modern.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidParameter('REFRESH_TOKEN_AUTH should always be allowed.');
  }
}

const MAX_GRACE_PERIOD_S = 60;

/** The range is documented, and no constraint of the model. */
function checkGracePeriod(seconds: number): void {
  if (seconds >= 0 && seconds <= MAX_GRACE_PERIOD_S) return;
  throw constraintViolated(
    seconds,
    'refreshTokenRotation.retryGracePeriodSeconds',
    seconds < 0
      ? 'Member must have value greater than or equal to 0'
      : `Member must have value less than or equal to ${MAX_GRACE_PERIOD_S}`,
  );
}

const MIN_SHORT_S = 300;
const MAX_SHORT_S = 86_400;
const MIN_REFRESH_S = 3600;
const MAX_REFRESH_S = 3650 * 86_400;

function checkLifetimes(request: ClientRequest): void {
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

function checkAttributes(operation: ClientOperation, pool: UserPoolRecord, request: ClientRequest): void {
  const doing = operation === 'CreateUserPoolClient' ? 'creating' : 'updating';
  const unknown = (name: string) => schemaAttribute(pool, name) === undefined;
  if (request.ReadAttributes?.some(unknown)) {
    throw invalidParameter(`Invalid read attributes specified while ${doing} a client`);
  }
  const writable = request.WriteAttributes;
  if (
    writable?.length &&
    (writable.some((name) => unknown(name) || NEVER_WRITABLE.includes(name)) ||
      requiredAttributes(pool).some((name) => !writable.includes(name)))
  ) {
    throw invalidParameter(`Invalid write attributes specified while ${doing} a client`);
  }
}

const STANDARD_SCOPES = ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'];

function checkOAuth(
  context: OperationContext,
  pool: UserPoolRecord,
  request: ClientRequest,
  hasSecret: boolean,
): void {
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
    if (!hasSecret) {
      throw invalidFlow(
        'client_credentials flow can not be selected if client does not have a client secret.',
      );
    }
  }
  if (interactive && callbacks.length === 0) {
    throw invalidParameter('CallbackUrls can not be empty when code flow or implicit flow is selected');
  }
  const scope = scopes.find((name) => !STANDARD_SCOPES.includes(name) && !hasScope(context, pool, name));
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
