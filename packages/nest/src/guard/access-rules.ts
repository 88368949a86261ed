import { Inject, Injectable } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
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
      /** Whether the answer is a stream of events, `@Sse()`, which ends with the token. */
      readonly streams: boolean;
    };

/** The rule of one handler under either mode. */
type RuleByMode = Readonly<Record<ProtectMode, EffectiveRule>>;

const PUBLIC: EffectiveRule = { access: 'public' };
const UNDECIDED: EffectiveRule = { access: 'undecided' };

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** The effective rule of every handler; worked out once for each. */
@Injectable()
export class AccessRules {
  /** The policy of a handler for which nothing more is said: any valid token of the module's kind. */
  readonly anyUser: Policy;
  readonly #rules = new WeakMap<AnyFunction, WeakMap<AnyFunction, RuleByMode>>();
  readonly #pools: readonly string[];

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    this.anyUser = Object.freeze({ tokenUse: options.tokenUse });
    this.#pools = options.pools.map(({ name }) => name);
  }

  /** @param mode - what becomes of a handler about which nothing is said. */
  for(handler: AnyFunction, cls: AnyFunction, mode: ProtectMode): EffectiveRule {
    let byClass = this.#rules.get(handler);
    if (byClass === undefined) {
      byClass = new WeakMap();
      this.#rules.set(handler, byClass);
    }
    let rules = byClass.get(cls);
    if (rules === undefined) {
      rules = this.#resolve(handler, cls);
      byClass.set(cls, rules);
    }
    return rules[mode];
  }

  #resolve(handler: AnyFunction, cls: AnyFunction): RuleByMode {
    const declared = declaredRule(handler, cls);
    if (declared?.kind === 'public') return { all: PUBLIC, decorated: PUBLIC };
    const { policy, optional = false, from = [] } = declared ?? {};
    const home = this.#atHome(cls);
    const plain = home === undefined && policy === undefined;
    const guarded: EffectiveRule = {
      access: 'guarded',
      policy: plain ? this.anyUser : Object.freeze({ ...home, ...this.anyUser, ...policy }),
      optional,
      from,
      streams: Boolean(Reflect.getMetadata(SSE_METADATA, handler)),
    };
    return { all: guarded, decorated: declared === undefined ? UNDECIDED : guarded };
  }

  /** The condition of a class that acts on one pool. Where there is one pool alone, it says nothing. */
  #atHome(cls: AnyFunction): Pick<Policy, 'pool'> | undefined {
    const home = homePoolOf(cls);
    const [first] = this.#pools;
    if (home === undefined || first === undefined || this.#pools.length === 1) return undefined;
    return { pool: [home.pool ?? first] };
  }
}
