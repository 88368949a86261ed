import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cognito, type CognitoOptions, startCognito } from '../../src/index.js';

const POOL = 'us-east-1_Local0001';
const CLIENT = 'localwebclient';
const PASSWORD = 'Correct-Horse-1';
const settings = {
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as (
    | 'ALLOW_USER_PASSWORD_AUTH'
    | 'ALLOW_REFRESH_TOKEN_AUTH'
  )[],
};
const seed = {
  pools: [
    {
      name: 'main',
      id: POOL,
      settings: { AutoVerifiedAttributes: ['email' as const] },
      clients: [{ name: 'web', id: CLIENT, settings }],
      groups: [{ name: 'admin' }],
      users: [{ username: 'ana', password: PASSWORD, groups: ['admin'] }],
    },
  ],
};

async function start(options: CognitoOptions = {}) {
  const cognito = await startCognito({ port: 0, memory: true, seed, ...options });
  const sdk = new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: cognito.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    sdk.destroy();
    await cognito.close();
  });
  const signIn = (password = PASSWORD, username = 'ana') =>
    sdk.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: CLIENT,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
  const signUp = (username: string) =>
    sdk.signUp({
      ClientId: CLIENT,
      Username: username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }],
    });
  return { cognito, sdk, signIn, signUp };
}

/** All that can be asked of the server. */
async function everything(cognito: Cognito, sdk: CognitoIdentityProvider) {
  const { Users = [] } = await sdk.listUsers({ UserPoolId: POOL });
  const { UserPool } = await sdk.describeUserPool({ UserPoolId: POOL });
  const { Groups } = await sdk.listGroups({ UserPoolId: POOL });
  const { Users: admins = [] } = await sdk.listUsersInGroup({ UserPoolId: POOL, GroupName: 'admin' });
  return {
    pools: cognito.pools.map(({ name, userPoolId, clients }) => ({ name, userPoolId, clients })),
    users: Users,
    pool: UserPool,
    groups: Groups,
    admins: admins.map(({ Username }) => Username),
    messages: cognito.messages(),
    jwks: await (await fetch(`${cognito.endpoint}/${POOL}/.well-known/jwks.json`)).json(),
  };
}

describe('checkpoint and reset', () => {
  it('bring back all that there was: pools, clients, users, groups, memberships, messages, keys', async () => {
    const { cognito, sdk, signUp, signIn } = await start();
    await signUp('early');
    const before = await everything(cognito, sdk);
    const checkpoint = await cognito.checkpoint();

    await signUp('late');
    await sdk.adminSetUserPassword({
      UserPoolId: POOL,
      Username: 'ana',
      Password: 'Other-Horse-2',
      Permanent: true,
    });
    await sdk.adminRemoveUserFromGroup({ UserPoolId: POOL, Username: 'ana', GroupName: 'admin' });
    await sdk.updateGroup({ UserPoolId: POOL, GroupName: 'admin', Description: 'changed' });
    await sdk.createGroup({ UserPoolId: POOL, GroupName: 'late' });
    await sdk.adminDeleteUser({ UserPoolId: POOL, Username: 'early' });
    await sdk.updateUserPool({ UserPoolId: POOL, MfaConfiguration: 'OFF', AutoVerifiedAttributes: [] });
    await sdk.updateUserPoolClient({ UserPoolId: POOL, ClientId: CLIENT, ExplicitAuthFlows: [] });
    const { UserPool } = await sdk.createUserPool({ PoolName: 'other' });
    expect(await everything(cognito, sdk)).not.toEqual(before);

    await cognito.reset(checkpoint);

    expect(await everything(cognito, sdk)).toEqual(before);
    await expect(sdk.describeUserPool({ UserPoolId: UserPool?.Id })).rejects.toThrow('does not exist');
    expect((await signIn()).AuthenticationResult?.AccessToken).toBeDefined();
    await expect(signIn('Other-Horse-2')).rejects.toThrow('Incorrect username or password.');
  });

  it('goes back as often as asked, to whichever checkpoint', async () => {
    const { cognito, sdk, signUp } = await start();
    const names = async () =>
      (await sdk.listUsers({ UserPoolId: POOL })).Users?.map(({ Username }) => Username).sort();
    const first = await cognito.checkpoint();
    await signUp('bob');
    const second = await cognito.checkpoint();
    await signUp('cem');

    await cognito.reset(second);
    expect(await names()).toEqual(['ana', 'bob']);
    await cognito.reset(first);
    expect(await names()).toEqual(['ana']);
    await signUp('bob');
    await cognito.reset(second);
    expect(await names()).toEqual(['ana', 'bob']);
    await cognito.reset(first);
    await cognito.reset(first);
    expect(await names()).toEqual(['ana']);
  });

  it('forgets the sign-ins, challenges, codes and failed attempts since, and knows those from before', async () => {
    const { cognito, sdk, signIn, signUp } = await start();
    const old = (await signIn()).AuthenticationResult;
    await signUp('bob');
    const [sent] = cognito.messages({ username: 'bob' });
    const checkpoint = await cognito.checkpoint();

    const late = (await signIn()).AuthenticationResult;
    await sdk.globalSignOut({ AccessToken: old?.AccessToken });
    await sdk.confirmSignUp({ ClientId: CLIENT, Username: 'bob', ConfirmationCode: sent?.code });
    for (let attempt = 0; attempt < 5; attempt++) await signIn('wrong').catch(() => {});
    await expect(signIn('wrong')).rejects.toThrow('Password attempts exceeded');

    await cognito.reset(checkpoint);

    const refresh = (token: string | undefined) =>
      sdk.initiateAuth({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: CLIENT,
        AuthParameters: { REFRESH_TOKEN: token ?? '' },
      });
    await expect(refresh(late?.RefreshToken)).rejects.toThrow('Invalid Refresh Token');
    expect((await refresh(old?.RefreshToken)).AuthenticationResult?.AccessToken).toBeDefined();
    expect((await sdk.getUser({ AccessToken: old?.AccessToken })).Username).toBe('ana');
    await sdk.confirmSignUp({ ClientId: CLIENT, Username: 'bob', ConfirmationCode: sent?.code });
    await expect(signIn('wrong')).rejects.toThrow('Incorrect username or password.');
  });

  it('puts the clock back, and tells when a checkpoint was made', async () => {
    const { cognito } = await start();
    cognito.clock.advance('1d');
    const checkpoint = await cognito.checkpoint();
    expect(Math.abs(checkpoint.at - Date.now() - 86_400_000)).toBeLessThan(60_000);
    cognito.clock.advance('7d');
    await cognito.reset(checkpoint);
    expect(Math.abs(cognito.clock.now() - Date.now() - 86_400_000)).toBeLessThan(60_000);
  });

  it('signs with the old keys after a pool of the same id was made anew', async () => {
    const { cognito, sdk, signIn } = await start();
    const checkpoint = await cognito.checkpoint();
    const kid = async () =>
      decodeProtectedHeader((await signIn()).AuthenticationResult?.AccessToken ?? '').kid;
    const before = await kid();
    await sdk.deleteUserPool({ UserPoolId: POOL });
    await cognito.seed(seed);
    expect(await kid()).not.toBe(before);
    await cognito.reset(checkpoint);
    expect(await kid()).toBe(before);
  });

  it('finishes the deletion of a pool anew when it is deleted anew', async () => {
    const { cognito, sdk } = await start();
    const checkpoint = await cognito.checkpoint();
    for (let round = 0; round < 3; round++) {
      await sdk.deleteUserPool({ UserPoolId: POOL });
      expect(cognito.pools).toEqual([]);
      await cognito.reset(checkpoint);
      expect(cognito.pool().client().clientId).toBe(CLIENT);
    }
  });

  it('makes the same ids again, with seededIds', async () => {
    const { cognito, sdk, signUp } = await start({ seededIds: 'a text' });
    await signUp('first');
    const checkpoint = await cognito.checkpoint();
    const round = async () => {
      const { UserSub, $metadata } = await signUp('bob');
      const { UserPool } = await sdk.createUserPool({ PoolName: 'other' });
      return [UserSub, $metadata.requestId, UserPool?.Id, cognito.messages({ username: 'bob' })[0]?.code];
    };
    const before = await round();
    await cognito.reset(checkpoint);
    expect(await round()).toEqual(before);
  });

  it('keeps the order of the pools of seeds', async () => {
    const pools = ['us-east-1_Zzz', 'us-east-1_Aaa'].map((id) => ({ name: id, id }));
    const { cognito } = await start({ seed: { pools } });
    const checkpoint = await cognito.checkpoint();
    await cognito.seed({ pools: [{ name: 'third', id: 'us-east-1_Bbb' }] });
    expect(cognito.pools).toHaveLength(3);
    await cognito.reset(checkpoint);
    expect(cognito.pools.map(({ userPoolId }) => userPoolId)).toEqual(['us-east-1_Zzz', 'us-east-1_Aaa']);
  });

  it('waits for what is under way: it leaves nothing behind', async () => {
    let reached = () => {};
    let goOn = () => {};
    const called = new Promise<void>((resolve) => (reached = resolve));
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const { cognito, sdk, signUp } = await start({
      triggers: {
        preSignUp: async (event) => {
          reached();
          await held;
          return event;
        },
      },
    });
    const checkpoint = await cognito.checkpoint();
    const signingUp = signUp('bob');
    await called;
    const resetting = cognito.reset(checkpoint);
    // What arrives meanwhile is answered.
    expect((await sdk.adminGetUser({ UserPoolId: POOL, Username: 'ana' })).Username).toBe('ana');
    goOn();
    await Promise.all([signingUp, resetting]);
    await expect(sdk.adminGetUser({ UserPoolId: POOL, Username: 'bob' })).rejects.toThrow(
      'User does not exist.',
    );
    expect(cognito.messages()).toEqual([]);
  });

  it('imports users again after a reset', async () => {
    const { cognito, sdk } = await start();
    const checkpoint = await cognito.checkpoint();
    for (let round = 0; round < 2; round++) {
      const { UserImportJob: job } = await sdk.createUserImportJob({
        UserPoolId: POOL,
        JobName: 'import',
        CloudWatchLogsRoleArn: 'arn:aws:iam::123456789012:role/import',
      });
      const { CSVHeader = [] } = await sdk.getCSVHeader({ UserPoolId: POOL });
      const values: Record<string, string> = {
        'cognito:username': 'imported',
        email: 'imported@example.com',
        email_verified: 'true',
        phone_number_verified: 'false',
        'cognito:mfa_enabled': 'false',
      };
      const csv = `${CSVHeader.join()}\n${CSVHeader.map((name) => values[name] ?? '').join()}\n`;
      await fetch(job?.PreSignedUrl ?? '', { method: 'PUT', body: csv });
      await sdk.startUserImportJob({ UserPoolId: POOL, JobId: job?.JobId });
      await expect
        .poll(async () => {
          const described = await sdk.describeUserImportJob({ UserPoolId: POOL, JobId: job?.JobId });
          return described.UserImportJob?.Status;
        })
        .toBe('Succeeded');
      await cognito.reset(checkpoint);
      await expect(sdk.adminGetUser({ UserPoolId: POOL, Username: 'imported' })).rejects.toThrow();
      expect((await sdk.listUserImportJobs({ UserPoolId: POOL, MaxResults: 10 })).UserImportJobs).toEqual([]);
    }
  });

  it('takes a few milliseconds', async () => {
    const { cognito, signUp } = await start();
    const checkpoint = await cognito.checkpoint();
    const times: number[] = [];
    for (let round = 0; round < 9; round++) {
      await signUp(`user${round}`);
      const from = performance.now();
      await cognito.reset(checkpoint);
      times.push(performance.now() - from);
    }
    // The median: the machine may be busy with something else for a moment.
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(20);
  });

  it('goes on for ever with a checkpoint before each test, and keeps the first', async () => {
    const { cognito, sdk, signUp } = await start();
    const names = async () =>
      (await sdk.listUsers({ UserPoolId: POOL })).Users?.map(({ Username }) => Username);
    const first = await cognito.checkpoint();
    for (let test = 0; test < 70; test++) {
      const before = await cognito.checkpoint();
      await signUp(`user${test}`);
      await cognito.reset(before);
      expect(await names()).toEqual(['ana']);
    }
    await signUp('bob');
    await cognito.reset(first);
    expect(await names()).toEqual(['ana']);
  });

  it('keeps the checkpoints that were made or gone back to last, each with its own data', async () => {
    const { cognito, sdk, signUp } = await start();
    const count = async () => (await sdk.listUsers({ UserPoolId: POOL })).Users?.length;
    const made: Awaited<ReturnType<typeof cognito.checkpoint>>[] = [];
    for (let users = 0; users < 31; users++) {
      if (users === 30) await cognito.reset(made[1] as (typeof made)[0]);
      else if (users > 0) await signUp(`user${users}`);
      made.push(await cognito.checkpoint());
    }
    const countAt = async (index: number) => {
      await cognito.reset(made[index] as (typeof made)[0]);
      return count();
    };
    expect(await countAt(0)).toBe(1);
    expect(await countAt(1)).toBe(2);
    await expect(countAt(2)).rejects.toThrow(
      'This checkpoint is not kept any more: of the others than the first',
    );
    expect(await countAt(3)).toBe(4);
    expect(await countAt(29)).toBe(30);
    expect(await countAt(30)).toBe(2);
  });

  it('refuses data on disk, a checkpoint of another server, and a server that is closed', async () => {
    const { cognito } = await start();
    const other = await start();
    const data = await mkdtemp(join(tmpdir(), 'cognest-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const { cognito: onDisk } = await start({ memory: false, data });
    await expect(onDisk.checkpoint()).rejects.toThrow('needs a server with { memory: true }');
    await expect(cognito.reset(await other.cognito.checkpoint())).rejects.toThrow(
      'reset() goes back to a checkpoint of this server',
    );
    const first = await cognito.checkpoint();
    await cognito.close();
    await expect(cognito.reset(first)).rejects.toThrow('The server has been closed.');
    await expect(cognito.checkpoint()).rejects.toThrow('The server has been closed.');
  });
});
