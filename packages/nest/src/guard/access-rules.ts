import { Inject, Injectable } from '@nestjs/common';
import type { ProtectMode, ResolvedCognitoOptions } from '../options/cognito-options.js';
import { declaredRule } from '../policy/access-rule.js';
import { homePoolOf } from '../policy/home-pool.js';
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
  readonly #closed: EffectiveRule & { readonly access: 'guarded' };
  readonly #pools: readonly string[];

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    this.anyUser = Object.freeze({ tokenUse: options.tokenUse });
    this.#closed = { access: 'guarded', policy: this.anyUser, optional: false, from: [] };
    this.#pools = options.pools.map(({ name }) => name);
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
    if (rule.access !== 'undecided' || mode !== 'all') return rule;
    const home = this.#atHome(cls);
    return home === undefined
      ? this.#closed
      : { ...this.#closed, policy: Object.freeze({ ...home, ...this.anyUser }) };
  }

  #resolve(handler: AnyFunction, cls: AnyFunction): EffectiveRule {
    const declared = declaredRule(handler, cls);
    if (declared === undefined) return UNDECIDED;
    if (declared.kind === 'public') return PUBLIC;
    const { policy, optional, from } = declared;
    return {
      access: 'guarded',
      policy: Object.freeze({ ...this.#atHome(cls), ...this.anyUser, ...policy }),
      optional,
      from,
    };
  }

  /** The condition of a class that acts on one pool. Where there is one pool alone, it says nothing. */
  #atHome(cls: AnyFunction): Pick<Policy, 'pool'> | undefined {
    const home = homePoolOf(cls);
    const [first] = this.#pools;
    if (home === undefined || first === undefined || this.#pools.length === 1) return undefined;
    return { pool: [home.pool ?? first] };
  }
}
