import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';

/** What can be said about the SDK's client, and about how it sends, by name. */
interface Settings {
  readonly client: ReadonlySet<string>;
  readonly requestHandler: ReadonlySet<string>;
}

let found: Settings | undefined;

/**
 * The settings that the installed SDK reads: what a new client asks its configuration for, and what it has then. There
 * is no list of them at run time, and this one is not complete: a few are read when they are needed.
 */
function knownSettings(): Settings {
  if (found !== undefined) return found;
  const client = new Set<string>();
  const requestHandler = new Set<string>();
  const made = new CognitoIdentityProviderClient(
    noting(client, { requestHandler: noting(requestHandler, {}) }),
  );
  for (const name of Object.keys(made.config)) client.add(name);
  made.destroy();
  found = { client, requestHandler };
  return found;
}

/** An object that notes down what it is asked for. */
function noting<Given extends object>(names: Set<string>, given: Given): Given {
  return new Proxy(given, {
    get(target, name, receiver) {
      if (typeof name === 'string') names.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
}

/**
 * Refuses a setting that is nearly one of the SDK's. Any other that the SDK does not seem to know is handed on with a
 * warning, since a later SDK, or a plug-in of the app's, may know it.
 *
 * @param quoted - the name of a member as messages quote it.
 * @throws {CognestError} `config_invalid`
 */
export function checkClientSettings(
  given: object,
  of: keyof Settings,
  quoted: (member: string) => string,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const known = knownSettings()[of];
    if (known.has(name)) continue;
    const meant = [...known].find((setting) => isNear(name.toLowerCase(), setting.toLowerCase()));
    if (meant !== undefined) {
      throw new CognestError(
        'config_invalid',
        `${quoted(name)} is no setting of the AWS SDK's client; did you mean "${meant}"?`,
      );
    }
    new Logger('CognitoModule').warn(
      `${quoted(name)} is no setting that the installed AWS SDK is known to read: it is handed on as it is`,
    );
  }
}

/** Whether one is the other with a slip: one letter for every four, two at most. */
function isNear(one: string, other: string): boolean {
  const most = Math.min(2, Math.floor(other.length / 4));
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** How many letters must be put in, left out, changed or swapped with their neighbour. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last: number[] = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next[column] = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = next;
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] as number;
}
