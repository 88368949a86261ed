import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createVerifier,
  type PoolOptions,
  type Requirements,
  VerifierError,
  type VerifierOptions,
} from '../src/index.js';
import { Clock } from './support/clock.js';
import {
  accessClaims,
  CLIENT_ID,
  type Claims,
  idClaims,
  JWKS,
  machineClaims,
  NOW_S,
  POOL_ID,
  sign,
} from './support/pool.js';
import { codeOf, refusalOf } from './support/refusal.js';

function setup(overrides: Partial<PoolOptions<null> & VerifierOptions> = {}) {
  const clock = new Clock();
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: null,
    jwks: JWKS,
    now: clock.now,
    ...overrides,
  });
  return { clock, verifier };
}

/** The code, or `ok`. The second verification is answered from memory: it must say the same. */
async function outcome(
  claims: Claims,
  requirements?: Requirements,
  overrides: Parameters<typeof setup>[0] = {},
) {
  const { verifier } = setup(overrides);
  const token = await sign(claims);
  const verify = () =>
    verifier.verify(token, requirements).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  const first = await verify();
  // Without requirements, so that it is remembered whatever the first call said.
  await verifier.verify(token).catch(() => {});
  expect(await verify()).toBe(first);
  expect(verifier.verifyCached(token, requirements) !== undefined).toBe(first === 'ok');
  return first;
}

describe('time', () => {
  it.each([
    [{ exp: NOW_S + 1 }, 0, 'ok'],
    [{ exp: NOW_S }, 0, 'token_expired'],
    [{ exp: NOW_S - 4 }, undefined, 'ok'],
    [{ exp: NOW_S - 5 }, undefined, 'token_expired'],
    [{ exp: 0 }, undefined, 'token_expired'],
    [{ nbf: NOW_S }, 0, 'ok'],
    [{ nbf: NOW_S + 1 }, 0, 'token_not_yet_valid'],
    [{ nbf: NOW_S + 5 }, undefined, 'ok'],
    [{ nbf: NOW_S + 6 }, undefined, 'token_not_yet_valid'],
    [{ iat: NOW_S + 1 }, 0, 'token_not_yet_valid'],
    [{ iat: NOW_S + 5 }, undefined, 'ok'],
    [{ iat: NOW_S + 6 }, undefined, 'token_not_yet_valid'],
  ])('%j with tolerance %j: %s', async (claims, clockToleranceS, expected) => {
    expect(await outcome(accessClaims(claims), undefined, { clockToleranceS })).toBe(expected);
  });

  it('lets nobody in when the clock is broken, and says whose fault it is', async () => {
    const token = await sign(accessClaims());
    for (const answer of [Number.NaN, Number.NEGATIVE_INFINITY, undefined, 'soon', 1_800_000_000_000n]) {
      const { verifier } = setup({ now: () => answer as never });
      expect(await refusalOf(verifier.verify(token))).toMatchObject({ code: 'check_failed', kind: 'fault' });
    }
    const cause = new Error('no time');
    const { verifier } = setup({
      now: () => {
        throw cause;
      },
    });
    expect(await refusalOf(verifier.verify(token))).toMatchObject({ code: 'check_failed', cause });
    expect(() => verifier.verifyCached(token)).toThrow(VerifierError);
  });
});

describe('claims', () => {
  it.each(['sub', 'iss', 'exp', 'iat', 'token_use', 'client_id'])('must hold %s', async (claim) => {
    const code = await outcome(accessClaims({ [claim]: undefined }));
    expect(code).toBe(claim === 'iss' ? 'issuer_unknown' : 'claim_missing');
  });

  it.each(['sub', 'iss', 'exp', 'iat', 'token_use', 'aud'])('of an ID token must hold %s', async (claim) => {
    const code = await outcome(idClaims({ [claim]: undefined }));
    expect(code).toBe(claim === 'iss' ? 'issuer_unknown' : 'claim_missing');
  });

  it.each(['origin_jti', 'event_id', 'jti', 'auth_time', 'username', 'cognito:groups', 'scope'])(
    'may lack %s',
    async (claim) => {
      expect(await outcome(accessClaims({ [claim]: undefined }))).toBe('ok');
    },
  );

  it.each([
    ['exp', 'soon'],
    ['exp', NOW_S + 0.5],
    ['exp', 1e308],
    ['exp', -1],
    ['exp', null],
    ['exp', [NOW_S + 60]],
    ['exp', true],
    ['iat', '1'],
    ['iat', null],
    ['nbf', {}],
    ['nbf', null],
    ['auth_time', '1'],
    ['sub', ''],
    ['sub', 7],
    ['sub', ['x']],
    ['token_use', ['access']],
    ['client_id', [CLIENT_ID]],
    ['client_id', { toString: CLIENT_ID }],
    ['client_id', ''],
    ['jti', 7],
    ['origin_jti', ['x']],
    ['username', null],
    ['scope', ['a', 'b']],
    ['aud', 7],
    ['aud', [7]],
    ['aud', null],
    ['cognito:groups', 'admin'],
    ['cognito:groups', ['admin', 7]],
    ['cognito:groups', { 0: 'admin', length: 1 }],
  ])('are refused when %s is %j', async (claim, value) => {
    expect(await outcome(accessClaims({ [claim]: value }))).toBe('claim_invalid');
  });

  it('are compared as they are, without trimming, folding or prefixes', async () => {
    for (const client_id of [
      CLIENT_ID.toUpperCase(),
      ` ${CLIENT_ID}`,
      CLIENT_ID.slice(1),
      `${CLIENT_ID}\u0000`,
    ]) {
      expect(await outcome(accessClaims({ client_id }))).toBe('client_mismatch');
    }
    expect(await outcome(accessClaims({ token_use: 'ACCESS' }))).toBe('token_use_mismatch');
  });

  it('hold in errors what was wanted and what was found, and never the token', async () => {
    const token = await sign(accessClaims({ exp: NOW_S - 60 }));
    const error = await refusalOf(setup().verifier.verify(token));
    expect(error).toMatchObject({
      name: 'VerifierError',
      code: 'token_expired',
      kind: 'credential',
      actual: NOW_S - 60,
    });
    const [, payload = '', signature = ''] = token.split('.');
    const everything = JSON.stringify({
      ...error,
      message: error.message,
      stack: error.stack,
      cause: error.cause,
    });
    expect(everything).not.toContain(payload.slice(0, 20));
    expect(everything).not.toContain(signature.slice(0, 20));
  });
});

describe('requirements', () => {
  const user = accessClaims({ 'cognito:groups': ['editors', 'Admin'], scope: 'reports/read reports/write' });

  it.each<[Requirements, string]>([
    [{ groups: 'Admin' }, 'ok'],
    [{ groups: 'admin' }, 'groups_missing'],
    [{ groups: 'Adm' }, 'groups_missing'],
    [{ groups: 'Admin ' }, 'groups_missing'],
    [{ groups: { any: ['x', 'editors'] } }, 'ok'],
    [{ groups: { any: ['x', 'y'] } }, 'groups_missing'],
    [{ groups: { all: ['Admin', 'editors'] } }, 'ok'],
    [{ groups: { all: ['Admin', 'x'] } }, 'groups_missing'],
    [{ groups: { any: ['x'], all: ['Admin'] } }, 'groups_missing'],
    [{ groups: { any: ['Admin'], all: ['x'] } }, 'groups_missing'],
    [{ groups: { any: ['Admin'], all: ['editors'] } }, 'ok'],
    [{ scopes: 'reports/read' }, 'ok'],
    [{ scopes: 'reports' }, 'scopes_missing'],
    [{ scopes: 'reports/read reports/write' }, 'scopes_missing'],
    [{ scopes: { any: ['x', 'reports/write'] } }, 'ok'],
    [{ scopes: { all: ['reports/read', 'x'] } }, 'scopes_missing'],
    [{ groups: 'Admin', scopes: 'x' }, 'scopes_missing'],
    [{ groups: 'x', scopes: 'reports/read' }, 'groups_missing'],
    [{ maxAuthAgeS: 595 }, 'ok'],
    [{ maxAuthAgeS: 594 }, 'auth_too_old'],
    [{ maxAuthAgeS: 0 }, 'auth_too_old'],
    [{}, 'ok'],
  ])('%j: %s', async (requirements, expected) => {
    expect(await outcome(user, requirements)).toBe(expected);
    // The same as an option of the pool.
    expect(await outcome(user, undefined, requirements)).toBe(expected);
  });

  it('of the pool and of the call must both hold', async () => {
    expect(await outcome(user, { groups: 'editors' }, { groups: 'Admin' })).toBe('ok');
    expect(await outcome(user, { groups: 'editors' }, { groups: 'x' })).toBe('groups_missing');
    expect(await outcome(user, { groups: 'x' }, { groups: 'editors' })).toBe('groups_missing');
  });

  it('are not met by a claim that is not there', async () => {
    for (const claims of [
      machineClaims({ scope: undefined }),
      accessClaims({ 'cognito:groups': undefined }),
    ]) {
      expect(await outcome(claims, { groups: 'editors' })).toBe('groups_missing');
    }
    expect(await outcome(accessClaims({ scope: undefined }), { scopes: 'x' })).toBe('scopes_missing');
    expect(await outcome(idClaims(), { scopes: 'x' })).toBe('scopes_missing');
    expect(await outcome(accessClaims({ auth_time: undefined }), { maxAuthAgeS: 1e9 })).toBe('auth_too_old');
  });

  it('are not met by look-alikes', async () => {
    const lookAlike = accessClaims({
      'cognito:groups': undefined,
      groups: ['editors'],
      'custom:groups': 'editors',
    });
    expect(await outcome(lookAlike, { groups: 'editors' })).toBe('groups_missing');
    expect(await outcome(accessClaims({ scope: '' }), { scopes: 'x' })).toBe('scopes_missing');
    // Cognito's separator is one space.
    expect(await outcome(accessClaims({ scope: 'a\tx,x\nx' }), { scopes: 'x' })).toBe('scopes_missing');
  });

  it('do not take a sign-in of the future for a young one', async () => {
    expect(await outcome(accessClaims({ auth_time: NOW_S + 60 }), { maxAuthAgeS: 300 })).toBe('auth_too_old');
  });

  it('grow old while a token is remembered', async () => {
    const { verifier, clock } = setup();
    const token = await sign(accessClaims());
    await verifier.verify(token, { maxAuthAgeS: 700 });
    clock.advance(106_000);
    expect(await codeOf(verifier.verify(token, { maxAuthAgeS: 700 }))).toBe('auth_too_old');
  });

  it('are read once: changing the object later changes nothing', async () => {
    const { verifier } = setup();
    const requirements = { groups: { all: ['Admin', 'x'] } };
    const token = await sign(user);
    expect(await codeOf(verifier.verify(token, requirements))).toBe('groups_missing');
    requirements.groups.all.pop();
    expect(await codeOf(verifier.verify(token, requirements))).toBe('groups_missing');
  });

  it('by groups are the set algebra that they look like', async () => {
    const name = fc.constantFrom('a', 'A', 'b', 'c', 'constructor', '__proto__', 'admin ');
    const names = fc.uniqueArray(name, { minLength: 1 });
    const { verifier } = setup();
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.uniqueArray(name)),
        fc.option(names),
        names,
        async (present, any, all) => {
          const token = await sign(accessClaims({ 'cognito:groups': present ?? undefined }));
          const required = { groups: { all, ...(any && { any }) } };
          const has = new Set(present);
          const expected = all.every((n) => has.has(n)) && (any === null || any.some((n) => has.has(n)));
          const ok = await verifier.verify(token, required).then(
            () => true,
            () => false,
          );
          expect(ok).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a custom check', () => {
  it.each([
    [() => true, undefined],
    [async () => true, undefined],
    [() => false, 'check_refused'],
    [async () => false, 'check_refused'],
    [() => undefined, 'check_refused'],
    [() => 1, 'check_refused'],
    [async () => 'true', 'check_refused'],
    [
      () => {
        throw new Error('database is down');
      },
      'check_failed',
    ],
    [() => Promise.reject(new Error('database is down')), 'check_failed'],
  ])('%s: %s', async (check, expected) => {
    const token = await sign(accessClaims());
    const { verifier: ofPool } = setup({ check: check as never });
    const { verifier: ofCall } = setup();
    for (let call = 0; call < 2; call++) {
      for (const verified of [ofPool.verify(token), ofCall.verify(token, { check: check as never })]) {
        if (expected === undefined) expect(await verified).toBeDefined();
        else expect(await codeOf(verified)).toBe(expected);
      }
    }
    // It may be asynchronous, so that the synchronous question is left to `verify`.
    expect(ofPool.verifyCached(token)).toBeUndefined();
    expect(ofCall.verifyCached(token, { check: check as never })).toBeUndefined();
    expect(ofCall.verifyCached(token)).toBeDefined();
  });

  it('is asked every time, after everything else, and with the claims', async () => {
    const seen: unknown[] = [];
    const { verifier } = setup({ check: (claims) => seen.push(claims.sub) > 0 });
    const claims = accessClaims();
    const token = await sign(claims);
    await verifier.verify(token);
    await verifier.verify(token);
    await codeOf(verifier.verify(token, { groups: 'x' }));
    expect(seen).toEqual([claims['sub'], claims['sub']]);
  });

  it('keeps what it threw as the cause', async () => {
    const cause = new Error('database is down');
    const { verifier } = setup({ check: () => Promise.reject(cause) });
    const error = await refusalOf(verifier.verify(await sign(accessClaims())));
    expect(error).toMatchObject({ code: 'check_failed', kind: 'fault', cause });
    expect(error.stack).toContain('\n');
  });
});
