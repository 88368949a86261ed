import 'reflect-metadata';
import { CognestError } from '../errors/cognest-error.js';
import { closeWithoutCognito } from '../guard/closed-without-cognito.guard.js';
import { type Policy, refuseImpossible } from './policy.js';

/** What the decorators on one class or one handler say. */
export type AccessRule =
  | { readonly kind: 'public' }
  | {
      readonly kind: 'policy';
      readonly policy: Policy;
      /** Who brings no credential is let in, too, as nobody. */
      readonly optional: boolean;
      /** The decorators it came from, for messages. */
      readonly from: readonly string[];
    };

const ACCESS_RULE = 'cognest:access-rule';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** Adds a rule to the class or handler that a decorator stands on. */
export function declareRule(
  rule: AccessRule,
  decorator: string,
  target: object,
  key: string | symbol | undefined,
  descriptor: PropertyDescriptor | undefined,
): void {
  if (key === undefined) {
    const where = nameOf(target);
    Reflect.defineMetadata(ACCESS_RULE, combine(where, ownRule(target), rule, decorator), target);
    if (rule.kind === 'policy' && typeof target === 'function') closeWithoutCognito(target);
    return;
  }
  const where = `${nameOf(typeof target === 'function' ? target : target.constructor)}.${String(key)}`;
  const handler: unknown = descriptor?.value;
  if (typeof handler !== 'function' || typeof target === 'function') {
    throw new CognestError(
      'config_invalid',
      `${decorator} stands on a class or an instance method, not on ${where}`,
    );
  }
  const combined = combine(where, ownRule(handler), rule, decorator);
  Reflect.defineMetadata(ACCESS_RULE, combined, handler);
  // Kept a second time beside the function: a decorator above that replaces the function would lose the rule.
  Reflect.defineMetadata(ACCESS_RULE, combined, target, key);
  // The class, and not the method, which a decorator above may replace.
  if (rule.kind === 'policy') closeWithoutCognito(target.constructor);
}

/** The rule declared on exactly this class or handler. */
export function ownRule(target: object): AccessRule | undefined {
  return Reflect.getOwnMetadata(ACCESS_RULE, target) as AccessRule | undefined;
}

/**
 * The rule for a handler of a class: its own, else its class's, else the policy of the nearest base class, else none.
 * Conditions are inherited; openness is not, since `@Public()` or `@OptionalAuth()` on a base class says nothing about handlers that others
 * add in another file.
 */
export function declaredRule(handler: AnyFunction, cls: AnyFunction): AccessRule | undefined {
  const declared = ownRule(handler) ?? ownRule(cls);
  if (declared !== undefined) return declared;
  const inherited = inheritedClassRule(cls);
  return inherited !== undefined && isOpen(inherited) ? undefined : inherited;
}

/** Whether a rule lets in who brings no credential. */
export function isOpen(rule: AccessRule): boolean {
  return rule.kind === 'public' || rule.optional;
}

/** The decorators that a rule came from, for messages. */
export function decoratorsOf(rule: AccessRule): string {
  return rule.kind === 'public' ? '@Public()' : rule.from.join(' and ');
}

/** The rule on the nearest base class, for a class that has none itself. */
export function inheritedClassRule(cls: AnyFunction): AccessRule | undefined {
  if (ownRule(cls) !== undefined) return undefined;
  return Reflect.getMetadata(ACCESS_RULE, cls) as AccessRule | undefined;
}

/** What stands in the source above a method, whatever function is there now. */
export interface WrittenRules {
  /** Above the method that the class uses. */
  readonly own: AccessRule | undefined;
  /** Above a method of a base class that it overrides. */
  readonly overridden: AccessRule | undefined;
}

export function writtenRules(prototype: object, key: string): WrittenRules {
  let owner: object | null = prototype;
  while (owner !== null && !Object.hasOwn(owner, key)) owner = Object.getPrototypeOf(owner) as object | null;
  const base = owner && (Object.getPrototypeOf(owner) as object | null);
  return {
    own: owner ? (Reflect.getOwnMetadata(ACCESS_RULE, owner, key) as AccessRule | undefined) : undefined,
    overridden: base ? (Reflect.getMetadata(ACCESS_RULE, base, key) as AccessRule | undefined) : undefined,
  };
}

function combine(
  where: string,
  before: AccessRule | undefined,
  rule: AccessRule,
  decorator: string,
): AccessRule {
  if (before === undefined) return rule;
  if (before.kind === 'public' || rule.kind === 'public') {
    throw new CognestError(
      'config_invalid',
      `${where} has ${decorator} beside ${decoratorsOf(before)}: it is either open or guarded, take one away`,
    );
  }
  if (before.optional || rule.optional) {
    throw new CognestError(
      'config_invalid',
      `${where} has ${decorator} beside ${decoratorsOf(before)}: who sends no token would get around the other one, ` +
        'take one away',
    );
  }
  for (const part of Object.keys(rule.policy)) {
    if (Object.hasOwn(before.policy, part)) {
      throw new CognestError(
        'config_invalid',
        `${where}: ${decorator} says "${part}", and so does ${decoratorsOf(before)}; say it once`,
      );
    }
  }
  const policy = Object.freeze({ ...before.policy, ...rule.policy });
  refuseImpossible(where, policy);
  return { kind: 'policy', policy, optional: false, from: [...before.from, ...rule.from] };
}

function nameOf(target: object): string {
  return typeof target === 'function' && target.name !== '' ? target.name : 'an anonymous class';
}
