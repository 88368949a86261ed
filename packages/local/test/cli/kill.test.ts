import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { cli, endpointOf, temporaryDirectory } from './support.js';

const UserPoolId = 'us-east-1_Kill0001';
const ClientId = 'killclient';
const SEED = JSON.stringify({
  pools: [
    {
      id: UserPoolId,
      name: 'main',
      settings: { AutoVerifiedAttributes: ['email'] },
      clients: [
        {
          id: ClientId,
          name: 'web',
          settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
        },
      ],
    },
  ],
});

/** A run of 100 takes minutes: `COGNEST_KILL_ROUNDS=100 npx vitest run --project local test/cli/kill.test.ts`. */
const ROUNDS = Number(process.env['COGNEST_KILL_ROUNDS'] ?? 6);
const WRITERS = 6;
const MAX_ANSWERS = 120;
const MAX_DELAY_MS = 20;

/** What the server has said yes to: the user is there, and in this state. */
interface Acknowledged {
  readonly invited: Set<string>;
  readonly confirmed: Set<string>;
  readonly signedUp: Set<string>;
}

function sdkFor(endpoint: string): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

/** Writes until the server is gone, noting each answer. */
async function write(
  sdk: CognitoIdentityProviderClient,
  prefix: string,
  done: Acknowledged,
  acknowledged: () => void,
): Promise<number> {
  for (let n = 0; ; n++) {
    const invited = `${prefix}-admin-${n}`;
    const signedUp = `${prefix}-self-${n}`;
    try {
      await sdk.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: invited,
          TemporaryPassword: 'Temporary-Horse-1',
          MessageAction: 'SUPPRESS',
        }),
      );
      done.invited.add(invited);
      acknowledged();
      await sdk.send(
        new SignUpCommand({
          ClientId,
          Username: signedUp,
          Password: 'Correct-Horse-1',
          UserAttributes: [{ Name: 'email', Value: `${signedUp}@example.com` }],
        }),
      );
      done.signedUp.add(signedUp);
      acknowledged();
      await sdk.send(
        new AdminSetUserPasswordCommand({
          UserPoolId,
          Username: invited,
          Password: 'Permanent-Horse-1',
          Permanent: true,
        }),
      );
      done.confirmed.add(invited);
      acknowledged();
    } catch (error) {
      // Cut off in the middle. What the server answered must not have been an error of its own.
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      expect($metadata?.httpStatusCode ?? 200).toBe(200);
      return n;
    }
  }
}

describe('kill -9 in the middle of writes', () => {
  it(`loses nothing that was acknowledged, ${ROUNDS} times on the same data`, {
    timeout: 60_000 + ROUNDS * 15_000,
  }, async () => {
    const cwd = await temporaryDirectory();
    await writeFile(join(cwd, 'seed.json'), SEED);
    const flags = ['start', '--port', '0', '--data', 'data', '--seed', 'seed.json'];
    const done: Acknowledged = { invited: new Set(), confirmed: new Set(), signedUp: new Set() };
    const attempted: string[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      const server = await cli(flags, { cwd });
      const sdk = sdkFor(await endpointOf(server));
      // Any moment of the work: a random while after a random number of answers.
      let left = 1 + Math.floor(Math.random() * MAX_ANSWERS);
      const delayMs = Math.random() * MAX_DELAY_MS;
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        const prefix = `r${round}w${writer}`;
        const last = await write(sdk, prefix, done, () => {
          if (--left === 0) setTimeout(() => server.child.kill('SIGKILL'), delayMs);
        });
        attempted.push(`${prefix}-admin-${last}`, `${prefix}-self-${last}`);
      });
      await Promise.all(writers);
      expect((await server.ended).signal).toBe('SIGKILL');
      sdk.destroy();
    }
    expect(done.invited.size).toBeGreaterThan(ROUNDS);
    expect(done.signedUp.size).toBeGreaterThan(ROUNDS);

    const server = await cli(flags, { cwd });
    const endpoint = await endpointOf(server);
    const sdk = sdkFor(endpoint);
    const statusOf = async (Username: string) =>
      (await sdk.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus;
    for (const name of done.invited) {
      const allowed = done.confirmed.has(name) ? ['CONFIRMED'] : ['FORCE_CHANGE_PASSWORD', 'CONFIRMED'];
      expect(allowed).toContain(await statusOf(name));
    }
    const messages = (await (await fetch(`${endpoint}/_cognest/messages`)).json()) as { username: string }[];
    const told = new Set(messages.map((message) => message.username));
    for (const name of done.signedUp) {
      expect(await statusOf(name)).toBe('UNCONFIRMED');
      expect(told.has(name)).toBe(true);
    }
    for (const name of [...done.confirmed].slice(-5)) {
      const { AuthenticationResult } = await sdk.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId,
          AuthParameters: { USERNAME: name, PASSWORD: 'Permanent-Horse-1' },
        }),
      );
      expect(AuthenticationResult?.AccessToken).toBeTruthy();
    }
    // What was cut off is there whole, or not at all.
    for (const name of attempted) {
      const outcome = await statusOf(name).catch((error: Error) => error.name);
      expect(['FORCE_CHANGE_PASSWORD', 'CONFIRMED', 'UNCONFIRMED', 'UserNotFoundException']).toContain(
        outcome,
      );
    }
    sdk.destroy();
  });
});
