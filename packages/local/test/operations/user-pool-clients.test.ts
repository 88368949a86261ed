import type { CreateUserPoolClientRequest } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { expectError, serve } from './support.js';

const server = await serve();
const { sdk } = server;
const { UserPool } = await sdk.createUserPool({
  PoolName: 'pool',
  Schema: [
    { Name: 'family_name', Required: true },
    { Name: 'tenant', AttributeDataType: 'String' },
  ],
});
const UserPoolId = UserPool?.Id as string;

const create = (settings: Partial<CreateUserPoolClientRequest> = {}) =>
  sdk.createUserPoolClient({ UserPoolId, ClientName: 'client', ...settings });

describe('CreateUserPoolClient', () => {
  it('gives a client of which only the name is known the defaults of AWS', async () => {
    const { UserPoolClient } = await create();
    const { ClientId, ...rest } = UserPoolClient ?? {};
    const now = new Date(server.clock.now());
    expect(rest).toEqual({
      AllowedOAuthFlowsUserPoolClient: false,
      AuthSessionValidity: 3,
      ClientName: 'client',
      CreationDate: now,
      EnablePropagateAdditionalUserContextData: false,
      EnableTokenRevocation: true,
      LastModifiedDate: now,
      RefreshTokenValidity: 30,
      TokenValidityUnits: {},
      UserPoolId,
    });
    expect(ClientId).toMatch(/^[0-9a-v]{20,26}$/);
  });

  it('makes a secret, or takes one', async () => {
    expect((await create({ GenerateSecret: true })).UserPoolClient?.ClientSecret).toMatch(
      /^[0-9a-v]{45,52}$/,
    );
    const ClientSecret = 'abcdefghijklmnopqrstuvwxyz';
    expect((await create({ ClientSecret })).UserPoolClient?.ClientSecret).toBe(ClientSecret);
  });

  it('shows explicit settings again, the flows in an order of its own', async () => {
    const settings = {
      AccessTokenValidity: 30,
      IdTokenValidity: 20,
      RefreshTokenValidity: 2,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'hours' },
      ReadAttributes: ['email', 'custom:tenant'],
      WriteAttributes: ['family_name', 'email'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: false,
      AuthSessionValidity: 15,
      SupportedIdentityProviders: ['COGNITO'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
      CallbackURLs: ['https://example.com/cb', 'http://localhost:3000/cb', 'myapp://cb'],
      LogoutURLs: ['https://example.com/out'],
      DefaultRedirectURI: 'https://example.com/cb',
    } satisfies Partial<CreateUserPoolClientRequest>;
    const { UserPoolClient } = await create({
      ...settings,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    expect(UserPoolClient).toMatchObject({
      ...settings,
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
    });
  });

  it('takes refresh token rotation that is off', async () => {
    await expectError(
      create({ RefreshTokenRotation: { Feature: 'ON' as 'ENABLED' } }),
      'InvalidParameterException',
      "1 validation error detected: Value 'ON' at 'refreshTokenRotation.feature' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED]",
    );
    const { UserPoolClient } = await create({ RefreshTokenRotation: { Feature: 'DISABLED' } });
    expect(UserPoolClient?.RefreshTokenRotation).toEqual({ Feature: 'DISABLED', RetryGracePeriodSeconds: 0 });
  });

  it('takes refresh token rotation that is on, with or without a grace period', async () => {
    const rotation = async (more: object) => {
      const RefreshTokenRotation = { Feature: 'ENABLED' as const, ...more };
      const { UserPoolClient } = await create({ RefreshTokenRotation });
      return UserPoolClient?.RefreshTokenRotation;
    };
    expect(await rotation({})).toEqual({ Feature: 'ENABLED', RetryGracePeriodSeconds: 0 });
    const grace = { RetryGracePeriodSeconds: 60 };
    expect(await rotation(grace)).toEqual({ Feature: 'ENABLED', ...grace });
    for (const [seconds, constraint] of [
      [61, 'less than or equal to 60'],
      [-1, 'greater than or equal to 0'],
    ] as const) {
      await expectError(
        rotation({ RetryGracePeriodSeconds: seconds }),
        'InvalidParameterException',
        `1 validation error detected: Value '${seconds}' at 'refreshTokenRotation.retryGracePeriodSeconds' failed to satisfy constraint: Member must have value ${constraint}`,
      );
    }
  });

  it('takes no rotation in a pool of the LITE tier', async () => {
    const lite = await sdk.createUserPool({ PoolName: 'lite', UserPoolTier: 'LITE' });
    await expectError(
      create({ UserPoolId: lite.UserPool?.Id, RefreshTokenRotation: { Feature: 'ENABLED' } }),
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: Refresh Token Rotation',
    );
  });

  it('names a pool that is not there', async () => {
    await expectError(
      create({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });

  it.each<[string, Partial<CreateUserPoolClientRequest>, string, string?]>([
    [
      'old and new names of flows together',
      { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'USER_PASSWORD_AUTH'] },
      "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    ],
    [
      'flows without refresh',
      { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] },
      'REFRESH_TOKEN_AUTH should always be allowed.',
    ],
    [
      'rotation with the refresh flow',
      { RefreshTokenRotation: { Feature: 'ENABLED' }, ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] },
      'ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.',
    ],
    ['an access token of 25 hours', { AccessTokenValidity: 25 }, 'Invalid range for token validity.'],
    [
      'an ID token of 4 minutes',
      { IdTokenValidity: 4, TokenValidityUnits: { IdToken: 'minutes' } },
      'Invalid range for token validity.',
    ],
    [
      'a refresh token of 59 minutes',
      { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: 'minutes' } },
      'Invalid range for token validity.',
    ],
    [
      'a refresh token of ten years and a day',
      { RefreshTokenValidity: 3651 },
      'Invalid range for token validity.',
    ],
    [
      'an access token that outlives the refresh token',
      { AccessTokenValidity: 2, RefreshTokenValidity: 1, TokenValidityUnits: { RefreshToken: 'hours' } },
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    ],
    [
      'an unknown attribute to read',
      { ReadAttributes: ['custom:none'] },
      'Invalid read attributes specified while creating a client',
    ],
    [
      'an unknown attribute to write',
      { WriteAttributes: ['family_name', 'custom:none'] },
      'Invalid write attributes specified while creating a client',
    ],
    [
      'a required attribute that cannot be written',
      { WriteAttributes: ['email'] },
      'Invalid write attributes specified while creating a client',
    ],
    [
      'writing email_verified',
      { WriteAttributes: ['family_name', 'email_verified'] },
      'Invalid write attributes specified while creating a client',
    ],
    [
      'context data without a secret',
      { EnablePropagateAdditionalUserContextData: true },
      'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
    ],
    [
      'an identity provider that is not there',
      { SupportedIdentityProviders: ['Google'] },
      `The provider Google does not exist for User Pool ${UserPoolId}.`,
    ],
    [
      'a default redirect that is no callback',
      { CallbackURLs: ['https://a/cb'], DefaultRedirectURI: 'https://b/cb' },
      'The default redirect URI https://b/cb is not in the callback URIs list.',
    ],
    [
      'OAuth without flows',
      { AllowedOAuthFlowsUserPoolClient: true },
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
      'InvalidOAuthFlowException',
    ],
    [
      'the code flow without callbacks',
      { AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'] },
      'CallbackUrls can not be empty when code flow or implicit flow is selected',
    ],
    [
      'client_credentials beside code',
      { AllowedOAuthFlows: ['client_credentials', 'code'], GenerateSecret: true },
      'client_credentials flow can not be selected along with code flow or implicit flow.',
      'InvalidOAuthFlowException',
    ],
    [
      'client_credentials without a secret',
      { AllowedOAuthFlows: ['client_credentials'] },
      'client_credentials flow can not be selected if client does not have a client secret.',
      'InvalidOAuthFlowException',
    ],
    [
      'an unknown scope',
      { AllowedOAuthScopes: ['api/read'] },
      'Invalid scope requested: api/read',
      'ScopeDoesNotExistException',
    ],
    [
      'plain HTTP elsewhere than here',
      { CallbackURLs: ['http://example.com/cb'] },
      'http://example.com/cb cannot use the HTTP protocol.',
    ],
    [
      'a host that only begins like localhost',
      { CallbackURLs: ['http://localhost.example.com/cb'] },
      'http://localhost.example.com/cb cannot use the HTTP protocol.',
    ],
    [
      'a fragment',
      { LogoutURLs: ['https://example.com/cb#frag'] },
      'https://example.com/cb#frag cannot use fragment',
    ],
  ])('refuses %s', async (_, settings, message, type = 'InvalidParameterException') => {
    await expectError(create(settings), type, message);
  });
});
