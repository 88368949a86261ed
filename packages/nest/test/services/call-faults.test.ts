import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type CognestError, cognitoErrorTable, httpAnswer } from '../../src/index.js';
import { credentials, keepLog, startAgainst, startCalling } from '../support/endpoint.js';
import { closeServer, listen } from '../support/pool.js';
import { SELF_SIGNED } from '../support/self-signed.js';

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };
const PAGE = '<html><h1>hunter2</h1></html>';
const signIn = { username: 'ada', password: 'Correct-horse-9' };
const thrownBy = (call: Promise<unknown>) => call.catch((error: unknown) => error) as Promise<CognestError>;

let log: ReturnType<typeof keepLog> | undefined;
afterEach(() => log?.restore());

/** Something that speaks no HTTP. */
async function startTalker(words: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end(words));
  });
  const endpoint = await listen(server as Server as never);
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  return endpoint;
}

describe('a connection that is none of HTTP’s', () => {
  it('to a port of another protocol is no answer of Cognito’s, and hands on none of the peer’s bytes', async () => {
    const endpoint = await startTalker('220 mail.example.com ESMTP hunter2\r\n');
    const app = await startCalling({ endpoint });
    log = keepLog();
    const error = await thrownBy(app.auth.signIn(signIn));
    expect(error).toMatchObject({ name: 'CognestError', code: 'cognito_response_invalid' });
    expect(error.message).toContain('no HTTP (HPE_');
    expect(error.cause).toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|rawPacket|68 75 6e 74/);
    const answer = await app.post('/sign-in');
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'cognito_failed' });
    expect(log.lines.join('\n')).not.toMatch(/hunter2|rawPacket/);
  });

  it('by https to a port of http is unreachable', async () => {
    const { endpoint } = await startAgainst((outgoing) => outgoing.writeHead(200, JSON_TYPE).end('{}'));
    const app = await startCalling({ endpoint: endpoint.replace('http:', 'https:') });
    const error = await thrownBy(app.auth.signIn(signIn));
    expect(error).toMatchObject({ code: 'cognito_unreachable', cause: { code: expect.any(String) } });
    const answer = await app.post('/sign-in');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ code: 'cognito_unavailable' });
  });

  it('to a certificate that nobody vouches for is unreachable', async () => {
    const server = createHttpsServer(SELF_SIGNED, (_, outgoing) => outgoing.end('{}'));
    const endpoint = (await listen(server as never)).replace('http:', 'https:');
    afterAll(() => closeServer(server as never));
    const app = await startCalling({ endpoint });
    const error = await thrownBy(app.auth.signIn(signIn));
    expect(error).toMatchObject({
      code: 'cognito_unreachable',
      message: 'No connection to Cognito for InitiateAuth: DEPTH_ZERO_SELF_SIGNED_CERT',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    expect((await app.post('/sign-in')).status).toBe(503);
  });

  it('by a handler of the app’s is unreachable, whatever it throws', async () => {
    for (const thrown of [new Error('boom'), new TypeError('boom'), { boom: 1 }, 'boom']) {
      const requestHandler = { handle: () => Promise.reject(thrown) };
      const app = await startCalling({ client: { credentials, maxAttempts: 1, requestHandler } as never });
      expect(await thrownBy(app.auth.signIn(signIn))).toMatchObject({
        name: 'CognestError',
        code: 'cognito_unreachable',
      });
    }
  });
});

describe('credentials that do not come', () => {
  const failing = () => Promise.reject(new Error('the vault is sealed'));

  it('are told apart from an answer, by a function that rejects', async () => {
    const { endpoint } = await startAgainst((outgoing) => outgoing.writeHead(200, JSON_TYPE).end('{}'));
    const app = await startCalling({ endpoint, client: { credentials: failing, maxAttempts: 1 } });
    const error = await thrownBy(app.users.delete({ username: 'ada' }));
    expect(error).toMatchObject({
      code: 'credentials_unavailable',
      message: expect.stringContaining('AdminDeleteUser was not sent'),
      cause: { message: 'the vault is sealed' },
    });
    const answer = await fetch(`${app.address}/user`, { method: 'DELETE' });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: 'misconfigured' });
  });

  it('are so with a client of the app’s, and where the network to them is what failed', async () => {
    const { endpoint } = await startAgainst((outgoing) => outgoing.writeHead(200, JSON_TYPE).end('{}'));
    const refused = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
    for (const provider of [failing, refused]) {
      const client = new CognitoIdentityProviderClient({
        region: 'eu-central-1',
        endpoint,
        credentials: provider,
        maxAttempts: 1,
      });
      const app = await startCalling({ client, requestTimeoutMs: undefined });
      expect(await thrownBy(app.users.delete({ username: 'ada' }))).toMatchObject({
        code: 'credentials_unavailable',
      });
      client.destroy();
    }
  });
});

describe('the status of an answer that is none of Cognito’s', () => {
  it.each([
    [413, PAGE, 413, 'request_too_large', null],
    [413, '', 413, 'request_too_large', null],
    [429, PAGE, 429, 'too_many_requests', '7'],
    [429, '', 429, 'too_many_requests', '7'],
    [503, PAGE, 503, 'cognito_unavailable', '7'],
    [503, '', 503, 'cognito_unavailable', '7'],
    [500, PAGE, 502, 'cognito_failed', null],
    [502, PAGE, 502, 'cognito_failed', null],
    [403, PAGE, 502, 'cognito_failed', null],
    [301, PAGE, 502, 'cognito_failed', null],
    [302, '', 502, 'cognito_failed', null],
    [307, '{}', 502, 'cognito_failed', null],
    [200, PAGE, 502, 'cognito_failed', null],
  ])('%i with the body %j becomes %i', async (status, body, expected, code, retryAfter) => {
    const headers = { 'content-type': 'text/html', location: '/elsewhere', 'retry-after': '7' };
    const app = await startAgainst((outgoing) => outgoing.writeHead(status, headers).end(body));
    log = keepLog();
    const answer = await app.post('/sign-in');
    expect(answer.status).toBe(expected);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(await answer.json()).toMatchObject({ code });
    const error = await thrownBy(app.auth.signIn(signIn));
    expect(inspect(error.cause, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(log.lines.join('\n')).not.toContain('hunter2');
    if (expected === 502) expect(error.message).toContain(`HTTP status ${status}`);
    if (status < 400 && status >= 300) expect(log.lines[0]).toContain('look at the option "endpoint"');
  });

  it.each([
    ['Fri, 31 Dec 1999 23:59:59 GMT', '5'],
    ['-1', '5'],
    ['0', '0'],
    ['99999999', '3600'],
    ['99999999999999999999', '5'],
  ])('asks for no wait but one in seconds, and not for more than an hour: %s', async (given, handedOn) => {
    const app = await startAgainst((outgoing) =>
      outgoing.writeHead(503, { 'content-type': 'text/html', 'retry-after': given }).end(PAGE),
    );
    expect((await app.post('/sign-in')).headers.get('retry-after')).toBe(handedOn);
  });
});

describe('a pool or an app client that is not there', async () => {
  const OWN = 'eu-central-1_AbCdEfGhI';
  const GONE = 'eu-central-1_GoneGoneG';
  const ARN = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool';
  const app = await startAgainst(() => undefined);
  const { pools } = app;
  const answering = (message: string) => {
    app.state.answer = (outgoing) =>
      outgoing
        .writeHead(400, JSON_TYPE)
        .end(JSON.stringify({ __type: 'ResourceNotFoundException', message }));
  };
  const codeOf = async (call: Promise<unknown>) =>
    httpAnswer(await thrownBy(call), cognitoErrorTable, true).problem;

  it.each([
    ['deleteClient', () => pools.deleteClient({ clientId: 'gone1' })],
    ['describeClient', () => pools.describeClient({ clientId: 'gone1' })],
    ['describeClient in a pool', () => pools.describeClient({ userPoolId: GONE })],
    ['updateClient', () => pools.updateClient({ clientId: 'gone1', clientName: 'web' })],
  ])('and that the caller names is not found: a client, %s', async (_, call) => {
    answering('User pool client gone1 does not exist.');
    expect(await codeOf(call())).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    ['describe', () => pools.describe({ userPoolId: GONE })],
    ['listClients', () => pools.listClients({ userPoolId: GONE })],
    ['delete', () => pools.delete({ userPoolId: GONE })],
    ['listTags', () => pools.listTags({ resourceArn: `${ARN}/${GONE}` })],
  ])('and that the caller names is not found: a pool, %s', async (_, call) => {
    answering(`User pool ${GONE} does not exist.`);
    expect(await codeOf(call())).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    ['describe', 'User pool x does not exist.', () => pools.describe()],
    ['describe by its id', 'User pool x does not exist.', () => pools.describe({ userPoolId: OWN })],
    ['listTags', 'User pool x does not exist.', () => pools.listTags({ resourceArn: `${ARN}/${OWN}` })],
    ['a client of it', 'User pool x does not exist.', () => pools.deleteClient({ clientId: 'gone1' })],
    ['describeClient', 'User pool client x does not exist.', () => pools.describeClient()],
    [
      'describeClient by its id',
      'User pool client x does not exist.',
      () => pools.describeClient({ clientId: 'client1' }),
    ],
  ])('and that the options name is the operator’s fault: %s', async (_, message, call) => {
    answering(message);
    expect(await codeOf(call())).toMatchObject({ status: 500, code: 'misconfigured' });
  });
});
