import type { ClientTypeType } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { expectError, serve, TestPool } from './support.js';

const server = await serve();
const { sdk } = server;
const pool = await TestPool.create(server, {}, { GenerateSecret: true });

describe('ListUserPools', () => {
  it('goes through all of them, page by page', async () => {
    const others = [await TestPool.create(server), await TestPool.create(server)];
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sdk.listUserPools({ MaxResults: 2, NextToken });
      expect(page.UserPools?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.UserPools ?? []).map(({ Id }) => Id));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen.sort()).toEqual([pool.id, ...others.map(({ id }) => id)].sort());
    const { UserPools } = await sdk.listUserPools({ MaxResults: 60 });
    expect(UserPools?.find(({ Id }) => Id === pool.id)).toEqual({
      Id: pool.id,
      Name: 'pool',
      LambdaConfig: {},
      CreationDate: new Date(server.clock.now()),
      LastModifiedDate: new Date(server.clock.now()),
    });
  });

  it('refuses a token that it did not make', async () => {
    await expectError(
      sdk.listUserPools({ MaxResults: 2, NextToken: 'AAQA-nothing' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
  });
});

describe('ListUserPoolClients', () => {
  it('shows names and ids, page by page', async () => {
    const second = await pool.client({ ClientName: 'second' });
    const first = await sdk.listUserPoolClients({ UserPoolId: pool.id, MaxResults: 1 });
    const rest = await sdk.listUserPoolClients({ UserPoolId: pool.id, NextToken: first.NextToken });
    const clients = [...(first.UserPoolClients ?? []), ...(rest.UserPoolClients ?? [])];
    expect(clients).toHaveLength(2);
    expect(clients).toContainEqual({ ClientId: second.clientId, ClientName: 'second', UserPoolId: pool.id });
    expect(clients).toContainEqual({ ClientId: pool.clientId, ClientName: 'client', UserPoolId: pool.id });
    const ofType = async (ClientType: ClientTypeType) =>
      (await sdk.listUserPoolClients({ UserPoolId: pool.id, ClientType })).UserPoolClients;
    expect(await ofType('REGULAR')).toHaveLength(2);
    expect(await ofType('DCR')).toEqual([]);
    await expectError(
      ofType('ANY' as 'DCR'),
      'InvalidParameterException',
      "1 validation error detected: Value 'ANY' at 'clientType' failed to satisfy constraint: Member must satisfy enum value set: [DCR, REGULAR]",
    );
    await expectError(
      sdk.listUserPoolClients({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe('DescribeUserPoolClient', () => {
  it('shows the client with its secret', async () => {
    const { UserPoolClient } = await sdk.describeUserPoolClient({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
    });
    expect(UserPoolClient).toMatchObject({
      ClientId: pool.clientId,
      ClientName: 'client',
      ClientSecret: pool.clientSecret,
      EnableTokenRevocation: true,
      RefreshTokenValidity: 30,
    });
  });

  it('does not repeat the id of a client that is not there, or not in this pool', async () => {
    const other = await TestPool.create(server);
    for (const ClientId of ['nothing', other.clientId]) {
      await expectError(
        sdk.describeUserPoolClient({ UserPoolId: pool.id, ClientId }),
        'ResourceNotFoundException',
        'User pool client does not exist.',
      );
    }
  });
});
