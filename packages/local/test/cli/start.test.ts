import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli, endpointOf, temporaryDirectory } from './support.js';

const SEED = `
pools:
  - id: us-east-1_Cli00001
    name: main
    clients:
      - id: webclient
        name: web
        settings: { ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH] }
    users:
      - { username: ana, password: Correct-Horse-1 }
`;

async function seedFile(text = SEED): Promise<string> {
  const file = join(await temporaryDirectory(), 'seed.yaml');
  await writeFile(file, text);
  return file;
}

function sdkFor(endpoint: string): CognitoIdentityProviderClient {
  const client = new CognitoIdentityProviderClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** A port that something else listens on. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe('cognest-local start', () => {
  it('prints the address when it answers, what it has, and stops on Ctrl-C', async () => {
    const server = await cli(['start', '--port', '0', '--memory', '--seed', await seedFile()]);
    const endpoint = await endpointOf(server);
    expect(await (await fetch(`${endpoint}/_cognest/health`)).json()).toEqual({ status: 'ok' });
    await server.printed(/For development only/);
    expect(server.out).toContain('in memory');
    expect(server.out).toContain('main: us-east-1_Cli00001');
    expect(server.out).toContain('web: webclient');
    expect(server.out).not.toContain('Correct-Horse-1');
    server.child.kill('SIGINT');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.err).toBe('');
    await expect(fetch(endpoint)).rejects.toThrow();
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('stops on %s while clients are connected', async (signal) => {
    const server = await cli(['start', '--port', '0', '--memory']);
    await (await fetch(`${await endpointOf(server)}/_cognest/health`)).text();
    server.child.kill(signal);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('keeps its data in .cognest, for the owner alone and out of git, and tokens stay valid', async () => {
    const cwd = await temporaryDirectory();
    const seed = await seedFile();
    const first = await cli(['start', '--port', '0', '--seed', seed], { cwd });
    const endpoint = await endpointOf(first);
    const { AuthenticationResult } = await sdkFor(endpoint).send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: 'webclient',
        AuthParameters: { USERNAME: 'ana', PASSWORD: 'Correct-Horse-1' },
      }),
    );
    first.child.kill('SIGINT');
    await first.ended;
    expect((await stat(join(cwd, '.cognest'))).mode & 0o077).toBe(0);
    expect(await readFile(join(cwd, '.cognest', '.gitignore'), 'utf8')).toBe('*\n');

    const { port } = new URL(endpoint);
    const second = await cli(['start', '--port', port], { cwd });
    expect(await endpointOf(second)).toBe(endpoint);
    const { Username } = await sdkFor(endpoint).send(
      new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }),
    );
    expect(Username).toBe('ana');
    await second.printed(/main: us-east-1_Cli00001/);
  });

  it('takes its port from COGNITO_PORT, and rather from --port', async () => {
    const taken = String(await takenPort());
    const refused = await cli(['start', '--memory'], { env: { COGNITO_PORT: taken } });
    expect((await refused.ended).code).toBe(1);
    expect(refused.err).toContain(`Port ${taken} on 127.0.0.1 is in use`);
    const served = await cli(['start', '--memory', '--port', '0'], { env: { COGNITO_PORT: taken } });
    await endpointOf(served);
  });

  it('says that the port is in use, and what to do', async () => {
    const port = await takenPort();
    const server = await cli(['start', '--port', String(port), '--memory']);
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.err).toBe(
      `cognest-local: Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another port with --port or COGNITO_PORT.\n`,
    );
    expect(server.out).toBe('');
  });

  it('refuses data that another server uses, not data that one left behind when it was killed', async () => {
    const cwd = await temporaryDirectory();
    const seed = await seedFile();
    const first = await cli(['start', '--port', '0', '--seed', seed], { cwd });
    const endpoint = await endpointOf(first);
    const second = await cli(['start', '--port', '0'], { cwd });
    expect((await second.ended).code).toBe(1);
    expect(second.err).toContain('is in use by another process');
    expect(second.out).toBe('');
    await sdkFor(endpoint).send(
      new AdminGetUserCommand({ UserPoolId: 'us-east-1_Cli00001', Username: 'ana' }),
    );
    first.child.kill('SIGKILL');
    await first.ended;
    const third = await cli(['start', '--port', '0'], { cwd });
    await sdkFor(await endpointOf(third)).send(
      new AdminGetUserCommand({ UserPoolId: 'us-east-1_Cli00001', Username: 'ana' }),
    );
  });

  it('stops with the reason when the seed does not fit', async () => {
    const file = await seedFile('pools:\n  - name: main\n    users: [{ username: ana, password: short }]\n');
    const server = await cli(['start', '--port', '0', '--memory', '--seed', file]);
    expect((await server.ended).code).toBe(1);
    expect(server.err).toMatch(
      /^cognest-local: \S*seed\.yaml: pools\[0\]\.users\[0\]: InvalidPasswordException: /,
    );
    const missing = await cli(['start', '--memory', '--seed', 'nowhere.yaml']);
    expect((await missing.ended).code).toBe(1);
    expect(missing.err).toContain('The seed file nowhere.yaml cannot be read');
  });

  it('warns when it is open to the network, and answers there', async () => {
    const server = await cli(['start', '--port', '0', '--host', '0.0.0.0', '--memory']);
    const endpoint = await endpointOf(server);
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${endpoint}/_cognest/health`)).status).toBe(200);
    expect(server.err).toMatch(/^cognest-local: Listening on 0\.0\.0\.0: everyone who reaches port \d+ can/);
  });

  it.each([
    [['--port', 'x'], 'It must be a number from 0 to 65535'],
    [['--port', '65536'], 'It must be a number from 0 to 65535'],
    [['--memory', '--data', 'x'], "option '--data <dir>' cannot be used with option '--memory'"],
    [['--host', 'no such host', '--memory'], '"host" must be an address'],
    [['--region', 'nowhere', '--memory', '--port', '0'], '"region" must be an AWS region'],
    [['--allow-origin', 'localhost', '--memory', '--port', '0'], '"allowedOrigins" must be origins such as'],
    [['--nonsense'], "unknown option '--nonsense'"],
  ])('refuses %j', async (args, message) => {
    const server = await cli(['start', ...args]);
    expect((await server.ended).code).toBe(1);
    expect(server.err).toContain(message);
    expect(server.err).not.toContain('    at ');
  });

  it('lives on when nobody reads its output any more', async () => {
    const server = await cli(['start', '--port', '0', '--memory']);
    const endpoint = await endpointOf(server);
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    expect((await fetch(`${endpoint}/_cognest/health`)).status).toBe(200);
    server.child.kill('SIGINT');
  });
});

describe('cognest-local', () => {
  it('says what to do when it has no pool yet', async () => {
    const running = await cli(['start', '--port', '0', '--memory']);
    await running.printed(/ pool {6}none yet: give --seed, or call CreateUserPool\n/);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  it('tells its version and its options', async () => {
    const { version } = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    const versioned = await cli(['--version']);
    expect((await versioned.ended).code).toBe(0);
    expect(versioned.out).toBe(`${version}\n`);
    const help = await cli(['start', '--help']);
    expect((await help.ended).code).toBe(0);
    for (const option of ['--port', '--host', '--data', '--memory', '--seed'])
      expect(help.out).toContain(option);
  });
});
