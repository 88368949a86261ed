import type { CognitoUser } from './cognito-user.js';
import type { Policy } from './policy.js';

/** The part of a policy that did not hold. */
export type PolicyFailure =
  | 'tokenUse'
  | 'clientId'
  | 'groups.any'
  | 'groups.all'
  | 'groups.none'
  | 'scopes.any'
  | 'scopes.all'
  | 'maxAuthAgeS'
  | 'pool';

/** Whether a user may pass and, if not, everything that stands in the way. */
export type PolicyVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly failed: readonly [PolicyFailure, ...PolicyFailure[]] };

/** What the evaluation must be told about time. */
export interface EvaluationTime {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Tolerated difference between our clock and AWS's. Default 0. */
  readonly clockToleranceS?: number;
}

const ALLOWED: PolicyVerdict = Object.freeze({ allowed: true });

/**
 * Whether `user` meets `policy`. Pure: the same arguments give the same verdict. Each part is asked by itself and all
 * must hold, so that one more part never admits more. `check` is not asked: it may take its time, and need a request.
 */
export function evaluatePolicy(policy: Policy, user: CognitoUser, time: EvaluationTime): PolicyVerdict {
  let failed: PolicyFailure[] | undefined;
  const { groups, scopes, tokenUse, clientId, maxAuthAgeS, pool } = policy;

  if (tokenUse !== undefined && tokenUse !== user.tokenUse) failed = add(failed, 'tokenUse');
  if (clientId !== undefined && !clientId.includes(user.clientId)) failed = add(failed, 'clientId');
  if (pool !== undefined && !pool.includes(user.pool)) failed = add(failed, 'pool');
  if (groups !== undefined) {
    if (groups.any !== undefined && !hasAny(user.groups, groups.any)) failed = add(failed, 'groups.any');
    if (groups.all !== undefined && !hasAll(user.groups, groups.all)) failed = add(failed, 'groups.all');
    if (groups.none !== undefined && hasAny(user.groups, groups.none)) failed = add(failed, 'groups.none');
  }
  if (scopes !== undefined) {
    if (scopes.any !== undefined && !hasAny(user.scopes, scopes.any)) failed = add(failed, 'scopes.any');
    if (scopes.all !== undefined && !hasAll(user.scopes, scopes.all)) failed = add(failed, 'scopes.all');
  }
  if (maxAuthAgeS !== undefined && !isFresh(user.claims.auth_time, maxAuthAgeS, time)) {
    failed = add(failed, 'maxAuthAgeS');
  }
  return failed === undefined ? ALLOWED : { allowed: false, failed: failed as [PolicyFailure] };
}

function add(failed: PolicyFailure[] | undefined, part: PolicyFailure): PolicyFailure[] {
  if (failed === undefined) return [part];
  failed.push(part);
  return failed;
}

function hasAny(present: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((name) => present.includes(name));
}

function hasAll(present: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => present.includes(name));
}

function isFresh(authTimeS: number | undefined, maxAgeS: number, time: EvaluationTime): boolean {
  if (authTimeS === undefined) return false;
  const toleranceS = time.clockToleranceS ?? 0;
  const ageS = time.nowMs / 1000 - authTimeS;
  return ageS <= maxAgeS + toleranceS && ageS >= -toleranceS;
}
