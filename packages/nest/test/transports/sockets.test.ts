import { once } from 'node:events';
import { createRevocations, type RevocationList } from '@cognest/verifier';
import { Injectable } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type CognitoModuleOptions, CurrentUser, Groups } from '../../src/index.js';
import { optionsFor } from '../support/app.js';
import { askPlain, askSocketIo, createApp, plainSocket, socketIo } from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

const connected: string[] = [];

@WebSocketGateway()
class Closed {
  handleConnection() {
    connected.push('closed');
  }

  @SubscribeMessage('who')
  who(@CurrentUser('sub') sub: string) {
    return { sub };
  }
}

@WebSocketGateway({ namespace: 'news' })
@Groups('reader')
class News {
  handleConnection() {
    connected.push('news');
  }
}

let pool: TestPool;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  pool = await startPool();
});
afterEach(async () => {
  vi.useRealTimers();
  connected.length = 0;
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

async function start(gateways: (new () => object)[], plain: boolean, options: CognitoModuleOptions = {}) {
  const app = await createApp(optionsFor(pool, options), { providers: gateways });
  if (plain) app.useWebSocketAdapter(new WsAdapter(app));
  closing.push(() => app.close());
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** How a server answers a handshake that it does not take. */
async function refusedUpgrade(url: string, headers: Record<string, string>) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const [request, response] = (await once(socket, 'unexpected-response')) as [
    { destroy(): void },
    { statusCode: number; headers: Record<string, string> },
  ];
  request.destroy();
  return { status: response.statusCode, challenge: response.headers['www-authenticate'] };
}

describe('the handshake of a closed gateway', () => {
  it('on ws is answered as HTTP is, and nothing is connected', async () => {
    const url = await start([Closed], true);
    expect(await refusedUpgrade(url, {})).toEqual({ status: 401, challenge: 'Bearer' });
    expect(await refusedUpgrade(url, bearer('e30.e30.e30'))).toMatchObject({ status: 401 });
    expect(connected).toEqual([]);
    const socket = await plainSocket(url, bearer(await pool.access()));
    closing.push(() => socket.close());
    expect(await askPlain(socket, 'who')).toHaveProperty('sub');
    expect(connected).toEqual(['closed']);
  });

  it('on socket.io is a connect_error with the code, and nothing is connected', async () => {
    const url = await start([Closed], false);
    const missing = { data: expect.objectContaining({ code: 'credentials_missing', statusCode: 401 }) };
    await expect(socketIo(url)).rejects.toMatchObject(missing);
    const refused = [
      { auth: { token: 'rubbish' } },
      { auth: { token: { $ne: '' } } },
      { auth: { token: '' } },
    ];
    for (const options of refused) await expect(socketIo(url, options)).rejects.toThrow();
    const token = await pool.access();
    await expect(socketIo(url, { auth: { token }, extraHeaders: bearer(token) })).rejects.toMatchObject({
      data: expect.objectContaining({ code: 'credentials_malformed' }),
    });
    expect(connected).toEqual([]);
    const socket = await socketIo(url, { auth: { token } });
    closing.push(() => socket.close());
    expect(await askSocketIo(socket, 'who')).toHaveProperty('sub');
  });

  it('of a gateway that only sends goes by the rule of its class, in its namespace', async () => {
    const url = await start([Closed, News], false);
    await expect(socketIo(`${url}/news`, { auth: { token: await pool.access() } })).rejects.toMatchObject({
      data: expect.objectContaining({ code: 'groups_insufficient', statusCode: 403 }),
    });
    const token = await pool.access({ 'cognito:groups': ['reader'] });
    const socket = await socketIo(`${url}/news`, { auth: { token } });
    closing.push(() => socket.close());
    expect(connected).toEqual(['news']);
  });

  it("takes no cookie along with another origin's page", async () => {
    const url = await start([Closed], true, { tokenSources: ['header', { cookie: 'token' }] });
    const cookie = `token=${await pool.access()}`;
    expect(await refusedUpgrade(url, { cookie, origin: 'https://evil.example' })).toMatchObject({
      status: 401,
    });
    expect(await refusedUpgrade(url, { cookie, origin: 'null' })).toMatchObject({ status: 401 });
    for (const origin of [{}, { origin: url }]) {
      const socket = await plainSocket(url, { cookie, ...origin });
      closing.push(() => socket.close());
      expect(await askPlain(socket, 'who')).toHaveProperty('sub');
    }
  });

  it('under an adapter whose server cannot be guarded stops the boot', async () => {
    @Injectable()
    class Odd extends WsAdapter {
      override create(): never {
        return { on() {}, close: (done: () => void) => done() } as never;
      }
    }
    const app = await createApp(optionsFor(pool), { providers: [Closed] });
    app.useWebSocketAdapter(new Odd(app));
    await expect(app.init()).rejects.toThrow('cannot be guarded');
  });
});

it('on ws a refused message is answered, and the socket stays open', async () => {
  @WebSocketGateway()
  class Mixed extends Closed {
    @SubscribeMessage('secret')
    @Groups('admin')
    secret() {
      return { event: 'secret', data: 'secret' };
    }
  }
  const url = await start([Mixed], true);
  const socket = await plainSocket(url, bearer(await pool.access()));
  closing.push(() => socket.close());
  // As the README shows it.
  expect(await askPlain(socket, 'secret')).toEqual({
    event: 'exception',
    data: {
      status: 'error',
      statusCode: 403,
      code: 'groups_insufficient',
      message: 'Your groups do not allow this.',
    },
  });
  expect(await askPlain(socket, 'who')).toHaveProperty('sub');
});

describe('a socket is closed', () => {
  // The timer is faked, and the verifier has a clock of its own: nothing waits.
  const faked = () => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });

  it.each([true, false])('when its token expires (ws: %s)', async (plain) => {
    let now = Date.now();
    const url = await start([Closed], plain, { verifier: { now: () => now } });
    const token = await pool.access({ exp: Math.floor(now / 1000) + 60 });
    faked();
    const socket = plain
      ? await plainSocket(url, bearer(token))
      : await socketIo(url, { extraHeaders: bearer(token) });
    const closed = new Promise<unknown[]>((resolve) =>
      (socket as WebSocket).on(plain ? 'close' : 'disconnect', (...args: unknown[]) => resolve(args)),
    );
    now += 61_000;
    vi.advanceTimersByTime(1_000);
    // Within the tolerance the token is still good.
    const who = plain ? askPlain(socket as WebSocket, 'who') : askSocketIo(socket as never, 'who');
    expect(await who).toHaveProperty('sub');
    now += 5_000;
    vi.advanceTimersByTime(1_000);
    const [code, reason] = await closed;
    if (plain) expect([code, String(reason)]).toEqual([4401, 'token_expired']);
    else expect(code).toBe('io server disconnect');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, (revocations: RevocationList) => void]>([
    ['', (revocations) => revocations.revokeToken('this-one')],
    [' with a group that it names', (revocations) => revocations.revokeGroup(pool.userPoolId, 'reader')],
  ])('when its token is revoked%s', async (_, revoke) => {
    const revocations = createRevocations();
    const url = await start([Closed], true, { revocations });
    const iat = Math.floor(Date.now() / 1_000) - 10;
    const token = await pool.access({ jti: 'this-one', iat, 'cognito:groups': ['reader'] });
    faked();
    const socket = await plainSocket(url, bearer(token));
    const closed = once(socket, 'close');
    revoke(revocations);
    const refused = { event: 'exception', data: expect.objectContaining({ code: 'token_invalid' }) };
    expect(await askPlain(socket, 'who')).toEqual(refused);
    vi.advanceTimersByTime(1_000);
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, String(reason)]).toEqual([4401, 'token_revoked']);
  });

  it('and forgotten when its client leaves first', async () => {
    const url = await start([Closed], false);
    faked();
    const sockets = [
      await socketIo(url, { auth: { token: await pool.access() } }),
      await socketIo(url, { auth: { token: await pool.access() } }),
    ];
    expect(vi.getTimerCount()).toBe(1);
    for (const socket of sockets) socket.close();
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0), { interval: 5 });
  });
});
