import { describe, expect, it } from 'vitest';
import { createVerifier } from '../src/index.js';
import { hasDuplicateMembers } from '../src/lib/json-members.js';
import { forge, GOOD_HEADER, token, victim } from './support/attack.js';
import { accessClaims, CLIENT_ID, JWKS, NOW_S, POOL_ID, sign } from './support/pool.js';
import { refusalOf } from './support/refusal.js';

const pool = { userPoolId: POOL_ID, clientId: CLIENT_ID, tokenUse: 'access', jwks: JWKS } as const;
const verifier = createVerifier({ ...pool, now: () => NOW_S * 1_000 });

const refusalOfClaims = async (claims: object) =>
  refusalOf(verifier.verify(await sign(accessClaims({ ...claims }))));
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('what a refusal tells of a stranger’s value', () => {
  it.each([
    ['a list', nested(2_000)],
    ['a list', Array(500).fill('x'.repeat(10))],
    ['an object', { deep: nested(2_000) }],
    ['an object', { toJSON: 'x' }],
  ])('is its sort: %s', async (sort, value) => {
    for (const claim of ['iss', 'exp', 'sub', 'token_use', 'client_id', 'jti']) {
      const error = await refusalOfClaims({ [claim]: value });
      expect(error.actual).toBe(sort);
      expect(error.message.length).toBeLessThan(400);
    }
  });

  it('is never deeper than the error itself', async () => {
    // As text: to write such a value out again is what goes too deep.
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    const claims = JSON.stringify({ ...victim, iss: 'deep' }).replace('"deep"', deep);
    const error = await refusalOf(verifier.verify(forge(GOOD_HEADER, claims)));
    expect(error).toMatchObject({ code: 'issuer_unknown', actual: 'a list' });
    expect(error.message).toMatch(/got \[a list\]$/);
  });

  it('is cut short when it is long', async () => {
    const error = await refusalOfClaims({ iss: 'x'.repeat(5_000) });
    expect(error.actual).toBe('x'.repeat(256));
    expect(error.message.length).toBeLessThan(400);
  });

  it('is a small list as it stands', async () => {
    const error = await refusalOf(verifier.verify(token, { groups: { any: ['root', 'staff'], all: ['x'] } }));
    expect(error.message).toBe(
      '"cognito:groups" must hold any of ["root", "staff"] and all of ["x"], got ["editors", "Admin"]',
    );
    const groups = Array.from({ length: 100 }, (_, n) => `g${n}`);
    const many = await sign(accessClaims({ 'cognito:groups': groups }));
    const message = (await refusalOf(verifier.verify(many, { groups: 'x' }))).message;
    expect(message).toMatch(/got \["g0", .+, "g7", \.\.\.\]$/);
  });

  it.each([
    '\u2028',
    '\u2029',
    '\u0085',
    '\u009b',
    '\u007f',
    '\u202e',
    '\u2066',
    '\u200f',
    '\ufeff',
    '\n',
    '\0',
  ])('shows what cannot be seen: %j', async (char) => {
    for (const call of [
      verifier.verify(forge({ ...GOOD_HEADER, typ: `a${char}b` }, victim)),
      verifier.verify(forge({ ...GOOD_HEADER, kid: `a${char}b` }, victim)),
      verifier.verify(forge(GOOD_HEADER, { ...victim, iss: `a${char}b` })),
    ]) {
      const { message } = await refusalOf(call);
      expect(message).not.toContain(char);
      expect(message).toMatch(/a\\.+b/);
    }
  });

  it('counts segments up to what matters', async () => {
    for (const [attack, segments] of [
      ['a', '1'],
      ['a.b', '2'],
      ['.'.repeat(16_000), 'more'],
    ] as const) {
      expect((await refusalOf(verifier.verify(attack))).message).toBe(
        `the token must have 3 segments, got ${segments}`,
      );
    }
  });

  it('names a scheme that was left before the token', async () => {
    const error = await refusalOf(verifier.verify(`Bearer ${token}`));
    expect(error).toMatchObject({ code: 'token_malformed' });
    expect(error.message).toContain('without "Bearer "');
  });

  it('says how long a header may be', async () => {
    const error = await refusalOf(verifier.verify(forge({ ...GOOD_HEADER, x: 'x'.repeat(800) }, victim)));
    expect(error).toMatchObject({ code: 'token_malformed', expected: 1_024 });
    const fits = { ...GOOD_HEADER, x: 'x'.repeat(600) };
    await expect(verifier.verify(forge(fits, victim))).resolves.toBeDefined();
  });
});

describe('an unknown issuer', () => {
  const ids = Array.from({ length: 300 }, (_, n) => `eu-central-1_Tenant${n}`);
  const many = createVerifier(ids.map((userPoolId) => ({ ...pool, userPoolId })));

  it('is told the accepted ones where they are few', async () => {
    const error = await refusalOfClaims({ iss: 'https://evil.example' });
    expect(error.expected).toHaveLength(2);
    expect(error.message).toContain(POOL_ID);
  });

  it('is not told all the others where they are many', async () => {
    const error = await refusalOf(many.verify(token));
    expect(error.code).toBe('issuer_unknown');
    expect(error.message).toMatch(
      /^"iss" must be one of the 600 issuers of the configured pools, got "https:/,
    );
    expect(JSON.stringify([error.message, error.expected])).not.toContain('Tenant');
  });
});

describe('member names of a header', () => {
  it.each([0, 1, 1_023, 1_024, 100_000])('are seen before %i blanks and a colon', (blanks) => {
    for (const blank of [' ', '\t', '\n', '\r']) {
      const gap = blank.repeat(blanks);
      expect(hasDuplicateMembers(`{"alg"${gap}:1,"alg":2}`)).toBe(true);
      expect(hasDuplicateMembers(`{"alg"${gap}:"alg","x":["alg"${gap}]}`)).toBe(false);
    }
  });
});

describe('where Error is frozen', () => {
  it('a refusal is a refusal all the same', async () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
    // As `Object.freeze(Error)` and `node --frozen-intrinsics` do, but to be taken back.
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false, configurable: true });
    try {
      const error = await refusalOfClaims({ iss: 'https://evil.example' });
      expect(error).toMatchObject({ name: 'VerifierError', code: 'issuer_unknown' });
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', before);
    }
  });
});
