import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, describe, expect, it } from 'vitest';
import { CognitoAuthService, type CognitoModuleOptions, CognitoUsersService } from '../../src/index.js';
import { startApp } from '../support/app.js';
import { closeServer, listen } from '../support/pool.js';

type Answerer = (outgoing: ServerResponse, incoming: IncomingMessage) => void;

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };
const MIB = Buffer.alloc(1024 * 1024, 'x');
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

/** Something in Cognito's place that answers as it is told to, over a real socket. */
async function start(options: CognitoModuleOptions = {}) {
  const state = { answer: (() => undefined) as Answerer, calls: 0, open: 0 };
  const server = createServer((incoming, outgoing) => {
    state.calls += 1;
    state.open += 1;
    outgoing.on('close', () => {
      state.open -= 1;
    });
    incoming.resume().on('end', () => state.answer(outgoing, incoming));
  });
  const endpoint = await listen(server);
  const app = await startApp(
    {
      userPoolId: 'eu-central-1_AbCdEfGhI',
      clientId: 'client1',
      endpoint,
      requestTimeoutMs: 300,
      client: { credentials, maxAttempts: 1 },
      ...options,
    },
    [],
  );
  afterAll(async () => {
    await app.close();
    await closeServer(server);
  });
  const { nest } = app;
  return { state, auth: nest.get(CognitoAuthService), users: nest.get(CognitoUsersService), nest };
}

const headThenNothing: Answerer = (outgoing) => {
  outgoing.writeHead(200, JSON_TYPE);
  outgoing.write('{"a":');
};
const drip: Answerer = (outgoing) => {
  outgoing.writeHead(200, JSON_TYPE);
  const timer = setInterval(() => outgoing.write(' '), 20);
  outgoing.on('close', () => clearInterval(timer));
};
const dripOfAnError: Answerer = (outgoing) => {
  outgoing.writeHead(400, JSON_TYPE);
  const timer = setInterval(() => outgoing.write(' '), 20);
  outgoing.on('close', () => clearInterval(timer));
};
const good: Answerer = (outgoing) => {
  outgoing.writeHead(200, JSON_TYPE).end(JSON.stringify({ Username: 'ada', UserAttributes: [] }));
};
const signIn = { username: 'ada', password: 'Correct-horse-9' };
const timeout = expect.objectContaining({ code: 'cognito_timeout' });
const oversized = expect.objectContaining({
  code: 'cognito_response_invalid',
  message: expect.stringContaining('larger than 16777216 bytes'),
});

describe('an answer that does not end', () => {
  it.each(Object.entries({ headThenNothing, drip, dripOfAnError }))(
    'is a time-out, and its connection is closed: %s',
    async (_, answer) => {
      const { state, auth } = await start();
      state.answer = answer;
      await expect(auth.signIn(signIn)).rejects.toThrow(timeout);
      await expect.poll(() => state.open).toBe(0);
    },
  );

  it('is asked for again, as whatever comes late', async () => {
    const { state, users } = await start({ client: { credentials } });
    state.answer = (outgoing, incoming) => (state.calls < 3 ? headThenNothing : good)(outgoing, incoming);
    expect(await users.get({ username: 'ada' })).toMatchObject({ username: 'ada' });
    expect(state.calls).toBe(3);
  });

  it('leaves no connection taken: sixty, then a good one', async () => {
    const { state, users } = await start();
    state.answer = headThenNothing;
    const calls = Array.from({ length: 60 }, () => users.get({ username: 'ada' }));
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'cognito_timeout' } });
    }
    state.answer = good;
    expect(await users.get({ username: 'ada' })).toMatchObject({ username: 'ada' });
    await expect.poll(() => state.open).toBe(0);
  });

  it('is read no further than it may be long', async () => {
    const { state, auth } = await start({ requestTimeoutMs: 20_000, client: { credentials } });
    let written = 0;
    state.answer = (outgoing) => {
      outgoing.writeHead(200, JSON_TYPE);
      const flood = () => {
        while (!outgoing.destroyed) {
          written += MIB.length;
          if (!outgoing.write(MIB)) return outgoing.once('drain', flood);
        }
        return undefined;
      };
      flood();
    };
    await expect(auth.signIn(signIn)).rejects.toThrow(oversized);
    await expect.poll(() => state.open).toBe(0);
    // Once, since it would come again; and little more than is read.
    expect(state.calls).toBe(1);
    expect(written).toBeLessThan(64 * MIB.length);
  });

  it('may be as long as a page of users', async () => {
    const { state, users } = await start({ requestTimeoutMs: 20_000 });
    const Attributes = [{ Name: 'custom:note', Value: 'é'.repeat(40_000) }];
    state.answer = (outgoing) => {
      const Users = Array.from({ length: 60 }, (_, index) => ({ Username: `u${index}`, Attributes }));
      outgoing.writeHead(200, JSON_TYPE).end(JSON.stringify({ Users }));
    };
    const page = await users.list({});
    expect(page.users).toHaveLength(60);
    expect(page.users[59]?.userAttributes['custom:note']).toHaveLength(40_000);
  });

  it('is no connection where it breaks off', async () => {
    const { state, auth } = await start();
    state.answer = (outgoing, incoming) => {
      outgoing.writeHead(200, { ...JSON_TYPE, 'content-length': 100 });
      outgoing.write('{', () => incoming.socket.destroy());
    };
    await expect(auth.signIn(signIn)).rejects.toThrow(
      expect.objectContaining({ code: 'cognito_unreachable' }),
    );
  });
});

describe('whose time-out it is', () => {
  it('bounds a client that is configured with plain options, too', async () => {
    const { state, auth } = await start({
      requestTimeoutMs: 60_000,
      client: { credentials, maxAttempts: 1, requestHandler: { requestTimeout: 200 } },
    });
    state.answer = drip;
    await expect(auth.signIn(signIn)).rejects.toThrow(timeout);
  });

  it('leaves a handler that is ready-made to its maker', async () => {
    const requests: string[] = [];
    const body = new TextEncoder().encode('{"Username":"ada"}');
    const { users } = await start({
      client: {
        credentials,
        requestHandler: {
          handle: async (request: { hostname: string }) => {
            requests.push(request.hostname);
            return { response: { statusCode: 200, headers: {}, body } };
          },
        } as never,
      },
    });
    expect(await users.get({ username: 'ada' })).toMatchObject({ username: 'ada' });
    expect(requests).toEqual(['127.0.0.1']);
  });

  it('heeds the signal and the time of a call that is made with the raw client', async () => {
    const { state, nest } = await start({ requestTimeoutMs: 60_000 });
    const { GetUserCommand } = await import('@aws-sdk/client-cognito-identity-provider');
    const client = nest.get(CognitoIdentityProviderClient);
    const command = new GetUserCommand({ AccessToken: 'x' });
    state.answer = drip;
    const given = new AbortController();
    const aborted = client.send(command, { abortSignal: given.signal });
    await expect.poll(() => state.open).toBe(1);
    given.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    await expect(client.send(command, { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await expect(client.send(command, { requestTimeout: 100 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await expect.poll(() => state.open).toBe(0);
  });
});
