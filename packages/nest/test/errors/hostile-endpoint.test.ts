import { afterEach, describe, expect, it } from 'vitest';
import { UnsupportedChallengeError } from '../../src/index.js';
import { keepLog, startAgainst } from '../support/endpoint.js';

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };
const FORGED = 'X\r\n[Nest] 1  - ERROR [Forged] all is well \u001b[2K\u0085\u2028\u202e';
const LONG = 'L'.repeat(1024 * 1024);
/** None of what a reader of the log, or the terminal that it is on, would take for anything but letters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

let log: ReturnType<typeof keepLog> | undefined;
afterEach(() => log?.restore());

const app = await startAgainst(() => undefined);

function answering(status: number, body: object, headers: Record<string, string> = {}) {
  app.state.answer = (outgoing) =>
    outgoing.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
  log = keepLog();
  return log.lines;
}

describe.each([
  ['with line ends and escapes', FORGED],
  ['of a megabyte', LONG],
])('a name %s, from whatever answers in Cognito’s place', (_, name) => {
  it.each([
    ['__type', 400, { __type: name, message: 'no' }],
    ['__type with a namespace', 500, { __type: `com.amazon#${name}`, message: name }],
    ['code', 400, { code: name }],
  ])('writes no line of the log as an exception’s: %s', async (_member, status, body) => {
    // Of its own: each line is said once in a while.
    const fresh = await startAgainst((outgoing) =>
      outgoing.writeHead(status, JSON_TYPE).end(JSON.stringify(body)),
    );
    log = keepLog();
    const { lines } = log;
    expect((await fresh.post('/sign-in')).status).toBeGreaterThanOrEqual(500);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(UNPRINTABLE);
    expect(lines[0]?.length).toBeLessThan(300);
    expect(lines[0]).toContain('from InitiateAuth');
  });

  it('is none of what the app’s own log gets to see of an exception', async () => {
    answering(400, { __type: name, message: 'no' });
    const error = (await app.users.get({ username: 'ada' }).catch((thrown: unknown) => thrown)) as Error;
    expect(error.name).not.toMatch(UNPRINTABLE);
    expect(error.name.length).toBeLessThanOrEqual(100);
    expect(Reflect.get(error, '__type')).toBe(error.name);
  });

  it('writes none as a challenge’s, in whose error it is as it came', async () => {
    const lines = answering(200, { ChallengeName: name, Session: 's', ChallengeParameters: {} });
    const error = await app.auth.signIn({ username: 'ada', password: 'x' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UnsupportedChallengeError);
    expect(error.challengeName).toBe(name);
    expect(error.message).not.toMatch(UNPRINTABLE);
    expect(error.message.length).toBeLessThan(300);
    expect((await app.post('/sign-in')).status).toBe(501);
    expect(lines[0]).not.toMatch(UNPRINTABLE);
    expect(lines[0]?.length).toBeLessThan(300);
  });

  it('writes none as the status of a set-up', async () => {
    answering(200, { Status: name, Session: 's' });
    const challenge = { name: 'MFA_SETUP', username: 'ada', session: 's' } as never;
    const error = await app.auth
      .respondToChallenge(challenge, { code: '123456' } as never)
      .catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'cognito_response_invalid' });
    expect((error as Error).message).not.toMatch(UNPRINTABLE);
    expect((error as Error).message.length).toBeLessThan(300);
  });
});

it('the id of a request is no more than a name', async () => {
  const lines = answering(
    500,
    { __type: 'InternalErrorException' },
    { 'x-amzn-requestid': `r\u0085${'x'.repeat(5_000)}` },
  );
  await app.post('/sign-in');
  expect(lines[0]).not.toMatch(UNPRINTABLE);
  expect(lines[0]?.length).toBeLessThan(300);
});
