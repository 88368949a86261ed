import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli, endpointOf, temporaryDirectory } from './support.js';

const SEED = `
pools:
  - id: us-east-1_Cli00001
    name: main
    clients: [{ id: webclient, name: web }]
`;

async function startWith(module: string) {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'seed.yaml'), SEED);
  await writeFile(join(cwd, 'triggers.mjs'), module);
  return cli(['start', '--port', '0', '--memory', '--seed', 'seed.yaml', '--triggers', './triggers.mjs'], {
    cwd,
  });
}

async function signUp(endpoint: string, username: string): Promise<boolean | undefined> {
  const sdk = new CognitoIdentityProvider({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(() => sdk.destroy());
  const { UserConfirmed } = await sdk.signUp({
    ClientId: 'webclient',
    Username: username,
    Password: 'Correct-Horse-1',
  });
  return UserConfirmed;
}

describe('--triggers', () => {
  it('takes the functions that a module exports by name', async () => {
    const server = await startWith(`
      export const preSignUp = async (event) => {
        if (event.userName === 'mallory') throw new Error('Go away');
        event.response.autoConfirmUser = true;
        return event;
      };
    `);
    const endpoint = await endpointOf(server);
    expect(await signUp(endpoint, 'ana')).toBe(true);
    await expect(signUp(endpoint, 'mallory')).rejects.toThrow('PreSignUp failed with error Go away.');
  });

  it('takes an object that it exports as default, for one pool alone if need be', async () => {
    const server = await startWith(`
      export default {
        pools: {
          main: { preSignUp: (event) => ({ ...event, response: { autoConfirmUser: true } }) },
        },
      };
    `);
    expect(await signUp(await endpointOf(server), 'ana')).toBe(true);
  });

  it('says that there is no such module, and nothing of its own files', async () => {
    const server = await cli(['start', '--port', '0', '--memory', '--triggers', './nowhere.mjs']);
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.err).toBe(
      'cognest-local: The triggers ./nowhere.mjs cannot be loaded: there is no such file.\n',
    );
  });

  it('warns of a pool that is not there', async () => {
    const server = await startWith('export default { pools: { mian: { preSignUp: (event) => event } } };');
    await endpointOf(server);
    expect(server.err).toContain(
      `No pool has the name or the id "mian" of the triggers' "pools": its functions run for one that is made later. There are: "main" (us-east-1_Cli00001).`,
    );
  });

  it.each([
    ['does not run', 'nonsense(', /The triggers \.\/triggers\.mjs cannot be loaded: /],
    [
      'has a mistake in its syntax',
      'export const a = 1;\nexport const b = {{ ;\n',
      /triggers\.mjs:[23]: Unexpected token/,
    ],
    ['exports nothing', 'export {};', /triggers\.mjs exports no trigger/],
    [
      'exports something else',
      'export const handler = () => {};',
      /triggers\.mjs: "triggers\.handler" is no trigger/,
    ],
  ])('says what is wrong with a module that %s', async (_, module, message) => {
    const server = await startWith(module);
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.err).toMatch(message);
  });
});
