import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createVerifier, type VerifierOptions } from '../src/index.js';
import { Clock } from './support/clock.js';
import { usedBytes } from './support/heap.js';
import { accessClaims, CLIENT_ID, JWKS, NOW_S, POOL_ID, sign } from './support/pool.js';
import { codeOf } from './support/refusal.js';

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

  it('is kept as a copy, unless the strings at hand may be kept', async () => {
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => sign(accessClaims())));
    const heldWith = async (copyTokens: boolean) => {
      const { verifier } = setup({ cache: { copyTokens } });
      const before = usedBytes();
      for (const token of tokens) await verifier.verify(token);
      const held = usedBytes() - before;
      for (const token of tokens) expect(verifier.verifyCached(token)).toBeDefined();
      return held;
    };
    // The first pass makes flat strings of those at hand.
    await heldWith(false);
    expect((await heldWith(true)) - (await heldWith(false))).toBeGreaterThan(tokens.length * 500);
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

  it('stays while it is used, however many others come and go', async () => {
    const { verifier } = setup({ cache: { maxTokens: 16 } });
    const used = await sign(accessClaims());
    await verifier.verify(used);
    const others = await Promise.all(Array.from({ length: 64 }, () => sign(accessClaims())));
    for (const other of others) {
      await verifier.verify(other);
      expect(verifier.verifyCached(used)).toBeDefined();
    }
    // Of the others, those that came last; all together no more than are allowed.
    const kept = others.map((token) => verifier.verifyCached(token) !== undefined);
    expect(kept.filter(Boolean).length).toBe(15);
    expect(kept.lastIndexOf(false)).toBe(64 - 15 - 1);
  });

  it('keeps what its owner notes on it, until it is forgotten', async () => {
    const { verifier, clock } = setup({ cache: { maxTokens: 1 } });
    const [token, other] = await Promise.all([sign(accessClaims()), sign(accessClaims())]);
    expect(verifier.recall(token)).toBeUndefined();
    const claims = await verifier.verify(token);
    const remembered = verifier.recall(token);
    expect(remembered?.note).toBeUndefined();
    expect(remembered?.claims).toBe(claims);
    expect(remembered?.token).toBe(token);
    expect(inspect(remembered, { showHidden: true, depth: null }) + JSON.stringify(remembered)).not.toContain(
      token,
    );
    if (remembered !== undefined) remembered.note = 'seen';
    expect(verifier.recall(`Bearer ${token}`.slice(7))).toBe(remembered);
    expect(verifier.recall(token, { groups: 'admins' })).toBeUndefined();
    await verifier.verify(other);
    expect(verifier.recall(token)).toBeUndefined();
    await verifier.verify(token);
    expect(verifier.recall(token)?.note).toBeUndefined();
    clock.advance(86_400_000);
    expect(verifier.recall(token)).toBeUndefined();
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

describe('a configured pool', () => {
  it('takes next to nothing before its first token', () => {
    const before = usedBytes();
    const verifier = createVerifier(
      Array.from({ length: 200 }, (_, n) => ({
        userPoolId: `eu-central-1_Pool${n}`,
        clientId: CLIENT_ID,
        tokenUse: 'access' as const,
      })),
    );
    // It was some 46 kB for each.
    expect(usedBytes() - before).toBeLessThan(200 * 10_000);
    expect(verifier.verifyCached('x')).toBeUndefined();
  });
});
