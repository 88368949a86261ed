import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import { AccessRules } from '../guard/access-rules.js';
import { decidesItself, guardsOn, isOwnGuard } from '../guard/own-guard.js';
import { LazyModules } from '../handlers/lazy-modules.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import type { Policy } from '../policy/policy.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { auditTable } from './audit-table.js';
import type { EntryPoint } from './entry-points.js';
import { type DiscoveredMethod, HandlerDiscovery } from './handler-discovery.js';

/** A policy as JSON has it: `check` by its name. */
export type AuditedPolicy = Omit<Policy, 'check'> & { readonly check?: string };

/** One way in, and who may take it. */
export interface AuditedHandler extends EntryPoint {
  /** `Class.method`. */
  readonly handler: string;
  /**
   * `guarded`: who meets the policy. `optional`: they, and who brings no credential. `public`: everybody, since somebody
   * said so. `custom`: whom a class that extends `CognitoAuthGuard` and overrides `canActivate` or `handleRequest` lets
   * in, since nothing else is said (`protect: 'decorated'`). `undecided`: everybody, since nobody said anything
   * (`protect: 'decorated'`).
   */
  readonly access: 'guarded' | 'optional' | 'public' | 'custom' | 'undecided';
  /** What holds in the end, defaults included. With `guarded` and `optional`. */
  readonly policy?: AuditedPolicy;
  /** What decided: decorators, else the guard or the option. Empty with `undecided`. */
  readonly from: readonly string[];
  /** The guards that `@UseGuards()` puts on the handler and its class, by name. */
  readonly guards: readonly string[];
  /**
   * `true` where Nest makes an instance for each request, which nobody can look at beforehand: should it replace a
   * decorated method (a bind in the constructor), its requests are refused, whatever else is said here. Absent elsewhere:
   * there the boot has made sure that no instance does.
   */
  readonly perRequest?: true;
}

/**
 * Every HTTP route, resolver, subscription, gateway message and message pattern of the app with its effective policy.
 * Complete once the app is initialised.
 *
 * @example `console.log(JSON.stringify(app.get(CognitoRouteAudit), null, 2))`
 */
@Injectable()
export class CognitoRouteAudit implements OnModuleInit {
  readonly #discovery: HandlerDiscovery;
  readonly #rules: AccessRules;
  readonly #options: ResolvedCognitoOptions;
  readonly #lazy: LazyModules;
  readonly #logger = new Logger(CognitoRouteAudit.name);

  constructor(
    @Inject(HandlerDiscovery) discovery: HandlerDiscovery,
    @Inject(AccessRules) rules: AccessRules,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(LazyModules) lazy: LazyModules,
  ) {
    this.#discovery = discovery;
    this.#rules = rules;
    this.#options = options;
    this.#lazy = lazy;
  }

  /** @throws {CognestError} `config_invalid` with `audit: 'enforce'`, naming every undecided handler, and every custom one. */
  onModuleInit(): void {
    const { audit } = this.#options;
    if (audit === false) return;
    this.#logger.log(String(this));
    if (audit !== 'enforce') return;
    this.#enforce();
    this.#lazy.onLoaded(() => this.#enforce());
  }

  #enforce(): void {
    const { handlers } = this;
    const undecided = handlers.filter(({ access }) => access === 'undecided' || access === 'custom');
    if (undecided.length > 0) {
      const names = undecided.map(({ address, handler }) => `${address} (${handler})`);
      throw new CognestError(
        'config_invalid',
        `audit: "enforce" wants every handler decided; ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not: ` +
          'say @Public() or @OptionalAuth(), or @Authorize() or another condition',
      );
    }
  }

  /** In the order in which Nest knows them: by module, controllers before providers. */
  get handlers(): readonly AuditedHandler[] {
    return this.#discovery
      .methods()
      .flatMap((method) => method.entryPoints.map((entryPoint) => this.#audit(method, entryPoint)));
  }

  /** {@link handlers}, for `JSON.stringify`. */
  toJSON(): readonly AuditedHandler[] {
    return this.handlers;
  }

  /** The table that is logged at boot. */
  toString(): string {
    return auditTable(this.handlers);
  }

  #audit({ where, handler, cls, wrapper }: DiscoveredMethod, entryPoint: EntryPoint): AuditedHandler {
    const guards = guardsOn(cls, handler);
    const local = guards.find(isOwnGuard);
    const rule = this.#rules.for(handler, cls, local === undefined ? this.#options.protect : 'all');
    const common = {
      ...entryPoint,
      handler: where,
      guards: guards.map(nameOf),
      ...(!wrapper.isDependencyTreeStatic() && { perRequest: true as const }),
    };
    if (rule.access === 'undecided') return { ...common, access: 'undecided', from: [] };
    if (rule.access === 'public') return { ...common, access: 'public', from: ['@Public()'] };
    const sure = guards.find((guard) => isOwnGuard(guard) && !decidesItself(guard));
    if (
      local !== undefined &&
      sure === undefined &&
      this.#rules.for(handler, cls, this.#options.protect).access === 'undecided'
    ) {
      return { ...common, access: 'custom', from: [`@UseGuards(${nameOf(local)})`] };
    }
    const byDefault =
      this.#options.protect === 'all' ? 'protect: "all"' : `@UseGuards(${nameOf(sure ?? local)})`;
    const { check, ...policy } = rule.policy;
    return {
      ...common,
      access: rule.optional ? 'optional' : 'guarded',
      policy: { ...policy, ...(check !== undefined && { check: check.name || '(anonymous)' }) },
      from: rule.from.length > 0 ? rule.from : [byDefault],
    };
  }
}

function nameOf(guard: unknown): string {
  const cls = typeof guard === 'function' ? guard : (guard as object | undefined)?.constructor;
  return cls?.name || '(anonymous)';
}
