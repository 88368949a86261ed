import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, temporaryDirectory } from './support.js';

const SEED = `
pools:
  - id: us-east-1_Run00001
    name: main app
    clients:
      - { id: webclient, name: web, settings: { ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH] } }
      - { id: backend, name: back-end, secret: abcdefghijklmnopqrstuvwxyz }
    users:
      - { username: ana, password: Correct-Horse-1 }
  - id: us-east-1_Run00002
    name: second
    clients:
      - { id: other, name: web, secret: ABCDEFGHIJKLMNOPQRSTUVWXYZ }
`;

/** What the caller has must not reach the command, nor win over what the command is given. */
const CALLER = {
  AWS_PROFILE: 'production',
  AWS_DEFAULT_PROFILE: 'production',
  AWS_ACCESS_KEY_ID: 'AKIAREAL',
  AWS_SECRET_ACCESS_KEY: 'real',
  AWS_SESSION_TOKEN: 'real',
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/real',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/real',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/real',
  AWS_CONTAINER_AUTHORIZATION_TOKEN: 'real',
  AWS_USE_FIPS_ENDPOINT: 'true',
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'https://real.example',
  AWS_BEARER_TOKEN_BEDROCK: 'real',
  COGNITO_CLIENT_SECRET: 'real',
  COGNITO_MAIN_WEB_CLIENT_SECRET: 'real',
  OTHER: 'kept',
};

async function run(
  command: readonly string[],
  {
    seed = SEED,
    env = {},
    flags = ['--memory'],
  }: { seed?: string | null; env?: Record<string, string>; flags?: string[] } = {},
) {
  const cwd = await temporaryDirectory();
  if (seed !== null) await writeFile(join(cwd, 'seed.yaml'), seed);
  const seedFlags = seed === null ? [] : ['--seed', 'seed.yaml'];
  return cli(['run', '--port', '0', ...flags, ...seedFlags, '--', ...command], { cwd, env });
}

const node = (script: string) => [process.execPath, '-e', script];

describe('cognest-local run', () => {
  it('gives the command an environment that leads to this server and nowhere else', async () => {
    const running = await run(node('process.stdout.write(JSON.stringify(process.env))'), { env: CALLER });
    expect(await running.ended).toEqual({ code: 0, signal: null });
    const env = JSON.parse(running.out) as Record<string, string>;
    const ours = Object.fromEntries(
      Object.entries(env).filter(([name]) => /^(AWS|COGNITO|OTHER)/.test(name)),
    );
    expect(ours).toEqual({
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      COGNITO_USER_POOL_ID: 'us-east-1_Run00001',
      COGNITO_CLIENT_ID: 'webclient',
      COGNITO_MAIN_APP_USER_POOL_ID: 'us-east-1_Run00001',
      COGNITO_MAIN_APP_CLIENT_ID: 'webclient',
      COGNITO_MAIN_APP_WEB_CLIENT_ID: 'webclient',
      COGNITO_MAIN_APP_BACK_END_CLIENT_ID: 'backend',
      COGNITO_MAIN_APP_BACK_END_CLIENT_SECRET: 'abcdefghijklmnopqrstuvwxyz',
      COGNITO_SECOND_USER_POOL_ID: 'us-east-1_Run00002',
      COGNITO_SECOND_CLIENT_ID: 'other',
      COGNITO_SECOND_CLIENT_SECRET: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      COGNITO_SECOND_WEB_CLIENT_ID: 'other',
      COGNITO_SECOND_WEB_CLIENT_SECRET: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      OTHER: 'kept',
    });
    expect(JSON.stringify(env)).not.toMatch(/AKIAREAL|"real"|production|169\.254/);
  });

  it('numbers the variables of pools and clients whose names come out alike, and says so', async () => {
    const seed = `
pools:
  - id: us-east-1_Alike0001
    name: main
    clients: [{ id: a1, name: web app }, { id: a2, name: web-app }, { id: a3, name: '2' }]
  - { id: us-east-1_Alike0002, name: Main, clients: [{ id: b1, name: web }] }
  - { id: us-east-1_Alike0003, name: main 2, clients: [{ id: c1, name: web }] }
  - { id: us-east-1_Alike0004, name: main web, clients: [{ id: d1, name: app }] }
`;
    const running = await run(node('process.stdout.write(JSON.stringify(process.env))'), { seed });
    expect((await running.ended).code).toBe(0);
    const env = JSON.parse(running.out) as Record<string, string>;
    const ours = Object.entries(env).filter(([name]) => /^COGNITO_/.test(name));
    expect(Object.fromEntries(ours)).toEqual({
      COGNITO_USER_POOL_ID: 'us-east-1_Alike0001',
      COGNITO_CLIENT_ID: 'a1',
      COGNITO_MAIN_USER_POOL_ID: 'us-east-1_Alike0001',
      COGNITO_MAIN_CLIENT_ID: 'a1',
      COGNITO_MAIN_WEB_APP_CLIENT_ID: 'a1',
      COGNITO_MAIN_WEB_APP_2_CLIENT_ID: 'a2',
      COGNITO_MAIN_2_2_CLIENT_ID: 'a3',
      COGNITO_MAIN_3_USER_POOL_ID: 'us-east-1_Alike0002',
      COGNITO_MAIN_3_CLIENT_ID: 'b1',
      COGNITO_MAIN_3_WEB_CLIENT_ID: 'b1',
      COGNITO_MAIN_2_USER_POOL_ID: 'us-east-1_Alike0003',
      COGNITO_MAIN_2_CLIENT_ID: 'c1',
      COGNITO_MAIN_2_WEB_CLIENT_ID: 'c1',
      COGNITO_MAIN_WEB_USER_POOL_ID: 'us-east-1_Alike0004',
      COGNITO_MAIN_WEB_CLIENT_ID: 'd1',
      COGNITO_MAIN_WEB_APP_3_CLIENT_ID: 'd1',
    });
    expect(running.err).toContain(
      'cognest-local: the variables of the pool "Main" (us-east-1_Alike0002) begin with COGNITO_MAIN_3_\n',
    );
    expect(running.err).toContain(
      'cognest-local: the variables of the client "web-app" (a2) of the pool "main" (us-east-1_Alike0001) begin with COGNITO_MAIN_WEB_APP_2_\n',
    );
    expect(running.err).not.toContain('variables of the pool "main" (');
  });

  it('makes a bare SDK client call it, and tells of messages on the standard error', async () => {
    const sdk = import.meta.resolve('@aws-sdk/client-cognito-identity-provider');
    const script = `
      import(${JSON.stringify(sdk)}).then(async ({ CognitoIdentityProvider }) => {
        const cognito = new CognitoIdentityProvider();
        const { COGNITO_USER_POOL_ID: UserPoolId, COGNITO_CLIENT_ID: ClientId } = process.env;
        const { UserStatus } = await cognito.adminGetUser({ UserPoolId, Username: 'ana' });
        await cognito.signUp({ ClientId, Username: 'bob', Password: 'Correct-Horse-2',
          UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }] });
        const messages = await (await fetch(process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER + '/_cognest/messages')).json();
        console.log(UserStatus, JSON.stringify(messages));
      });`;
    const seed = SEED.replace(
      'name: main app',
      'name: main app\n    settings: { AutoVerifiedAttributes: [email] }',
    );
    const running = await run(node(script), { env: CALLER, seed });
    expect((await running.ended).code).toBe(0);
    const [, status, json = ''] = /^(\w+) (\[.*\])\n$/.exec(running.out) ?? [];
    expect(status).toBe('CONFIRMED');
    const [message] = JSON.parse(json) as Record<string, string>[];
    expect(message).toMatchObject({
      userPoolId: 'us-east-1_Run00001',
      username: 'bob',
      destination: 'bob@example.com',
      medium: 'EMAIL',
      trigger: 'CustomMessage_SignUp',
      code: expect.stringMatching(/^\d{6}$/),
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(running.err).toContain(
      'E-mail to bob@example.com (CustomMessage_SignUp, user bob, pool us-east-1_Run00001)',
    );
    expect(running.err).toContain(message?.['code']);
  });

  it.each([0, 1, 42])('ends with the exit code of the command: %i', async (code) => {
    const running = await run(node(`process.exit(${code})`));
    expect(await running.ended).toEqual({ code, signal: null });
  });

  it('ends by the signal that ended the command', async () => {
    const running = await run(node(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`));
    expect(await running.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'passes %s on once, and waits for the command',
    async (signal) => {
      const script = `
      let received = 0;
      process.on('${signal}', () => {
        received++;
        // Long enough for a second one to arrive, and the server must still be there.
        setTimeout(async () => {
          const { status } = await fetch(process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER + '/_cognest/health');
          console.log('stopped by ${signal}', received, status);
          process.exit(7);
        }, 200);
      });
      setInterval(() => {}, 1000);
      console.log('ready at', process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER);`;
      const running = await run(node(script));
      const [, endpoint = ''] = await running.printed(/ready at (\S+)/);
      running.child.kill(signal);
      expect(await running.ended).toEqual({ code: 7, signal: null });
      expect(running.out).toContain(`stopped by ${signal} 1 200`);
      await expect(fetch(endpoint)).rejects.toThrow();
    },
  );

  it('passes arguments as they are, without a shell', async () => {
    const args = ['--port', '1', '$HOME', '`id`', 'a b', '"q"', '*', '--help', ';', ''];
    const running = await run([...node('console.log(JSON.stringify(process.argv.slice(1)))'), '--', ...args]);
    expect((await running.ended).code).toBe(0);
    expect(JSON.parse(running.out)).toEqual(args);
  });

  it('says when there is no such command', async () => {
    const running = await run(['no-such-command-here', 'x']);
    expect(await running.ended).toEqual({ code: 127, signal: null });
    const [where, why] = running.err.trimEnd().split('\n');
    expect(where).toMatch(
      /^cognest-local: Cognito listens on http:\/\/127\.0\.0\.1:\d+ \(.*_cognest\/messages\)$/,
    );
    expect(why).toBe('cognest-local: cannot run no-such-command-here: there is no such command');
  });

  it('keeps nothing on disk when that is asked for, whatever COGNITO_DATA says', async () => {
    const running = await run(node(''), { env: { COGNITO_DATA: 'elsewhere' } });
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.err).not.toContain('error');
  });

  it('does not run the command when the server cannot start', async () => {
    const running = await run(node('console.log("ran")'), { seed: 'pools: 1' });
    expect((await running.ended).code).toBe(1);
    expect(running.err).toContain('pools: must be a list, got a number');
    expect(running.out).toBe('');
  });

  it('needs a command', async () => {
    const running = await run([]);
    expect((await running.ended).code).toBe(1);
    expect(running.err).toContain("missing required argument 'command'");
  });

  it('needs no seed: the pools of the data are there, and without any the command runs all the same', async () => {
    const cwd = await temporaryDirectory();
    await writeFile(join(cwd, 'seed.yaml'), SEED);
    const print = node(
      'console.log([process.env.COGNITO_USER_POOL_ID, process.env.COGNITO_CLIENT_ID].join())',
    );
    const flags = ['run', '--port', '0', '--data', 'kept'];
    const seeded = await cli([...flags, '--seed', 'seed.yaml', '--', ...print], { cwd });
    await seeded.ended;
    const again = await cli([...flags, '--', ...print], { cwd });
    await again.ended;
    expect([seeded.out, again.out]).toEqual(Array(2).fill('us-east-1_Run00001,webclient\n'));
    const empty = await run(print, { seed: null });
    await empty.ended;
    expect(empty.out).toBe(',\n');
  });
});
