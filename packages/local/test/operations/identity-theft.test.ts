import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, PASSWORD, type Server, serve, TestPool } from './support.js';

let server: Server;
let pool: TestPool;

beforeAll(async () => {
  server = await serve();
  pool = await TestPool.create(server, { AliasAttributes: ['preferred_username'] });
});

const subOf = async (username: string) =>
  (await pool.get(username)).UserAttributes?.find(({ Name }) => Name === 'sub')?.Value as string;

describe('the names of somebody else', () => {
  it('an id that is taken for a username does not reach what is meant for its owner', async () => {
    await pool.user('victim');
    const Username = await subOf('victim');
    const signUp = pool.sdk.signUp({ ClientId: pool.clientId, Username, Password: PASSWORD });
    await expectError(signUp, 'UsernameExistsException', 'User already exists');
    const create = pool.sdk.adminCreateUser({ UserPoolId: pool.id, Username, MessageAction: 'SUPPRESS' });
    await expectError(create, 'UsernameExistsException', 'User account already exists');
    expect((await pool.get(Username)).Username).toBe('victim');
  });

  it('nor does an alias', async () => {
    await pool.user('worker', { preferred_username: 'boss' });
    const signUp = pool.sdk.signUp({ ClientId: pool.clientId, Username: 'boss', Password: PASSWORD });
    await expectError(signUp, 'UsernameExistsException', 'User already exists');
    expect((await pool.get('boss')).Username).toBe('worker');
  });
});

describe('a challenge that was opened with a password', () => {
  const answer = (username: string, session: string | undefined) =>
    pool.sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: session,
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD: 'Attackers-own-1' },
    });

  it('is void once an administrator gives the user another temporary one', async () => {
    await pool.invited('ivy');
    const { Session } = await pool.signIn('ivy');
    await pool.sdk.adminSetUserPassword({
      UserPoolId: pool.id,
      Username: 'ivy',
      Password: 'Fresh-temp-2x',
      Permanent: false,
    });
    await expectError(answer('ivy', Session), 'NotAuthorizedException', 'Invalid session for the user.');
    const { Session: fresh } = await pool.signIn('ivy', 'Fresh-temp-2x');
    expect((await answer('ivy', fresh)).AuthenticationResult).toBeDefined();
  });

  it('is void once the invitation is sent again', async () => {
    await pool.invited('ida');
    const { Session } = await pool.signIn('ida');
    await pool.sdk.adminCreateUser({
      UserPoolId: pool.id,
      Username: 'ida',
      MessageAction: 'RESEND',
      TemporaryPassword: 'Fresh-temp-2x',
    });
    await expectError(answer('ida', Session), 'NotAuthorizedException', 'Invalid session for the user.');
  });
});

describe('an access token', () => {
  it('has one spelling', async () => {
    await pool.user('ann');
    const { AccessToken } = await pool.tokens('ann');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 256 bytes leave two unused bits in the last character.
    const last = alphabet.indexOf(AccessToken.at(-1) as string);
    const respelt = `${AccessToken.slice(0, -1)}${alphabet[last ^ 1]}`;
    await expectError(
      pool.sdk.getUser({ AccessToken: respelt }),
      'NotAuthorizedException',
      'Could not verify signature for Access Token',
    );
    expect((await pool.sdk.getUser({ AccessToken })).Username).toBe('ann');
  });
});

describe('what a stranger sends', () => {
  it('makes no huge answer', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => ({ Name: `custom:x${n}`, Value: 'y' }));
    const signUp = pool.sdk.signUp({
      ClientId: pool.clientId,
      Username: 'huge',
      Password: PASSWORD,
      UserAttributes: many,
    });
    const error = await signUp.catch((reason: Error) => reason);
    expect(error).toMatchObject({ name: 'InvalidParameterException' });
    expect((error as Error).message).toHaveLength(16_384);
  });
});
