import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ClientTCP } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunningExample, temporaryFolder } from '../../nest-api/test/start-example.js';

const START = ['start', '-w', '@cognest/example-nest-realtime'];
const data = temporaryFolder();
const movedClock = join(data.path, 'moved');
let example: RunningExample;
let auction: string;
let ledger: ClientTCP;
const sockets: Socket[] = [];

beforeAll(async () => {
  example = RunningExample.spawn(
    {
      LEDGER_PORT: '0',
      COGNITO_DATA: join(data.path, 'cognito'),
      MOVED_CLOCK: movedClock,
      NODE_OPTIONS: `--import ${new URL('moved-clock.mjs', import.meta.url)}`,
    },
    START,
  );
  const [, address = '', port] = await example.printed(
    /Auction on (\S+), ledger on tcp:\/\/127\.0\.0\.1:(\d+)/,
  );
  auction = address;
  ledger = new ClientTCP({ host: '127.0.0.1', port: Number(port) });
}, 120_000);

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(() => {
  ledger?.close();
  example?.kill();
  data.remove();
});

function post(path: string, { body, token }: { body?: object; token?: string }): Promise<Response> {
  return fetch(`${auction}${path}`, {
    method: 'POST',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function signIn(username: string, password: string): Promise<string> {
  const response = await post('/auth/sign-in', { body: { username, password } });
  expect(response.status).toBe(200);
  return ((await response.json()) as { tokens: { accessToken: string } }).tokens.accessToken;
}

const uma = () => signIn('uma', 'Bidder-demo-2');
const ada = () => signIn('ada', 'Hammer-demo-1');

async function connect(auth: object): Promise<Socket> {
  const socket = io(auction, { auth, reconnection: false, forceNew: true });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

const heard = (socket: Socket, event: string) =>
  new Promise<unknown>((resolve) => socket.once(event, resolve));

/** The acknowledgement of a message, or the exception. */
function ask(socket: Socket, event: string, message: unknown = {}): Promise<unknown> {
  return new Promise((resolve) => {
    const refused = (exception: unknown) => resolve({ exception });
    socket.once('exception', refused);
    socket.emit(event, message, (answer: unknown) => {
      socket.off('exception', refused);
      resolve(answer);
    });
  });
}

/** The ledger's answer, or its refusal. */
async function askLedger(pattern: string, message: unknown): Promise<unknown> {
  try {
    return await lastValueFrom(ledger.send(pattern, message));
  } catch (error) {
    return { refused: error };
  }
}

const withCode = (code: string) => expect.objectContaining({ status: 'error', code });

describe('the auction', () => {
  it.each([
    ['no token', {}, 'credentials_missing'],
    ['rubbish', { token: 'rubbish' }, 'token_invalid'],
  ])('connects nobody with %s', async (_, auth, code) => {
    await expect(connect(auth)).rejects.toMatchObject({ data: { statusCode: 401, code } });
  });

  it('knows who is there', async () => {
    expect(await ask(await connect({ token: await ada() }), 'who')).toEqual({
      username: 'ada',
      groups: ['auctioneer'],
    });
  });

  it('takes bids from everybody who is signed in, and sells at the word of an auctioneer', async () => {
    const bidder = await connect({ token: await uma() });
    const auctioneer = await connect({ token: await ada() });
    const bid = { bidder: 'uma', amount: 100 };
    const announced = heard(auctioneer, 'highest');
    expect(await ask(bidder, 'bid', { amount: 100 })).toEqual(bid);
    expect(await announced).toEqual(bid);

    expect(await ask(bidder, 'bid', { amount: 100 })).toEqual({ exception: withCode('bid_too_low') });
    expect(await ask(bidder, 'sell')).toEqual({ exception: withCode('groups_insufficient') });

    const sold = heard(bidder, 'sold');
    expect(await ask(auctioneer, 'sell')).toEqual(bid);
    expect(await sold).toEqual(bid);
    expect(await ask(auctioneer, 'sell')).toEqual({ exception: withCode('no_bid') });
  });

  it('takes no amount but a whole number, and a bid in nobody else’s name', async () => {
    const bidder = await connect({ token: await uma() });
    for (const amount of [0, -1, 1.5, 1e12, '7', null, { $gt: 0 }, undefined]) {
      expect(await ask(bidder, 'bid', { amount })).toEqual({ exception: withCode('amount_invalid') });
    }
    const forged = { amount: 5, bidder: 'ada', username: 'ada', token: await ada() };
    expect(await ask(bidder, 'bid', forged)).toEqual({ bidder: 'uma', amount: 5 });
    await ask(await connect({ token: await ada() }), 'sell');
  });
});

describe('the ledger', () => {
  it.each([
    ['without a token', {}, 'credentials_missing'],
    ['that is no object', 'sell', 'credentials_missing'],
    ['with a token that is no text', { token: { $ne: '' } }, 'credentials_missing'],
    ['with rubbish', { token: 'rubbish' }, 'token_invalid'],
  ])('refuses a message %s, whoever can reach it', async (_, message, code) => {
    for (const pattern of ['bid', 'sell'])
      expect(await askLedger(pattern, message)).toEqual({ refused: withCode(code) });
  });

  it('goes by the groups of the user, not by who asks on his behalf', async () => {
    expect(await askLedger('sell', { token: await uma() })).toEqual({
      refused: withCode('groups_insufficient'),
    });
  });
});

describe('the bidder of the README', () => {
  let bidder: ChildProcess | undefined;
  afterEach(() => bidder?.kill('SIGKILL'));

  it('bids, hears, and is refused', async () => {
    const root = new URL('../../..', import.meta.url);
    const args = [
      'run',
      'bid',
      '-w',
      '@cognest/example-nest-realtime',
      '--',
      'edgar',
      'Bidder-demo-1',
      auction,
    ];
    const running = spawn('npm', args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    bidder = running;
    let output = '';
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const printed = async (text: string) => {
      while (!output.includes(text)) await once(running.stdout, 'data');
    };
    await printed('Signed in as edgar, in no group.');
    running.stdin.write('bid 70\n');
    await printed('edgar bids 70');
    running.stdin.write('sell\n');
    await printed('Refused (groups_insufficient)');
    const auctioneer = await connect({ token: await ada() });
    await ask(auctioneer, 'sell');
    await printed('Sold to edgar for 70');
    running.stdin.end();
    await printed('Disconnected: io client disconnect');
  });
});

describe('a socket is closed', () => {
  it('when its user signs out everywhere, and the ledger hears of it', async () => {
    const token = await signIn('edgar', 'Bidder-demo-1');
    const socket = await connect({ token });
    const [why, closed] = [heard(socket, 'exception'), heard(socket, 'disconnect')];
    expect((await post('/auth/sign-out/everywhere', { token })).status).toBe(204);
    expect(await why).toEqual(withCode('token_invalid'));
    expect(await closed).toBe('io server disconnect');
    expect(await askLedger('bid', { token, amount: 9 })).toEqual({ refused: withCode('token_invalid') });
  });

  it('when its token expires', async () => {
    const token = await uma();
    const socket = await connect({ token });
    const [why, closed] = [heard(socket, 'exception'), heard(socket, 'disconnect')];
    writeFileSync(movedClock, '');
    expect(await why).toEqual(withCode('token_expired'));
    expect(await closed).toBe('io server disconnect');
    await expect(connect({ token })).rejects.toMatchObject({ data: { code: 'token_expired' } });
    expect(await askLedger('bid', { token, amount: 9 })).toEqual({ refused: withCode('token_expired') });
  });
});

describe('the program', () => {
  it('says which port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const other = temporaryFolder();
    try {
      for (const variable of ['PORT', 'LEDGER_PORT']) {
        const env = { LEDGER_PORT: '0', COGNITO_DATA: other.path, [variable]: String(port) };
        const second = RunningExample.spawn(env, START);
        expect(await second.ended()).not.toBe(0);
        expect(second.output).toMatch(new RegExp(`Port ${port} .*is in use.* with ${variable}`));
      }
    } finally {
      taken.close();
      other.remove();
    }
  }, 120_000);

  it('stops at Ctrl-C, with people connected', async () => {
    const socket = await connect({ token: await ada() });
    const closed = heard(socket, 'disconnect');
    await example.ctrlC();
    await closed;
    expect(example.output).not.toMatch(/npm error|Error:/);
    await expect(fetch(auction)).rejects.toThrow();
  });
});
