import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { N, SrpClient } from './srp-client.js';
import { DAY, decode, expectError, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const INCORRECT = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const FLOWS = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;
let pool: TestPool;
let hiding: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server, {}, { ExplicitAuthFlows: [...FLOWS] });
  hiding = await pool.client({ ExplicitAuthFlows: [...FLOWS], PreventUserExistenceErrors: 'ENABLED' });
  await pool.user('amy');
});

const realmOf = (to: TestPool) => to.id.slice(to.id.indexOf('_') + 1);

function start(to: TestPool, USERNAME: string, client: SrpClient, more: Record<string, string> = {}) {
  return sdk.initiateAuth({
    ClientId: to.clientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME, SRP_A: client.SRP_A, ...more },
  });
}

function respond(to: TestPool, ChallengeResponses: Record<string, string>) {
  return sdk.respondToAuthChallenge({
    ClientId: to.clientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses,
  });
}

/** The whole exchange, with some of the responses replaced. */
async function signIn(
  to: TestPool,
  username: string,
  password = PASSWORD,
  changed: Record<string, string> = {},
) {
  const client = new SrpClient();
  const { ChallengeParameters } = await start(to, username, client);
  const proof = client.prove(ChallengeParameters, { realm: realmOf(to), password });
  return respond(to, { USERNAME: ChallengeParameters?.['USERNAME'] as string, ...proof, ...changed });
}

describe('USER_SRP_AUTH', () => {
  it('challenges with the values of the protocol and no session', async () => {
    const { ChallengeName, ChallengeParameters, Session, AuthenticationResult } = await start(
      pool,
      'amy',
      new SrpClient(),
    );
    expect(ChallengeName).toBe('PASSWORD_VERIFIER');
    expect(Session).toBeUndefined();
    expect(AuthenticationResult).toBeUndefined();
    expect(ChallengeParameters).toEqual({
      SALT: expect.stringMatching(/^[0-9a-f]{32}$/),
      SRP_B: expect.stringMatching(/^[0-9a-f]{700,768}$/),
      SECRET_BLOCK: expect.stringMatching(/^[A-Za-z0-9+/]{1000,}=*$/),
      USERNAME: 'amy',
      USER_ID_FOR_SRP: 'amy',
    });
    const again = await start(pool, 'amy', new SrpClient());
    expect(again.ChallengeParameters?.['SALT']).toBe(ChallengeParameters?.['SALT']);
    expect(again.ChallengeParameters?.['SRP_B']).not.toBe(ChallengeParameters?.['SRP_B']);
    expect(again.ChallengeParameters?.['SECRET_BLOCK']).not.toBe(ChallengeParameters?.['SECRET_BLOCK']);
  });

  it('gives tokens for the proof', async () => {
    const { AuthenticationResult, ChallengeParameters, $metadata } = await signIn(pool, 'amy');
    expect(ChallengeParameters).toEqual({});
    expect(AuthenticationResult).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    const { claims } = decode(AuthenticationResult?.AccessToken);
    expect(claims).toMatchObject({ username: 'amy', event_id: $metadata.requestId });
    await pool.refresh(AuthenticationResult?.RefreshToken as string);
  });

  it('does the same for administrators, whose answers go either way', async () => {
    const client = new SrpClient();
    const { ChallengeParameters } = await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'amy', SRP_A: client.SRP_A },
    });
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    const { AuthenticationResult } = await sdk.adminRespondToAuthChallenge({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeResponses: { USERNAME: 'amy', ...proof },
    });
    expect(AuthenticationResult?.IdToken).toBeDefined();
  });

  it('names the user, whatever alias was given, and is answered under either', async () => {
    const aliases = await TestPool.create(
      server,
      { AliasAttributes: ['email'] },
      { ExplicitAuthFlows: [...FLOWS] },
    );
    await aliases.user('bob', { email: 'bob@example.com', email_verified: 'true' });
    const { ChallengeParameters } = await start(aliases, 'bob@example.com', new SrpClient());
    expect(ChallengeParameters).toMatchObject({ USERNAME: 'bob', USER_ID_FOR_SRP: 'bob' });
    await signIn(aliases, 'bob@example.com');
    await signIn(aliases, 'bob@example.com', PASSWORD, { USERNAME: 'bob@example.com' });
    await aliases.user('other');
    await expectError(signIn(aliases, 'bob', PASSWORD, { USERNAME: 'other' }), ...INCORRECT);
  });

  it('goes on to a new password', async () => {
    await pool.invited('eve');
    const { ChallengeName, Session } = await signIn(pool, 'eve');
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const { AuthenticationResult } = await sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: 'eve', NEW_PASSWORD: 'Brand-new1' },
    });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
    await signIn(pool, 'eve', 'Brand-new1');
  });

  it('says of the password only to who knows it what became of it', async () => {
    await pool.invited('old');
    clock.advance(7 * DAY);
    await expectError(signIn(pool, 'old', 'Wrong-one1'), ...INCORRECT);
    await expectError(
      signIn(pool, 'old'),
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
    );
  });

  it('refuses a wrong password, signature, block, name or time', async () => {
    await expectError(signIn(pool, 'amy', 'Wrong-one1'), ...INCORRECT);
    const changes = {
      PASSWORD_CLAIM_SIGNATURE: randomBytes(32).toString('base64'),
      PASSWORD_CLAIM_SECRET_BLOCK: randomBytes(1056).toString('base64'),
    };
    for (const [name, value] of Object.entries(changes)) {
      await expectError(signIn(pool, 'amy', PASSWORD, { [name]: value }), ...INCORRECT);
    }
    await expectError(signIn(pool, 'amy', PASSWORD, { PASSWORD_CLAIM_SIGNATURE: 'short' }), ...INCORRECT);
    await signIn(pool, 'amy');
  });

  it('takes the time in one form only', async () => {
    const at = async (timestamp: string) => {
      const client = new SrpClient();
      const { ChallengeParameters } = await start(pool, 'amy', client);
      const proof = client.prove(ChallengeParameters, {
        realm: realmOf(pool),
        password: PASSWORD,
        timestamp,
      });
      return respond(pool, { USERNAME: 'amy', ...proof });
    };
    await at('Tue Jan 2 03:04:05 UTC 2024');
    for (const wrong of ['Tue Jan 02 03:04:05 UTC 2024', 'Mon Jan 2 03:04:05 UTC 2024']) {
      await expectError(at(wrong), ...INCORRECT);
    }
    await signIn(pool, 'amy');
    await expectError(at('Fri Feb 30 03:04:05 UTC 2024'), ...INCORRECT);
    for (const none of ['2024-01-02T03:04:05Z', 'Tue Jan 2 03:04:05 CET 2024', 'now']) {
      await expectError(at(none), 'InvalidParameterException', 'Invalid value of parameter TIMESTAMP');
    }
    await signIn(pool, 'amy');
  });

  it('takes a block once, and for three minutes', async () => {
    const exchange = async () => {
      const client = new SrpClient();
      const { ChallengeParameters } = await start(pool, 'amy', client);
      return client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    };
    const proof = await exchange();
    await respond(pool, { USERNAME: 'amy', ...proof });
    await expectError(respond(pool, { USERNAME: 'amy', ...proof }), ...INCORRECT);

    const guess = await exchange();
    const wrong = randomBytes(32).toString('base64');
    await expectError(
      respond(pool, { USERNAME: 'amy', ...guess, PASSWORD_CLAIM_SIGNATURE: wrong }),
      ...INCORRECT,
    );
    await expectError(respond(pool, { USERNAME: 'amy', ...guess }), ...INCORRECT);

    const late = await exchange();
    clock.advance(3 * MINUTE);
    await expectError(
      respond(pool, { USERNAME: 'amy', ...late }),
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    );
    const raced = await exchange();
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map(() => respond(pool, { USERNAME: 'amy', ...raced })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is bound to its client', async () => {
    const client = new SrpClient();
    const { ChallengeParameters } = await start(pool, 'amy', client);
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(respond(hiding, { USERNAME: 'amy', ...proof }), ...INCORRECT);
  });

  it('does not stand for a password that was changed meanwhile', async () => {
    await pool.user('changes');
    const client = new SrpClient();
    const { ChallengeParameters } = await start(pool, 'changes', client);
    await sdk.adminSetUserPassword({
      UserPoolId: pool.id,
      Username: 'changes',
      Password: 'Another-1x',
      Permanent: true,
    });
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(respond(pool, { USERNAME: 'changes', ...proof }), ...INCORRECT);
  });

  it.each([0n, N, 2n * N])('lets A = %# × N begin and not end', async (A) => {
    const { ChallengeName, ChallengeParameters } = await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'amy', SRP_A: A.toString(16) },
    });
    expect(ChallengeName).toBe('PASSWORD_VERIFIER');
    const proof = new SrpClient().prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(respond(pool, { USERNAME: 'amy', ...proof }), ...INCORRECT);
    await signIn(pool, 'amy');
  });

  it('wants its parameters', async () => {
    const begin = (AuthParameters: Record<string, string>) =>
      sdk.initiateAuth({ ClientId: pool.clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters });
    const missing = (name: string) =>
      ['InvalidParameterException', `Missing required parameter ${name}`] as const;
    await expectError(begin({ SRP_A: 'a' }), ...missing('USERNAME'));
    await expectError(begin({ USERNAME: 'amy' }), ...missing('SRP_A'));
    for (const SRP_A of ['xyz', '-1', 'f'.repeat(2000)]) {
      await expectError(
        begin({ USERNAME: 'amy', SRP_A }),
        'InvalidParameterException',
        'Invalid value of parameter SRP_A',
      );
    }
    const client = new SrpClient();
    const { ChallengeParameters } = await start(pool, 'amy', client);
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    for (const name of Object.keys(proof)) {
      const rest = Object.fromEntries(Object.entries(proof).filter(([key]) => key !== name));
      await expectError(respond(pool, { USERNAME: 'amy', ...rest }), ...missing(name));
    }
    await expectError(
      respond(pool, { USERNAME: 'amy', ...proof, PASSWORD_CLAIM_SECRET_BLOCK: '%%%' }),
      'InvalidParameterException',
      'Invalid value of parameter PASSWORD_CLAIM_SECRET_BLOCK',
    );
    await respond(pool, { USERNAME: 'amy', ...proof });
  });

  it('says at the start who may not sign in', async () => {
    await pool.user('off');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'off' });
    await sdk.signUp({ ClientId: pool.clientId, Username: 'new', Password: PASSWORD });
    for (const to of [pool, hiding]) {
      await expectError(start(to, 'off', new SrpClient()), 'NotAuthorizedException', 'User is disabled.');
      await expectError(
        start(to, 'new', new SrpClient()),
        'UserNotConfirmedException',
        'User is not confirmed.',
      );
    }
    await pool.user('later');
    const client = new SrpClient();
    const { ChallengeParameters } = await start(pool, 'later', client);
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'later' });
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(
      respond(pool, { USERNAME: 'later', ...proof }),
      'NotAuthorizedException',
      'User is disabled.',
    );
  });

  it('wants the hash of a client with a secret, at both steps', async () => {
    const secret = await pool.client({ ExplicitAuthFlows: [...FLOWS], GenerateSecret: true });
    const missing = `Client ${secret.clientId} is configured with secret but SECRET_HASH was not received`;
    const wrong = `Unable to verify secret hash for client ${secret.clientId}`;
    const SECRET_HASH = secretHashOf(secret.clientSecret as string, 'amy', secret.clientId);
    const client = new SrpClient();
    await expectError(start(secret, 'amy', client), 'NotAuthorizedException', missing);
    await expectError(start(secret, 'amy', client, { SECRET_HASH: 'x' }), 'NotAuthorizedException', wrong);
    const { ChallengeParameters } = await start(secret, 'amy', client, { SECRET_HASH });
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(respond(secret, { USERNAME: 'amy', ...proof }), 'NotAuthorizedException', missing);
    await respond(secret, { USERNAME: 'amy', ...proof, SECRET_HASH });
  });
});

describe('wrong proofs', () => {
  it('count as wrong passwords, and lock', async () => {
    await pool.user('locked');
    for (let failures = 0; failures < 4; failures++) {
      await expectError(signIn(pool, 'locked', 'Wrong-one1'), ...INCORRECT);
    }
    await expectError(pool.signIn('locked', 'Wrong-one1'), ...INCORRECT);
    const locked = ['NotAuthorizedException', 'Password attempts exceeded'] as const;
    await expectError(start(pool, 'locked', new SrpClient()), ...locked);
    await expectError(pool.signIn('locked'), ...locked);
    clock.advance(1000);
    await signIn(pool, 'locked');
    await expectError(signIn(pool, 'locked', 'Wrong-one1'), ...INCORRECT);
    await signIn(pool, 'locked');
  });

  it('are not to be had by exchanges begun before the lock', async () => {
    await pool.user('ready');
    const exchanges = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async () => {
        const client = new SrpClient();
        const { ChallengeParameters } = await start(pool, 'ready', client);
        return client.prove(ChallengeParameters, { realm: realmOf(pool), password: 'Wrong-one1' });
      }),
    );
    for (const proof of exchanges.slice(0, 5)) {
      await expectError(respond(pool, { USERNAME: 'ready', ...proof }), ...INCORRECT);
    }
    await expectError(
      respond(pool, { USERNAME: 'ready', ...exchanges[5] }),
      'NotAuthorizedException',
      'Password attempts exceeded',
    );
  });
});

describe('a user who does not exist', () => {
  it('is said not to by a client that says so', async () => {
    await expectError(
      start(pool, 'nobody', new SrpClient()),
      'UserNotFoundException',
      'User does not exist.',
    );
  });

  it('is challenged like one who does by a client that hides it', async () => {
    const { ChallengeName, ChallengeParameters, Session } = await start(hiding, 'nobody', new SrpClient());
    expect(ChallengeName).toBe('PASSWORD_VERIFIER');
    expect(Session).toBeUndefined();
    expect(ChallengeParameters).toEqual({
      SALT: expect.stringMatching(/^[0-9a-f]{32}$/),
      SRP_B: expect.stringMatching(/^[0-9a-f]{700,768}$/),
      SECRET_BLOCK: expect.stringMatching(/^[A-Za-z0-9+/]{1000,}=*$/),
      USERNAME: 'nobody',
      USER_ID_FOR_SRP: 'nobody',
    });
    const other = await pool.client({
      ExplicitAuthFlows: [...FLOWS],
      PreventUserExistenceErrors: 'ENABLED',
    });
    const salt = async (to: TestPool, name: string) =>
      (await start(to, name, new SrpClient())).ChallengeParameters?.['SALT'];
    expect(await salt(hiding, 'nobody')).toBe(ChallengeParameters?.['SALT']);
    expect(await salt(other, 'nobody')).toBe(ChallengeParameters?.['SALT']);
    expect(await salt(hiding, 'nobody2')).not.toBe(ChallengeParameters?.['SALT']);
    await expectError(signIn(hiding, 'nobody'), ...INCORRECT);
  });

  it('locks as well', async () => {
    for (let failures = 0; failures < 5; failures++) {
      await expectError(signIn(hiding, 'ghost'), ...INCORRECT);
    }
    await expectError(
      start(hiding, 'ghost', new SrpClient()),
      'NotAuthorizedException',
      'Password attempts exceeded',
    );
  });

  it('has a username like the others where addresses are usernames', async () => {
    const addresses = await TestPool.create(
      server,
      { UsernameAttributes: ['email'] },
      { ExplicitAuthFlows: [...FLOWS], PreventUserExistenceErrors: 'ENABLED' },
    );
    await addresses.user('amy@example.com');
    const shown = async (name: string) =>
      (await start(addresses, name, new SrpClient())).ChallengeParameters?.['USER_ID_FOR_SRP'];
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-70[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    expect(await shown('amy@example.com')).toMatch(uuid);
    const nobody = await shown('nobody@example.com');
    expect(nobody).toMatch(uuid);
    expect(await shown('nobody@example.com')).toBe(nobody);
    await expectError(signIn(addresses, 'nobody@example.com'), ...INCORRECT);
    await signIn(addresses, 'amy@example.com');
  });
});
