import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CognitoClaims, createRevocations, createVerifier, type VerifierOptions } from '../src/index.js';
import { Clock } from './support/clock.js';
import { accessClaims, CLIENT_ID, type Claims, JWKS, KEY_A, NOW_S, POOL_ID, sign } from './support/pool.js';
import { codeOf, refusalOf } from './support/refusal.js';

function setup(options: VerifierOptions = {}) {
  const clock = new Clock();
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    jwks: JWKS,
    now: clock.now,
    ...options,
  });
  return { clock, verifier };
}

describe('a remembered token', () => {
  it('is answered without a signature, by any string that equals it', async () => {
    const { verifier } = setup();
    const token = await sign(accessClaims());
    const claims = await verifier.verify(token);
    const again = `Bearer ${token}`.slice(7);
    expect(await verifier.verify(again)).toBe(claims);
    expect(verifier.verifyCached(again)).toBe(claims);
  });

  it('is not there before the first verification', async () => {
    const { verifier } = setup();
    expect(verifier.verifyCached(await sign(accessClaims()))).toBeUndefined();
  });

  it('is not mistaken for another token with the same signature', async () => {
    const { verifier } = setup();
    const token = await sign(accessClaims());
    await verifier.verify(token);
    const [header, , signature] = token.split('.');
    const payload = Buffer.from(JSON.stringify(accessClaims({ 'cognito:groups': ['root'] }))).toString(
      'base64url',
    );
    const forged = `${header}.${payload}.${signature}`;
    expect(verifier.verifyCached(forged)).toBeUndefined();
    expect(await codeOf(verifier.verify(forged))).toBe('signature_invalid');
    // Nor does the forgery push it out.
    expect(verifier.verifyCached(token)).toBeDefined();
  });

  it('expires to the millisecond', async () => {
    const { verifier, clock } = setup({ clockToleranceS: 0 });
    const token = await sign(accessClaims({ exp: NOW_S + 60 }));
    await verifier.verify(token);
    clock.advance(59_999);
    expect(verifier.verifyCached(token)).toBeDefined();
    await verifier.verify(token);
    clock.advance(1);
    expect(verifier.verifyCached(token)).toBeUndefined();
    expect(await codeOf(verifier.verify(token))).toBe('token_expired');
  });

  it('is not valid before its time when the clock is set back', async () => {
    const { verifier, clock } = setup({ clockToleranceS: 0 });
    const token = await sign(accessClaims({ nbf: NOW_S - 10 }));
    await verifier.verify(token);
    clock.advance(-11_000);
    expect(verifier.verifyCached(token)).toBeUndefined();
    expect(await codeOf(verifier.verify(token))).toBe('token_not_yet_valid');
  });

  it('is held to the requirements of every caller', async () => {
    const { verifier } = setup();
    const token = await sign(accessClaims({ 'cognito:groups': ['editors'] }));
    await verifier.verify(token);
    expect(await codeOf(verifier.verify(token, { groups: 'admins' }))).toBe('groups_missing');
    expect(verifier.verifyCached(token, { groups: 'admins' })).toBeUndefined();
    expect(verifier.verifyCached(token, { groups: 'editors' })).toBeDefined();
  });

  it('makes room for younger ones, the least recently used first', async () => {
    const { verifier } = setup({ cache: { maxTokens: 2 } });
    const [a, b, c] = (await Promise.all([1, 2, 3].map(() => sign(accessClaims())))) as [
      string,
      string,
      string,
    ];
    await verifier.verify(a);
    await verifier.verify(b);
    verifier.verifyCached(a);
    await verifier.verify(c);
    expect([a, b, c].map((token) => verifier.verifyCached(token) !== undefined)).toEqual([true, false, true]);
  });

  it('is not remembered when the cache is off, nor when it was refused', async () => {
    const token = await sign(accessClaims());
    const off = setup({ cache: false }).verifier;
    await off.verify(token);
    expect(off.verifyCached(token)).toBeUndefined();
    const { verifier, clock } = setup();
    const expired = await sign(accessClaims({ exp: NOW_S - 60 }));
    await codeOf(verifier.verify(expired));
    clock.advance(-120_000);
    expect(verifier.verifyCached(expired)).toBeUndefined();
  });
});

describe('signatures', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function turnsTaken(
    tokens: string[],
    verifier: ReturnType<typeof setup>['verifier'],
  ): Promise<number> {
    let turn = 0;
    let running = true;
    const count = () => {
      turn++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const turns = new Set<number>();
    await Promise.all(tokens.map((token) => verifier.verify(token).then(() => turns.add(turn))));
    running = false;
    return turns.size;
  }

  it('of a burst take one turn of the event loop each', async () => {
    const tokens = await Promise.all(Array.from({ length: 40 }, () => sign(accessClaims())));
    expect(await turnsTaken(tokens, setup().verifier)).toBe(40);
  });

  it('of callers who all waited for the keys take one turn each, too', async () => {
    const tokens = await Promise.all(Array.from({ length: 40 }, () => sign(accessClaims())));
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      now: () => NOW_S * 1_000,
      fetch: async () => Response.json(JWKS),
    });
    expect(await turnsTaken(tokens, verifier)).toBe(40);
  });

  it('of one token in a burst are checked once', async () => {
    const token = await sign(accessClaims());
    const { verifier } = setup();
    const all = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(new Set(all).size).toBe(1);
  });

  it('do not wait when asked for one after the other', async () => {
    const { verifier } = setup({ cache: false });
    const tokens = await Promise.all(Array.from({ length: 10 }, () => sign(accessClaims())));
    let turn = 0;
    setImmediate(() => turn++);
    for (const token of tokens) await verifier.verify(token);
    expect(turn).toBe(0);
  });

  it('go on under fake timers', async () => {
    vi.useFakeTimers();
    const { verifier } = setup();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => sign(accessClaims())));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
  });
});

describe('revocations', () => {
  const asClaims = (claims: Claims) => claims as unknown as CognitoClaims;

  function setupRevocations(options: { maxEntries?: number; ttlS?: number } = {}) {
    const clock = new Clock();
    const revocations = createRevocations({ now: clock.now, ...options });
    const { verifier } = setup({ now: clock.now, revocations });
    return { clock, revocations, verifier };
  }

  it('by token, session and user are seen at once, by remembered tokens too', async () => {
    const { revocations, verifier } = setupRevocations();
    const [a, b, c, other] = [accessClaims(), accessClaims(), accessClaims(), accessClaims()];
    const tokens = await Promise.all([a, b, c, other].map((claims) => sign(claims)));
    for (const token of tokens) await verifier.verify(token);
    revocations.revokeToken(a['jti'] as string);
    revocations.revokeSession(b['origin_jti'] as string);
    revocations.revokeUser(c['sub'] as string);
    for (const token of tokens.slice(0, 3)) {
      expect(verifier.verifyCached(token)).toBeUndefined();
      expect(await codeOf(verifier.verify(token))).toBe('token_revoked');
    }
    expect(verifier.verifyCached(tokens[3] as string)).toBeDefined();
  });

  it('are not confused about which id is which', () => {
    const { revocations } = setupRevocations();
    revocations.revokeToken('x');
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'x', origin_jti: 'x' })))).toBe(false);
    revocations.revokeSession('y');
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'y', jti: 'y' })))).toBe(false);
    revocations.revokeUser('z');
    expect(revocations.isRevoked(asClaims(accessClaims({ jti: 'z', origin_jti: 'z' })))).toBe(false);
  });

  it('of a user spare what is issued afterwards, and only grow', () => {
    const { revocations } = setupRevocations();
    const issued = (iat: number) => asClaims(accessClaims({ sub: 'ada', iat }));
    revocations.revokeUser('ada', NOW_S * 1_000 + 500);
    // Of this very second: perhaps before, so yes.
    expect(revocations.isRevoked(issued(NOW_S))).toBe(true);
    expect(revocations.isRevoked(issued(NOW_S + 1))).toBe(false);
    revocations.revokeUser('ada', NOW_S * 1_000 - 50_000);
    expect(revocations.isRevoked(issued(NOW_S))).toBe(true);
  });

  it('of tokens without ids are by user only', () => {
    const { revocations } = setupRevocations();
    const claims = asClaims(accessClaims({ jti: undefined, origin_jti: undefined, sub: 'ada' }));
    expect(revocations.isRevoked(claims)).toBe(false);
    revocations.revokeUser('ada');
    expect(revocations.isRevoked(claims)).toBe(true);
  });

  it('are forgotten when the tokens have expired by themselves', () => {
    const { revocations, clock } = setupRevocations({ ttlS: 100 });
    const claims = asClaims(accessClaims({ jti: 'a', iat: NOW_S + 1_000 }));
    revocations.revokeToken('a');
    clock.advance(99_999);
    revocations.revokeToken('b');
    expect(revocations.isRevoked(claims)).toBe(true);
    clock.advance(1);
    revocations.revokeToken('c');
    expect(revocations.isRevoked(claims)).toBe(false);
  });

  it('are bounded, and never let a revoked token back in for that', () => {
    const { revocations, clock } = setupRevocations({ maxEntries: 10 });
    const revoked = Array.from({ length: 100 }, (_, n) => accessClaims({ jti: `jti-${n}`, iat: NOW_S }));
    for (const claims of revoked) {
      clock.advance(1_000);
      revocations.revokeToken(claims['jti'] as string);
    }
    for (const claims of revoked) expect(revocations.isRevoked(asClaims(claims))).toBe(true);
    // The price: tokens of others from before the entries that made room. What is newer is not touched.
    expect(revocations.isRevoked(asClaims(accessClaims({ iat: NOW_S + 89 })))).toBe(true);
    expect(revocations.isRevoked(asClaims(accessClaims({ iat: NOW_S + 90 })))).toBe(false);
  });

  it('of users that make room are kept by their instant', () => {
    const { revocations } = setupRevocations({ maxEntries: 1 });
    revocations.revokeUser('ada', (NOW_S + 50) * 1_000);
    revocations.revokeUser('bob', 1);
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'ada', iat: NOW_S + 49 })))).toBe(true);
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'cyd', iat: NOW_S + 50 })))).toBe(false);
  });

  it('may come from elsewhere, and anything but a plain no is a yes', async () => {
    const token = await sign(accessClaims());
    for (const answer of [true, undefined, null, 0, '', Promise.resolve(false)]) {
      const { verifier } = setup({ revocations: { isRevoked: () => answer as boolean } });
      expect(await codeOf(verifier.verify(token))).toBe('token_revoked');
    }
    const cause = new Error('mirror lost');
    const { verifier } = setup({
      revocations: {
        isRevoked: () => {
          throw cause;
        },
      },
    });
    expect(await refusalOf(verifier.verify(token))).toMatchObject({
      code: 'check_failed',
      kind: 'fault',
      cause,
    });
    expect(verifier.verifyCached(token)).toBeUndefined();
  });

  it('are asked with verified claims only', async () => {
    const isRevoked = vi.fn(() => false);
    const { verifier } = setup({ revocations: { isRevoked } });
    const token = await sign(accessClaims());
    await codeOf(verifier.verify(`${token.slice(0, -4)}AAAA`));
    await codeOf(verifier.verify(await sign(accessClaims({ client_id: 'other' }), KEY_A)));
    expect(isRevoked).not.toHaveBeenCalled();
    await verifier.verify(token);
    expect(isRevoked).toHaveBeenCalledOnce();
  });
});
