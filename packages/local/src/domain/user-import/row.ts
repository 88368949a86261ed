import { CognitoServiceError } from '../../errors.js';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { requiredAttributes } from '../pools/schema.js';
import { checkAgainstSchema } from '../users/attributes.js';
import { userAccountExists } from '../users/faults.js';
import {
  attributesWithUsername,
  claimAlias,
  findUser,
  fold,
  insertUser,
  verificationFlag,
} from '../users/users.js';

export interface RowOutcome {
  readonly outcome: 'SUCCEEDED' | 'SKIPPED' | 'FAILED';
  readonly reason: string;
}

class RowRefusal extends Error {}

const BOOLEAN = /^(?:true|false)$/i;
/** mm/dd/yyyy. */
const BIRTHDATE = /^(\d{2})\/(\d{2})\/(\d{4})$/;

/**
 * Imports one user, who has no password and must set one with ForgotPassword. In a transaction of the
 * caller's: everything is checked before the first write, so a row that fails has written nothing.
 */
export function importRow(
  context: OperationContext,
  pool: UserPoolRecord,
  header: readonly string[],
  fields: readonly string[],
): RowOutcome {
  try {
    return writeUser(context, pool, header, fields);
  } catch (error) {
    if (error instanceof RowRefusal || error instanceof CognitoServiceError) {
      return { outcome: 'FAILED', reason: error.message.trim() };
    }
    throw error;
  }
}

function writeUser(
  context: OperationContext,
  pool: UserPoolRecord,
  header: readonly string[],
  fields: readonly string[],
): RowOutcome {
  if (fields.length !== header.length) {
    const count = fields.length === 1 ? '1 field' : `${fields.length} fields`;
    throw new RowRefusal(`The row has ${count} where the header has ${header.length}.`);
  }
  const row = new Map(header.map((name, index) => [name, fields[index] as string]));
  const username = usernameOf(row);
  const mfaEnabled = mfaOf(pool, row);
  const attributes = attributesWithUsername(pool, username, attributesOf(row));
  if (isTaken(context, pool, username)) return { outcome: 'SKIPPED', reason: 'The user already exists.' };
  checkVerified(pool, attributes);
  checkValues(attributes);
  for (const name of requiredAttributes(pool)) {
    if (!attributes[name]) throw new RowRefusal(`The required attribute ${name} is missing.`);
  }
  checkAgainstSchema(pool, attributes);
  checkAliases(context, pool, attributes);

  const { storage } = context;
  const user = insertUser(
    context,
    pool,
    { username, attributes, status: 'RESET_REQUIRED' },
    userAccountExists,
  );
  for (const attribute of aliasesOf(pool, attributes)) {
    claimAlias(context, pool, user, attribute, false, userAccountExists);
  }
  if (mfaEnabled && user.attributes['phone_number'] !== undefined) {
    storage.mfa.set(pool.id, user.sub, { enabled: [], legacySms: true });
  }
  return { outcome: 'SUCCEEDED', reason: 'The import succeeded.' };
}

function usernameOf(row: ReadonlyMap<string, string>): string {
  const username = row.get('cognito:username') ?? '';
  if (username === '') throw new RowRefusal('The user name is missing.');
  if (/\s/.test(username)) throw new RowRefusal('The user name must not contain spaces.');
  if (username.length > 128) throw new RowRefusal('The user name is longer than 128 characters.');
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u.test(username)) {
    throw new RowRefusal('The user name has characters that are not allowed.');
  }
  return username;
}

function mfaOf({ settings }: UserPoolRecord, row: ReadonlyMap<string, string>): boolean {
  const text = row.get('cognito:mfa_enabled') ?? '';
  if (!BOOLEAN.test(text)) throw new RowRefusal('cognito:mfa_enabled must be true or false.');
  const enabled = text.toLowerCase() === 'true';
  if (settings.MfaConfiguration === 'ON' && !enabled) {
    throw new RowRefusal('cognito:mfa_enabled must be true, as the user pool requires MFA.');
  }
  if ((settings.MfaConfiguration ?? 'OFF') === 'OFF' && enabled) {
    throw new RowRefusal('cognito:mfa_enabled must be false, as MFA is off in the user pool.');
  }
  return enabled;
}

/** What is empty is not set. Flags may be in capitals. */
function attributesOf(row: ReadonlyMap<string, string>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of row) {
    if (name === 'cognito:mfa_enabled' || name === 'cognito:username' || value === '') continue;
    attributes[name] = name.endsWith('_verified') && BOOLEAN.test(value) ? value.toLowerCase() : value;
  }
  return attributes;
}

function isTaken(context: OperationContext, pool: UserPoolRecord, username: string): boolean {
  const hasUsernameAttributes = (pool.settings.UsernameAttributes?.length ?? 0) > 0;
  return hasUsernameAttributes
    ? findUser(context, pool, username) !== undefined
    : context.storage.users.findByUsername(pool.id, fold(pool, username)) !== undefined;
}

function checkVerified({ settings }: UserPoolRecord, attributes: Readonly<Record<string, string>>): void {
  const verified = (settings.AutoVerifiedAttributes ?? []).filter(
    (attribute) => attributes[verificationFlag(attribute)] === 'true',
  );
  if (verified.length === 0) {
    throw new RowRefusal(
      'The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).',
    );
  }
  for (const attribute of ['email', 'phone_number'] as const) {
    if (attributes[verificationFlag(attribute)] === 'true' && !attributes[attribute]) {
      throw new RowRefusal(`${verificationFlag(attribute)} is true without ${attribute}.`);
    }
  }
}

const MAX_VALUE_LENGTH = 2048;

function checkValues(attributes: Readonly<Record<string, string>>): void {
  const { birthdate, updated_at: updatedAt } = attributes;
  const long = Object.keys(attributes).find((name) => (attributes[name] as string).length > MAX_VALUE_LENGTH);
  if (long !== undefined) throw new RowRefusal(`${long} is longer than ${MAX_VALUE_LENGTH} characters.`);
  if (birthdate !== undefined && !isDate(birthdate)) {
    throw new RowRefusal('The birthdate must have the format mm/dd/yyyy.');
  }
  if (updatedAt !== undefined && !/^\d{1,15}$/.test(updatedAt)) {
    throw new RowRefusal('updated_at must be seconds since the epoch.');
  }
}

function isDate(text: string): boolean {
  const [, month, day, year] = (BIRTHDATE.exec(text) ?? []).map(Number);
  if (month === undefined || day === undefined || year === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** By which attributes the user will sign in: those that are verified, and the preferred username. */
function aliasesOf({ settings }: UserPoolRecord, attributes: Readonly<Record<string, string>>) {
  return (settings.AliasAttributes ?? []).filter(
    (attribute) =>
      attributes[attribute] !== undefined &&
      (attribute === 'preferred_username' || attributes[verificationFlag(attribute)] === 'true'),
  );
}

function checkAliases(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  attributes: Readonly<Record<string, string>>,
): void {
  for (const attribute of [...aliasesOf(pool, attributes), ...(pool.settings.UsernameAttributes ?? [])]) {
    const value = attributes[attribute];
    if (value === undefined) continue;
    if (storage.users.aliasOwner(pool.id, attribute, fold(pool, value)) !== undefined) {
      throw new RowRefusal(`An account with the ${attribute} already exists.`);
    }
  }
}
