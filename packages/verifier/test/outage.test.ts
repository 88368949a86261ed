import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { createVerifier, type KeyOptions, type VerifierOptions } from '../src/index.js';
import { Clock } from './support/clock.js';
import { type KeyServer, startKeyServer } from './support/key-server.js';
import {
  accessClaims,
  CLIENT_ID,
  KEY_A,
  KEY_B,
  makeKey,
  NOW_S,
  POOL_ID,
  sign,
  type TestKey,
} from './support/pool.js';
import { codeOf, refusalOf } from './support/refusal.js';

const MINUTE_MS = 60_000;
const good = { keys: [KEY_A.jwk] };

async function setup(
  answer: KeyServer['answer'] = good,
  { keys, ...options }: VerifierOptions & { keys?: KeyOptions } = {},
) {
  const server = await startKeyServer(answer);
  const clock = new Clock();
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    endpoint: server.endpoint,
    now: clock.now,
    cache: false,
    // Short enough for a test that waits for it, long enough for a loaded machine to answer.
    keys: { timeoutMs: 2_000, ...keys },
    ...options,
  });
  const tokenBy = (key: TestKey = KEY_A, header = {}) =>
    sign(accessClaims({ iss: `${server.endpoint}/${POOL_ID}` }), key, header);
  return { server, clock, verifier, tokenBy, token: await tokenBy() };
}

type Misbehaviour = [
  name: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  cause: RegExp,
];

const BAD_ANSWERS: Misbehaviour[] = [
  ['resets the connection', (request) => request.socket.destroy(), /could not be fetched/],
  [
    'resets it half way',
    (request, response) => {
      response
        .writeHead(200, { 'content-length': '10000' })
        .write('{"keys":[', () => request.socket.destroy());
    },
    /could not be fetched/,
  ],
  ['answers 500', (_request, response) => response.writeHead(500).end('oops'), /answered 500/],
  ['answers 403 as AWS does', (_request, response) => response.writeHead(403).end('{}'), /answered 403/],
  ['answers 204', (_request, response) => response.writeHead(204).end(), /answered 204/],
  ['answers 206', (_request, response) => response.writeHead(206).end(JSON.stringify(good)), /answered 206/],
  ['answers garbage', (_request, response) => response.end('\u0000\u0001<html>'), /did not answer with JSON/],
  ['answers nothing', (_request, response) => response.end(), /did not answer with JSON/],
  ['answers another JSON', (_request, response) => response.end('[1,2]'), /key set/],
  ['answers null', (_request, response) => response.end('null'), /key set/],
  ['answers keys that are no list', (_request, response) => response.end('{"keys":{}}'), /key set/],
  [
    'answers an empty key set',
    (_request, response) => response.end('{"keys":[]}'),
    /no usable key: it is empty/,
  ],
  [
    'answers unusable keys only',
    (_request, response) =>
      response.end(JSON.stringify({ keys: [{ ...KEY_A.jwk, alg: 'RS512' }, null, 'x'] })),
    /no usable key/,
  ],
  [
    'answers a weak key',
    (_request, response) => response.end(JSON.stringify({ keys: [makeKey(KEY_A.kid, 1_024).jwk] })),
    /2048/,
  ],
  [
    'answers two keys under one id',
    (_request, response) =>
      response.end(JSON.stringify({ keys: [KEY_A.jwk, { ...KEY_B.jwk, kid: KEY_A.kid }] })),
    /two keys with one id/,
  ],
  [
    'answers 10 MB',
    (_request, response) => response.end(JSON.stringify({ ...good, filler: 'x'.repeat(10_000_000) })),
    /more than 65536 bytes/,
  ],
  [
    'answers without end',
    (_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    },
    /more than 65536 bytes/,
  ],
  [
    'redirects',
    (request, response) => {
      if (request.url?.startsWith('/elsewhere')) response.end(JSON.stringify(good));
      else response.writeHead(302, { location: '/elsewhere' }).end();
    },
    /could not be fetched/,
  ],
];

describe('a key endpoint that', () => {
  it.each(BAD_ANSWERS)(
    '%s: no keys, no entry, and no word against the token',
    async (_name, answer, cause) => {
      const { verifier, server, token } = await setup(answer);
      const error = await refusalOf(verifier.verify(token));
      expect(error).toMatchObject({ code: 'keys_unavailable', kind: 'outage', retryAfterS: 5 });
      expect((error.cause as Error).message).toMatch(cause);
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each(BAD_ANSWERS)('%s: goes on with the keys at hand, for a bounded time', async (_name, answer) => {
    const { verifier, server, clock, token } = await setup();
    await verifier.verify(token);
    server.answer = answer;
    clock.advance(10 * MINUTE_MS);
    await verifier.verify(token);
    clock.advance(30 * MINUTE_MS);
    await verifier.verify(token);
    // No time for the token to expire: it is the keys that grow old.
    const patient = await setup(good, {
      keys: { maxStaleMs: 40 * MINUTE_MS, expireAfterMs: 20 * MINUTE_MS },
    });
    await patient.verifier.verify(patient.token);
    patient.server.answer = answer;
    patient.clock.advance(40 * MINUTE_MS - 1);
    await patient.verifier.verify(patient.token);
    patient.clock.advance(1);
    expect(await codeOf(patient.verifier.verify(patient.token))).toBe('keys_unavailable');
    patient.server.answer = good;
    patient.clock.advance(5_000);
    await patient.verifier.verify(patient.token);
  });

  it('hangs: is given up after the time-out', async () => {
    const { verifier, token, server, clock } = await setup(() => {}, { keys: { timeoutMs: 20 } });
    const error = await refusalOf(verifier.verify(token));
    expect(error.code).toBe('keys_unavailable');
    expect((error.cause as Error).message).toMatch(/did not answer within 20 ms/);
    server.answer = good;
    clock.advance(5_000);
    await expect(verifier.verify(token)).resolves.toBeDefined();
  });

  it('hangs in the middle of the answer: is given up all the same', async () => {
    const { verifier, token } = await setup((_request, response) => response.write('{"keys":['), {
      keys: { timeoutMs: 20 },
    });
    expect(await codeOf(verifier.verify(token))).toBe('keys_unavailable');
  });

  it('is given up even when an injected fetch ignores the signal', async () => {
    const { verifier, token } = await setup(good, {
      fetch: () => new Promise(() => {}),
      keys: { timeoutMs: 20 },
    });
    expect(await codeOf(verifier.verify(token))).toBe('keys_unavailable');
  });

  it('is nowhere: says so, and why', async () => {
    const refused = Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' });
    const { verifier, token } = await setup(good, { fetch: () => Promise.reject(refused) });
    const error = await refusalOf(verifier.verify(token));
    expect(error.code).toBe('keys_unavailable');
    expect((error.cause as Error).cause).toBe(refused);
  });

  it('does not keep the verification waiting that has its keys', async () => {
    const { verifier, server, clock, token } = await setup();
    await verifier.verify(token);
    server.answer = () => {};
    clock.advance(10 * MINUTE_MS);
    // Starts a fetch in the background that will hang; the token is answered all the same.
    await verifier.verify(token);
    await vi.waitUntil(() => server.requests.length === 2);
    await verifier.verify(token);
  });

  describe('hangs while the keys are expired', () => {
    const HOUR_MS = 60 * MINUTE_MS;

    /** Keys at hand that are an hour old; what the next fetches do is for the test to say. */
    async function setupExpired() {
      const signals: AbortSignal[] = [];
      let next: () => Promise<Response> = async () => Response.json(good);
      const made = await setup(good, {
        cache: {},
        fetch: (_url, { signal }) => {
          signals.push(signal);
          return next();
        },
      });
      const claims = accessClaims({ iss: `${made.server.endpoint}/${POOL_ID}`, exp: NOW_S + 90_000 });
      const token = await sign(claims);
      await made.verifier.verify(token);
      made.clock.advance(HOUR_MS);
      const answerWith = (answer: typeof next) => {
        next = answer;
      };
      return { ...made, claims, token, signals, answerWith };
    }

    const fails = () => Promise.reject(new Error('no route'));
    const hangs = () => new Promise<never>(() => {});

    it('keeps nobody waiting once a fetch has failed', async () => {
      const { verifier, clock, claims, token, signals, answerWith } = await setupExpired();
      answerWith(fails);
      await verifier.verify(token);
      answerWith(hangs);
      clock.advance(5_000);
      await verifier.verify(token);
      expect(verifier.verifyCached(token)).toBeDefined();
      await verifier.verify(await sign({ ...claims, jti: 'another' }));
      expect(signals).toHaveLength(3);
      // Not given up yet: all three were answered while it went on.
      expect(signals[2]?.aborted).toBe(false);
    });

    it('brings the new keys as soon as it answers again', async () => {
      const { verifier, clock, token, answerWith } = await setupExpired();
      answerWith(fails);
      await verifier.verify(token);
      answerWith(async () => Response.json({ keys: [KEY_B.jwk] }));
      clock.advance(5_000);
      await verifier.verify(token);
      await vi.waitUntil(() => verifier.verifyCached(token) === undefined);
      expect(await codeOf(verifier.verify(token))).toBe('key_unknown');
    });

    it('is asked, and waited for, when the failure was long ago', async () => {
      const { verifier, clock, token, answerWith } = await setupExpired();
      answerWith(fails);
      await verifier.verify(token);
      answerWith(async () => Response.json({ keys: [KEY_B.jwk] }));
      clock.advance(20 * MINUTE_MS);
      expect(await codeOf(verifier.verify(token))).toBe('key_unknown');
    });

    it('is no word against a token by a new key', async () => {
      const { verifier, clock, claims, answerWith } = await setupExpired();
      const rotated = await sign(claims, KEY_B);
      answerWith(fails);
      expect(await refusalOf(verifier.verify(rotated))).toMatchObject({
        code: 'keys_unavailable',
        retryAfterS: 5,
      });
      clock.advance(1_000);
      expect(await codeOf(verifier.verify(rotated))).toBe('keys_unavailable');
      answerWith(async () => Response.json({ keys: [KEY_B.jwk] }));
      clock.advance(4_000);
      await verifier.verify(rotated);
    });
  });

  it('hangs: holds 10,000 callers at most, and tells the others at once', async () => {
    let resolve: (response: Response) => void = () => {};
    const promise = new Promise<Response>((r) => {
      resolve = r;
    });
    const { verifier, token } = await setup(good, { fetch: () => promise });
    const payload = token.split('.')[1];
    const outcomes = Array.from({ length: 10_001 }, (_, n) => {
      const header = Buffer.from(JSON.stringify({ kid: `forged-${n}`, alg: 'RS256' })).toString('base64url');
      return codeOf(verifier.verify(`${header}.${payload}.AAAA`));
    });
    expect(await outcomes[10_000]).toBe('keys_unavailable');
    resolve(Response.json(good));
    expect(new Set(await Promise.all(outcomes.slice(0, -1)))).toEqual(new Set(['key_unknown']));
    // Their places are free again.
    await verifier.verify(token);
  });

  it('has keys of other sorts beside ours: they are passed over', async () => {
    const { verifier, token } = await setup({
      keys: [
        { kty: 'EC', crv: 'P-256', kid: 'ec', x: 'AA', y: 'AA', use: 'sig', alg: 'ES256' },
        7,
        null,
        KEY_A.jwk,
      ],
    });
    await expect(verifier.verify(token)).resolves.toBeDefined();
  });
});

describe('keys', () => {
  it('are fetched once, however many wait', async () => {
    const { verifier, server, tokenBy } = await setup();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenBy()));
    await Promise.all([
      ...tokens.map((token) => verifier.verify(token)),
      verifier.hydrate(),
      verifier.hydrate(),
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it('are asked for again after an outage, not before 5 seconds', async () => {
    const { verifier, server, clock, token } = await setup((_request, response) =>
      response.writeHead(503).end(),
    );
    expect(await codeOf(verifier.verify(token))).toBe('keys_unavailable');
    server.answer = good;
    clock.advance(3_000);
    const error = await refusalOf(verifier.verify(token));
    expect(error).toMatchObject({ code: 'keys_unavailable', retryAfterS: 2 });
    expect((error.cause as Error).message).toMatch(/503/);
    expect(server.requests).toHaveLength(1);
    clock.advance(2_000);
    await verifier.verify(token);
    expect(server.requests).toHaveLength(2);
  });

  it('are fetched anew in the background, before they expire', async () => {
    const { verifier, server, clock, token } = await setup();
    await verifier.verify(token);
    clock.advance(10 * MINUTE_MS - 1);
    await verifier.verify(token);
    expect(server.requests).toHaveLength(1);
    clock.advance(1);
    await verifier.verify(token);
    await vi.waitUntil(() => server.requests.length === 2);
  });

  it('that have expired are waited for, so that a withdrawn one does not pass', async () => {
    const { verifier, server, clock, token } = await setup(good, {
      keys: { refreshAfterMs: MINUTE_MS, expireAfterMs: 2 * MINUTE_MS },
    });
    await verifier.verify(token);
    server.answer = { keys: [KEY_B.jwk] };
    clock.advance(2 * MINUTE_MS);
    expect(await codeOf(verifier.verify(token))).toBe('key_unknown');
  });

  it('survive a clock that is set back', async () => {
    const { verifier, server, clock, token } = await setup();
    clock.advance(5 * MINUTE_MS);
    await verifier.verify(token);
    clock.advance(-5 * MINUTE_MS);
    await verifier.verify(token);
    expect(server.requests).toHaveLength(2);
  });

  it('are loaded by hydrate, at any time, and not twice', async () => {
    const { verifier, server, clock, token } = await setup((_request, response) =>
      response.writeHead(500).end(),
    );
    expect(await refusalOf(verifier.hydrate())).toMatchObject({ code: 'keys_unavailable', kind: 'outage' });
    server.answer = good;
    // The application may ask again at once.
    await verifier.hydrate();
    await verifier.hydrate();
    expect(server.requests).toHaveLength(2);
    await verifier.verify(token);
    expect(server.requests).toHaveLength(2);
    clock.advance(10 * MINUTE_MS);
    await verifier.hydrate();
    expect(server.requests).toHaveLength(3);
  });

  it('given by hand need no network at all', async () => {
    const fetch = vi.fn(() => Promise.reject(new Error('no network')));
    const clock = new Clock();
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      jwks: good,
      now: clock.now,
      fetch,
    });
    await verifier.hydrate();
    await verifier.verify(await sign(accessClaims()));
    clock.advance(50 * MINUTE_MS - 1);
    await verifier.verify(await sign(accessClaims()));
    expect(await codeOf(verifier.verify(await sign(accessClaims(), KEY_B)))).toBe('key_unknown');
    expect(fetch).not.toHaveBeenCalled();
  });

  it('are asked for with a plain GET that follows nothing', async () => {
    const seen: unknown[] = [];
    const { verifier, token } = await setup(good, {
      fetch: (url, init) => {
        seen.push({ ...init, signal: init.signal instanceof AbortSignal });
        return globalThis.fetch(url, init);
      },
    });
    await verifier.verify(token);
    expect(seen).toEqual([{ signal: true, redirect: 'error', headers: { accept: 'application/json' } }]);
  });

  it('come from the global fetch of the moment', async () => {
    const { verifier, token } = await setup();
    const spy = vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new Error('replaced'));
    try {
      const error = await refusalOf(verifier.verify(token));
      expect(((error.cause as Error).cause as Error).message).toBe('replaced');
    } finally {
      spy.mockRestore();
    }
  });

  it('come from any fetch whose answer can be read in pieces', async () => {
    const body = (async function* () {
      yield Buffer.from(JSON.stringify(good));
    })();
    const { verifier, token } = await setup(good, { fetch: async () => ({ status: 200, body }) });
    await verifier.verify(token);
  });

  it('are refused from such a fetch when the status is wrong, though there is nothing to cancel', async () => {
    const body = (async function* () {})();
    const { verifier, token } = await setup(good, { fetch: async () => ({ status: 404, body }) });
    const error = await refusalOf(verifier.verify(token));
    expect((error.cause as Error).message).toMatch(/answered 404/);
  });

  it('are refused from a fetch that followed a redirect after all', async () => {
    const response = Object.defineProperty(new Response(JSON.stringify(good)), 'redirected', { value: true });
    const { verifier, token } = await setup(good, { fetch: async () => response });
    expect(await codeOf(verifier.verify(token))).toBe('keys_unavailable');
  });
});

describe('the two issuers of a pool', () => {
  const original = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL_ID}`;
  const updated = `https://issuer-cognito-idp.eu-central-1.amazonaws.com/${POOL_ID}`;

  function setupAws(answers: Record<string, () => Response>, options: object = {}) {
    const asked: string[] = [];
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      now: new Clock().now,
      fetch: async (url) => {
        asked.push(url);
        const answer = answers[url];
        return answer === undefined ? new Response('{}', { status: 403 }) : answer();
      },
      ...options,
    });
    return { verifier, asked };
  }

  it('each have their own keys, at their own address', async () => {
    const { verifier, asked } = setupAws({
      [`${original}/.well-known/jwks.json`]: () => Response.json(good),
      [`${updated}/.well-known/jwks.json`]: () => Response.json({ keys: [KEY_B.jwk] }),
    });
    await verifier.verify(await sign(accessClaims({ iss: original }), KEY_A));
    await verifier.verify(await sign(accessClaims({ iss: updated }), KEY_B));
    expect(await codeOf(verifier.verify(await sign(accessClaims({ iss: updated }), KEY_A)))).toBe(
      'key_unknown',
    );
    expect(asked).toEqual([`${original}/.well-known/jwks.json`, `${updated}/.well-known/jwks.json`]);
  });

  it.each([
    ['original', original],
    ['updated', updated],
  ])('may be only the %s one: hydrate is content', async (_form, issuer) => {
    const { verifier } = setupAws({ [`${issuer}/.well-known/jwks.json`]: () => Response.json(good) });
    await verifier.hydrate();
    await verifier.verify(await sign(accessClaims({ iss: issuer })));
  });

  it('cannot be had: hydrate says so', async () => {
    const error = await refusalOf(setupAws({}).verifier.hydrate());
    expect(error).toMatchObject({ code: 'keys_unavailable', retryAfterS: 5 });
    expect(error.cause).toBeInstanceOf(AggregateError);
  });

  it('may be narrowed to one', async () => {
    const { verifier } = setupAws({}, { issuerForm: 'original' });
    expect(await codeOf(verifier.verify(await sign(accessClaims({ iss: updated }))))).toBe('issuer_unknown');
    const other = setupAws({}, { issuerForm: 'updated' }).verifier;
    expect(await codeOf(other.verify(await sign(accessClaims({ iss: original }))))).toBe('issuer_unknown');
  });

  it('may be joined by those of replicas', async () => {
    const replica = original.replace('eu-central-1.', 'eu-west-1.');
    const answers = { [`${replica}/.well-known/jwks.json`]: () => Response.json(good) };
    const token = await sign(accessClaims({ iss: replica }));
    await setupAws(answers, { replicaRegions: ['eu-west-1'] }).verifier.verify(token);
    expect(await codeOf(setupAws(answers).verifier.verify(token))).toBe('issuer_unknown');
  });

  it.each([
    ['us-east-1_a', 'us-east-1.amazonaws.com'],
    ['cn-north-1_a', 'cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1_a', 'us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1_a', 'eusc-de-east-1.amazonaws.eu'],
    ['us-iso-east-1_a', 'us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1_a', 'us-isob-east-1.sc2s.sgov.gov'],
    ['eu-isoe-west-1_a', 'eu-isoe-west-1.cloud.adc-e.uk'],
    ['us-isof-south-1_a', 'us-isof-south-1.csp.hci.ic.gov'],
  ])('are in the partition of the region: %s', async (userPoolId, host) => {
    const { verifier, asked } = setupAws({}, { userPoolId });
    for (const form of ['cognito-idp', 'issuer-cognito-idp']) {
      const iss = `https://${form}.${host}/${userPoolId}`;
      expect(await codeOf(verifier.verify(await sign(accessClaims({ iss }))))).toBe('keys_unavailable');
      expect(asked).toContain(`${iss}/.well-known/jwks.json`);
    }
  });
});
