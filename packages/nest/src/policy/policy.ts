import type { TokenUse } from '@cognest/verifier';
import type { ExecutionContext, Type } from '@nestjs/common';
import { CognestError, configInvalid, refuseUnknownKeys } from '../errors/cognest-error.js';
import type { CognitoUser } from './cognito-user.js';

/** Groups by name, exact and case-sensitive as Cognito's are. Every part that is given must hold. */
export interface GroupPolicy {
  /** At least one of these. */
  readonly any?: readonly string[];
  /** Every one of these. */
  readonly all?: readonly string[];
  /** None of these. Machines have no groups, so they pass this part. */
  readonly none?: readonly string[];
}

/** OAuth scopes. Every part that is given must hold. ID tokens have no scopes. */
export interface ScopePolicy {
  /** At least one of these. */
  readonly any?: readonly string[];
  /** Every one of these. */
  readonly all?: readonly string[];
}

/**
 * A condition of your own, asked after every other part of the policy holds. Only `true` lets in; whatever else it
 * answers is a 403. When it throws, rejects, or has not answered after 10 seconds, nobody knows whether the user may pass:
 * that is logged, and a 503.
 */
export type PolicyPredicate = (user: CognitoUser, context: ExecutionContext) => boolean | Promise<boolean>;

/** A {@link PolicyPredicate} with dependencies: a provider of some module, named in `check` by its class. */
export interface CognitoPolicyCheck {
  check: PolicyPredicate;
}

/** A condition of your own: a function, or the class of a provider that has one. */
export type PolicyCheck = PolicyPredicate | Type<CognitoPolicyCheck>;

/** Who may pass, as plain data. Every part that is given must hold; `{}` is anyone with a valid token. */
export interface Policy {
  readonly groups?: GroupPolicy;
  readonly scopes?: ScopePolicy;
  /** Which of Cognito's tokens. Default: the module's `tokenUse`. */
  readonly tokenUse?: TokenUse;
  /** One of these app clients, out of the module's `clientId` and `trustedClientIds`. */
  readonly clientId?: readonly string[];
  /** Greatest age of the sign-in in seconds. A refresh does not make it younger. */
  readonly maxAuthAgeS?: number;
  /** Users of one of these pools, by the name that the module's options give them. Default: every pool. */
  readonly pool?: readonly string[];
  /** A condition of your own. `evaluatePolicy` leaves it out: the guard asks it last. */
  readonly check?: PolicyCheck;
}

/** A policy as it is written in a decorator: a name or a list of groups or scopes means any of them. */
export interface PolicyInput {
  groups?: string | readonly string[] | GroupPolicy;
  scopes?: string | readonly string[] | ScopePolicy;
  tokenUse?: TokenUse;
  clientId?: string | readonly string[];
  maxAuthAgeS?: number;
  pool?: string | readonly string[];
  check?: PolicyCheck;
}

/** Whether a check is the class of a provider rather than a function. */
export function isCheckClass(check: PolicyCheck): check is Type<CognitoPolicyCheck> {
  const prototype: unknown = check.prototype;
  return typeof prototype === 'object' && prototype !== null && 'check' in prototype;
}

/** The parts a policy has, in the order in which `@Authorize()` names them. */
const POLICY_PARTS = [
  'groups',
  'scopes',
  'tokenUse',
  'clientId',
  'maxAuthAgeS',
  'pool',
  'check',
] as const satisfies readonly (keyof Policy)[];

/**
 * The frozen policy that `input` means.
 *
 * @param where - who asks, for the message: `@Groups()`.
 * @throws {CognestError} `config_invalid` for an empty list, a misspelt member, or a policy that nobody can meet.
 */
export function readPolicy(where: string, input: PolicyInput): Policy {
  if (!isPlainObject(input)) {
    throw configInvalid(`${where}: the policy`, `a plain object of ${POLICY_PARTS.join(', ')}`, input);
  }
  refuseUnknownKeys(`${where}: the policy`, input, POLICY_PARTS);
  const policy: { -readonly [Part in keyof Policy]: Policy[Part] } = {};
  if (Object.hasOwn(input, 'groups')) policy.groups = readGroups(where, input.groups);
  if (Object.hasOwn(input, 'scopes')) policy.scopes = readScopes(where, input.scopes);
  if (Object.hasOwn(input, 'tokenUse')) {
    if (input.tokenUse !== 'access' && input.tokenUse !== 'id') {
      throw configInvalid(`${where}: tokenUse`, '"access" or "id"', input.tokenUse);
    }
    policy.tokenUse = input.tokenUse;
  }
  if (Object.hasOwn(input, 'clientId')) policy.clientId = readNames(`${where}: clientId`, input.clientId);
  if (Object.hasOwn(input, 'maxAuthAgeS')) {
    const age = input.maxAuthAgeS;
    if (typeof age !== 'number' || !Number.isFinite(age) || age <= 0) {
      throw configInvalid(`${where}: maxAuthAgeS`, 'a number of seconds greater than 0', age);
    }
    policy.maxAuthAgeS = age;
  }
  if (Object.hasOwn(input, 'pool')) policy.pool = readNames(`${where}: pool`, input.pool);
  if (Object.hasOwn(input, 'check')) {
    const { check } = input;
    const isFunction = typeof check === 'function';
    // Such a class would be called as a function, at each request in vain.
    if (!isFunction || (!isCheckClass(check) && /^class\b/.test(Function.prototype.toString.call(check)))) {
      throw configInvalid(`${where}: check`, 'a function, or a class with a method "check"', check);
    }
    policy.check = check;
  }
  refuseImpossible(where, policy);
  return Object.freeze(policy);
}

/** Refuses every part but those that `where` has a use for. */
export function refuseParts(where: string, policy: Policy, known: readonly (keyof Policy)[]): void {
  refuseUnknownKeys(`${where}: the policy`, policy, known);
}

/** Refuses what nobody can meet: a contradiction is a slip, not a way to close a route. */
export function refuseImpossible(where: string, policy: Policy): void {
  const { all = [], any, none = [] } = policy.groups ?? {};
  const both = all.find((group) => none.includes(group));
  if (both !== undefined) {
    throw new CognestError('config_invalid', `${where}: nobody has the group "${both}" and has it not`);
  }
  if (any?.every((group) => none.includes(group))) {
    throw new CognestError(
      'config_invalid',
      `${where}: every group of "any" is in "none" too, so nobody can pass`,
    );
  }
  if (policy.scopes !== undefined && policy.tokenUse === 'id') {
    throw new CognestError('config_invalid', `${where}: ID tokens have no scopes; ask for an access token`);
  }
}

function readGroups(where: string, value: PolicyInput['groups']): GroupPolicy {
  return readSets(`${where}: groups`, value, ['any', 'all', 'none']);
}

function readScopes(where: string, value: PolicyInput['scopes']): ScopePolicy {
  return readSets(`${where}: scopes`, value, ['any', 'all']);
}

function readSets(what: string, value: unknown, parts: readonly ('any' | 'all' | 'none')[]): GroupPolicy {
  if (typeof value === 'string' || Array.isArray(value)) {
    return Object.freeze({ any: readNames(what, value) });
  }
  if (!isPlainObject(value)) {
    throw configInvalid(what, `a name, a list of names, or { ${parts.join(', ')} }`, value);
  }
  refuseUnknownKeys(what, value, parts);
  const given = parts.filter((part) => Object.hasOwn(value, part));
  if (given.length === 0) throw configInvalid(what, `at least one of ${parts.join(', ')}`, value);
  return Object.freeze(
    Object.fromEntries(
      given.map((part) => [part, readNames(`${what}.${part}`, (value as Record<string, unknown>)[part])]),
    ),
  );
}

/** Whether all that an object says is its own: what it inherits, or a class's getter says, would go unread. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function readNames(what: string, value: unknown): readonly string[] {
  const list: unknown[] = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  // An empty list could be read as "nobody" or as "nothing is asked": it is a slip either way.
  if (list.length === 0 || !list.every((name) => typeof name === 'string' && /^\S+$/.test(name))) {
    throw configInvalid(what, 'one or more names without spaces', value);
  }
  return Object.freeze([...new Set(list as string[])]);
}
