import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CognitoOptions, ManualClock, startCognito } from '../../src/index.js';

async function start(options: CognitoOptions = {}) {
  const cognito = await startCognito({ port: 0, memory: true, ...options });
  const sdk = new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: cognito.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(async () => {
    sdk.destroy();
    await cognito.close();
  });
  return { cognito, sdk };
}

const FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;

describe('startCognito', () => {
  it.each<[object, string]>([
    [{ port: -1 }, '"port" must be an integer from 0 to 65535, got -1.'],
    [{ port: 1.5 }, '"port" must be an integer from 0 to 65535, got 1.5.'],
    [{ port: '9229' }, '"port" must be an integer from 0 to 65535, got "9229".'],
    [{ host: '' }, '"host" must be an address, got "".'],
    [{ host: 'http://localhost' }, '"host" must be an address, got "http://localhost".'],
    [{ data: '' }, '"data" must be a directory, got "".'],
    [{ data: 'x', memory: true }, '"data" and "memory" exclude each other: give one.'],
    [{ memory: 'yes' }, '"memory" must be true or false, got "yes".'],
    [{ region: 'Europe' }, '"region" must be an AWS region, got "Europe".'],
    [{ accountId: '12' }, '"accountId" must be twelve digits, got "12".'],
    [{ allowedHosts: 'a' }, '"allowedHosts" must be a list of strings, got "a".'],
    [
      { allowedOrigins: ['http://localhost:5173/'] },
      '"allowedOrigins" must be origins such as http://localhost:5173, got "http://localhost:5173/".',
    ],
    [{ prot: 1 }, 'Unknown option "prot" of startCognito.'],
  ])('refuses %j', async (options, message) => {
    await expect(startCognito(options)).rejects.toThrow(new TypeError(message));
  });

  it('says that the port is in use, and that an address is not of this machine', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    await expect(startCognito({ port, memory: true })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another port with --port or COGNITO_PORT.`,
    );
    await expect(startCognito({ port: 0, memory: true, host: '192.0.2.1' })).rejects.toThrow(
      '"host" must be an address of this machine, got "192.0.2.1".',
    );
  });

  it('lets go of the data when it could not start', async () => {
    const data = await mkdtemp(join(tmpdir(), 'cognest-start-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    await expect(startCognito({ port, data })).rejects.toThrow('is in use');
    const cognito = await startCognito({ port: 0, data });
    await expect(startCognito({ port: 0, data })).rejects.toThrow('is in use by another process');
    await cognito.close();
    await cognito.close();
    await (await startCognito({ port: 0, data })).close();
  });

  it('refuses writes, and says so, once its data directory has been deleted', async () => {
    const data = await mkdtemp(join(tmpdir(), 'cognest-'));
    const errors: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (text: string) => errors.push(text) };
    const { cognito, sdk } = await start({ memory: false, data, log, seed: { pools: [{ name: 'main' }] } });
    const UserPoolId = cognito.pool().userPoolId;
    const create = (Username: string) =>
      sdk.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
    await create('ana');
    await rm(data, { recursive: true });
    const refusal = { name: 'InternalErrorException', message: expect.stringContaining('Stop the server') };
    await expect(create('bob')).rejects.toMatchObject({ ...refusal, $metadata: { httpStatusCode: 500 } });
    await expect(create('cem')).rejects.toMatchObject(refusal);
    expect(errors).toEqual([expect.stringContaining(join(data, 'cognest.db'))]);
    expect((await sdk.listUsers({ UserPoolId })).Users?.map(({ Username }) => Username)).toEqual(['ana']);
  });

  it('prints nothing by default, and messages where it is told to', async () => {
    const lines: string[] = [];
    const log = { info: (text: string) => lines.push(text), warn: () => {}, error: () => {} };
    const { cognito, sdk } = await start({
      log,
      clock: new ManualClock(Date.UTC(2030, 0, 2, 3, 4, 5, 678)),
      seed: {
        pools: [
          {
            name: 'main',
            settings: { AutoVerifiedAttributes: ['email'] },
            clients: [{ name: 'web' }],
            users: [{ username: 'ivy', temporaryPassword: 'Temporary-1' }],
          },
        ],
      },
    });
    const { userPoolId } = cognito.pool();
    const { clientId } = cognito.pool().client();
    for (const name of ['ana', 'bob']) {
      await sdk.signUp({
        ClientId: clientId,
        Username: name,
        Password: 'Correct-Horse-1',
        UserAttributes: [{ Name: 'email', Value: `${name}@example.com` }],
      });
    }
    const [first, second] = cognito.messages();
    expect([first?.username, second?.username]).toEqual(['ana', 'bob']);
    expect(first).toMatchObject({
      userPoolId,
      destination: 'ana@example.com',
      medium: 'EMAIL',
      trigger: 'CustomMessage_SignUp',
      code: expect.stringMatching(/^\d{6}$/),
      sentAt: '2030-01-02T03:04:05.678Z',
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(
      `E-mail to ana@example.com (CustomMessage_SignUp, user ana, pool ${userPoolId})`,
    );
    expect(lines[0]).toContain(first?.code);

    const get = async (query: string) =>
      (await (await fetch(`${cognito.endpoint}/_cognest/messages${query}`)).json()) as unknown[];
    expect(await get('')).toEqual([first, second]);
    expect(await get('?username=bob')).toEqual([second]);
    expect(await get(`?userPoolId=${userPoolId}&username=ana`)).toEqual([first]);
    expect(await get('?userPoolId=us-east-1_Other')).toEqual([]);
    expect(cognito.messages({ username: 'bob' })).toEqual([second]);

    const newest = await fetch(`${cognito.endpoint}/_cognest/messages?userPoolId=${userPoolId}&limit=1`);
    expect(await newest.json()).toEqual([second]);
    const [, older] = /^<(.+)>; rel="next"$/.exec(newest.headers.get('link') as string) as string[];
    const rest = await fetch(new URL(older as string, cognito.endpoint));
    expect(await rest.json()).toEqual([first]);
    expect(rest.headers.get('link')).toBeNull();
  });

  it('publishes the keys and the issuer that its tokens are verified with', async () => {
    const { cognito, sdk } = await start({
      seed: {
        pools: [
          {
            name: 'main',
            clients: [{ name: 'web', settings: { ExplicitAuthFlows: [...FLOWS] } }],
            users: [{ username: 'ana', password: 'Correct-Horse-1' }],
          },
        ],
      },
    });
    const { AuthenticationResult } = await sdk.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: cognito.pool().client().clientId,
      AuthParameters: { USERNAME: 'ana', PASSWORD: 'Correct-Horse-1' },
    });
    const issuer = `${cognito.endpoint}/${cognito.pool().userPoolId}`;
    const configuration = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
      issuer: string;
      jwks_uri: string;
    };
    const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
    const options = { issuer: configuration.issuer, algorithms: ['RS256'] };
    const access = await jwtVerify(AuthenticationResult?.AccessToken ?? '', keys, options);
    const id = await jwtVerify(AuthenticationResult?.IdToken ?? '', keys, options);
    expect([access.payload['token_use'], id.payload['token_use']]).toEqual(['access', 'id']);
    const published = (await (await fetch(configuration.jwks_uri)).json()) as { keys: object[] };
    expect(published.keys).toHaveLength(2);
    // Nothing of the private keys.
    for (const key of published.keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('answers the request id that is the event_id of the tokens', async () => {
    const { cognito, sdk } = await start({
      seed: {
        pools: [
          {
            name: 'main',
            clients: [{ name: 'web', settings: { ExplicitAuthFlows: [...FLOWS] } }],
            users: [{ username: 'ana', password: 'Correct-Horse-1' }],
          },
        ],
      },
    });
    const { AuthenticationResult, $metadata } = await sdk.initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: cognito.pool().client().clientId,
      AuthParameters: { USERNAME: 'ana', PASSWORD: 'Correct-Horse-1' },
    });
    const [, payload = ''] = AuthenticationResult?.AccessToken?.split('.') ?? [];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { event_id: string };
    expect(claims.event_id).toBe($metadata.requestId);
  });

  it('serves IPv6', async () => {
    const { cognito, sdk } = await start({ host: '::1' });
    expect(cognito.endpoint).toBe(`http://[::1]:${cognito.port}`);
    const { UserPool } = await sdk.createUserPool({ PoolName: 'six' });
    expect(cognito.pool('six').userPoolId).toBe(UserPool?.Id);
  });

  it('warns when it listens beyond this machine', async () => {
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (text: string) => warnings.push(text), error: () => {} };
    await start({ log });
    expect(warnings).toEqual([]);
    await start({ log, host: '0.0.0.0' });
    expect(warnings).toEqual([expect.stringContaining('for development only')]);
  });
});
