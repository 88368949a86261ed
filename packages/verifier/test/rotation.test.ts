import { describe, expect, it, vi } from 'vitest';
import { createVerifier, type VerifierOptions } from '../src/index.js';
import { Clock } from './support/clock.js';
import { startKeyServer } from './support/key-server.js';
import {
  accessClaims,
  CLIENT_ID,
  KEY_A,
  KEY_B,
  makeKey,
  POOL_ID,
  sign,
  type TestKey,
} from './support/pool.js';
import { codeOf, refusalOf } from './support/refusal.js';

async function setup(options: VerifierOptions = {}) {
  const server = await startKeyServer({ keys: [KEY_A.jwk] });
  const clock = new Clock();
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    endpoint: server.endpoint,
    now: clock.now,
    ...options,
  });
  const claims = accessClaims({ iss: `${server.endpoint}/${POOL_ID}` });
  const tokenBy = (key: TestKey, kid = key.kid) => sign({ ...claims, jti: kid }, key, { kid });
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  // What costs an attacker nothing: no signature worth the name.
  const forged = (n: number) => {
    const header = Buffer.from(JSON.stringify({ kid: `forged-${n}`, alg: 'RS256' })).toString('base64url');
    return `${header}.${payload}.${'A'.repeat(342)}`;
  };
  return { server, clock, verifier, tokenBy, forged };
}

describe('a flood of forged key ids', () => {
  it('10,000 at once cause one fetch', async () => {
    const { server, clock, verifier, tokenBy, forged } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    clock.advance(60_000);
    const codes = await Promise.all(
      Array.from({ length: 10_000 }, (_, n) => codeOf(verifier.verify(forged(n)))),
    );
    expect(new Set(codes)).toEqual(new Set(['key_unknown']));
    expect(server.requests).toHaveLength(2);
  });

  it('without end causes at most one fetch in 5 seconds, and a rotation is seen within them', async () => {
    const { server, clock, verifier, tokenBy, forged } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    let n = 0;
    let acceptedAfterMs: number | undefined;
    const startMs = clock.nowMs;
    const rotatedAtMs = 12_300;
    const rotated = await tokenBy(KEY_B);
    for (let atMs = 0; atMs <= 30_000; atMs += 100) {
      clock.nowMs = startMs + atMs;
      if (atMs === rotatedAtMs) server.answer = { keys: [KEY_A.jwk, KEY_B.jwk] };
      for (let burst = 0; burst < 10; burst++)
        expect(await codeOf(verifier.verify(forged(n++)))).toBe('key_unknown');
      // Shown all along, so that it is looked up in vain before it exists.
      const accepted = await verifier.verify(rotated).then(
        () => true,
        () => false,
      );
      if (accepted) acceptedAfterMs ??= atMs - rotatedAtMs;
      // Whoever has a known key is served throughout.
      await verifier.verify(await tokenBy(KEY_A));
    }
    expect(server.requests.length).toBeLessThanOrEqual(1 + 30_000 / 5_000);
    expect(acceptedAfterMs).toBeGreaterThanOrEqual(0);
    expect(acceptedAfterMs).toBeLessThanOrEqual(5_000);
  }, 60_000);

  it('does not turn into an outage', async () => {
    const { server, clock, verifier, tokenBy, forged } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    server.answer = (_request, response) => response.writeHead(500).end();
    clock.advance(6_000);
    // Nothing is known about a strange key id while the endpoint is down, so that is what is said.
    expect(await refusalOf(verifier.verify(forged(1)))).toMatchObject({
      code: 'keys_unavailable',
      retryAfterS: 5,
    });
    expect(await codeOf(verifier.verify(forged(2)))).toBe('keys_unavailable');
    expect(server.requests).toHaveLength(2);
    await verifier.verify(await tokenBy(KEY_A));
  });
});

describe('an unknown key id', () => {
  it('is looked up at once when the keys are not of these seconds', async () => {
    const { server, clock, verifier, tokenBy } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    server.answer = { keys: [KEY_A.jwk, KEY_B.jwk] };
    clock.advance(5_000);
    await verifier.verify(await tokenBy(KEY_B));
    expect(server.requests).toHaveLength(2);
  });

  it('is refused without a fetch when the keys were read less than 5 seconds ago', async () => {
    const { server, clock, verifier, tokenBy } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    clock.advance(4_999);
    expect(await refusalOf(verifier.verify(await tokenBy(KEY_B)))).toMatchObject({
      code: 'key_unknown',
      expected: [KEY_A.kid],
      actual: KEY_B.kid,
    });
    expect(server.requests).toHaveLength(1);
    // That was no look-up, so nothing is remembered against it.
    server.answer = { keys: [KEY_B.jwk] };
    clock.advance(1);
    await verifier.verify(await tokenBy(KEY_B));
  });

  it('that comes to exist is accepted within 5 seconds, however often it was looked up in vain', async () => {
    const { server, clock, verifier, tokenBy } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    const early = await tokenBy(KEY_B);
    for (let atS = 1; atS <= 61; atS++) {
      clock.advance(1_000);
      expect(await codeOf(verifier.verify(early))).toBe('key_unknown');
    }
    server.answer = { keys: [KEY_A.jwk, KEY_B.jwk] };
    clock.advance(5_000);
    await verifier.verify(early);
    expect(server.requests.length).toBeLessThanOrEqual(1 + 66 / 5);
  });

  it('that was looked up in vain is looked up less and less often, where that is asked for', async () => {
    const { server, clock, verifier, tokenBy } = await setup({ keys: { unknownKidTtlMs: 60_000 } });
    await verifier.verify(await tokenBy(KEY_A));
    const retired = await tokenBy(KEY_B);
    const fetchedAtS: number[] = [];
    for (let atS = 5; atS <= 400; atS++) {
      clock.advance(atS === 5 ? 5_000 : 1_000);
      const before = server.requests.length;
      expect(await codeOf(verifier.verify(retired))).toBe('key_unknown');
      if (server.requests.length > before) fetchedAtS.push(atS);
    }
    expect(fetchedAtS).toEqual([5, 10, 20, 40, 80, 140, 200, 260, 320, 380]);
  });

  it('counts once, however many ask for it at the same time', async () => {
    const { server, clock, verifier, tokenBy } = await setup();
    await verifier.verify(await tokenBy(KEY_A));
    clock.advance(5_000);
    const early = await tokenBy(KEY_B);
    await Promise.all(Array.from({ length: 10 }, () => codeOf(verifier.verify(early))));
    server.answer = { keys: [KEY_A.jwk, KEY_B.jwk] };
    clock.advance(5_000);
    await verifier.verify(early);
    expect(server.requests).toHaveLength(3);
  });

  it('is unknown again, and not a matter of outage, once the endpoint is back', async () => {
    const { server, clock, verifier, tokenBy, forged } = await setup();
    server.answer = (_request, response) => response.writeHead(500).end();
    expect(await codeOf(verifier.verify(forged(1)))).toBe('keys_unavailable');
    server.answer = { keys: [KEY_A.jwk] };
    clock.advance(5_000);
    await verifier.verify(await tokenBy(KEY_A));
    expect(await codeOf(verifier.verify(forged(2)))).toBe('key_unknown');
  });

  it('is forgotten when others crowd it out', async () => {
    const { server, clock, verifier, tokenBy, forged } = await setup({ keys: { maxUnknownKids: 2 } });
    await verifier.verify(await tokenBy(KEY_A));
    clock.advance(5_000);
    await Promise.all([1, 2, 3].map((n) => codeOf(verifier.verify(forged(n)))));
    expect(server.requests).toHaveLength(2);
    clock.advance(5_000);
    await codeOf(verifier.verify(forged(3)));
    expect(server.requests).toHaveLength(3);
  });
});

describe('a key that leaves the key set', () => {
  it('takes its tokens with it, remembered ones too', async () => {
    const { server, clock, verifier, tokenBy } = await setup();
    server.answer = { keys: [KEY_A.jwk, KEY_B.jwk] };
    const [byA, byB] = [await tokenBy(KEY_A), await tokenBy(KEY_B)];
    const claims = await verifier.verify(byA);
    await verifier.verify(byB);
    server.answer = { keys: [KEY_A.jwk] };
    clock.advance(600_000);
    // The refresh happens in the background.
    await verifier.verify(byA);
    await vi.waitUntil(() => verifier.verifyCached(byB) === undefined);
    expect(await codeOf(verifier.verify(byB))).toBe('key_unknown');
    // The one that stayed kept its tokens: the very same object.
    expect(verifier.verifyCached(byA)).toBe(claims);
  });

  it('and is replaced by another under its id takes them all the same', async () => {
    const { server, clock, verifier, tokenBy } = await setup();
    const token = await tokenBy(KEY_A);
    await verifier.verify(token);
    const replacement = makeKey(KEY_A.kid);
    server.answer = { keys: [replacement.jwk] };
    clock.advance(600_000);
    await verifier.verify(token);
    await vi.waitUntil(() => verifier.verifyCached(token) === undefined);
    expect(await codeOf(verifier.verify(token))).toBe('signature_invalid');
    await verifier.verify(await tokenBy(replacement));
  });

  it('does not serve remembered tokens past the time that stale keys may', async () => {
    const { server, clock, verifier, tokenBy } = await setup({
      keys: { refreshAfterMs: 60_000, expireAfterMs: 120_000, maxStaleMs: 180_000 },
    });
    const token = await tokenBy(KEY_A);
    await verifier.verify(token);
    server.answer = (_request, response) => response.writeHead(500).end();
    clock.advance(179_999);
    await verifier.verify(token);
    expect(verifier.verifyCached(token)).toBeDefined();
    clock.advance(1);
    expect(verifier.verifyCached(token)).toBeUndefined();
    expect(await codeOf(verifier.verify(token))).toBe('keys_unavailable');
  });
});
