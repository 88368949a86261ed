import type { CognitoClaims, RevocationList, Revocations } from '@cognest/verifier';
import { CognestError, configInvalid } from '../errors/cognest-error.js';
import { ListWithGroups } from './deleted-groups.js';
import { OwnRevocations } from './own-revocations.js';

const RECORDING = [
  'revokeToken',
  'revokeSession',
  'revokeUser',
] as const satisfies readonly (keyof RevocationList)[];

/**
 * The list that the option `revocations` means: what the guard asks, and where the services record what they end.
 *
 * @param now - the clock of a list in memory.
 * @throws {CognestError} `config_invalid` for anything but `false` and an object with the methods of `Revocations` or
 *   `RevocationList`.
 */
export function readRevocations(
  given: Revocations | false | undefined,
  now: (() => number) | undefined,
): RevocationList | undefined {
  if (given === false) return undefined;
  if (given === undefined) return new OwnRevocations(now);
  const has = (method: keyof RevocationList): boolean =>
    typeof (given as Partial<Record<keyof RevocationList, unknown>>)[method] === 'function';
  if (typeof given !== 'object' || given === null || !has('isRevoked')) {
    throw configInvalid('"revocations"', 'false, or an object with a method "isRevoked"', given);
  }
  const missing = RECORDING.filter((method) => !has(method));
  if (missing.length === 0) {
    const list = given as RevocationList;
    return has('revokeGroup') ? list : new ListWithGroups(list, now);
  }
  if (missing.length < RECORDING.length || has('revokeGroup')) {
    throw new CognestError(
      'config_invalid',
      `"revocations" has some methods of a RevocationList but not ${missing.join(' and ')}; have all of them, ` +
        'or "isRevoked" alone',
    );
  }
  return besideMemory(given, new OwnRevocations(now));
}

/** A source that can be asked only: what the services end is kept in memory beside it. */
function besideMemory(source: Revocations, memory: OwnRevocations): RevocationList {
  const ask = memory.isRevoked.bind(memory);
  return Object.assign(memory, {
    isRevoked: (claims: CognitoClaims) => (ask(claims) ? true : source.isRevoked(claims)),
  });
}
