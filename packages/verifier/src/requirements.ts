import type { CognitoClaims } from './claims.js';
import { quote, VerifierError } from './errors.js';
import { configInvalid, readingOptions, refuseUnknownOptions } from './lib/check-options.js';

/** One name, or lists of them. With `any` and `all` both must hold. */
export type NameRequirement =
  | string
  | { readonly any: readonly string[]; readonly all?: readonly string[] | undefined }
  | { readonly any?: readonly string[] | undefined; readonly all: readonly string[] };

/** What a token must carry to be let in. Every one that is given must hold. */
export interface Requirements<Claims extends CognitoClaims = CognitoClaims> {
  /** Groups in `cognito:groups`, compared exactly, case and all. No such claim: refused. */
  groups?: NameRequirement | undefined;
  /** Scopes in `scope`, compared exactly. ID tokens have none, so they are refused. */
  scopes?: NameRequirement | undefined;
  /** Greatest age of the sign-in (`auth_time`), in seconds. A refresh does not make it younger. */
  maxAuthAgeS?: number | undefined;
  /**
   * A condition of your own over the verified claims, sync or async; it runs at every call. Only `true` lets in. What
   * it throws becomes the `cause` of `check_failed`.
   */
  check?: ((claims: Claims) => boolean | Promise<boolean>) | undefined;
}

interface Names {
  readonly any: readonly string[] | undefined;
  readonly all: readonly string[];
}

/** Requirements that have been read and found usable. */
export interface CompiledRequirements {
  readonly groups: Names | undefined;
  readonly scopes: Names | undefined;
  readonly maxAuthAgeS: number | undefined;
  readonly check: ((claims: never) => boolean | Promise<boolean>) | undefined;
}

const REQUIREMENTS = ['groups', 'scopes', 'maxAuthAgeS', 'check'] as const;
const compiled = new WeakMap<object, CompiledRequirements>();

/** Reads requirements once per object. */
export function compileRequirements(requirements: Requirements<never>): CompiledRequirements {
  const known = compiled.get(requirements);
  if (known !== undefined) return known;
  const result = readingOptions('requirements', () => {
    refuseUnknownOptions('requirements', requirements, REQUIREMENTS);
    return readRequirements(requirements);
  });
  compiled.set(requirements, result);
  return result;
}

/** The requirements among a pool's options. */
export function readRequirements(options: Requirements<never>): CompiledRequirements {
  const { maxAuthAgeS, check } = options;
  if (maxAuthAgeS !== undefined && !(Number.isFinite(maxAuthAgeS) && maxAuthAgeS >= 0)) {
    throw configInvalid('maxAuthAgeS', 'a number of seconds, 0 or more', maxAuthAgeS);
  }
  if (check !== undefined && typeof check !== 'function') throw configInvalid('check', 'a function', check);
  return Object.freeze({
    groups: readNames('groups', options.groups),
    scopes: readNames('scopes', options.scopes),
    maxAuthAgeS,
    check,
  });
}

function readNames(option: string, value: NameRequirement | undefined): Names | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return { any: undefined, all: readList(option, [value]) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw configInvalid(option, 'one name, { any: [...] } or { all: [...] }', value);
  }
  refuseUnknownOptions(option, value, ['any', 'all']);
  if (value.any === undefined && value.all === undefined) {
    throw configInvalid(option, '{ any: [...] } or { all: [...] }', value);
  }
  return {
    any: value.any === undefined ? undefined : readList(`${option}.any`, value.any),
    all: value.all === undefined ? [] : readList(`${option}.all`, value.all),
  };
}

function readList(option: string, list: readonly string[]): readonly string[] {
  // An empty list could be read as "nobody" or as "nothing is asked": it is a slip either way.
  const good = Array.isArray(list) && list.length > 0 && list.every((n) => typeof n === 'string' && n !== '');
  if (!good) throw configInvalid(option, 'a list of at least one non-empty name', list);
  return Object.freeze([...list]);
}

/**
 * The refusal that `claims` deserve under `required`, or `undefined`. Does not run `check`. Pure.
 *
 * @param nowS - the time, in seconds since 1970.
 */
export function refusalFor(
  claims: CognitoClaims,
  required: CompiledRequirements,
  nowS: number,
  clockToleranceS: number,
): VerifierError | undefined {
  if (required.groups !== undefined) {
    const groups = Object.hasOwn(claims, 'cognito:groups') ? claims['cognito:groups'] : undefined;
    if (!holds(required.groups, groups)) {
      return missing('groups_missing', 'cognito:groups', required.groups, groups);
    }
  }
  if (required.scopes !== undefined) {
    const scope = Object.hasOwn(claims, 'scope') ? claims['scope'] : undefined;
    const scopes = typeof scope === 'string' ? scope.split(' ') : undefined;
    if (!holds(required.scopes, scopes)) return missing('scopes_missing', 'scope', required.scopes, scopes);
  }
  if (required.maxAuthAgeS !== undefined) {
    const authTime = Object.hasOwn(claims, 'auth_time') ? claims.auth_time : undefined;
    const ageS = authTime === undefined ? undefined : nowS - authTime;
    if (ageS === undefined || ageS > required.maxAuthAgeS + clockToleranceS || ageS < -clockToleranceS) {
      return new VerifierError(
        'auth_too_old',
        `the sign-in must be at most ${required.maxAuthAgeS} s old, got ${ageS === undefined ? 'no auth_time' : `${Math.floor(ageS)} s`}`,
        { expected: { maxAuthAgeS: required.maxAuthAgeS }, actual: authTime },
      );
    }
  }
  return undefined;
}

function holds(names: Names, present: readonly string[] | undefined): boolean {
  if (present === undefined) return false;
  if (names.any !== undefined && !names.any.some((name) => present.includes(name))) return false;
  return names.all.every((name) => present.includes(name));
}

function missing(code: 'groups_missing' | 'scopes_missing', claim: string, names: Names, actual: unknown) {
  const expected = { ...(names.any && { any: names.any }), ...(names.all.length > 0 && { all: names.all }) };
  const wanted = Object.entries(expected).map(([how, list]) => `${how} of ${quote(list)}`);
  return new VerifierError(code, `"${claim}" must hold ${wanted.join(' and ')}, got ${quote(actual)}`, {
    expected,
    actual,
  });
}
