import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { defineSeed } from '../../src/seed/seed.js';
import { startCognito } from '../../src/start-cognito.js';
import type { PreSignUpTriggerEvent } from '../../src/triggers/pre-sign-up.js';
import type { PoolTriggers, TriggerContext, Triggers } from '../../src/triggers/trigger-options.js';
import { createTriggerRunner, noTriggers } from '../../src/triggers/trigger-runner.js';
import { expectError, PASSWORD, TestPool } from '../operations/support.js';
import { serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk, warnings } = server;
const pool = await TestPool.create(server);

let count = 0;
function signUp() {
  count++;
  return sdk.signUp({ ClientId: pool.clientId, Username: `user-${count}`, Password: PASSWORD });
}

/** What a function answers that is not what its type says. */
function answering(answer: unknown): NonNullable<PoolTriggers['preSignUp']> {
  return (() => answer) as unknown as NonNullable<PoolTriggers['preSignUp']>;
}

function closedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const circular: Record<string, unknown> = {};
circular['response'] = circular;

const UNSAYABLE =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

function unreadable(member: string) {
  return Object.defineProperty(new Error('hidden'), member, {
    get: () => {
      throw new Error('do not look');
    },
  });
}

describe('what a function throws and is no error', () => {
  it.each([
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['an empty text', '', ''],
    ['a number', 0, '0'],
    ['a list', ['too', 'young'], 'too,young'],
    ['a symbol', Symbol('young'), 'Symbol(young)'],
    ['an error of another realm', runInNewContext('new RangeError("elsewhere")'), 'elsewhere'],
    ['an error with an empty message', new Error(''), ''],
    ['an error whose message is no text', Object.assign(new Error(), { message: { a: 1 } }), UNSAYABLE],
    ['an error whose message cannot be read', unreadable('message'), UNSAYABLE],
    ['an error whose stack cannot be read', unreadable('stack'), 'hidden'],
    ['a proxy that is closed', closedProxy(), UNSAYABLE],
  ])('is a failure all the same: %s', async (_, thrown, shown) => {
    const message = `PreSignUp failed with error ${shown}.`;
    triggers.preSignUp = () => {
      throw thrown;
    };
    await expectError(signUp(), 'UserLambdaValidationException', message);
    triggers.preSignUp = () => Promise.reject(thrown);
    await expectError(signUp(), 'UserLambdaValidationException', message);
    expect(warnings).toHaveLength(2);
  });

  it('is cut where it is longer than anybody reads, here and in the log', async () => {
    for (const thrown of [new Error('x'.repeat(1_000_000)), 'x'.repeat(1_000_000)]) {
      triggers.preSignUp = () => Promise.reject(thrown);
      const error = await signUp().catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({ name: 'UserLambdaValidationException' });
      expect((error as Error).message).toHaveLength(16_384);
      expect(warnings.at(-1)?.length).toBeLessThan(17_000);
    }
  });

  it.each([
    ['an object', { reason: 'too young' }, '[object Object]'],
    ['an object without a prototype', Object.assign(Object.create(null), { reason: 'too young' }), UNSAYABLE],
  ])('is for the log: %s', async (_, thrown, shown) => {
    triggers.preSignUp = () => {
      throw thrown;
    };
    await expectError(signUp(), 'UserLambdaValidationException', `PreSignUp failed with error ${shown}.`);
    expect(warnings.at(-1)).toContain("reason: 'too young'");
  });
});

describe('what a function answers', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'event'],
    ['a list', []],
    ['no response', {}],
    ['a response that is no object', { response: true }],
    ['a member of another type', { response: { autoConfirmUser: 'yes' } }],
  ])('is not recognised when it is %s', async (_, answer) => {
    triggers.preSignUp = answering(answer);
    await expectError(signUp(), 'InvalidLambdaResponseException', 'Unrecognizable lambda output');
  });

  it.each([
    ['refers to itself', circular],
    ['has a bigint', { response: { n: 1n } }],
  ])('is no JSON when it %s', async (_, answer) => {
    triggers.preSignUp = answering(answer);
    await expectError(
      signUp(),
      'InvalidLambdaResponseException',
      'Invalid lambda function output : Invalid JSON',
    );
  });

  it('is enough with the response alone', async () => {
    triggers.preSignUp = answering({ response: { autoConfirmUser: true } });
    expect((await signUp()).UserConfirmed).toBe(true);
  });

  it('counts for nothing outside of the response', async () => {
    triggers.preSignUp = (event) => {
      event.userName = 'somebody-else';
      event.userPoolId = 'us-east-1_Other';
      event.request.userAttributes['email'] = 'not@asked.example';
      return event;
    };
    const { UserSub } = await signUp();
    const user = await pool.get(UserSub as string);
    expect(user.Username).toBe(`user-${count}`);
    expect(user.UserAttributes).toEqual([{ Name: 'sub', Value: UserSub }]);
  });
});

describe('an error that a function throws', () => {
  it('reaches the caller by its message and the log with its stack', async () => {
    triggers.preSignUp = async () => {
      throw new TypeError('x is undefined');
    };
    await expectError(
      signUp(),
      'UserLambdaValidationException',
      'PreSignUp failed with error x is undefined.',
    );
    expect(warnings).toEqual([expect.stringContaining(`PreSignUp of the pool ${pool.id} failed: TypeError`)]);
    expect(warnings[0]).toContain('invocation.test.ts');
  });

  it('may be no Error', async () => {
    triggers.preSignUp = () => Promise.reject('plain text');
    await expectError(signUp(), 'UserLambdaValidationException', 'PreSignUp failed with error plain text.');
  });
});

describe('what a function is called with', () => {
  it('a context as on Lambda, and the ARN that it is configured with', async () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:sign-up';
    const configured = await TestPool.create(server, { LambdaConfig: { PreSignUp: arn } });
    let context: TriggerContext | undefined;
    triggers.preSignUp = (event, given) => {
      context = given;
      return event;
    };
    await sdk.signUp({ ClientId: configured.clientId, Username: 'ana', Password: PASSWORD });
    expect(context?.functionName).toBe('sign-up');
    expect(context?.invokedFunctionArn).toBe(arn);
    expect(context?.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(context?.getRemainingTimeInMillis()).toBeLessThanOrEqual(5000);
  });
});

describe('a function from before promises', () => {
  /** As `@types/aws-lambda` types one. */
  type Handler<E, R = unknown> = (
    event: E,
    context: TriggerContext,
    callback: (error?: Error | string | null, result?: R) => void,
    // biome-ignore lint/suspicious/noConfusingVoidType: as it is there.
  ) => void | Promise<R>;

  it('hands its answer to the callback', async () => {
    const handler: Handler<PreSignUpTriggerEvent> = (event, _context, callback) => {
      event.response.autoConfirmUser = true;
      setImmediate(() => callback(null, event));
    };
    triggers.preSignUp = handler;
    expect((await signUp()).UserConfirmed).toBe(true);
  });

  it('hands its error to the callback', async () => {
    const handler: Handler<PreSignUpTriggerEvent> = (_event, _context, callback) => callback('No');
    triggers.preSignUp = handler;
    await expectError(signUp(), 'UserLambdaValidationException', 'PreSignUp failed with error No.');
  });

  it('or to the context', async () => {
    triggers.preSignUp = (event, context, _callback) => context.succeed(event);
    expect((await signUp()).UserConfirmed).toBe(false);
    triggers.preSignUp = (_event, context, _callback) => context.fail(new Error('Never'));
    await expectError(signUp(), 'UserLambdaValidationException', 'PreSignUp failed with error Never.');
  });

  it('may be asynchronous all the same', async () => {
    const handler: Handler<PreSignUpTriggerEvent> = async (event, _context, _callback) => ({
      ...event,
      response: { ...event.response, autoConfirmUser: true },
    });
    triggers.preSignUp = handler;
    expect((await signUp()).UserConfirmed).toBe(true);
  });
});

describe('a function that takes too long', () => {
  const record = {
    id: pool.id,
    name: 'pool',
    settings: {},
    factors: undefined,
    createdAt: 0,
    modifiedAt: 0,
  } as unknown as Parameters<typeof noTriggers.invoke>[0];
  const event = { version: '1' } as unknown as Parameters<typeof noTriggers.invoke>[2];
  const TIMED_OUT = {
    type: 'UnexpectedLambdaException',
    message: 'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
  };
  const run = (triggers: Triggers, timeoutMs = 20) =>
    createTriggerRunner({ triggers, log: { warn: () => {} }, timeoutMs });

  it('is tried three times', async () => {
    let tries = 0;
    const runner = run({
      preSignUp: () => {
        tries++;
        return new Promise(() => {});
      },
    });
    await expect(runner.invoke(record, 'PreSignUp', event)).rejects.toMatchObject(TIMED_OUT);
    expect(tries).toBe(3);
  });

  it('may be in time at the second try', async () => {
    let tries = 0;
    const runner = run({
      preSignUp: (given) => {
        tries++;
        return tries === 1
          ? new Promise(() => {})
          : { ...given, response: { autoConfirmUser: true } as never };
      },
    });
    expect(await runner.invoke(record, 'PreSignUp', event)).toEqual({ autoConfirmUser: true });
  });

  it('is tried three times at an endpoint, too', async () => {
    const endpoint = await listen((_request, _response) => {});
    await expect(
      run({ preSignUp: endpoint.url }, 500).invoke(record, 'PreSignUp', event),
    ).rejects.toMatchObject(TIMED_OUT);
    expect(endpoint.calls).toBe(3);
  });

  it('that sets itself off comes to an end', async () => {
    const runner = createTriggerRunner({
      triggers: {
        preSignUp: async (given) => {
          await runner.invoke(record, 'PreSignUp', event);
          return given;
        },
      },
      log: { warn: () => {} },
    });
    await expect(runner.invoke(record, 'PreSignUp', event)).rejects.toThrow('Rate exceeded');
  });
});

interface Endpoint {
  readonly url: string;
  calls: number;
  readonly requests: { method: string | undefined; type: string | undefined; body: string }[];
}

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const open of servers) {
    open.closeAllConnections();
    open.close();
  }
});

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Endpoint> {
  const listener = createServer((request, response) => {
    endpoint.calls++;
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      endpoint.requests.push({ method: request.method, type: request.headers['content-type'], body });
      handle(request, response, body);
    });
  });
  servers.push(listener);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/pre-sign-up`;
  const endpoint: Endpoint = { url, calls: 0, requests: [] };
  return endpoint;
}

describe('an endpoint', () => {
  beforeEach(() => {
    count += 100;
  });

  it('is posted the event as JSON, and answers with it', async () => {
    const endpoint = await listen((_request, response, body) => {
      const event = JSON.parse(body) as { response: Record<string, unknown> };
      event.response['autoConfirmUser'] = true;
      response.end(JSON.stringify(event));
    });
    triggers.preSignUp = endpoint.url;
    expect((await signUp()).UserConfirmed).toBe(true);
    expect(endpoint.requests).toMatchObject([{ method: 'POST', type: 'application/json' }]);
    expect(JSON.parse(endpoint.requests[0]?.body ?? '')).toMatchObject({
      triggerSource: 'PreSignUp_SignUp',
      userName: `user-${count}`,
    });
  });

  it('can stand for a function that a LambdaConfig names', async () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:remote';
    const endpoint = await listen((_request, response, body) => response.end(body));
    const configured = await TestPool.create(server, { LambdaConfig: { PreSignUp: arn } });
    triggers[arn] = endpoint.url;
    await sdk.signUp({ ClientId: configured.clientId, Username: 'ana', Password: PASSWORD });
    expect(endpoint.calls).toBe(1);
  });

  it.each([200, 500])('refuses by an error as Lambda has it, with status %i', async (status) => {
    const endpoint = await listen((_request, response) => {
      response.writeHead(status).end(JSON.stringify({ errorType: 'Error', errorMessage: 'Not today' }));
    });
    triggers.preSignUp = endpoint.url;
    await expectError(signUp(), 'UserLambdaValidationException', 'PreSignUp failed with error Not today.');
    expect(endpoint.calls).toBe(1);
  });

  it.each([
    ['no JSON', 'It works!'],
    ['nothing', ''],
  ])('is not understood when it answers %s', async (_, text) => {
    const endpoint = await listen((_request, response) => response.end(text));
    triggers.preSignUp = endpoint.url;
    await expectError(
      signUp(),
      'InvalidLambdaResponseException',
      'Invalid lambda function output : Invalid JSON',
    );
  });

  it('that answers more than is read is told so', async () => {
    const text = `{"response":{},"more":"${'x'.repeat(1024 * 1024)}"}`;
    const endpoint = await listen((_request, response) => response.end(text));
    triggers.preSignUp = endpoint.url;
    await expectError(
      signUp(),
      'InvalidLambdaResponseException',
      'Invalid lambda function output : more than 1048576 bytes',
    );
  });

  it('that fails is tried three times', async () => {
    const endpoint = await listen((_request, response) => response.writeHead(503).end());
    triggers.preSignUp = `${endpoint.url}?key=of-nobodys-business`;
    await expectError(
      signUp(),
      'UnexpectedLambdaException',
      `PreSignUp invocation failed due to error ${endpoint.url} answered with status 503.`,
    );
    expect(endpoint.calls).toBe(3);
    expect(warnings).toHaveLength(1);
  });

  it('leads nowhere else', async () => {
    const target = await listen((_request, response, body) => response.end(body));
    const endpoint = await listen((_request, response) =>
      response.writeHead(307, { location: target.url }).end(),
    );
    triggers.preSignUp = endpoint.url;
    await expectError(
      signUp(),
      'UnexpectedLambdaException',
      `PreSignUp invocation failed due to error ${endpoint.url} redirects (status 307), which is not followed: give the address that it leads to.`,
    );
    expect(target.calls).toBe(0);
  });

  it('that is not there says so', async () => {
    const endpoint = await listen(() => {});
    const listener = servers.pop();
    await new Promise((resolve) => listener?.close(resolve));
    triggers.preSignUp = endpoint.url;
    await expectError(
      signUp(),
      'UnexpectedLambdaException',
      `PreSignUp invocation failed due to error ${endpoint.url} cannot be reached (ECONNREFUSED).`,
    );
  });
});

describe('the option', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'x', '"triggers" must be an object of functions by trigger, got "x".'],
    [
      'a misspelt trigger',
      { preSignup: () => {} },
      '"triggers.preSignup" is no trigger; there are: preSignUp, postConfirmation, preAuthentication, postAuthentication, preTokenGeneration, preTokenGenerationV2, preTokenGenerationV3, userMigration, customMessage, customEmailSender, customSMSSender, defineAuthChallenge, createAuthChallenge, verifyAuthChallengeResponse.',
    ],
    [
      'what is no function',
      { preSignUp: 5 },
      '"triggers["preSignUp"]" must be a function or an http(s) address, got number.',
    ],
    [
      'a path',
      { 'arn:aws:lambda:x': './a.mjs' },
      '"triggers["arn:aws:lambda:x"]" must be a function or an http(s) address, got "./a.mjs".',
    ],
    [
      'another protocol',
      { pools: { main: { preSignUp: 'file:///a' } } },
      '"triggers.pools["main"].preSignUp" must be a function or an http(s) address, got "file:///a".',
    ],
    [
      'a password in an address',
      { preSignUp: 'http://me:secret@127.0.0.1/' },
      '"triggers["preSignUp"]" must be an address without a name and a password in it.',
    ],
    [
      'two versions',
      { preTokenGeneration: () => {}, preTokenGenerationV2: () => {} },
      '"triggers" has preTokenGeneration and preTokenGenerationV2: a pool has one version of it, give one.',
    ],
    [
      'pools that are none',
      { pools: [] },
      '"triggers.pools" must be an object of functions by trigger, got [].',
    ],
  ])('is refused with %s', async (_, given, message) => {
    await expect(startCognito({ port: 0, memory: true, triggers: given as Triggers })).rejects.toThrow(
      new TypeError(message),
    );
  });
});

describe('a seed', () => {
  it('sets no function off: what is declared is there', async () => {
    const called: string[] = [];
    const refuse = (event: { triggerSource: string }) => {
      called.push(event.triggerSource);
      throw new Error('never');
    };
    const warnings: string[] = [];
    const cognito = await startCognito({
      port: 0,
      memory: true,
      log: { info: () => {}, warn: (text) => warnings.push(text), error: () => {} },
      triggers: { preSignUp: refuse, postConfirmation: refuse, customMessage: refuse },
      seed: defineSeed({
        pools: [
          {
            name: 'main',
            settings: {
              LambdaConfig: { PreAuthentication: 'arn:aws:lambda:us-east-1:123456789012:function:f' },
            },
            users: [
              { username: 'ana', password: PASSWORD },
              { username: 'ivy', temporaryPassword: PASSWORD },
            ],
          },
        ],
      }),
    });
    onTestFinished(() => cognito.close());
    expect(called).toEqual([]);
    // But a function that is not here is said aloud, now rather than at the first sign-in.
    expect(warnings).toEqual([
      expect.stringContaining(
        `PreAuthentication of the pool "main" (${cognito.pool('main').userPoolId}): there is no function here`,
      ),
    ]);
  });
});
