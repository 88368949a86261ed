import { createHmac } from 'node:crypto';
import type { UpdateUserPoolClientRequest } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { expectError, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const pool = await TestPool.create(server, { Schema: [{ Name: 'family_name', Required: true }] });
await pool.user('ana');
const UserPoolId = pool.id;

const update = (ClientId: string, settings: Partial<UpdateUserPoolClientRequest> = {}) =>
  sdk.updateUserPoolClient({ UserPoolId, ClientId, ...settings });

const unknown = ['ResourceNotFoundException', 'User pool client does not exist.'] as const;
const unknownPool = ['ResourceNotFoundException', 'User pool us-east-1_nothing00 does not exist.'] as const;

function secretHash(secret: string | undefined, clientId: string): string {
  return createHmac('sha256', secret as string)
    .update(`ana${clientId}`)
    .digest('base64');
}

describe('UpdateUserPoolClient', () => {
  it('returns what is left out to its default, and keeps the name and the secret', async () => {
    const { clientId, clientSecret } = await pool.client({
      ClientName: 'before',
      GenerateSecret: true,
      AccessTokenValidity: 2,
      PreventUserExistenceErrors: 'ENABLED',
      ReadAttributes: ['email'],
      EnableTokenRevocation: false,
    });
    const { UserPoolClient: before } = await sdk.describeUserPoolClient({ UserPoolId, ClientId: clientId });
    clock.advance(MINUTE);
    const { UserPoolClient } = await update(clientId);
    expect(UserPoolClient).toEqual({
      AllowedOAuthFlowsUserPoolClient: false,
      AuthSessionValidity: 3,
      ClientId: clientId,
      ClientName: 'before',
      ClientSecret: clientSecret,
      CreationDate: before?.CreationDate,
      EnablePropagateAdditionalUserContextData: false,
      EnableTokenRevocation: true,
      LastModifiedDate: new Date(clock.now()),
      RefreshTokenValidity: 30,
      TokenValidityUnits: {},
      UserPoolId,
    });
    const described = await sdk.describeUserPoolClient({ UserPoolId, ClientId: clientId });
    expect(described.UserPoolClient).toEqual(UserPoolClient);
  });

  it('sets what is given, and it holds at the next sign-in', async () => {
    const client = await pool.client();
    expect((await client.signIn('ana')).AuthenticationResult?.ExpiresIn).toBe(3600);
    const { UserPoolClient } = await update(client.clientId, {
      ClientName: 'after',
      AccessTokenValidity: 2,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    expect(UserPoolClient?.ClientName).toBe('after');
    expect((await client.signIn('ana')).AuthenticationResult?.ExpiresIn).toBe(7200);
    await update(client.clientId);
    await expectError(
      client.signIn('ana'),
      'InvalidParameterException',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    );
  });

  it.each<[string, Partial<UpdateUserPoolClientRequest>, string, string?]>([
    [
      'an unknown attribute to read',
      { ReadAttributes: ['custom:none'] },
      'Invalid read attributes specified while updating a client',
    ],
    [
      'a required attribute that cannot be written',
      { WriteAttributes: ['email'] },
      'Invalid write attributes specified while updating a client',
    ],
    [
      'client_credentials without a secret',
      { AllowedOAuthFlows: ['client_credentials'] },
      'client_credentials flow can not be selected if client does not have a client secret.',
      'InvalidOAuthFlowException',
    ],
    [
      'context data without a secret',
      { EnablePropagateAdditionalUserContextData: true },
      'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
    ],
    ['an access token of 25 hours', { AccessTokenValidity: 25 }, 'Invalid range for token validity.'],
    [
      'an unknown scope',
      { AllowedOAuthScopes: ['api/read'] },
      'Invalid scope requested: api/read',
      'ScopeDoesNotExistException',
    ],
  ])('refuses %s', async (_, settings, message, type = 'InvalidParameterException') => {
    await expectError(update(pool.clientId, settings), type, message);
  });

  it('lets a client with a secret have what needs one', async () => {
    const { clientId } = await pool.client({ GenerateSecret: true });
    const settings = {
      AllowedOAuthFlows: ['client_credentials'],
      EnablePropagateAdditionalUserContextData: true,
    } satisfies Partial<UpdateUserPoolClientRequest>;
    expect((await update(clientId, settings)).UserPoolClient).toMatchObject(settings);
  });

  it('names what is not there', async () => {
    await expectError(update('nothing'), ...unknown);
    await expectError(update('nothing', { UserPoolId: 'us-east-1_nothing00' }), ...unknownPool);
  });
});

describe('DeleteUserPoolClient', () => {
  it('ends every use of the client', async () => {
    const { clientId } = await pool.client();
    await sdk.deleteUserPoolClient({ UserPoolId, ClientId: clientId });
    await expectError(sdk.describeUserPoolClient({ UserPoolId, ClientId: clientId }), ...unknown);
    await expectError(sdk.deleteUserPoolClient({ UserPoolId, ClientId: clientId }), ...unknown);
    await expectError(
      sdk.initiateAuth({
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ana', PASSWORD },
      }),
      'ResourceNotFoundException',
      `User pool client ${clientId} does not exist.`,
    );
  });

  it('does not reach into another pool', async () => {
    const other = await TestPool.create(server);
    await expectError(sdk.deleteUserPoolClient({ UserPoolId, ClientId: other.clientId }), ...unknown);
    await sdk.describeUserPoolClient({ UserPoolId: other.id, ClientId: other.clientId });
  });
});

describe('the secrets of a client', () => {
  it('may be two, and both are good', async () => {
    const client = await pool.client({ GenerateSecret: true });
    const key = { UserPoolId, ClientId: client.clientId };
    const { ClientSecretDescriptor: added } = await sdk.addUserPoolClientSecret(key);
    expect(added?.ClientSecretId).toMatch(new RegExp(`^${client.clientId}--\\d+$`));
    expect(added?.ClientSecretValue).toMatch(/^[0-9a-v]{45,52}$/);
    expect(added?.ClientSecretValue).not.toBe(client.clientSecret);
    for (const secret of [client.clientSecret, added?.ClientSecretValue]) {
      await client.signIn('ana', PASSWORD, { SECRET_HASH: secretHash(secret, client.clientId) });
    }
    const { ClientSecrets } = await sdk.listUserPoolClientSecrets(key);
    expect(ClientSecrets).toHaveLength(2);
    expect(ClientSecrets?.[1]).toEqual({
      ClientSecretId: added?.ClientSecretId,
      ClientSecretCreateDate: added?.ClientSecretCreateDate,
    });
    expect(ClientSecrets?.[0]?.ClientSecretId).not.toBe(added?.ClientSecretId);
    await expectError(
      sdk.addUserPoolClientSecret(key),
      'LimitExceededException',
      'A client can have two active secrets at most.',
    );
  });

  it('stop being good when they are deleted, all but the last', async () => {
    const client = await pool.client({ GenerateSecret: true });
    const key = { UserPoolId, ClientId: client.clientId };
    const given = 'a_secret_of_our_own+24_characters';
    const { ClientSecretDescriptor } = await sdk.addUserPoolClientSecret({ ...key, ClientSecret: given });
    expect(ClientSecretDescriptor).not.toHaveProperty('ClientSecretValue');
    const [first] = (await sdk.listUserPoolClientSecrets(key)).ClientSecrets ?? [];
    await sdk.deleteUserPoolClientSecret({ ...key, ClientSecretId: first?.ClientSecretId });
    await expectError(
      client.signIn('ana', PASSWORD, { SECRET_HASH: secretHash(client.clientSecret, client.clientId) }),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${client.clientId}`,
    );
    await client.signIn('ana', PASSWORD, { SECRET_HASH: secretHash(given, client.clientId) });
    const { UserPoolClient } = await sdk.describeUserPoolClient(key);
    expect(UserPoolClient?.ClientSecret).toBe(given);
    await expectError(
      sdk.deleteUserPoolClientSecret({ ...key, ClientSecretId: ClientSecretDescriptor?.ClientSecretId }),
      'InvalidParameterException',
      'The last secret of a client cannot be deleted.',
    );
    await expectError(
      sdk.deleteUserPoolClientSecret({ ...key, ClientSecretId: first?.ClientSecretId }),
      'ResourceNotFoundException',
      'Client secret does not exist.',
    );
  });

  it('are not for public clients, and not short', async () => {
    await expectError(
      sdk.addUserPoolClientSecret({ UserPoolId, ClientId: pool.clientId }),
      'InvalidParameterException',
      'A secret cannot be added to a client that was created without one.',
    );
    expect(
      (await sdk.listUserPoolClientSecrets({ UserPoolId, ClientId: pool.clientId })).ClientSecrets,
    ).toEqual([]);
    const short =
      "1 validation error detected: Value at 'clientSecret' failed to satisfy constraint: Member must have length greater than or equal to 24";
    const ClientSecret = 'a'.repeat(23);
    await expectError(pool.client({ ClientSecret }), 'InvalidParameterException', short);
    const { clientId } = await pool.client({ GenerateSecret: true });
    await expectError(
      sdk.addUserPoolClientSecret({ UserPoolId, ClientId: clientId, ClientSecret }),
      'InvalidParameterException',
      short,
    );
  });

  it('are those of a client that is there', async () => {
    const key = { UserPoolId, ClientId: 'nothing' };
    await expectError(sdk.addUserPoolClientSecret(key), ...unknown);
    await expectError(sdk.listUserPoolClientSecrets(key), ...unknown);
    await expectError(sdk.deleteUserPoolClientSecret({ ...key, ClientSecretId: 'x' }), ...unknown);
    await expectError(
      sdk.listUserPoolClientSecrets({ UserPoolId, ClientId: pool.clientId, NextToken: 'x' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
  });
});
