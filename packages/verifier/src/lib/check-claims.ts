import type { CognitoClaims, TokenUse } from '../claims.js';
import { quote, VerifierError } from '../errors.js';
import { own } from './read-token.js';

/** What a pool asks of every token. */
export interface ClaimRules {
  readonly tokenUses: readonly TokenUse[];
  /** `undefined`: every client of the pool. */
  readonly clientIds: readonly string[] | undefined;
}

/** Checks the claims of a token whose signature and issuer are good, all but the time; throws the first that is wrong. */
export function checkClaims(
  claims: Record<string, unknown>,
  rules: ClaimRules,
): asserts claims is Record<string, unknown> & CognitoClaims {
  const use = checkTokenUse(claims, rules);
  const clientClaim = use === 'access' ? 'client_id' : 'aud';
  const client = requiredText(claims, clientClaim);
  // An access token may be bound to resources; that says nothing about its client.
  if (use === 'access' && typeof own(claims, 'aud') !== 'string') checkNames(claims, 'aud');
  if (rules.clientIds !== undefined && !rules.clientIds.includes(client)) {
    const message = `"${clientClaim}" must be one of ${quote(rules.clientIds)}, got ${quote(client)}`;
    throw new VerifierError('client_mismatch', message, { expected: rules.clientIds, actual: client });
  }
  requiredText(claims, 'sub');
  requiredDate(claims, 'exp');
  requiredDate(claims, 'iat');
  checkDate(claims, 'nbf');
  checkDate(claims, 'auth_time');
  checkText(claims, 'jti');
  checkText(claims, 'origin_jti');
  checkText(claims, use === 'access' ? 'username' : 'cognito:username');
  checkText(claims, 'scope');
  checkNames(claims, 'cognito:groups');
}

/** The refusal that the time calls for, if any, of claims that passed {@link checkClaims}. */
export function timeRefusal(
  claims: CognitoClaims,
  nowMs: number,
  clockToleranceS: number,
): VerifierError | undefined {
  const { exp, iat } = claims;
  const nowS = nowMs / 1_000;
  // "On or after" exp is too late (RFC 7519 section 4.1.4). Written so that a clock that answers NaN lets nobody in.
  if (!(nowS < exp + clockToleranceS)) {
    return new VerifierError('token_expired', `the token expired at ${exp}, it is ${Math.floor(nowS)}`, {
      expected: { after: nowS },
      actual: exp,
    });
  }
  const nbf = claims['nbf'] as number | undefined;
  if (nbf !== undefined && !(nowS >= nbf - clockToleranceS)) return notYetValid('nbf', nbf, nowS);
  if (!(nowS >= iat - clockToleranceS)) return notYetValid('iat', iat, nowS);
  return undefined;
}

function checkTokenUse(claims: Record<string, unknown>, rules: ClaimRules): TokenUse {
  const use = requiredText(claims, 'token_use');
  const found = rules.tokenUses.find((accepted) => accepted === use);
  if (found !== undefined) return found;
  const message = `"token_use" must be ${quote(rules.tokenUses)}, got ${quote(use)}`;
  throw new VerifierError('token_use_mismatch', message, { expected: rules.tokenUses, actual: use });
}

function notYetValid(claim: 'nbf' | 'iat', value: number, nowS: number): VerifierError {
  const message = `"${claim}" must not be in the future, got ${value}, it is ${Math.floor(nowS)}`;
  return new VerifierError('token_not_yet_valid', message, { expected: { notAfter: nowS }, actual: value });
}

function requiredText(claims: Record<string, unknown>, claim: string): string {
  const value = own(claims, claim);
  if (value === undefined) throw missing(claim);
  if (typeof value !== 'string' || value === '') throw invalid(claim, 'a non-empty string', value);
  return value;
}

function requiredDate(claims: Record<string, unknown>, claim: string): void {
  if (own(claims, claim) === undefined) throw missing(claim);
  checkDate(claims, claim);
}

function checkDate(claims: Record<string, unknown>, claim: string): void {
  const value = own(claims, claim);
  if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= 0)) {
    throw invalid(claim, 'whole seconds since 1970', value);
  }
}

function checkText(claims: Record<string, unknown>, claim: string): void {
  const value = own(claims, claim);
  if (value !== undefined && typeof value !== 'string') throw invalid(claim, 'a string', value);
}

function checkNames(claims: Record<string, unknown>, claim: string): void {
  const value = own(claims, claim);
  if (value === undefined) return;
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) {
    throw invalid(claim, 'a list of strings', value);
  }
}

function missing(claim: string): VerifierError {
  return new VerifierError('claim_missing', `claim "${claim}" is missing`, { expected: claim });
}

function invalid(claim: string, expected: string, actual: unknown): VerifierError {
  const message = `claim "${claim}" must be ${expected}, got ${quote(actual)}`;
  return new VerifierError('claim_invalid', message, { expected, actual });
}
