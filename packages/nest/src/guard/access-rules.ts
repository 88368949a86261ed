import { Inject, Injectable } from '@nestjs/common';
import type { ProtectMode, ResolvedCognitoOptions } from '../options/cognito-options.js';
import { declaredRule } from '../policy/access-rule.js';
import type { Policy } from '../policy/policy.js';
import { RESOLVED_OPTIONS } from '../tokens.js';

/** What holds for a handler when everything is taken into account. */
export type EffectiveRule =
  /** Said to be open: `@Public()`. */
  | { readonly access: 'public' }
  /** Nothing is said, and the mode is `'decorated'`. */
  | { readonly access: 'undecided' }
  | {
      readonly access: 'guarded';
      readonly policy: Policy;
      /** Who brings no credential is let in, too, as nobody: `@OptionalAuth()`. */
      readonly optional: boolean;
      /** The decorators it came from; none where the module's `protect` alone closes the handler. */
      readonly from: readonly string[];
    };

const PUBLIC: EffectiveRule = { access: 'public' };
const UNDECIDED: EffectiveRule = { access: 'undecided' };

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** The effective rule of every handler; worked out once for each. */
@Injectable()
export class AccessRules {
  /** The policy of a handler for which nothing more is said: any valid token of the module's kind. */
  readonly anyUser: Policy;
  readonly #declared = new WeakMap<AnyFunction, WeakMap<AnyFunction, EffectiveRule>>();
  readonly #closed: EffectiveRule;

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    this.anyUser = Object.freeze({ tokenUse: options.tokenUse });
    this.#closed = { access: 'guarded', policy: this.anyUser, optional: false, from: [] };
  }

  /** @param mode - what becomes of a handler about which nothing is said. */
  for(handler: AnyFunction, cls: AnyFunction, mode: ProtectMode): EffectiveRule {
    let byClass = this.#declared.get(handler);
    if (byClass === undefined) {
      byClass = new WeakMap();
      this.#declared.set(handler, byClass);
    }
    let rule = byClass.get(cls);
    if (rule === undefined) {
      rule = this.#resolve(handler, cls);
      byClass.set(cls, rule);
    }
    return rule.access === 'undecided' && mode === 'all' ? this.#closed : rule;
  }

  #resolve(handler: AnyFunction, cls: AnyFunction): EffectiveRule {
    const declared = declaredRule(handler, cls);
    if (declared === undefined) return UNDECIDED;
    if (declared.kind === 'public') return PUBLIC;
    const { policy, optional, from } = declared;
    return { access: 'guarded', policy: Object.freeze({ ...this.anyUser, ...policy }), optional, from };
  }
}
