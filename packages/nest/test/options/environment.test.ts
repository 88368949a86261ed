import { createServer, type Server } from 'node:http';
import { Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CognitoAuthService,
  CognitoModule,
  CognitoPools,
  CognitoUsersService,
  getCognitoToken,
} from '../../src/index.js';
import { bootError, startModule, type TestApp } from '../support/app.js';
import {
  PASSWORD,
  POOL,
  SECRET,
  SECRET_CLIENT,
  startTestCognito,
  type TestCognito,
} from '../support/cognito.js';
import { closeServer, listen } from '../support/pool.js';

let test: TestCognito;
const apps: TestApp[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  test = await startTestCognito();
});
beforeEach(() => {
  // Nothing of the machine that runs the tests counts.
  for (const name of Object.keys(process.env)) {
    if (/^(AWS|COGNITO)_/.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const app of apps.splice(0)) await app.close();
  for (const server of servers.splice(0)) await closeServer(server);
});
afterAll(() => test.cognito.close());

async function start(dynamicModule = CognitoModule.forRoot()) {
  @Module({ imports: [dynamicModule] })
  class AppModule {}
  const app = await startModule(AppModule);
  apps.push(app);
  return app.nest;
}

/** What runs before the embedded Cognito and writes down who signed each request. */
async function recorder() {
  const signedBy: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    signedBy.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1]);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
    const answer = await fetch(test.cognito.endpoint, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(await answer.text());
  });
  servers.push(server);
  return { signedBy, endpoint: await listen(server) };
}

describe('the environment', () => {
  it('has everything that an app needs', async () => {
    vi.stubEnv('COGNITO_USER_POOL_ID', POOL);
    vi.stubEnv('COGNITO_CLIENT_ID', SECRET_CLIENT);
    vi.stubEnv('COGNITO_CLIENT_SECRET', SECRET);
    vi.stubEnv('AWS_ENDPOINT_URL', test.cognito.endpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    const nest = await start();
    const signIn = await nest.get(CognitoAuthService).signIn({ username: 'ada', password: PASSWORD });
    expect(signIn.status).toBe('signed-in');
    expect((await nest.get(CognitoUsersService).get({ username: 'ada' })).username).toBe('ada');
  });

  it('goes to the pool at top level alone, but for the endpoint', async () => {
    vi.stubEnv('COGNITO_USER_POOL_ID', POOL);
    vi.stubEnv('COGNITO_CLIENT_ID', SECRET_CLIENT);
    vi.stubEnv('COGNITO_CLIENT_SECRET', SECRET);
    vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', test.cognito.endpoint);
    const pools = { partners: { userPoolId: 'eu-central-1_Partners', clientId: 'portal' } };
    const nest = await start(
      CognitoModule.forRootAsync({
        poolNames: ['partners'],
        useFactory: () => ({ userPoolId: POOL, pools }),
      }),
    );
    expect(nest.get(CognitoPools).names).toEqual(['default', 'partners']);
    const signIn = await nest.get(CognitoAuthService).signIn({ username: 'ada', password: PASSWORD });
    expect(signIn.status).toBe('signed-in');
    const { client } = nest.get(getCognitoToken('partners'), { strict: false });
    expect((await client.config.endpoint()).port).toBe(Number(new URL(test.cognito.endpoint).port));
  });

  it.each([
    ['COGNITO_USER_POOL_ID', 'eu-west-1', '"userPoolId" must be like <region>_<id>'],
    ['COGNITO_CLIENT_ID', 'no client id', '"clientId" must be the id of an app client'],
    ['COGNITO_CLIENT_SECRET', 'hush hush', '"clientSecret" must be'],
    ['AWS_ENDPOINT_URL', 'http://user:hush@127.0.0.1', '"endpoint" must be a URL without credentials'],
  ])('a wrong %s stops the boot, by name and without a secret', async (variable, value, message) => {
    vi.stubEnv('COGNITO_USER_POOL_ID', POOL);
    vi.stubEnv('COGNITO_CLIENT_ID', SECRET_CLIENT);
    vi.stubEnv(variable, value);
    @Module({ imports: [CognitoModule.forRoot()] })
    class AppModule {}
    const error = await bootError(AppModule);
    expect(error.message).toContain(message);
    expect(error.message).toContain(`(from ${variable})`);
    expect(error.message).not.toContain('hush');
  });

  it('without a pool stops the boot with the variable that is missing', async () => {
    @Module({ imports: [CognitoModule.forRoot()] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain(
      'got nothing (COGNITO_USER_POOL_ID not set either)',
    );
  });
});

describe('AWS credentials', () => {
  it('are those of the SDK’s provider chain, and rotate with it', async () => {
    let served = 0;
    // As ECS and EKS Pod Identity hand them to a container.
    const provider = createServer((_, response) => {
      served += 1;
      const Expiration = new Date(Date.now() + 60_000).toISOString();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ AccessKeyId: `AKIDROTATED${served}`, SecretAccessKey: 's', Token: 't', Expiration }),
      );
    });
    servers.push(provider);
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${await listen(provider)}/role`);
    const { signedBy, endpoint } = await recorder();
    const nest = await start(
      CognitoModule.forRoot({ userPoolId: POOL, clientId: SECRET_CLIENT, clientSecret: SECRET, endpoint }),
    );
    const users = nest.get(CognitoUsersService);
    await users.get({ username: 'ada' });
    await vi.waitFor(async () => {
      await users.get({ username: 'ada' });
      // They expire within minutes, so that the SDK has asked for others by now.
      expect(new Set(signedBy).size).toBeGreaterThan(1);
    });
    expect(signedBy[0]).toBe('AKIDROTATED1');
    expect(signedBy.every((key) => key?.startsWith('AKIDROTATED'))).toBe(true);
  });

  it('are not looked for before a call needs them, and their lack is said then', async () => {
    const { signedBy, endpoint } = await recorder();
    const nest = await start(
      CognitoModule.forRoot({ userPoolId: POOL, clientId: SECRET_CLIENT, clientSecret: SECRET, endpoint }),
    );
    const signIn = await nest.get(CognitoAuthService).signIn({ username: 'ada', password: PASSWORD });
    expect(signIn.status).toBe('signed-in');
    await expect(nest.get(CognitoUsersService).get({ username: 'ada' })).rejects.toThrow(
      expect.objectContaining({
        code: 'credentials_unavailable',
        message: expect.stringContaining('No AWS credentials for AdminGetUser'),
      }),
    );
    expect(signedBy).toEqual([undefined]);
  });
});
