import { Inject, Injectable } from '@nestjs/common';
import { GUARDS_METADATA, SSE_METADATA } from '@nestjs/common/constants.js';
import { CognestError } from '../errors/cognest-error.js';
import { nameInClass, writtenMethods } from '../handlers/written-methods.js';
import type { ProtectMode, ResolvedCognitoOptions } from '../options/cognito-options.js';
import { declaredRule, decoratorsOf, ownRule, writtenRules } from '../policy/access-rule.js';
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
  readonly #vouched = new WeakSet<AnyFunction>();

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    this.anyUser = Object.freeze({ tokenUse: options.tokenUse });
    this.#pools = options.pools.map(({ name }) => name);
  }

  /**
   * @param mode - what becomes of a handler about which nothing is said.
   * @throws {CognestError} `config_invalid` for a function that an instance has put in the place of a method, where the
   *   method may have had a rule.
   */
  for(handler: AnyFunction, cls: AnyFunction, mode: ProtectMode): EffectiveRule {
    const known = this.#rules.get(handler)?.get(cls);
    if (known !== undefined) return known[mode];
    // A function of one instance may be one of one request: what holds for it is its class's, and kept there.
    if (!this.#isMethod(handler, cls)) return this.for(cls, cls, mode);
    const byClass = this.#rules.get(handler) ?? new WeakMap<AnyFunction, RuleByMode>();
    const rules = this.#resolve(handler, cls);
    this.#rules.set(handler, byClass.set(cls, rules));
    return rules[mode];
  }

  /** Says of a function that an instance has instead of a method that the method has no rule of its own. */
  vouchFor(handler: AnyFunction): void {
    this.#vouched.add(handler);
  }

  /**
   * Whether a handler is a method as it is written, or a function with a rule of its own. Nest hands the guard what the
   * instance has under the method's name, and not the name: of a function that the instance has put there nobody can
   * tell which method's rule it has lost. Instances for one request are made after the boot has looked at everything.
   */
  #isMethod(handler: AnyFunction, cls: AnyFunction): boolean {
    if (handler === cls || this.#vouched.has(handler)) return true;
    const name = nameInClass(cls, handler);
    const own = ownRule(handler);
    if (name !== undefined) {
      const written = writtenRules(cls.prototype as object, name).own;
      if (written === undefined || written === own) return true;
      throw replaced(cls, name, decoratorsOf(written));
    }
    if (own !== undefined) return true;
    const lost = ruledMethod(cls);
    if (lost !== undefined) throw replaced(cls, handler.name.replace(/^(?:bound )+/, ''), lost);
    return false;
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

/** What stands on a method of a class that may have been replaced. */
function ruledMethod(cls: AnyFunction): string | undefined {
  for (const { name, method, owner } of writtenMethods(cls)) {
    const rule = ownRule(method) ?? writtenRules(owner, name).own;
    if (rule !== undefined) return `${decoratorsOf(rule)} of ${name}()`;
    // Nest reads them from the function that it calls, too.
    if (Reflect.hasOwnMetadata(GUARDS_METADATA, method)) return `@UseGuards() of ${name}()`;
  }
  return undefined;
}

function replaced(cls: AnyFunction, name: string, lost: string): CognestError {
  return new CognestError(
    'config_invalid',
    `${cls.name || '(anonymous class)'}.${name || '(anonymous)'}: the instance replaces the method (a bind in the ` +
      `constructor, or a property that is an arrow function?), so that ${lost} may have no effect; nobody is let in. ` +
      'Leave the methods as they are',
  );
}
