import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { configInvalid, refuseUnknownKeys } from '../errors/cognest-error.js';
import { type CognitoErrorMapping, cognitoErrorTable } from '../errors/cognito-error-table.js';
import { refuseNonObject, wholeNumber } from './checks.js';
import type { CognitoModuleOptions } from './cognito-options.js';

/**
 * The option `errors`, checked, each entry with what it leaves out of {@link INHERITED}: an app that wants another `code`
 * has not said that strangers may read Cognito's message, which tells who is disabled or unknown.
 */
export function readErrors(options: CognitoModuleOptions): Readonly<Record<string, CognitoErrorMapping>> {
  const { errors = {} } = options;
  refuseNonObject('"errors"', 'an object of entries by the names of exceptions', errors);
  for (const [key, entry] of Object.entries(errors)) {
    const what = `"errors.${key}"`;
    if (!isErrorKey(key)) {
      const expected = "an exception's name, or <Operation>:<Exception>, as the SDK spells them";
      throw configInvalid(`The key ${what}`, expected, key);
    }
    refuseNonObject(what, 'an object: { status, code, ... }', entry);
    refuseUnknownKeys(what, entry, ['status', 'code', 'detail', 'retryAfterS', 'unauthenticated']);
    if (!Number.isInteger(entry.status) || entry.status < 400 || entry.status > 599) {
      throw configInvalid(`${what}.status`, 'an HTTP error status', entry.status);
    }
    if (typeof entry.code !== 'string' || entry.code === '')
      throw configInvalid(`${what}.code`, 'a code', entry.code);
    readRest(what, entry, errors);
  }
  return Object.fromEntries(
    Object.entries(errors).map(([key, entry]) => [key, completed(key, entry, errors)]),
  );
}

/** What keeps an entry from telling, and so is kept until the app gives its own. */
const INHERITED = ['detail', 'unauthenticated'] as const;

/** An entry with what it leaves out: as the table has it under the same key, else as under the exception's own. */
function completed(
  key: string,
  entry: CognitoErrorMapping,
  errors: NonNullable<CognitoModuleOptions['errors']>,
): CognitoErrorMapping {
  const whole: { -readonly [Member in keyof CognitoErrorMapping]: CognitoErrorMapping[Member] } = {
    ...entry,
  };
  const own = entryOf(cognitoErrorTable, key);
  const exception = key.slice(key.indexOf(':') + 1);
  const replaced = exception === key ? undefined : entryOf(errors, exception);
  const ofException =
    replaced === undefined ? entryOf(cognitoErrorTable, exception) : completed(exception, replaced, errors);
  const source = own ?? ofException;
  for (const member of INHERITED) {
    const value = entry[member] ?? source?.[member];
    if (value !== undefined) whole[member] = value;
  }
  return whole;
}

function entryOf(
  table: Readonly<Record<string, CognitoErrorMapping>>,
  key: string,
): CognitoErrorMapping | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function readRest(
  what: string,
  { detail, retryAfterS, unauthenticated }: CognitoErrorMapping,
  errors: NonNullable<CognitoModuleOptions['errors']>,
): void {
  if (detail !== undefined && typeof detail !== 'string') {
    throw configInvalid(`${what}.detail`, 'a text for people', detail);
  }
  wholeNumber(`${what}.retryAfterS`, retryAfterS, 0, 0);
  if (unauthenticated === undefined) return;
  // With another, strangers would be answered as by a bug.
  const isKey = Object.hasOwn(cognitoErrorTable, unauthenticated) || Object.hasOwn(errors, unauthenticated);
  if (typeof unauthenticated !== 'string' || !isKey) {
    throw configInvalid(`${what}.unauthenticated`, 'the key of an entry of the table', unauthenticated);
  }
}

/** Of the table, or of the SDK: a misspelt key would never be looked up. */
function isErrorKey(key: string): boolean {
  if (Object.hasOwn(cognitoErrorTable, key)) return true;
  const [exception = '', operation, ...others] = key.split(':').reverse();
  const known = (name: string) => Object.hasOwn(sdk, name);
  return (
    others.length === 0 &&
    (Object.hasOwn(cognitoErrorTable, exception) || (exception.endsWith('Exception') && known(exception))) &&
    (operation === undefined || known(`${operation}Command`))
  );
}
