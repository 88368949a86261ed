import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cli, cli, endpointOf, temporaryDirectory } from './support.js';

async function clientOf(server: Cli): Promise<CognitoIdentityProvider> {
  const sdk = new CognitoIdentityProvider({
    endpoint: await endpointOf(server),
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(() => sdk.destroy());
  return sdk;
}

async function stop(server: Cli): Promise<void> {
  server.child.kill('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
}

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  it('refuses what does not fit in so many words, and keeps what was acknowledged', async () => {
    const cwd = await temporaryDirectory();
    const start = (maxFileKiB?: number) =>
      cli(['start', '--port', '0'], { cwd, ...(maxFileKiB && { maxFileKiB }) });
    const server = await start(1536);
    const sdk = await clientOf(server);
    const { UserPool } = await sdk.createUserPool({ PoolName: 'pool' });
    const UserPoolId = UserPool?.Id as string;
    const create = (Username: string) =>
      sdk.adminCreateUser({
        UserPoolId,
        Username,
        TemporaryPassword: 'Temporary-Horse-1',
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'profile', Value: 'x'.repeat(2000) }],
      });
    const acknowledged: string[] = [];
    let refusal: unknown;
    while (refusal === undefined && acknowledged.length < 2000) {
      const name = `user${acknowledged.length}`;
      await create(name).then(
        () => acknowledged.push(name),
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    const refused = `user${acknowledged.length}`;
    expect(refusal).toMatchObject({
      name: 'InternalErrorException',
      message: expect.stringMatching(/cognest\.db cannot be written.*Make room, and try again/),
    });
    // It goes on, and has no trace of what it has refused.
    await expect(create(refused)).rejects.toMatchObject({ name: 'InternalErrorException' });
    expect((await sdk.adminGetUser({ UserPoolId, Username: 'user0' })).UserStatus).toBe(
      'FORCE_CHANGE_PASSWORD',
    );
    await expect(sdk.adminGetUser({ UserPoolId, Username: refused })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    await stop(server);
    expect(server.err).toContain('cannot be written. What was acknowledged is kept');

    const again = await start();
    const after = await clientOf(again);
    for (const Username of acknowledged) await after.adminGetUser({ UserPoolId, Username });
    await expect(after.adminGetUser({ UserPoolId, Username: refused })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    await after.adminCreateUser({ UserPoolId, Username: refused, MessageAction: 'SUPPRESS' });
    await stop(again);
  });

  it('stops the start with words, too', async () => {
    const server = await cli(['start', '--port', '0'], { maxFileKiB: 16 });
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.err).toMatch(/cognest\.db cannot be opened for writing \(.+\)\. Make room/);
    expect(server.err).not.toMatch(/^ +at /m);
  });
});

describe('a data directory', () => {
  it('that another server has is refused', async () => {
    const cwd = await temporaryDirectory();
    const first = await cli(['start', '--port', '0'], { cwd });
    await endpointOf(first);
    const second = await cli(['start', '--port', '0'], { cwd });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.err).toMatch(/in use by another process\. Stop that server/);
    await stop(first);
  });

  it('in place of which there is a file, or whose file is a directory, is refused', async () => {
    const cwd = await temporaryDirectory();
    await writeFile(join(cwd, 'plain'), '');
    await mkdir(join(cwd, 'odd', 'cognest.db'), { recursive: true });
    for (const [data, words] of [
      ['plain/data', 'The data directory'],
      ['odd', 'cognest.db is a directory'],
    ] as const) {
      const server = await cli(['start', '--port', '0', '--data', data], { cwd });
      expect(await server.ended).toEqual({ code: 1, signal: null });
      expect(server.err).toContain(words);
      expect(server.err).toMatch(/choose another/);
    }
  });

  // Root may write everywhere.
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'that is read-only is refused',
    async () => {
      const cwd = await temporaryDirectory();
      await mkdir(join(cwd, 'read-only'), { mode: 0o555 });
      const server = await cli(['start', '--port', '0', '--data', 'read-only'], { cwd });
      expect(await server.ended).toEqual({ code: 1, signal: null });
      expect(server.err).toMatch(/cannot be used \(EACCES.+Make it one that this user may write to/);
    },
  );
});
