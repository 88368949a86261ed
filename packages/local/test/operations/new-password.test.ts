import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { decode, expectError, MINUTE, PASSWORD, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const NEW = 'Brand-new1';
let pool: TestPool;
let strict: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server);
  strict = await TestPool.create(server, {
    Schema: [
      { Name: 'given_name', Required: true },
      { Name: 'tenant', AttributeDataType: 'String' },
      { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
    ],
  });
});

async function challenge(to: TestPool, username: string): Promise<string> {
  const { ChallengeName, Session } = await to.signIn(username);
  expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  return Session as string;
}

const answer = (
  to: TestPool,
  USERNAME: string,
  Session: string | undefined,
  more: Record<string, string> = {},
) =>
  sdk.respondToAuthChallenge({
    ClientId: to.clientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session,
    ChallengeResponses: { USERNAME, NEW_PASSWORD: NEW, ...more },
  });

const USED = [
  'NotAuthorizedException',
  'Invalid session for the user, session can only be used once.',
] as const;
const INVALID = ['NotAuthorizedException', 'Invalid session for the user.'] as const;

describe('NEW_PASSWORD_REQUIRED', () => {
  it('comes with the user, the required attributes and those that are there', async () => {
    await strict.invited('amy', {
      email: 'amy@example.com',
      email_verified: 'true',
      'custom:tenant': 't',
      'dev:custom:secret': 'x',
    });
    const { ChallengeName, ChallengeParameters, Session, AuthenticationResult } = await strict.signIn('amy');
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(AuthenticationResult).toBeUndefined();
    expect(Session).toMatch(/^AYABe.{750,850}$/);
    expect(ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: 'amy',
      requiredAttributes: '["userAttributes.given_name"]',
      userAttributes: '{"email":"amy@example.com","email_verified":"true","custom:tenant":"t"}',
    });
    await pool.invited('plain');
    expect((await pool.signIn('plain')).ChallengeParameters).toMatchObject({
      requiredAttributes: '[]',
      userAttributes: '{}',
    });
  });

  it('is answered with a password, and gives tokens; the user is confirmed', async () => {
    await pool.invited('bob');
    const { AuthenticationResult, ChallengeParameters, $metadata } = await answer(
      pool,
      'bob',
      await challenge(pool, 'bob'),
    );
    expect(ChallengeParameters).toEqual({});
    expect(AuthenticationResult).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    expect(AuthenticationResult?.RefreshToken).toBeDefined();
    expect(decode(AuthenticationResult?.AccessToken).claims['event_id']).toBe($metadata.requestId);
    expect((await pool.get('bob')).UserStatus).toBe('CONFIRMED');
    await pool.signIn('bob', NEW);
    await expectError(pool.signIn('bob'), 'NotAuthorizedException', 'Incorrect username or password.');
  });

  it('takes the temporary password for the new one', async () => {
    await pool.invited('same');
    await answer(pool, 'same', await challenge(pool, 'same'), { NEW_PASSWORD: PASSWORD });
    await pool.signIn('same');
  });

  it('but not where the pool remembers passwords', async () => {
    const remembering = await TestPool.create(server, {
      Policies: { PasswordPolicy: { MinimumLength: 6, PasswordHistorySize: 1 } },
    });
    await remembering.invited('u');
    await expectError(
      answer(remembering, 'u', await challenge(remembering, 'u'), { NEW_PASSWORD: PASSWORD }),
      'PasswordHistoryPolicyViolationException',
      'Password has previously been used',
    );
  });

  it('wants the required attributes, and keeps what else is given', async () => {
    await strict.invited('cat', { email: 'cat@example.com' });
    const session = await challenge(strict, 'cat');
    await expectError(
      answer(strict, 'cat', session),
      'InvalidParameterException',
      'Invalid attributes given, given_name is missing',
    );
    await expectError(
      answer(strict, 'cat', session, {
        'userAttributes.given_name': 'C',
        'userAttributes.email': 'other@example.com',
      }),
      'NotAuthorizedException',
      'Cannot modify an already provided email',
    );
    await expectError(
      answer(strict, 'cat', session, {
        'userAttributes.given_name': 'C',
        'userAttributes.email_verified': 'true',
      }),
      'InvalidParameterException',
      'Cannot modify the non-mutable attribute email_verified',
    );
    await expectError(
      answer(strict, 'cat', session, { 'userAttributes.given_name': 'C', 'userAttributes.custom:none': 'x' }),
      'InvalidParameterException',
      'user.custom:none: Attribute does not exist in the schema.\n',
    );
    const { AuthenticationResult } = await answer(strict, 'cat', session, {
      'userAttributes.given_name': 'Cat',
      'userAttributes.nickname': 'Kit',
    });
    expect(record((await strict.get('cat')).UserAttributes)).toMatchObject({
      given_name: 'Cat',
      nickname: 'Kit',
      email: 'cat@example.com',
    });
    expect(decode(AuthenticationResult?.IdToken).claims).toMatchObject({
      given_name: 'Cat',
      nickname: 'Kit',
    });
  });

  it('writes only what the client may', async () => {
    const narrow = await strict.client({ WriteAttributes: ['given_name'] });
    await strict.invited('narrow');
    const session = await challenge(narrow, 'narrow');
    await expectError(
      answer(narrow, 'narrow', session, { 'userAttributes.given_name': 'N', 'userAttributes.nickname': 'n' }),
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    );
  });

  it('leaves the session good after a password against the policy, and no longer', async () => {
    await pool.invited('dan');
    const session = await challenge(pool, 'dan');
    await expectError(
      answer(pool, 'dan', session, { NEW_PASSWORD: 'short1!' }),
      'InvalidPasswordException',
      'Password does not conform to policy: Password not long enough',
    );
    await answer(pool, 'dan', session);
    await expectError(answer(pool, 'dan', session), ...USED);
  });

  it('can be won once only', async () => {
    await pool.invited('race');
    const session = await challenge(pool, 'race');
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => answer(pool, 'race', session)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is over after as many minutes as the client says', async () => {
    const patient = await pool.client({ AuthSessionValidity: 10 });
    for (const [client, minutes] of [
      [pool, 3],
      [patient, 10],
    ] as const) {
      const name = `slow${minutes}`;
      await pool.invited(name);
      const inTime = await challenge(client, name);
      const late = await challenge(client, name);
      clock.advance(minutes * MINUTE - 1);
      await expectError(
        answer(client, name, inTime, { NEW_PASSWORD: 'x' }),
        'InvalidPasswordException',
        'Password does not conform to policy: Password not long enough',
      );
      clock.advance(1);
      await expectError(
        answer(client, name, late),
        'NotAuthorizedException',
        'Invalid session for the user, session is expired.',
      );
    }
  });

  it('is bound to its user and client', async () => {
    await pool.invited('eve');
    await pool.user('fay');
    const session = await challenge(pool, 'eve');
    await expectError(answer(pool, 'fay', session), ...INVALID);
    await expectError(answer(await pool.client(), 'eve', session), ...INVALID);
    await expectError(answer(pool, 'eve', 'AYABe-nothing-like-a-session'), ...INVALID);
    await answer(pool, 'eve', session);
  });

  it('is void once an administrator has set the password', async () => {
    await pool.invited('gil');
    const session = await challenge(pool, 'gil');
    await sdk.adminSetUserPassword({
      UserPoolId: pool.id,
      Username: 'gil',
      Password: 'Admin-1x',
      Permanent: true,
    });
    await expectError(answer(pool, 'gil', session), ...INVALID);
    await pool.signIn('gil', 'Admin-1x');
  });

  it('refuses a user who was disabled or deleted meanwhile', async () => {
    await pool.invited('hal');
    const session = await challenge(pool, 'hal');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'hal' });
    await expectError(answer(pool, 'hal', session), 'NotAuthorizedException', 'User is disabled.');
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: 'hal' });
    await expectError(answer(pool, 'hal', session), ...INVALID);
  });

  it('may be answered under an alias', async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email'] });
    await aliases.invited('ida', { email: 'ida@example.com', email_verified: 'true' });
    await answer(aliases, 'ida@example.com', await challenge(aliases, 'ida@example.com'));
  });

  it("takes no preferred username that looks like an alias, or that is somebody's", async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email', 'preferred_username'] });
    await aliases.user('owner', { preferred_username: 'mine' });
    await aliases.invited('pat');
    const session = await challenge(aliases, 'pat');
    const prefer = (name: string) =>
      answer(aliases, 'pat', session, { 'userAttributes.preferred_username': name });
    await expectError(
      prefer('a@b.c'),
      'InvalidParameterException',
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
    await expectError(prefer('mine'), 'AliasExistsException', 'User account already exists for the alias.');
    await prefer('pats');
    await aliases.signIn('pats', NEW);
  });

  it('wants its parameters', async () => {
    await pool.invited('jan');
    const Session = await challenge(pool, 'jan');
    const respond = (ChallengeResponses: Record<string, string>, session: string | undefined = Session) =>
      sdk.respondToAuthChallenge({
        ClientId: pool.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: session,
        ChallengeResponses,
      });
    await expectError(respond({}), 'InvalidParameterException', 'Missing required parameter USERNAME');
    await expectError(
      respond({ USERNAME: 'jan' }),
      'InvalidParameterException',
      'Missing required parameter NEW_PASSWORD',
    );
    await expectError(
      sdk.respondToAuthChallenge({
        ClientId: pool.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: 'jan', NEW_PASSWORD: NEW },
      }),
      'InvalidParameterException',
      'Missing required parameter Session',
    );
  });

  it('wants the hash of a client with a secret', async () => {
    const client = await pool.client({ GenerateSecret: true });
    const SECRET_HASH = secretHashOf(client.clientSecret as string, 'kim', client.clientId);
    await pool.invited('kim');
    const { Session } = await client.signIn('kim', PASSWORD, { SECRET_HASH });
    await expectError(
      answer(client, 'kim', Session),
      'NotAuthorizedException',
      `Client ${client.clientId} is configured with secret but SECRET_HASH was not received`,
    );
    await expectError(
      answer(client, 'kim', Session, { SECRET_HASH: 'x' }),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${client.clientId}`,
    );
    await answer(client, 'kim', Session, { SECRET_HASH });
  });

  it('puts a given e-mail address to use where addresses are usernames', async () => {
    const both = await TestPool.create(server, { UsernameAttributes: ['email', 'phone_number'] });
    await both.invited('+15550100');
    await both.invited('taken@example.com');
    const session = await challenge(both, '+15550100');
    await expectError(
      answer(both, '+15550100', session, { 'userAttributes.email': 'taken@example.com' }),
      'UsernameExistsException',
      'An account with the given email already exists.',
    );
    await answer(both, '+15550100', session, { 'userAttributes.email': 'free@example.com' });
    await both.signIn('free@example.com', NEW);
  });
});

describe('AdminRespondToAuthChallenge', () => {
  const adminAnswer = (USERNAME: string, Session: string | undefined, more: object = {}) =>
    sdk.adminRespondToAuthChallenge({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME, NEW_PASSWORD: NEW },
      ...more,
    });

  it('takes the sessions of InitiateAuth, and the reverse', async () => {
    await pool.invited('lea');
    const { AuthenticationResult } = await adminAnswer('lea', await challenge(pool, 'lea'));
    expect(AuthenticationResult?.AccessToken).toBeDefined();
    await pool.invited('max');
    const { Session } = await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'max', PASSWORD },
    });
    await answer(pool, 'max', Session);
  });

  it('wants a client of its pool', async () => {
    await expectError(
      adminAnswer('lea', 'x'.repeat(20), { ClientId: strict.clientId }),
      'ResourceNotFoundException',
      `User pool client ${strict.clientId} does not exist in user pool ${pool.id}.`,
    );
  });

  it('says aloud which challenges it does not know', async () => {
    await expectError(
      adminAnswer('lea', 'x'.repeat(20), { ChallengeName: 'ADMIN_NO_SRP_AUTH' }),
      'InvalidParameterException',
      'AdminRespondToAuthChallenge: ChallengeName ADMIN_NO_SRP_AUTH is not supported by this server yet.',
    );
  });
});
