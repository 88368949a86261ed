import { declareRule } from '../policy/access-rule.js';
import { type GroupPolicy, type Policy, type PolicyInput, readPolicy } from '../policy/policy.js';

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

/** Lets everybody in, with or without a token, which is not looked at. */
export function Public(): AccessDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void =>
    declareRule({ kind: 'public' }, '@Public()', target, key, descriptor);
}

function decorator(name: string, policy: Policy): AccessDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void =>
    declareRule({ kind: 'policy', policy, from: [name] }, name, target, key, descriptor);
}
