import { describe, expect, it, vi } from 'vitest';
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
    revocations.revokeUser('bob', (NOW_S - 50) * 1_000);
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'ada', iat: NOW_S + 49 })))).toBe(true);
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'cyd', iat: NOW_S + 50 })))).toBe(false);
  });

  it('of a user must be meant for an instant that makes sense', async () => {
    const { revocations, clock } = setupRevocations({ maxEntries: 1 });
    const nowMs = clock.now();
    const mistakes = [
      nowMs * 1_000,
      nowMs / 1_000,
      nowMs + 300_001,
      Number.POSITIVE_INFINITY,
      0,
      -1,
      '1' as never,
    ];
    for (const mistake of mistakes) {
      expect(await codeOf(() => revocations.revokeUser('ada', mistake))).toBe('config_invalid');
    }
    // Nothing of it was taken, so making room shuts nobody out.
    revocations.revokeUser('bob');
    revocations.revokeUser('cyd');
    expect(revocations.isRevoked(asClaims(accessClaims({ iat: NOW_S + 1 })))).toBe(false);
    revocations.revokeUser('ada', nowMs + 300_000);
    expect(revocations.isRevoked(asClaims(accessClaims({ sub: 'ada', iat: NOW_S + 299 })))).toBe(true);
  });

  it('of a group end the tokens that name it, of its pool alone and in exactly its spelling', async () => {
    const { revocations, verifier, clock } = setupRevocations();
    const token = await sign(accessClaims({ 'cognito:groups': ['other', 'admin'] }));
    await verifier.verify(token);
    const member = (claims: Claims = {}) =>
      asClaims(accessClaims({ 'cognito:groups': ['other', 'admin'], iat: NOW_S, ...claims }));
    revocations.revokeGroup(POOL_ID, 'admin');
    expect(verifier.verifyCached(token)).toBeUndefined();
    expect(await codeOf(verifier.verify(token))).toBe('token_revoked');
    clock.advance(1_000);
    // Of the very second: perhaps before, so yes, once it is over for sure.
    revocations.revokeGroup(POOL_ID, 'admin');
    expect(revocations.isRevoked(member())).toBe(true);
    const others = [
      member({ 'cognito:groups': ['Admin', 'admin ', `${POOL_ID}:admin`] }),
      member({ 'cognito:groups': undefined }),
      member({ 'cognito:groups': [] }),
      member({ iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_another' }),
      member({ iat: NOW_S + 1 }),
      member({ 'cognito:groups': undefined, sub: 'admin', jti: 'admin', origin_jti: `${POOL_ID}:admin` }),
    ];
    expect(others.map((claims) => revocations.isRevoked(claims))).toEqual(others.map(() => false));
    // An instant behind the clock of AWS, as of a user; and they only grow.
    revocations.revokeGroup(POOL_ID, 'admin', NOW_S * 1_000 + 5_000);
    revocations.revokeGroup(POOL_ID, 'admin', NOW_S * 1_000);
    expect([4, 5].map((s) => revocations.isRevoked(member({ iat: NOW_S + s })))).toEqual([true, false]);
  });

  it('of groups are bounded, and never let a revoked token back in for that', () => {
    const { revocations, clock } = setupRevocations({ maxEntries: 10 });
    const names = Array.from({ length: 100 }, (_, n) => `group-${n}`);
    for (const name of names) {
      clock.advance(1_000);
      revocations.revokeGroup(POOL_ID, name);
    }
    for (const name of names) {
      const claims = asClaims(accessClaims({ 'cognito:groups': [name], iat: NOW_S }));
      expect(revocations.isRevoked(claims)).toBe(true);
    }
    expect(revocations.isRevoked(asClaims(accessClaims({ iat: NOW_S + 90 })))).toBe(false);
  });

  it('of a group must be of a pool and have a name', async () => {
    const { revocations } = setupRevocations();
    const mistakes = [
      ['admin', POOL_ID],
      [undefined, 'admin'],
      [`${POOL_ID}:admin`, 'admin'],
      [POOL_ID, ''],
      [POOL_ID, undefined],
      [POOL_ID, ['admin']],
      [POOL_ID, 'admin', NOW_S],
    ];
    for (const mistake of mistakes) {
      expect(await codeOf(() => revocations.revokeGroup(...(mistake as [string, string, number])))).toBe(
        'config_invalid',
      );
    }
    expect(revocations.isRevoked(asClaims(accessClaims({ 'cognito:groups': ['admin', ''] })))).toBe(false);
  });

  it('end when their time is over, even if nothing is added', () => {
    const { revocations, clock } = setupRevocations({ ttlS: 100 });
    const claims = asClaims(
      accessClaims({ jti: 'a', origin_jti: 'b', sub: 'c', iat: NOW_S - 1, 'cognito:groups': ['d'] }),
    );
    for (const revoke of [
      () => revocations.revokeToken('a'),
      () => revocations.revokeSession('b'),
      () => revocations.revokeUser('c'),
      () => revocations.revokeGroup(POOL_ID, 'd'),
    ]) {
      revoke();
      clock.advance(99_999);
      expect(revocations.isRevoked(claims)).toBe(true);
      clock.advance(1);
      expect(revocations.isRevoked(claims)).toBe(false);
    }
  });

  it('by a clock that is broken are a fault', async () => {
    const revocations = createRevocations({ now: () => 1n as never });
    expect(await codeOf(() => revocations.revokeToken('a'))).toBe('check_failed');
    expect(await codeOf(() => revocations.revokeUser('a'))).toBe('check_failed');
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
