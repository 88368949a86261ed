import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { Controller, type INestApplication, type MessageEvent, Sse, UseGuards } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map, type Observable, of, Subject } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CognitoAuthGuard,
  CognitoAuthService,
  type CognitoUser,
  CurrentUser,
  OptionalAuth,
  Public,
  type Revocations,
} from '../../src/index.js';
import { PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { LEGACY_CLIENT, PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';

const ticks = new Subject<string>();
const events = (user: CognitoUser | undefined): Observable<MessageEvent> =>
  ticks.pipe(map((tick) => ({ data: `${tick} for ${user?.username ?? 'nobody'}` })));

class NamedGuard extends CognitoAuthGuard {}

@Controller()
class Events {
  @Sse('mine')
  mine(@CurrentUser() user: CognitoUser) {
    return events(user);
  }

  // A user's own guard beside the global one: the same stream, not two.
  @Sse('twice')
  @UseGuards(NamedGuard)
  async twice(@CurrentUser() user: CognitoUser) {
    return events(user);
  }

  @Sse('maybe')
  @OptionalAuth()
  maybe(@CurrentUser() user: CognitoUser | undefined) {
    return events(user);
  }

  @Sse('open')
  @Public()
  open() {
    return events(undefined);
  }

  @Sse('one')
  one(@CurrentUser() user: CognitoUser) {
    return of({ data: `one for ${user.username}` });
  }

  @Sse('broken')
  broken(): Observable<MessageEvent> {
    throw new Error('no events today');
  }
}

/** An open stream as a client sees it. */
class Stream {
  received = '';
  readonly ended: Promise<void>;

  constructor(
    readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      this.received += chunk;
    });
    response.on('error', () => {});
    this.ended = new Promise((resolve) => response.once('close', resolve));
  }

  async receives(text: string) {
    ticks.next(text);
    await vi.waitFor(() => expect(this.received).toContain(`data: ${text} for`), { interval: 5 });
    return this.received.trim().split('\n').at(-1);
  }
}

let test: TestCognito;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  test = await startTestCognito();
});
beforeEach(() => {
  // The timer is faked, and the clock is a manual one: nothing waits.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => test.cognito.close());

const HOUR_MS = 3_600_000;
const sweep = () => vi.advanceTimersByTime(1_000);
const unwatched = () => vi.waitFor(() => expect(vi.getTimerCount()).toBe(0), { interval: 5 });

async function signIn(app: INestApplication) {
  const result = await app.get(CognitoAuthService).signIn({ username: 'ada', password: PASSWORD });
  if (result.status !== 'signed-in') throw new Error(result.challenge.name);
  return result.tokens.accessToken;
}

async function open(url: string, token?: string): Promise<Stream> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const sent = request(url, { headers, agent: false }).on('error', () => {});
  sent.end();
  closing.push(() => sent.destroy());
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return new Stream(sent, response);
}

describe.each(PLATFORMS)('a stream of events on %s', (_platform, adapter) => {
  let app: TestApp;
  const start = async (revocations?: Revocations) => {
    const options = test.options({ verifier: { now: () => test.clock.now() }, clientId: LEGACY_CLIENT });
    app = await startApp(
      { ...options, ...(revocations && { revocations }) },
      [Events],
      { providers: [NamedGuard] },
      undefined,
      adapter(),
    );
    closing.push(() => app.close());
    return signIn(app.nest);
  };

  it.each(['mine', 'twice', 'maybe'])('ends when its token expires (%s)', async (path) => {
    const token = await start();
    const stream = await open(`${app.address}/${path}`, token);
    expect(stream.response.headers['content-type']).toContain('text/event-stream');
    expect(await stream.receives('first')).toBe('data: first for ada');
    test.clock.advance(HOUR_MS);
    sweep();
    // Within the tolerance the token is still good.
    expect(await stream.receives('second')).toBe('data: second for ada');
    test.clock.advance(5_000);
    sweep();
    await stream.ended;
    expect(stream.response.complete).toBe(false);
    await vi.waitFor(() => expect(ticks.observed).toBe(false), { interval: 5 });
    await unwatched();
    expect((await open(`${app.address}/${path}`, token)).response.statusCode).toBe(401);
  });

  it('ends when its user signs out, and no other', async () => {
    const token = await start();
    test.clock.advance(1_500);
    const other = await open(`${app.address}/maybe`);
    const mine = await open(`${app.address}/mine`, token);
    await mine.receives('hello');
    await app.nest.get(CognitoAuthService).globalSignOut({ accessToken: token });
    sweep();
    await mine.ended;
    expect(await other.receives('still here')).toBe('data: still here for nobody');
    expect((await open(`${app.address}/mine`, token)).response.statusCode).toBe(401);
    const again = await open(`${app.address}/mine`, await signIn(app.nest));
    sweep();
    expect(await again.receives('again')).toBe('data: again for ada');
  });

  it('ends when nobody can tell whether its token is revoked', async () => {
    let down = false;
    const token = await start({
      isRevoked: () => {
        if (down) throw new Error('unreachable');
        return false;
      },
    });
    const stream = await open(`${app.address}/mine`, token);
    down = true;
    sweep();
    await stream.ended;
  });

  it.each(['maybe', 'open'])('lives on without a token where none is asked (%s)', async (path) => {
    await start();
    const stream = await open(`${app.address}/${path}`);
    test.clock.advance(48 * HOUR_MS);
    sweep();
    expect(await stream.receives('hello')).toBe('data: hello for nobody');
  });

  it('is not opened without a token or with a bad one, and not watched when the handler fails', async () => {
    const token = await start();
    for (const bad of [undefined, 'rubbish', `${token}x`]) {
      expect((await open(`${app.address}/mine`, bad)).response.statusCode).toBe(401);
    }
    expect((await open(`${app.address}/broken`, token)).response.statusCode).toBe(500);
    await unwatched();
  });

  it('is forgotten when its client leaves', async () => {
    const token = await start();
    const streams = [await open(`${app.address}/mine`, token), await open(`${app.address}/mine`, token)];
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    for (const stream of streams) stream.request.destroy();
    await unwatched();
  });

  it('is forgotten when its client leaves with others waiting on the connection', async () => {
    const token = await start();
    const { hostname, port } = new URL(app.address);
    const socket = connect(Number(port), hostname).on('error', () => {});
    closing.push(() => socket.destroy());
    const ask = `GET /mine HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    socket.write(ask.repeat(20));
    await once(socket, 'data');
    await vi.waitFor(() => expect(ticks.observers.length).toBeGreaterThan(1), { interval: 5 });
    socket.destroy();
    await vi.waitFor(() => expect(ticks.observed).toBe(false), { interval: 5 });
    sweep();
    await unwatched();
  });

  it('ends in spite of a client that does not read', async () => {
    const token = await start();
    const stream = await open(`${app.address}/mine`, token);
    stream.response.pause();
    for (let i = 0; i < 40; i++) ticks.next('x'.repeat(100_000));
    test.clock.advance(HOUR_MS + 5_000);
    sweep();
    await vi.waitFor(() => expect(ticks.observed).toBe(false), { interval: 5 });
    await unwatched();
  });

  it('ends with its token while the app closes, too', async () => {
    const token = await start();
    const stream = await open(`${app.address}/mine`, token);
    const closed = app.close();
    closing.pop();
    expect(await stream.receives('bye')).toBe('data: bye for ada');
    test.clock.advance(HOUR_MS + 5_000);
    sweep();
    await stream.ended;
    await closed;
    await unwatched();
  });
});

it('over HTTP/2 the one stream ends, and not the connection', async () => {
  const options = test.options({ verifier: { now: () => test.clock.now() } });
  const app = await startApp(
    options,
    [Events],
    { providers: [NamedGuard] },
    undefined,
    new FastifyAdapter({
      http2: true,
    } as never) as never,
  );
  closing.push(() => app.close());
  const session = connectHttp2(app.address);
  closing.push(() => session.destroy());
  const opened = async (path: string, token?: string) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const stream = session.request({ ':path': path, ...authorization }).on('error', () => {});
    await once(stream, 'response');
    return stream.resume();
  };
  const token = await signIn(app.nest);
  const [mine, other] = [await opened('/mine', token), await opened('/maybe')];
  const ended = once(mine, 'close');
  test.clock.advance(HOUR_MS + 5_000);
  sweep();
  await ended;
  const heard = once(other, 'data');
  ticks.next('hello');
  expect(String((await heard)[0])).toContain('hello for nobody');
});

it('a request of tests that has no socket is answered, too', async () => {
  const options = test.options({ verifier: { now: () => test.clock.now() } });
  const fastify = new FastifyAdapter();
  const app = await startApp(options, [Events], { providers: [NamedGuard] }, undefined, fastify as never);
  closing.push(() => app.close());
  const inject = (url: string, token: string) =>
    fastify.inject({ url, headers: { authorization: `Bearer ${token}` } });
  const token = await signIn(app.nest);
  expect((await inject('/one', token)).body).toContain('data: one for ada');
  expect((await inject('/one', 'rubbish')).statusCode).toBe(401);
  // It is told of no end either.
  sweep();
  await unwatched();
  const cut = inject('/mine', token).then(
    () => 'answered',
    () => 'cut',
  );
  await vi.waitFor(() => expect(ticks.observed).toBe(true), { interval: 5 });
  test.clock.advance(HOUR_MS + 5_000);
  sweep();
  expect(await cut).toBe('cut');
});
