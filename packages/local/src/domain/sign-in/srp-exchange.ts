import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { PasswordVerifier } from '../../storage/users.js';
import { malformedParameter } from '../faults.js';
import { newSecretBlock } from '../ids.js';
import { incorrectCredentials } from '../passwords/faults.js';
import { claimSignature, type SrpIdentity, serverPublicValue, serverSessionKey } from '../passwords/srp.js';
import { sessionExpired } from './faults.js';
import { hashOf, lookUpSession, type OpenSession, openSession } from './sessions.js';
import { type Parameters, type Progress, required } from './sign-in-progress.js';

/** 256 bits: twice the strength of the group. */
const PRIVATE_BYTES = 32;
const MAX_HEX_DIGITS = 1024;

/**
 * The client's public value. Whether it is a multiple of N is looked at with the proof, as on AWS.
 *
 * @throws InvalidParameterException
 */
export function publicValue(parameters: Parameters): string {
  const value = required(parameters, 'SRP_A');
  if (value.length > MAX_HEX_DIGITS || !/^[0-9a-f]+$/i.test(value)) throw malformedParameter('SRP_A');
  return value;
}

export interface Exchange {
  readonly challenge: ChallengeNameType;
  /** The user's `sub`, or what stands for a user who does not exist. */
  readonly subject: string;
  readonly progress: Progress;
  /** `SRP_A` */
  readonly clientPublic: string;
}

/**
 * The server's half of an exchange, in a transaction of the caller's. What has to be remembered of it stays
 * here under the hash of the block, which is random: the block is good once, for as long as a session of
 * the client, and tells nothing.
 */
export function openExchange(
  context: OperationContext,
  client: UserPoolClientRecord,
  { challenge, subject, progress, clientPublic }: Exchange,
  { salt, verifier }: PasswordVerifier,
): { readonly SALT: string; readonly SRP_B: string; readonly SECRET_BLOCK: string } {
  const b = randomBytes(PRIVATE_BYTES);
  const B = serverPublicValue(verifier, b).toString(16);
  const SECRET_BLOCK = newSecretBlock();
  const data = { A: clientPublic, B, b: b.toString('hex') };
  openSession(context, client, subject, challenge, progress, data, SECRET_BLOCK);
  return { SALT: salt.toString('hex'), SRP_B: B, SECRET_BLOCK };
}

/**
 * The exchange that a response belongs to.
 *
 * @throws NotAuthorizedException, InvalidParameterException
 */
export function findExchange(
  context: OperationContext,
  client: UserPoolClientRecord,
  responses: Parameters,
  challenge: ChallengeNameType,
): OpenSession {
  const block = required(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(block)) throw malformedParameter('PASSWORD_CLAIM_SECRET_BLOCK');
  const exchange = lookUpSession(context, client, block, [challenge]);
  if (exchange === 'expired') throw sessionExpired();
  if (exchange === 'unknown' || exchange === 'used') throw incorrectCredentials();
  return exchange;
}

/**
 * Ends the exchange, in the transaction of what it led to. Nothing is kept of it, as a block that was used is
 * answered like one that never was.
 *
 * @throws NotAuthorizedException when somebody was faster.
 */
export function endExchange({ storage }: OperationContext, { token }: OpenSession): void {
  if (!storage.challengeSessions.delete(hashOf(token))) throw incorrectCredentials();
}

/** Whether the response proves the knowledge of the password behind the verifier. */
export function proofHolds(
  identity: SrpIdentity,
  verifier: Uint8Array,
  { data }: OpenSession,
  responses: Parameters,
): boolean {
  const { A, B, b } = data as { A: string; B: string; b: string };
  const timestamp = required(responses, 'TIMESTAMP');
  const given = Buffer.from(required(responses, 'PASSWORD_CLAIM_SIGNATURE'), 'base64');
  if (!isOnCalendar(timestamp)) return false;
  const key = sessionKey(verifier, BigInt(`0x${A}`), Buffer.from(b, 'hex'), BigInt(`0x${B}`));
  if (key === undefined) return false;
  const block = Buffer.from(required(responses, 'PASSWORD_CLAIM_SECRET_BLOCK'), 'base64');
  const expected = claimSignature(key, identity, block, timestamp);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function sessionKey(verifier: Uint8Array, A: bigint, b: Uint8Array, B: bigint): Buffer | undefined {
  try {
    return serverSessionKey(verifier, A, b, B);
  } catch {
    // Values that no honest client sends.
    return undefined;
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIMESTAMP = /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})$/;

/**
 * `EEE MMM d HH:mm:ss UTC yyyy`: refused like a wrong password when the day is padded or no such day. It is
 * not held against the clock: how far AWS lets it be off is not known, the block is good once and for
 * minutes, and the clock of this server may have been set.
 *
 * @throws InvalidParameterException when it is no timestamp at all.
 */
function isOnCalendar(timestamp: string): boolean {
  const parts = TIMESTAMP.exec(timestamp);
  if (parts === null) throw malformedParameter('TIMESTAMP');
  const [, weekday, month, day, hour, minute, second, year] = parts as unknown as string[];
  const at = new Date(
    Date.UTC(
      Number(year),
      MONTHS.indexOf(month as string),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    ),
  );
  const printed = `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${at.getUTCDate()} ${at.toISOString().slice(11, 19)} UTC ${at.getUTCFullYear()}`;
  return weekday !== undefined && printed === timestamp;
}
