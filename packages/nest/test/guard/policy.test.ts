import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CognitoUser, evaluatePolicy, type Policy, type PolicyFailure } from '../../src/index.js';
import { readPolicy } from '../../src/policy/policy.js';

const NOW_MS = 1_800_000_000_000;
const NOW_S = NOW_MS / 1000;

// Few names, so that they meet, with the traps among them: another case, a prefix, Object's own members.
const name = fc.constantFrom('admin', 'Admin', 'administrator', 'editor', 'constructor', '__proto__');
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
const held = fc.uniqueArray(name, { maxLength: 6 });

const user: fc.Arbitrary<CognitoUser> = fc
  .record({
    groups: held,
    scopes: held,
    clientId: fc.constantFrom('client1', 'client2'),
    tokenUse: fc.constantFrom('access' as const, 'id' as const),
    pool: fc.constantFrom('default', 'partners'),
    authTime: fc.option(fc.integer({ min: NOW_S - 1000, max: NOW_S + 10 }), { nil: undefined }),
  })
  .map(({ authTime, ...rest }) => ({
    ...rest,
    sub: 'sub',
    userPoolId: 'eu-central-1_x',
    isMachine: false as const,
    username: 'ada',
    claims: { ...(authTime !== undefined && { auth_time: authTime }) } as CognitoUser['claims'] & object,
  })) as fc.Arbitrary<CognitoUser>;

const policy: fc.Arbitrary<Policy> = fc.record(
  {
    groups: fc.record({ any: names, all: names, none: names }, { requiredKeys: [] }),
    scopes: fc.record({ any: names, all: names }, { requiredKeys: [] }),
    tokenUse: fc.constantFrom('access' as const, 'id' as const),
    clientId: fc.uniqueArray(fc.constantFrom('client1', 'client2', 'client3'), { minLength: 1 }),
    maxAuthAgeS: fc.integer({ min: 1, max: 1000 }),
    pool: fc.uniqueArray(fc.constantFrom('default', 'Default', 'partners', 'default '), { minLength: 1 }),
  },
  { requiredKeys: [] },
);

const allowed = (p: Policy, u: CognitoUser) => evaluatePolicy(p, u, { nowMs: NOW_MS }).allowed;

/** The same said as naively as can be: sets, one sentence a part. */
function model(p: Policy, u: CognitoUser): Set<PolicyFailure> {
  const failed = new Set<PolicyFailure>();
  const meets = (wanted: readonly string[], present: readonly string[]) =>
    new Set(wanted.filter((x) => new Set(present).has(x))).size;
  if (p.tokenUse && u.tokenUse !== p.tokenUse) failed.add('tokenUse');
  if (p.clientId && meets(p.clientId, [u.clientId]) === 0) failed.add('clientId');
  if (p.pool && meets(p.pool, [u.pool]) === 0) failed.add('pool');
  if (p.groups?.any && meets(p.groups.any, u.groups) === 0) failed.add('groups.any');
  if (p.groups?.all && meets(p.groups.all, u.groups) < new Set(p.groups.all).size) failed.add('groups.all');
  if (p.groups?.none && meets(p.groups.none, u.groups) > 0) failed.add('groups.none');
  if (p.scopes?.any && meets(p.scopes.any, u.scopes) === 0) failed.add('scopes.any');
  if (p.scopes?.all && meets(p.scopes.all, u.scopes) < new Set(p.scopes.all).size) failed.add('scopes.all');
  if (p.maxAuthAgeS) {
    const at = u.claims.auth_time;
    if (at === undefined || at > NOW_S || NOW_S - at > p.maxAuthAgeS) failed.add('maxAuthAgeS');
  }
  return failed;
}

describe('the policy algebra', () => {
  it('agrees with a naive model, on what failed too', () => {
    fc.assert(
      fc.property(policy, user, (p, u) => {
        const verdict = evaluatePolicy(p, u, { nowMs: NOW_MS });
        const failed = model(p, u);
        expect(verdict.allowed).toBe(failed.size === 0);
        expect(new Set(verdict.allowed ? [] : verdict.failed)).toEqual(failed);
      }),
      { numRuns: 2000 },
    );
  });

  it('never admits more when a condition is added', () => {
    fc.assert(
      fc.property(policy, policy, user, (p, more, u) => {
        const groups = { ...more.groups, ...p.groups };
        const scopes = { ...more.scopes, ...p.scopes };
        const narrower: Policy = { ...more, ...p, groups, scopes };
        if (allowed(narrower, u)) expect(allowed(p, u)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('never admits more when a name is added to "all" or "none", nor less when one is added to "any"', () => {
    fc.assert(
      fc.property(names, names, name, user, (any, list, added, u) => {
        if (!allowed({ groups: { all: list } }, u))
          expect(allowed({ groups: { all: [...list, added] } }, u)).toBe(false);
        if (!allowed({ groups: { none: list } }, u))
          expect(allowed({ groups: { none: [...list, added] } }, u)).toBe(false);
        if (allowed({ groups: { any } }, u))
          expect(allowed({ groups: { any: [...any, added] } }, u)).toBe(true);
      }),
    );
  });

  it('does not depend on the order of names, of groups held, or of parts', () => {
    const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
    fc.assert(
      fc.property(
        names.chain((list) => fc.tuple(fc.constant(list), shuffled(list))),
        user.chain((u) => fc.tuple(fc.constant(u), shuffled(u.groups))),
        ([list, mixed], [u, groups]) => {
          for (const part of ['any', 'all', 'none'] as const) {
            expect(allowed({ groups: { [part]: mixed } }, { ...u, groups })).toBe(
              allowed({ groups: { [part]: list } }, u),
            );
          }
        },
      ),
    );
    fc.assert(
      fc.property(policy, user, (p, u) => {
        const reversed = Object.fromEntries(Object.entries(p).reverse()) as Policy;
        expect(allowed(reversed, u)).toBe(allowed(p, u));
      }),
    );
  });

  it('holds "all" and "any" together: neither makes the other one moot', () => {
    const groups = { all: ['finance'], any: ['admin', 'editor'] };
    const of = (...list: string[]) => allowed({ groups }, { groups: list } as unknown as CognitoUser);
    expect([of('finance'), of('admin'), of('finance', 'editor')]).toEqual([false, false, true]);
  });

  it('is pure: it changes neither policy nor user', () => {
    const frozen = Object.freeze({ groups: Object.freeze({ any: Object.freeze(['a']) }) });
    const u = Object.freeze({ groups: Object.freeze(['b']) }) as unknown as CognitoUser;
    expect(evaluatePolicy(frozen, u, { nowMs: NOW_MS })).toEqual({ allowed: false, failed: ['groups.any'] });
  });

  it('tolerates the given difference between clocks, and no more', () => {
    const aged = (authTime: number) => ({ claims: { auth_time: authTime } }) as unknown as CognitoUser;
    const at = (authTime: number) =>
      evaluatePolicy({ maxAuthAgeS: 60 }, aged(authTime), { nowMs: NOW_MS, clockToleranceS: 5 }).allowed;
    expect([at(NOW_S - 65), at(NOW_S - 66), at(NOW_S + 5), at(NOW_S + 6)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('reading a policy', () => {
  const read = (input: unknown) => readPolicy('@Authorize()', input as never);

  it('takes a name or a list for "any"', () => {
    expect(read({ groups: 'a' })).toEqual({ groups: { any: ['a'] } });
    expect(read({ groups: ['a', 'b', 'a'], scopes: 'x/y', clientId: 'c' })).toEqual({
      groups: { any: ['a', 'b'] },
      scopes: { any: ['x/y'] },
      clientId: ['c'],
    });
    expect(read({})).toEqual({});
  });

  it.each([
    [
      { group: 'a' },
      'the policy has no member "group"; there are groups, scopes, tokenUse, clientId, maxAuthAgeS, pool, check',
    ],
    [{ groups: { or: ['a'] } }, 'groups has no member "or"; there are any, all, none'],
    [{ scopes: { none: ['a'] } }, 'scopes has no member "none"; there are any, all'],
    [{ groups: [] }, 'groups must be one or more names without spaces, got []'],
    [{ groups: '' }, 'groups must be one or more names without spaces, got ""'],
    [{ groups: 'a b' }, 'groups must be one or more names'],
    [{ groups: [undefined] }, 'groups must be one or more names'],
    [{ groups: undefined }, 'groups must be a name, a list of names, or { any, all, none }, got nothing'],
    [{ groups: {} }, 'groups must be at least one of any, all, none, got {}'],
    [{ groups: { any: [] } }, 'groups.any must be one or more names'],
    [{ groups: { any: ['a'], all: undefined } }, 'groups.all must be one or more names'],
    [{ groups: 7 }, 'groups must be a name'],
    [{ pool: [] }, 'pool must be one or more names'],
    [{ pool: ['a', 7] }, 'pool must be one or more names'],
    [{ check: true }, 'check must be a function, or a class with a method "check", got true'],
    [{ check: class NoMethod {} }, 'check must be a function, or a class with a method "check"'],
    [{ check: undefined }, 'check must be a function, or a class with a method "check", got nothing'],
    [{ clientId: [] }, 'clientId must be one or more names'],
    [{ tokenUse: 'acces' }, 'tokenUse must be "access" or "id", got "acces"'],
    [{ tokenUse: undefined }, 'tokenUse must be "access" or "id", got nothing'],
    [{ maxAuthAgeS: 0 }, 'maxAuthAgeS must be a number of seconds greater than 0, got 0'],
    [{ maxAuthAgeS: '60' }, 'maxAuthAgeS must be a number of seconds greater than 0, got "60"'],
    [{ maxAuthAgeS: Number.NaN }, 'maxAuthAgeS must be a number'],
    [
      'admin',
      'the policy must be a plain object of groups, scopes, tokenUse, clientId, maxAuthAgeS, pool, check',
    ],
    [['admin'], 'the policy must be a plain object'],
    [null, 'the policy must be a plain object'],
    [{ groups: { all: ['a', 'b'], none: ['b'] } }, 'nobody has the group "b" and has it not'],
    [
      { groups: { any: ['a'], none: ['a', 'b'] } },
      'every group of "any" is in "none" too, so nobody can pass',
    ],
    [{ scopes: 'a', tokenUse: 'id' }, 'ID tokens have no scopes'],
  ])('refuses %j', (input, message) => {
    expect(() => read(input)).toThrow(
      expect.objectContaining({ name: 'CognestError', code: 'config_invalid' }),
    );
    expect(() => read(input)).toThrow(`@Authorize(): ${message}`);
  });

  it('takes a function, or a class with a method of that name, for a check', () => {
    const predicate = () => true;
    class Check {
      check() {
        return true;
      }
    }
    expect([read({ check: predicate }).check, read({ check: Check }).check]).toEqual([predicate, Check]);
  });

  it('freezes what it read', () => {
    const policy = read({ groups: { any: ['a'] } });
    expect([policy, policy.groups, policy.groups?.any].every((part) => Object.isFrozen(part))).toBe(true);
  });
});
