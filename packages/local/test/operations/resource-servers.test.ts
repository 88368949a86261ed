import { describe, expect, it } from 'vitest';
import { expectError, serve, TestPool } from './support.js';

const server = await serve();
const { sdk } = server;
const pool = await TestPool.create(server);
const UserPoolId = pool.id;
const READ = { ScopeName: 'read', ScopeDescription: 'Read it' };
const WRITE = { ScopeName: 'write', ScopeDescription: 'Write it' };

const create = (Identifier: string, Scopes = [READ]) =>
  sdk.createResourceServer({ UserPoolId, Identifier, Name: 'An API', Scopes });

describe('a resource server', () => {
  it('is created, described, changed and deleted', async () => {
    const Identifier = 'https://api.example.com';
    const created = { UserPoolId, Identifier, Name: 'An API', Scopes: [READ] };
    expect((await create(Identifier)).ResourceServer).toEqual(created);
    const key = { UserPoolId, Identifier };
    expect((await sdk.describeResourceServer(key)).ResourceServer).toEqual(created);

    const { ResourceServer } = await sdk.updateResourceServer({ ...key, Name: 'Changed', Scopes: [WRITE] });
    expect(ResourceServer).toEqual({ ...created, Name: 'Changed', Scopes: [WRITE] });
    expect((await sdk.describeResourceServer(key)).ResourceServer).toEqual(ResourceServer);

    await sdk.deleteResourceServer(key);
    const missing = ['ResourceNotFoundException', `Resource server ${Identifier} does not exist.`] as const;
    await expectError(sdk.describeResourceServer(key), ...missing);
    await expectError(sdk.updateResourceServer({ ...key, Name: 'x' }), ...missing);
    await expectError(sdk.deleteResourceServer(key), ...missing);
  });

  it('has an identifier of its own in the pool, and scopes of different names', async () => {
    await create('twice');
    await expectError(
      create('twice'),
      'InvalidParameterException',
      `twice already exists in user pool ${UserPoolId}.`,
    );
    await expectError(
      create('scopes', [READ, READ]),
      'InvalidParameterException',
      'The scope read is given more than once.',
    );
    const other = await TestPool.create(server);
    await sdk.createResourceServer({ UserPoolId: other.id, Identifier: 'twice', Name: 'x' });
  });

  it('needs a pool that is there', async () => {
    const key = { UserPoolId: 'us-east-1_nothing00', Identifier: 'x', Name: 'x' };
    for (const call of [
      sdk.createResourceServer(key),
      sdk.describeResourceServer(key),
      sdk.updateResourceServer(key),
      sdk.deleteResourceServer(key),
      sdk.listResourceServers({ UserPoolId: 'us-east-1_nothing00' }),
    ]) {
      await expectError(call, 'ResourceNotFoundException', 'User pool us-east-1_nothing00 does not exist.');
    }
  });

  it('is one of 25 at most, listed in pages', async () => {
    const { id } = await TestPool.create(server);
    for (let n = 10; n < 35; n++) {
      await sdk.createResourceServer({ UserPoolId: id, Identifier: `api-${n}`, Name: 'x' });
    }
    await expectError(
      sdk.createResourceServer({ UserPoolId: id, Identifier: 'one-more', Name: 'x' }),
      'LimitExceededException',
      'A user pool can have 25 resource servers.',
    );
    const first = await sdk.listResourceServers({ UserPoolId: id, MaxResults: 20 });
    const second = await sdk.listResourceServers({
      UserPoolId: id,
      MaxResults: 20,
      NextToken: first.NextToken as string,
    });
    const all = [...(first.ResourceServers ?? []), ...(second.ResourceServers ?? [])];
    expect(all.map(({ Identifier }) => Identifier)).toEqual(
      Array.from({ length: 25 }, (_, n) => `api-${n + 10}`),
    );
    expect(second.NextToken).toBeUndefined();
    await expectError(
      sdk.listResourceServers({ UserPoolId: id, NextToken: 'AAQA-x' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
  });

  it('has scopes that clients may be given', async () => {
    await create('https://scoped.example.com/v1');
    const scope = 'https://scoped.example.com/v1/read';
    const client = { UserPoolId, ClientName: 'c', AllowedOAuthScopes: [scope] };
    const { UserPoolClient } = await sdk.createUserPoolClient(client);
    expect(UserPoolClient?.AllowedOAuthScopes).toEqual([scope]);
    const other = 'https://scoped.example.com/v1/write';
    await expectError(
      sdk.createUserPoolClient({ ...client, AllowedOAuthScopes: [scope, other] }),
      'ScopeDoesNotExistException',
      `Invalid scope requested: ${other}`,
    );
  });
});
