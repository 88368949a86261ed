import { describe, expect, it } from 'vitest';
import { decode, expectError, list, PASSWORD, serve, TestPool } from './support.js';

/* What a sign-in reads is kept in memory from one to the next; whatever is changed in between shows at once. */

const server = await serve();
const { sdk } = server;

async function aliasPool() {
  const pool = await TestPool.create(server, { AliasAttributes: ['email', 'preferred_username'] });
  const signIn = async (name: string) => decode((await pool.tokens(name)).IdToken).claims;
  const update = (Username: string, attributes: Record<string, string>) =>
    sdk.adminUpdateUserAttributes({ UserPoolId: pool.id, Username, UserAttributes: list(attributes) });
  return { pool, signIn, update };
}

describe('a user who has just signed in', () => {
  it('is seen as changed, disabled, deleted and made anew', async () => {
    const { pool, signIn, update } = await aliasPool();
    await pool.user('ana');
    const Username = 'ana';
    expect((await signIn('ana'))['name']).toBeUndefined();
    await update('ana', { name: 'Ana' });
    expect((await signIn('ana'))['name']).toBe('Ana');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username });
    await expectError(signIn('ana'), 'NotAuthorizedException', 'User is disabled.');
    await sdk.adminEnableUser({ UserPoolId: pool.id, Username });
    const { sub } = await signIn('ana');
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username });
    await expectError(signIn('ana'), 'UserNotFoundException', 'User does not exist.');
    await pool.user('ana');
    expect((await signIn('ana'))['sub']).not.toBe(sub);
  });

  it('is in the groups that there are now', async () => {
    const { pool, signIn } = await aliasPool();
    const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const group = { UserPoolId: pool.id, GroupName: 'staff' };
    const member = { ...group, Username: 'ana' };
    await pool.user('ana');
    expect((await signIn('ana'))['cognito:groups']).toBeUndefined();
    await sdk.createGroup({ ...group, RoleArn: roleArn('one') });
    await sdk.adminAddUserToGroup(member);
    expect(await signIn('ana')).toMatchObject({
      'cognito:groups': ['staff'],
      'cognito:roles': [roleArn('one')],
    });
    await sdk.updateGroup({ ...group, RoleArn: roleArn('two') });
    expect((await signIn('ana'))['cognito:roles']).toEqual([roleArn('two')]);
    await sdk.adminRemoveUserFromGroup(member);
    expect((await signIn('ana'))['cognito:groups']).toBeUndefined();
    await sdk.adminAddUserToGroup(member);
    expect((await signIn('ana'))['cognito:groups']).toEqual(['staff']);
    await sdk.deleteGroup(group);
    expect((await signIn('ana'))['cognito:groups']).toBeUndefined();
  });

  it.each([
    ['an address', 'ana@example.com'],
    ['an address and what the database does not look at', 'ana@example.com\0more'],
    ['half a character, which the database has another one for', '\ud800'],
  ])('is no longer found by %s that another user has now', async (_, name) => {
    const { pool, signIn, update } = await aliasPool();
    const email = { email: 'ana@example.com', email_verified: 'true', preferred_username: '\ufffd' };
    await pool.user('ana', email);
    await pool.user('ben');
    const subOf = async () =>
      signIn(name).then(
        (claims) => claims['sub'],
        () => undefined,
      );
    const before = await subOf();
    await update('ana', { email: 'other@example.com', email_verified: 'true', preferred_username: 'other' });
    await update('ben', email);
    const after = await subOf();
    if (before === undefined) expect(after).toBeUndefined();
    else expect([before, after]).toEqual([(await signIn('ana'))['sub'], (await signIn('ben'))['sub']]);
  });

  it('is locked out at once, and let in again in time', async () => {
    const { pool, signIn } = await aliasPool();
    await pool.user('ana');
    await signIn('ana');
    const wrong = (message: string) =>
      expectError(pool.signIn('ana', `${PASSWORD}!`), 'NotAuthorizedException', message);
    for (let n = 0; n < 5; n++) await wrong('Incorrect username or password.');
    await expectError(signIn('ana'), 'NotAuthorizedException', 'Password attempts exceeded');
    server.clock.advance(1000);
    await signIn('ana');
  });

  it('is gone with the pool', async () => {
    const { pool, signIn } = await aliasPool();
    await pool.user('ana');
    await signIn('ana');
    await sdk.deleteUserPool({ UserPoolId: pool.id });
    const gone = `User pool client ${pool.clientId} does not exist.`;
    await expectError(signIn('ana'), 'ResourceNotFoundException', gone);
  });
});
