import { declareRule } from '../policy/access-rule.js';
import {
  type GroupPolicy,
  type Policy,
  type PolicyInput,
  readPolicy,
  refuseParts,
  type ScopePolicy,
} from '../policy/policy.js';

/** Stands on a controller or on one of its handlers; the handler's rule replaces the controller's. */
export type AccessDecorator = ClassDecorator & MethodDecorator;

/**
 * Lets in who meets every part of the policy. `@Authorize()` lets in anyone with a valid token.
 *
 * @example `@Authorize({ groups: { all: ['admin', 'finance'] }, maxAuthAgeS: 300 })`
 * @throws {CognestError} `config_invalid`, at once, for an empty list, a misspelt member or a contradiction.
 */
export function Authorize(policy: PolicyInput = {}): AccessDecorator {
  return decorator('@Authorize()', readPolicy('@Authorize()', policy));
}

/**
 * Lets in users of the groups: any of the names, or `{ any, all, none }` of which every part that is given must hold.
 * Names are compared exactly, case and all.
 *
 * @example `@Groups('editor', 'admin')`
 * @example `@Groups({ all: ['admin', 'finance'], none: ['suspended'] })`
 * @throws {CognestError} `config_invalid`, at once, for an empty list, a misspelt member or a contradiction.
 */
export function Groups(group: string, ...others: string[]): AccessDecorator;
export function Groups(groups: GroupPolicy): AccessDecorator;
export function Groups(...given: [GroupPolicy] | string[]): AccessDecorator {
  const [first] = given;
  const groups = typeof first === 'object' && given.length === 1 ? first : (given as string[]);
  return decorator('@Groups()', readPolicy('@Groups()', { groups }));
}

/**
 * Lets in tokens with the OAuth scopes: any of the names, or `{ any, all }` of which every part that is given must
 * hold. Names are compared exactly, as `<resource server>/<scope>`.
 *
 * @example `@Scopes('reports/read')`
 * @throws {CognestError} `config_invalid`, at once, for an empty list, a misspelt member or a contradiction.
 */
export function Scopes(scope: string, ...others: string[]): AccessDecorator;
export function Scopes(scopes: ScopePolicy): AccessDecorator;
export function Scopes(...given: [ScopePolicy] | string[]): AccessDecorator {
  const [first] = given;
  const scopes = typeof first === 'object' && given.length === 1 ? first : (given as string[]);
  return decorator('@Scopes()', readPolicy('@Scopes()', { scopes }));
}

/** Which tokens count where none is needed. Conditions on the user have no place here: see {@link OptionalAuth}. */
export type OptionalAuthInput = Pick<PolicyInput, 'tokenUse' | 'clientId' | 'pool'>;

/**
 * Lets in who sends no credential, as nobody: `@CurrentUser()` and `@AccessToken()` are `undefined`. A credential that
 * is sent must be good: an expired or forged one is refused as anywhere else, so that nobody goes on as nobody without
 * knowing it. It stands alone: a condition could be got around by sending nothing.
 *
 * @example `@OptionalAuth()`
 * @throws {CognestError} `config_invalid`, at once, for a misspelt member or one that is no matter of the token.
 */
export function OptionalAuth(tokens: OptionalAuthInput = {}): AccessDecorator {
  const policy = readPolicy('@OptionalAuth()', tokens);
  refuseParts('@OptionalAuth()', policy, ['tokenUse', 'clientId', 'pool']);
  return decorator('@OptionalAuth()', policy, true);
}

/** Lets everybody in, with or without a token, which is not looked at. */
export function Public(): AccessDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void =>
    declareRule({ kind: 'public' }, '@Public()', target, key, descriptor);
}

function decorator(name: string, policy: Policy, optional = false): AccessDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void =>
    declareRule({ kind: 'policy', policy, optional, from: [name] }, name, target, key, descriptor);
}
