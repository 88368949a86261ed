import { readFile } from 'node:fs/promises';
import { findUnknownMember } from '../model/find-unknown-member.js';
import { validateInput } from '../model/read-input.js';
import type { Seed, SeedClient, SeedGroup, SeedPool, SeedUser } from './seed.js';

/** A seed that has been read and checked; attributes are strings, lists are there. */
export interface CheckedSeed {
  readonly pools: readonly CheckedPool[];
}

export interface CheckedPool extends SeedPool {
  readonly settings: NonNullable<SeedPool['settings']>;
  readonly mfa?: NonNullable<SeedPool['mfa']>;
  readonly clients: readonly CheckedClient[];
  readonly groups: readonly SeedGroup[];
  readonly users: readonly CheckedUser[];
}

export interface CheckedClient extends SeedClient {
  readonly settings: NonNullable<SeedClient['settings']>;
}

export interface CheckedUser extends SeedUser {
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
}

/** YAML aliases may multiply a small file into a huge one. */
const MAX_ALIASES = 100;

/**
 * Reads a seed from code or from a JSON or YAML file, and checks it whole.
 *
 * @throws SeedError naming the place, e.g. `pools[0].users[2].groups[1]`.
 */
export async function readSeed(seed: Seed | string): Promise<CheckedSeed> {
  if (typeof seed !== 'string') return checkSeed(seed);
  const text = await readFile(seed, 'utf8').catch((error: unknown) => {
    throw new SeedError(`The seed file ${seed} cannot be read: ${reason(error)}`, { cause: error });
  });
  try {
    return checkSeed(await parse(text));
  } catch (error) {
    throw error instanceof SeedError ? error.in(seed) : error;
  }
}

/** A seed that does not fit. The message names the place in it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';

  /** The same, naming the file that the seed is from. */
  in(file: string): SeedError {
    return new SeedError(`${file}: ${this.message}`, { cause: this });
  }

  static at(path: string, problem: string): SeedError {
    return new SeedError(`${path}: ${problem}`);
  }
}

async function parse(text: string): Promise<unknown> {
  try {
    if (text.trimStart().startsWith('{')) return JSON.parse(text);
    const yaml = await import('yaml');
    return yaml.parse(text, { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new SeedError(
      `neither JSON nor YAML (a seed in code is given to startCognito({ seed })): ${reason(error)}`,
      { cause: error },
    );
  }
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

export function checkSeed(seed: unknown): CheckedSeed {
  const { pools } = fields(seed, '', ['pools']);
  const checked = list(pools, 'pools', true).map((pool, index) => checkPool(pool, `pools[${index}]`));
  unique(checked, 'pools', 'id');
  unique(checked, 'pools', 'name');
  return { pools: checked };
}

function checkPool(json: unknown, path: string): CheckedPool {
  const pool = fields(json, path, ['id', 'name', 'settings', 'mfa', 'clients', 'groups', 'users']);
  const name = text(pool.name, `${path}.name`);
  const id = optional(pool.id, (value) => text(value, `${path}.id`));
  if (id !== undefined && !/^[\w-]+_[0-9a-zA-Z]+$/.test(id)) {
    throw SeedError.at(`${path}.id`, `must look like us-east-1_Abc123, got "${id}"`);
  }
  const settings = checkSettings('CreateUserPool', pool.settings, { PoolName: name }, `${path}.settings`);
  const mfa = optional(pool.mfa, (value) =>
    checkSettings('SetUserPoolMfaConfig', value, { UserPoolId: 'us-east-1_seed' }, `${path}.mfa`),
  );
  const part = <T>(key: 'clients' | 'groups' | 'users', check: (json: unknown, path: string) => T): T[] =>
    list(pool[key], `${path}.${key}`).map((item, index) => check(item, `${path}.${key}[${index}]`));
  const clients = part('clients', checkClient);
  const groups = part('groups', checkGroup);
  const users = part('users', checkUser);
  unique(clients, `${path}.clients`, 'id');
  unique(clients, `${path}.clients`, 'name');
  unique(groups, `${path}.groups`, 'name');
  unique(users, `${path}.users`, 'username');
  const groupNames = new Set(groups.map((group) => group.name));
  for (const [u, user] of users.entries()) {
    for (const [g, group] of user.groups.entries()) {
      if (!groupNames.has(group)) {
        const known = [...groupNames].map((known) => `"${known}"`).join(', ') || 'none';
        throw SeedError.at(
          `${path}.users[${u}].groups[${g}]`,
          `"${group}" is no group of this pool; groups: ${known}`,
        );
      }
    }
  }
  return { ...given('id', id), name, settings, ...given('mfa', mfa), clients, groups, users };
}

function checkClient(json: unknown, path: string): CheckedClient {
  const client = fields(json, path, ['id', 'name', 'secret', 'settings']);
  const name = text(client.name, `${path}.name`);
  const id = optional(client.id, (value) => text(value, `${path}.id`));
  if (id !== undefined && !/^[\w+]{1,128}$/.test(id)) {
    throw SeedError.at(`${path}.id`, `must be 1 to 128 letters, digits, "_" or "+", got "${id}"`);
  }
  const secret = optional(client.secret, (value) => text(value, `${path}.secret`));
  if (secret !== undefined && !/^[\w+]{24,64}$/.test(secret)) {
    throw SeedError.at(`${path}.secret`, 'must be 24 to 64 letters, digits, "_" or "+"');
  }
  const given = { UserPoolId: 'us-east-1_seed', ClientName: name };
  const settings = checkSettings('CreateUserPoolClient', client.settings, given, `${path}.settings`);
  return {
    ...(id === undefined ? {} : { id }),
    name,
    ...(secret === undefined ? {} : { secret }),
    settings,
  };
}

function checkGroup(json: unknown, path: string): SeedGroup {
  const group = fields(json, path, ['name', 'description', 'precedence', 'roleArn']);
  const checked = {
    name: text(group.name, `${path}.name`),
    ...given(
      'description',
      optional(group.description, (value) => text(value, `${path}.description`)),
    ),
    ...given(
      'precedence',
      optional(group.precedence, (value) => integer(value, `${path}.precedence`)),
    ),
    ...given(
      'roleArn',
      optional(group.roleArn, (value) => text(value, `${path}.roleArn`)),
    ),
  } as SeedGroup;
  accept('CreateGroup', groupInput('us-east-1_seed', checked), path);
  return checked;
}

/** A group as the input of CreateGroup. */
export function groupInput(UserPoolId: string, { name, description, precedence, roleArn }: SeedGroup) {
  return {
    UserPoolId,
    GroupName: name,
    ...given('Description', description),
    ...given('Precedence', precedence),
    ...given('RoleArn', roleArn),
  };
}

function checkUser(json: unknown, path: string): CheckedUser {
  const user = fields(json, path, [
    'username',
    'password',
    'temporaryPassword',
    'attributes',
    'groups',
    'totpSecret',
    'mfa',
  ]);
  const username = text(user.username, `${path}.username`);
  const password = optional(user.password, (value) => text(value, `${path}.password`));
  const temporaryPassword = optional(user.temporaryPassword, (value) =>
    text(value, `${path}.temporaryPassword`),
  );
  if ((password === undefined) === (temporaryPassword === undefined)) {
    throw SeedError.at(path, 'give exactly one of "password" and "temporaryPassword"');
  }
  const attributes = Object.fromEntries(
    Object.entries(map(user.attributes ?? {}, `${path}.attributes`)).map(([name, value]) => [
      name,
      attribute(value, `${path}.attributes.${name}`),
    ]),
  );
  const groups = list(user.groups, `${path}.groups`).map((group, index) =>
    text(group, `${path}.groups[${index}]`),
  );
  const totpSecret = optional(user.totpSecret, (value) => text(value, `${path}.totpSecret`));
  if (totpSecret !== undefined && !/^[A-Z2-7]{16,128}$/.test(totpSecret)) {
    throw SeedError.at(`${path}.totpSecret`, 'must be 16 to 128 letters A to Z and digits 2 to 7 (base32)');
  }
  const key = { UserPoolId: 'us-east-1_seed', Username: username };
  const mfa = optional(user.mfa, (value) =>
    checkSettings('AdminSetUserMFAPreference', value, key, `${path}.mfa`),
  );
  const checked = {
    username,
    ...given('password', password),
    ...given('temporaryPassword', temporaryPassword),
    attributes,
    groups,
    ...given('totpSecret', totpSecret),
    ...given('mfa', mfa),
  } as CheckedUser;
  accept('AdminCreateUser', userInput('us-east-1_seed', checked), path);
  return checked;
}

/** A user as the input of AdminCreateUser. Nobody is to be invited: the seed holds the password. */
export function userInput(
  UserPoolId: string,
  { username, password, temporaryPassword, attributes }: CheckedUser,
) {
  return {
    UserPoolId,
    Username: username,
    TemporaryPassword: temporaryPassword ?? password,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    MessageAction: 'SUPPRESS' as const,
  };
}

/** YAML reads `+15550100` and `007` as numbers and loses the sign and the zeros, so numbers are refused. */
function attribute(value: unknown, path: string): string {
  if (typeof value === 'boolean') return String(value);
  return text(value, path);
}

function checkSettings(
  operation: string,
  settings: unknown,
  rest: object,
  path: string,
): Record<string, unknown> {
  const checked = map(settings ?? {}, path);
  for (const key of Object.keys(rest)) {
    if (Object.hasOwn(checked, key))
      throw SeedError.at(`${path}.${key}`, 'is given beside the settings already');
  }
  const unknown = findUnknownMember(operation, checked);
  if (unknown !== undefined) throw SeedError.at(`${path}.${unknown}`, `${operation} has no such member`);
  accept(operation, { ...checked, ...rest }, path);
  return checked;
}

/** Runs the API's own constraints over what the seed will ask for. */
function accept(operation: string, input: object, path: string): void {
  try {
    validateInput(operation, input);
  } catch (error) {
    const problem =
      error instanceof Error && error.message !== '' ? error.message : 'a value of the wrong type';
    throw new SeedError(`${path}: ${problem}`, { cause: error });
  }
}

function fields<K extends string>(
  json: unknown,
  path: string,
  keys: readonly K[],
): Partial<Record<K, unknown>> {
  const record = map(json, path || 'the seed');
  for (const key of Object.keys(record)) {
    if (!(keys as readonly string[]).includes(key)) {
      throw SeedError.at(path ? `${path}.${key}` : key, `unknown key; known: ${keys.join(', ')}`);
    }
  }
  return record as Partial<Record<K, unknown>>;
}

function map(json: unknown, path: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw SeedError.at(path, `must be an object, got ${kindOf(json)}`);
  }
  return json as Record<string, unknown>;
}

function list(json: unknown, path: string, required = false): unknown[] {
  if (json === undefined && !required) return [];
  if (!Array.isArray(json)) throw SeedError.at(path, `must be a list, got ${kindOf(json)}`);
  return json;
}

function text(json: unknown, path: string): string {
  if (typeof json === 'string' && json !== '') return json;
  const quotes = typeof json === 'number' || typeof json === 'boolean' ? '; put it in quotes' : '';
  throw SeedError.at(path, `must be a non-empty string, got ${kindOf(json)}${quotes}`);
}

function integer(json: unknown, path: string): number {
  if (Number.isInteger(json)) return json as number;
  throw SeedError.at(path, `must be an integer, got ${kindOf(json)}`);
}

function kindOf(json: unknown): string {
  if (json === undefined) return 'nothing';
  if (json === null) return 'null';
  if (json === '') return 'an empty string';
  return Array.isArray(json) ? 'a list' : `${/^[aeiou]/.test(typeof json) ? 'an' : 'a'} ${typeof json}`;
}

function optional<T>(json: unknown, read: (json: unknown) => T): T | undefined {
  return json === undefined ? undefined : read(json);
}

function given<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}

function unique<T>(items: readonly T[], path: string, key: keyof T & string): void {
  const seen = new Map<unknown, number>();
  for (const [index, item] of items.entries()) {
    const value = item[key];
    if (value === undefined) continue;
    const first = seen.get(value);
    if (first !== undefined) {
      throw SeedError.at(`${path}[${index}].${key}`, `"${value}" is taken by ${path}[${first}]`);
    }
    seen.set(value, index);
  }
}
