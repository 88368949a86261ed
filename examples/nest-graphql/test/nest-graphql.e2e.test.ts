import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RunningExample, temporaryFolder } from '../../nest-api/test/start-example.js';

const START = ['start', '-w', '@cognest/example-nest-graphql'];
const data = temporaryFolder();
const movedClock = join(data.path, 'moved');
let example: RunningExample;
let desk: string;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  example = RunningExample.spawn(
    {
      COGNITO_DATA: join(data.path, 'cognito'),
      MOVED_CLOCK: movedClock,
      NODE_OPTIONS: `--import ${new URL('moved-clock.mjs', import.meta.url)}`,
    },
    START,
  );
  [, desk = ''] = await example.printed(/Help desk on (\S+)\/graphql/);
  await example.printed(/Ctrl-C here stops everything/);
}, 120_000);

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

afterAll(() => {
  example?.kill();
  data.remove();
});

async function signIn(username: string, password: string): Promise<string> {
  const response = await fetch(`${desk}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { tokens: { accessToken: string } }).tokens.accessToken;
}

const uma = () => signIn('uma', 'Customer-demo-1');
const ada = () => signIn('ada', 'Agent-demo-1');

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions?: Record<string, unknown> }[];
}

async function ask(query: string, token?: string, variables: object = {}): Promise<Answer> {
  const response = await fetch(`${desk}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

const refused = (status: number, reason: string) => [
  expect.objectContaining({ extensions: expect.objectContaining({ status, reason }) }),
];
const OPEN = 'mutation ($subject: String!) { openTicket(subject: $subject) { id subject open } }';

/** Subscribes, and gathers what comes: tickets, then the errors or the code with which the socket was closed. */
function watch(connectionParams: Record<string, unknown>) {
  const heard: unknown[] = [];
  let changed: () => void = () => {};
  const connected = new Promise<void>((resolve) => {
    const client = createClient({
      url: `${desk.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
      on: { connected: () => resolve() },
    });
    closing.push(() => client.dispose());
    const hear = (what: unknown) => {
      heard.push(what);
      changed();
    };
    const query = 'subscription { ticketOpened { subject email } }';
    client.subscribe(
      { query },
      {
        next: ({ data }) => hear(data),
        error: (error) => hear(Array.isArray(error) ? error[0] : (error as { code: number }).code),
        complete: () => {},
      },
    );
  });
  return {
    connected,
    async next(): Promise<unknown> {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
      return heard.shift();
    },
  };
}

/** Opens tickets until a subscriber has heard of one: nobody is told when a subscription has begun. */
async function untilHeard(subscriber: { next(): Promise<unknown> }, subject: string): Promise<unknown> {
  const token = await uma();
  let done = false;
  const heard = subscriber.next().then((what) => {
    done = true;
    return what;
  });
  while (!done) await ask(OPEN, token, { subject });
  return heard;
}

describe('the help desk', () => {
  it('shows with the printed commands what they say', async () => {
    const notes = example.output.slice(example.output.indexOf('And in a third'));
    const parts = notes.split(/^ {2}# /m).slice(1);
    const shown = [];
    for (const part of parts) {
      const [title = '', ...lines] = part.split('\n');
      const script = lines.filter((line) => line.startsWith('  ')).join('\n');
      const shell = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      for await (const chunk of shell.stdout) text += chunk;
      const { errors } = JSON.parse(text) as Answer;
      shown.push([title.slice(0, 3), errors?.[0]?.extensions?.['status'] ?? 200]);
    }
    expect(shown).toEqual([
      ['200', 200],
      ['401', 401],
      ['403', 403],
      ['200', 200],
    ]);
  });

  it('lets each in where the README says', async () => {
    const operations = {
      hours: '{ hours }',
      myTickets: '{ myTickets { id } }',
      openTicket: 'mutation { openTicket(subject: "A") { id } }',
      queue: '{ queue { id } }',
      closeTicket: 'mutation { closeTicket(id: "1") { id } }',
      email: 'mutation { openTicket(subject: "B") { email } }',
    };
    const seen = async (token?: string) => {
      const statuses: Record<string, unknown> = {};
      for (const [name, query] of Object.entries(operations)) {
        statuses[name] = (await ask(query, token)).errors?.[0]?.extensions?.['status'] ?? 'yes';
      }
      return statuses;
    };
    const yes = { hours: 'yes', myTickets: 'yes', openTicket: 'yes' };
    expect(await seen()).toEqual({
      hours: 'yes',
      myTickets: 401,
      openTicket: 401,
      queue: 401,
      closeTicket: 401,
      email: 401,
    });
    expect(await seen('e30.e30.e30')).toMatchObject({ hours: 'yes', myTickets: 401, email: 401 });
    expect(await seen(await uma())).toEqual({ ...yes, queue: 403, closeTicket: 403, email: 403 });
    expect(await seen(await ada())).toEqual({ ...yes, queue: 'yes', closeTicket: 'yes', email: 'yes' });
  });

  it('shows people their own tickets', async () => {
    const subject = 'Mine alone';
    await ask(OPEN, await uma(), { subject });
    const mine = '{ myTickets { subject } }';
    expect((await ask(mine, await uma())).data?.['myTickets']).toContainEqual({ subject });
    expect((await ask(mine, await ada())).data?.['myTickets']).not.toContainEqual({ subject });
  });

  it('takes no subject but a short text, and closes no ticket that is not there', async () => {
    const token = await uma();
    for (const subject of ['', '   ', 'x'.repeat(201)]) {
      const { errors } = await ask(OPEN, token, { subject });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', status: 400 });
    }
    for (const subject of [7, null, { $gt: '' }]) {
      expect((await ask(OPEN, token, { subject })).data ?? null).toBeNull();
    }
    const closing = await ask('mutation { closeTicket(id: "0") { id } }', await ada());
    expect(closing.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('a subscription', () => {
  it.each([
    ['no token', async () => ({}), 401, 'credentials_missing'],
    ['rubbish', async () => ({ authorization: 'Bearer rubbish' }), 401, 'token_invalid'],
    ['a customer', async () => ({ authorization: `Bearer ${await uma()}` }), 403, 'groups_insufficient'],
  ] as const)('is refused to %s', async (_, params, status, reason) => {
    expect([await watch(await params()).next()]).toEqual(refused(status, reason));
  });

  it('tells an agent of new tickets, with the address of who opened them', async () => {
    const agent = watch({ authorization: `Bearer ${await ada()}` });
    const subject = 'It is broken';
    expect(await untilHeard(agent, subject)).toEqual({ ticketOpened: { subject, email: 'uma@example.com' } });
  });
});

describe('the watcher of the README', () => {
  let watcher: ChildProcess | undefined;
  afterEach(() => watcher?.kill('SIGKILL'));

  function start(username: string, password: string) {
    const root = new URL('../../..', import.meta.url);
    const args = ['run', 'watch', '-w', '@cognest/example-nest-graphql', '--', username, password, desk];
    const running = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    watcher = running;
    let output = '';
    for (const stream of [running.stdout, running.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        running.emit('printed');
      });
    }
    return {
      running,
      printed: async (text: string) => {
        while (!output.includes(text)) await once(running, 'printed');
      },
    };
  }

  it('prints what is opened', async () => {
    const { printed } = start('ada', 'Agent-demo-1');
    await printed('Connected as ada');
    const seen = printed('of uma@example.com: The screen is blank');
    await untilHeard({ next: () => seen }, 'The screen is blank');
  });

  it('says why it is refused', async () => {
    const { running, printed } = start('uma', 'Customer-demo-1');
    const ended = once(running, 'close');
    await printed('Refused (groups_insufficient)');
    expect(await ended).toEqual([1, null]);
  });
});

describe('the program', () => {
  it('cuts a subscription whose token expires', async () => {
    const token = await ada();
    const agent = watch({ authorization: `Bearer ${token}` });
    await untilHeard(agent, 'Before the end');
    writeFileSync(movedClock, '');
    const left = async () => {
      for (;;) {
        const heard = await agent.next();
        if (typeof heard === 'number') return heard;
      }
    };
    // Mercurius cuts the socket.
    expect(await left()).toBe(1006);
    expect((await ask('{ queue { id } }', token)).errors).toEqual(refused(401, 'token_expired'));
  });

  it('says which port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const other = temporaryFolder();
    try {
      const second = RunningExample.spawn({ COGNITO_DATA: other.path, PORT: String(port) }, START);
      expect(await second.ended()).not.toBe(0);
      expect(second.output).toMatch(new RegExp(`Port ${port} .*is in use.* with PORT`));
    } finally {
      taken.close();
      other.remove();
    }
  }, 120_000);

  it('stops at Ctrl-C, with somebody subscribed', async () => {
    const agent = watch({ authorization: `Bearer ${await ada()}` });
    await agent.connected;
    const closed = agent.next();
    await example.ctrlC();
    expect(await closed).toBeTypeOf('number');
    expect(example.output).not.toMatch(/npm error|Error:/);
    await expect(fetch(desk)).rejects.toThrow();
  });
});
