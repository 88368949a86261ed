import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HandlerDiscovery } from '../audit/handler-discovery.js';
import { userDecorators } from '../decorators/current-user.decorator.js';
import { CognestError } from '../errors/cognest-error.js';
import { LazyModules } from '../handlers/lazy-modules.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import {
  decoratorsOf,
  inheritedClassRule,
  isOpen,
  ownRule,
  type WrittenRules,
  writtenRules,
} from '../policy/access-rule.js';
import { refuseImpossible } from '../policy/policy.js';
import { poolNamesOf } from '../policy/pool-names.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { GuardedByCognito } from '../transports/attached-guard.js';
import { AccessRules } from './access-rules.js';
import { CognitoAuthGuard } from './cognito-auth.guard.js';
import { guardsOn } from './own-guard.js';
import { PolicyChecks } from './policy-checks.js';

/** Looks at every handler at boot, so that a rule that cannot work stops the boot and not a request. */
@Injectable()
export class RouteCheck implements OnModuleInit {
  readonly #discovery: HandlerDiscovery;
  readonly #rules: AccessRules;
  readonly #checks: PolicyChecks;
  readonly #options: ResolvedCognitoOptions;
  readonly #lazy: LazyModules;

  constructor(
    @Inject(HandlerDiscovery) discovery: HandlerDiscovery,
    @Inject(AccessRules) rules: AccessRules,
    @Inject(PolicyChecks) checks: PolicyChecks,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(LazyModules) lazy: LazyModules,
  ) {
    this.#discovery = discovery;
    this.#rules = rules;
    this.#checks = checks;
    this.#options = options;
    this.#lazy = lazy;
  }

  /** @throws {CognestError} `config_invalid`, naming the handler. */
  onModuleInit(): void {
    this.#checkHandlers();
    this.#lazy.onLoaded(() => this.#checkHandlers());
  }

  #checkHandlers(): void {
    for (const { where, name, handler, cls, prototype } of this.#discovery.methods()) {
      this.#check(where, handler, cls, writtenRules(prototype, name));
      refuseInheritedOpenness(where, name, handler, cls);
      this.#checkParameters(where, name, handler, cls);
    }
  }

  /** Nobody is authenticated on a public handler, unless some other guard there sees to it. */
  // biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
  #checkParameters(where: string, name: string, handler: Function, cls: Function): void {
    if (this.#rules.for(handler, cls, this.#options.protect).access !== 'public') return;
    if (guardsOn(cls, handler).some((guard) => !looksAtNoToken(guard))) return;
    const [decorator] = userDecorators(cls, name);
    if (decorator === undefined) return;
    throw new CognestError(
      'config_invalid',
      `${where} is @Public() and has a parameter with ${decorator}, but a token is not looked at there; ` +
        'say @OptionalAuth() if it is to know who comes, or take the parameter away',
    );
  }

  // biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
  #check(where: string, handler: Function, cls: Function, { own, overridden }: WrittenRules): void {
    const declared = ownRule(handler);
    if (own !== undefined && declared !== own) {
      const decorators = decoratorsOf(own);
      throw new CognestError(
        'config_invalid',
        `${where}: ${decorators} has no effect, because a decorator above replaces the method; put ${decorators} first`,
      );
    }
    // An override that is no handler itself, having none of Nest's metadata, is reached by nobody.
    if (
      declared === undefined &&
      overridden?.kind === 'policy' &&
      Reflect.getMetadataKeys(handler).length > 0
    ) {
      const decorators = decoratorsOf(overridden);
      throw new CognestError(
        'config_invalid',
        `${where} overrides a handler with ${decorators} and says nothing itself; decorate it, with @Authorize() at least`,
      );
    }
    const inherited = declared === undefined ? inheritedClassRule(cls) : undefined;
    if (inherited !== undefined && isOpen(inherited) && Reflect.getMetadataKeys(handler).length > 0) {
      const decorators = decoratorsOf(inherited);
      throw new CognestError(
        'config_invalid',
        `${where}: ${decorators} on a base class is not inherited; put ${decorators} on ${cls.name} or on the handler if it is to be open, @Authorize() if it is not`,
      );
    }
    const rule = this.#rules.for(handler, cls, this.#options.protect);
    if (rule.access !== 'guarded') return;
    refuseImpossible(where, rule.policy);
    const names = [...poolNamesOf(this.#options).values()];
    const unknown = rule.policy.pool?.filter((name) => !names.includes(name)) ?? [];
    if (unknown.length > 0) {
      throw new CognestError(
        'config_invalid',
        `${where}: there is no pool ${unknown.join(', ')}; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`,
      );
    }
    // The names of groups and scopes are each pool's own: whoever runs one of them may give any name.
    const { pool, groups, scopes } = rule.policy;
    if (names.length > 1 && pool === undefined && (groups !== undefined || scopes !== undefined)) {
      const said = groups === undefined ? 'scopes' : 'groups';
      throw new CognestError(
        'config_invalid',
        `${where}: ${rule.from.join(' and ')} names ${said} and not the pool whose ${said} they are; there are ` +
          `${names.join(', ')}: add @Authorize({ pool: '${names[0]}' }), or a list of pools`,
      );
    }
    if (rule.policy.check !== undefined) {
      try {
        this.#checks.predicate(rule.policy.check);
      } catch (cause) {
        if (!(cause instanceof CognestError)) throw cause;
        throw new CognestError('config_invalid', `${where}: ${cause.message}`, { cause });
      }
    }
    const strangers =
      rule.policy.clientId?.filter((id) => !this.#options.acceptedClientIds.includes(id)) ?? [];
    if (strangers.length > 0) {
      throw new CognestError(
        'config_invalid',
        `${where}: no token of the app client ${strangers.join(', ')} is ever accepted; name it in "trustedClientIds"`,
      );
    }
  }
}

/** The module's own guard, under either of its names, lets everybody through where a handler is public. */
const looksAtNoToken = (guard: unknown): boolean => guard === CognitoAuthGuard || guard === GuardedByCognito;

/** A subclass that sets conditions, and has a handler that its base class has opened: which of the two is meant? */
// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
function refuseInheritedOpenness(where: string, name: string, handler: Function, cls: Function): void {
  const rule = ownRule(handler);
  if (rule === undefined || !isOpen(rule)) return;
  let prototype: unknown = cls.prototype;
  while (typeof prototype === 'object' && prototype !== null && !Object.hasOwn(prototype, name)) {
    const conditions = ownRule(prototype.constructor);
    if (conditions !== undefined && !isOpen(conditions)) {
      throw new CognestError(
        'config_invalid',
        `${where}: the base class opens it with ${decoratorsOf(rule)}, and ${prototype.constructor.name} says ` +
          `${decoratorsOf(conditions)}; override ${name} there, and decorate it with the one that is to hold`,
      );
    }
    prototype = Object.getPrototypeOf(prototype);
  }
}
