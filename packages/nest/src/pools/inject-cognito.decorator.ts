import { Inject } from '@nestjs/common';
import { configInvalid } from '../errors/cognest-error.js';
import { POOL_PARTS, type PoolPartClass } from './cognito-pool.js';

/** A name with what is injected of the pool; nothing is the pool itself. */
interface Requested {
  readonly name: string;
  readonly part: PoolPartClass | undefined;
}

// What decorators have asked for, in the whole process, by token. The module makes a provider for each, so that a name
// that is not configured is answered in this package's words. It holds no state of any app.
const requested = new Map<string, Requested>();

/**
 * Injects a pool's {@link CognitoPool}, or one of its services, or its SDK client. Without a name: the default pool.
 *
 * @example `constructor(@InjectCognito('partners') private readonly partners: CognitoPool)`
 * @example `constructor(@InjectCognito('partners', CognitoUsersService) private readonly users: CognitoUsersService)`
 * @throws {CognestError} `config_invalid` at boot for a name that is not configured.
 */
export function InjectCognito(name?: string, part?: PoolPartClass): PropertyDecorator & ParameterDecorator {
  const token = getCognitoToken(name, part);
  if (name !== undefined) requested.set(token, { name, part });
  return Inject(token);
}

/**
 * What {@link InjectCognito} injects by: for `app.get()`, and for `overrideProvider()` in tests.
 *
 * @throws {CognestError} `config_invalid` for a class of which pools have none.
 */
export function getCognitoToken(name?: string, part?: PoolPartClass): string {
  const pool = name === undefined ? 'CognitoPool' : `CognitoPool(${name})`;
  if (part === undefined) return pool;
  const member = POOL_PARTS.get(part);
  if (member !== undefined) return `${pool}.${member}`;
  const classes = [...POOL_PARTS.keys()].map((known) => known.name).join(', ');
  throw configInvalid('@InjectCognito(name, class)', `one of ${classes}`, part);
}

/** Every name that a decorator asks for, and with which class. */
export function requestedPools(): readonly Requested[] {
  return [...requested.values()];
}
