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
  | { readonly access: 'guarded'; readonly policy: Policy; readonly from: readonly string[] };

const PUBLIC: EffectiveRule = { access: 'public' };
const UNDECIDED: EffectiveRule = { access: 'undecided' };

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** The effective rule of every handler; worked out once for each. */
@Injectable()
export class AccessRules {
  /** The policy of a handler for which nothing more is said: any valid token of the module's kind. */
  readonly anyUser: Policy;
  readonly #modes: Record<ProtectMode, WeakMap<AnyFunction, WeakMap<AnyFunction, EffectiveRule>>> = {
    all: new WeakMap(),
    decorated: new WeakMap(),
  };

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    this.anyUser = Object.freeze({ tokenUse: options.tokenUse });
  }

  /** @param mode - what becomes of a handler about which nothing is said. */
  for(handler: AnyFunction, cls: AnyFunction, mode: ProtectMode): EffectiveRule {
    let byClass = this.#modes[mode].get(handler);
    if (byClass === undefined) {
      byClass = new WeakMap();
      this.#modes[mode].set(handler, byClass);
    }
    let rule = byClass.get(cls);
    if (rule === undefined) {
      rule = this.#resolve(handler, cls, mode);
      byClass.set(cls, rule);
    }
    return rule;
  }

  #resolve(handler: AnyFunction, cls: AnyFunction, mode: ProtectMode): EffectiveRule {
    const declared = declaredRule(handler, cls);
    if (declared?.kind === 'public') return PUBLIC;
    if (declared !== undefined) {
      return {
        access: 'guarded',
        policy: Object.freeze({ ...this.anyUser, ...declared.policy }),
        from: declared.from,
      };
    }
    return mode === 'all' ? { access: 'guarded', policy: this.anyUser, from: [] } : UNDECIDED;
  }
}
