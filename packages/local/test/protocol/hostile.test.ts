import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/protocol/server.js';
import { exchange, SIGNED, serve } from './support.js';

const operations = { GetUser: () => ({ Username: 'ana' }), AdminGetUser: () => ({}) };
const TARGET = 'x-amz-target: AWSCognitoIdentityProviderService.GetUser\r\n';
const HEAD = `POST / HTTP/1.1\r\nhost: localhost\r\n${TARGET}`;

function expectAwsError(answer: string, status: number, type: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  const headers = new Map(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ', 2) as [string, string]),
  );
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-amzn-errortype')).toBe(`${type}:`);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(headers.get('content-length')).toBe(String(body.length));
  expect(headers.get('connection')).toBe('close');
  expect(JSON.parse(body)).toEqual({ __type: type, message: expect.stringMatching(/\.$/) });
}

/** More than Node hands on by default, of the fewest bytes. */
const MANY = Array.from({ length: 3000 }, (_, index) => `${index.toString(36)}:\r\n`).join('');

describe('headers after thousands of others', () => {
  const evil = 'origin: https://evil.example\r\nsec-fetch-site: cross-site\r\n';

  it.each([
    ['origin', 'origin: https://evil.example\r\n'],
    ['sec-fetch-site', 'sec-fetch-site: cross-site\r\n'],
  ])('are seen: %s', async (_, header) => {
    const server = await serve(operations);
    const read = (headers: string) =>
      exchange(server.port, (socket) =>
        socket.write(
          `GET /_cognest/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}\r\n`,
        ),
      );
    expect(await read(MANY)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await read(MANY + header)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('are seen by signed operations', async () => {
    const server = await serve(operations);
    const body = '{"UserPoolId":"us-east-1_Abc123","Username":"ana"}';
    const call = (headers: string) =>
      exchange(server.port, (socket) =>
        socket.write(
          `POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-amz-target: AWSCognitoIdentityProviderService.AdminGetUser\r\ncontent-length: ${body.length}\r\nauthorization: ${SIGNED.authorization}\r\nx-amz-date: ${SIGNED['x-amz-date']}\r\n${headers}\r\n${body}`,
        ),
      );
    expect(await call(MANY)).toMatch(/^HTTP\/1\.1 200 /);
    const refused = await call(MANY + evil);
    expect(refused).toMatch(/^HTTP\/1\.1 403 /);
    expect(refused).toContain('"__type":"AccessDeniedException"');
  });

  it('are seen when they are a second Host', async () => {
    const server = await serve(operations);
    const answer = await exchange(server.port, (socket) =>
      socket.write(`GET /_cognest/health HTTP/1.1\r\nhost: localhost\r\n${MANY}host: evil.example\r\n\r\n`),
    );
    expectAwsError(answer, 400, 'MalformedHttpRequestException');
    expect(answer).toContain('this one has 2');
  });

  it('are refused when they come to more bytes than Node takes', async () => {
    const server = await serve(operations);
    const answer = await exchange(server.port, (socket) =>
      socket.write(`GET /_cognest/health HTTP/1.1\r\nhost: localhost\r\n${MANY.repeat(4)}${evil}\r\n`),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});

it('quotes no more of a Host than a name may have, parsed or not', async () => {
  const server = await serve(operations);
  for (const host of [`evil/${'x'.repeat(5000)}`, 'x'.repeat(5000)]) {
    const answer = await exchange(server.port, (socket) =>
      socket.write(`GET /_cognest/health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain(`host name \\"${host.slice(0, 253)}\\".`);
  }
});

describe('bodies', () => {
  it('that are declared too large are refused before they are read', async () => {
    const server = await serve(operations);
    const answer = await exchange(server.port, (socket) =>
      socket.write(`${HEAD}content-length: ${MAX_BODY_BYTES + 1}\r\n\r\n{`),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"__type":"RequestEntityTooLargeException"');
  });

  it('that turn out too large are cut off', async () => {
    const server = await serve(operations);
    const answer = await exchange(server.port, (socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      for (let sent = 0; sent < 3 * MAX_BODY_BYTES; sent += 0x10000) socket.write(chunk);
    });
    // The connection may be reset while the client still writes; what it never gets is a success.
    expect(answer).not.toMatch(/^HTTP\/1\.1 200/);
    expect((await server.call('GetUser', { AccessToken: 'abc' })).status).toBe(200);
  });

  it('of the largest size allowed are served', async () => {
    const server = await serve(operations);
    const rest = MAX_BODY_BYTES - '{"AccessToken":"abc","x":""}'.length;
    expect((await server.call('GetUser', `{"AccessToken":"abc","x":"${'y'.repeat(rest)}"}`)).status).toBe(
      200,
    );
  });

  it.each<[string, string]>([
    ['lists', '['.repeat(MAX_BODY_BYTES / 2) + ']'.repeat(MAX_BODY_BYTES / 2)],
    ['objects', `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`],
    ['a known member', `{"AccessToken":${'['.repeat(400_000)}${']'.repeat(400_000)}}`],
    ['unbalanced', '['.repeat(MAX_BODY_BYTES)],
    ['a huge number', `{"AccessToken":1${'0'.repeat(500_000)}}`],
    ['a huge escape', `{"AccessToken":"${'\\u0000'.repeat(150_000)}"}`],
  ])('deep or odd JSON: %s', async (_, body) => {
    const server = await serve(operations);
    const response = await server.call('GetUser', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: expect.stringMatching(/^(SerializationException|InvalidParameterException)$/),
    });
    expect(server.errors).toEqual([]);
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'a/b;c'])(
    'of type %s are JSON all the same',
    async (type) => {
      const server = await serve(operations);
      const response = await server.call('GetUser', { AccessToken: 'abc' }, { 'content-type': type });
      expect(response.status).toBe(200);
    },
  );

  it('of a type that is none are refused', async () => {
    const server = await serve(operations);
    for (const type of ['x', ';;;', '/', '{}']) {
      const response = await server.call('GetUser', { AccessToken: 'abc' }, { 'content-type': type });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ __type: 'SerializationException' });
    }
  });

  it.each([
    ['a byte that is none', Buffer.from([0xff])],
    ['a character cut short', Buffer.from([0xe2, 0x82])],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ])('that are no UTF-8 are not mended: %s', async (_, bytes) => {
    const received: unknown[] = [];
    const server = await serve({
      GetUser: (input) => {
        received.push(input);
        return {};
      },
    });
    const body = Buffer.concat([Buffer.from('{"AccessToken":"abc'), bytes, Buffer.from('"}')]);
    const answer = await exchange(server.port, (socket) => {
      socket.write(`${HEAD}connection: close\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('{"__type":"SerializationException"}');
    expect([received, server.errors]).toEqual([[], []]);
  });

  it('that are no UTF-8 or lie about their length are refused', async () => {
    const server = await serve(operations);
    const wrong = await exchange(server.port, (socket) =>
      socket.end(
        Buffer.concat([Buffer.from(`${HEAD}content-length: 4\r\n\r\n{"`), Buffer.from([0xff, 0xfe])]),
      ),
    );
    expect(wrong).toContain('SerializationException');
    const both = await exchange(server.port, (socket) =>
      socket.write(`${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`),
    );
    expect(both).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('requests', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a flood of headers', `${HEAD}${Array.from({ length: 3000 }, (_, i) => `x-${i}: y\r\n`).join('')}\r\n`],
    ['a huge header', `${HEAD}x: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['a bad header', `${HEAD}bad header\r\n\r\n`],
    ['no Host', `POST / HTTP/1.1\r\n${TARGET}content-length: 2\r\n\r\n{}`],
    ['two Hosts', `POST / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n`],
    [
      'an absolute address',
      `GET http://evil.example/ HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`,
    ],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s: an error, and the connection ends', async (_, text) => {
    const server = await serve(operations);
    const answer = await exchange(server.port, (socket) => socket.write(text, 'latin1'));
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await server.call('GetUser', { AccessToken: 'abc' })).status).toBe(200);
  });

  it.each([
    ['in its headers', HEAD],
    ['in its body', `${HEAD}content-length: 100\r\n\r\n{"Acc`],
  ])('that stop %s are ended after a while', async (_, text) => {
    const server = await serve(operations, { requestTimeoutMs: 100 });
    const answer = await exchange(server.port, (socket) => socket.write(text));
    expectAwsError(answer, 408, 'RequestTimeoutException');
  });

  it.each<[string, string, number, string]>([
    ['a huge header', `${HEAD}x: ${'y'.repeat(100_000)}\r\n\r\n`, 431, 'RequestEntityTooLargeException'],
    [
      'two lengths',
      `${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
      400,
      'MalformedHttpRequestException',
    ],
    [
      'a length and chunks',
      `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
      400,
      'MalformedHttpRequestException',
    ],
    ['an unknown method', 'HACK / HTTP/1.1\r\nhost: localhost\r\n\r\n', 400, 'MalformedHttpRequestException'],
    ['no HTTP', 'secret-of-mine\r\n\r\n', 400, 'MalformedHttpRequestException'],
    [
      'no Host',
      `POST / HTTP/1.1\r\n${TARGET}content-length: 2\r\n\r\n{}`,
      400,
      'MalformedHttpRequestException',
    ],
    [
      'two Hosts, the first of which is served',
      `POST / HTTP/1.1\r\nhost: localhost\r\nHOST: evil.example\r\n${TARGET}content-length: 2\r\n\r\n{}`,
      400,
      'MalformedHttpRequestException',
    ],
  ])('%s: refused in the form of AWS', async (_, text, status, type) => {
    const server = await serve(operations);
    const answer = await exchange(server.port, (socket) => socket.write(text));
    expectAwsError(answer, status, type);
    expect(answer).not.toContain('secret-of-mine');
    expect(server.errors).toEqual([]);
  });

  it('by the hundred, half sent, do not keep others from being served', async () => {
    const server = await serve(operations);
    const sockets = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(server.port, '127.0.0.1', () => {
              socket.write(HEAD);
              resolve(socket);
            });
            socket.on('error', () => {});
          }),
      ),
    );
    expect((await server.call('GetUser', { AccessToken: 'abc' })).status).toBe(200);
    await server.close();
    for (const socket of sockets) socket.destroy();
  });
});

describe('close', () => {
  it('ends idle and half-sent connections at once', async () => {
    const server = await serve(operations);
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve) => {
      request({ port: server.port, host: '127.0.0.1', agent }, (response) =>
        response.resume().on('end', resolve),
      ).end();
    });
    const half = exchange(server.port, (socket) => socket.write(HEAD));
    const started = performance.now();
    await server.close();
    await half;
    expect(performance.now() - started).toBeLessThan(2000);
    agent.destroy();
  });

  it('lets what is under way finish', async () => {
    let finish = () => {};
    let started = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const server = await serve({
      GetUser: async () => {
        started();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { Username: 'late' };
      },
    });
    const response = server.call('GetUser', { AccessToken: 'abc' });
    await running;
    let closed = false;
    const closing = server.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    finish();
    expect(await (await response).json()).toEqual({ Username: 'late' });
    await closing;
  });

  it('answers nothing before the server is ready', async () => {
    let setReady = () => {};
    const ready = new Promise<void>((resolve) => {
      setReady = resolve;
    });
    let called = false;
    const server = await serve(
      {
        GetUser: () => {
          called = true;
          return {};
        },
      },
      { ready },
    );
    const response = server.call('GetUser', { AccessToken: 'abc' });
    const first = await Promise.race([response.then(() => 'answer'), fetchSettles(server.port)]);
    expect([first, called]).toEqual(['connected', false]);
    setReady();
    expect((await response).status).toBe(200);
  });
});

/** Another connection is accepted meanwhile, so the first request has had its turn. */
function fetchSettles(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('connected');
    });
  });
}
