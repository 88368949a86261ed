import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { userDecorators } from '../decorators/current-user.decorator.js';
import { CognestError } from '../errors/cognest-error.js';
import { guardsOn, isOwnGuard } from '../guard/own-guard.js';
import { HandlerWalk } from '../handlers/handler-walk.js';
import { LazyModules } from '../handlers/lazy-modules.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { declaredRule, decoratorsOf, writtenRules } from '../policy/access-rule.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { fieldsAreGuarded, isField, isReference, RESOLVE_TYPE } from './graphql-fields.js';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/**
 * Nest calls no guard for `@ResolveField()` and `@ResolveReference()`, unless it is told to. A rule there would be
 * nothing but words, and a reference is a way in of its own: both stop the boot.
 */
@Injectable()
export class GraphqlFieldCheck implements OnModuleInit {
  readonly #walk: HandlerWalk;
  readonly #modules: ModulesContainer;
  readonly #options: ResolvedCognitoOptions;
  readonly #lazy: LazyModules;

  constructor(
    @Inject(HandlerWalk) walk: HandlerWalk,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(LazyModules) lazy: LazyModules,
  ) {
    this.#walk = walk;
    this.#modules = modules;
    this.#options = options;
    this.#lazy = lazy;
  }

  /** @throws {CognestError} `config_invalid`, naming the method. */
  onModuleInit(): void {
    this.#checkFields();
    this.#lazy.onLoaded(() => this.#checkFields());
  }

  #checkFields(): void {
    const guarded = fieldsAreGuarded(this.#modules);
    if (guarded === undefined) return;
    for (const { kind, prototype, name, handler, cls } of this.#walk.handlers()) {
      if (kind !== 'provider' || (!isReference(handler) && !isField(handler, cls))) continue;
      if (name === RESOLVE_TYPE) this.#refuseOnType(prototype, name, cls);
      else if (!guarded) this.#refuseUnguarded(prototype, name, handler, cls);
    }
  }

  #refuseOnType(prototype: object, name: string, cls: AnyFunction): void {
    const { own } = writtenRules(prototype, name);
    if (own?.kind !== 'policy') return;
    throw new CognestError(
      'config_invalid',
      `${cls.name}.${name}: ${decoratorsOf(own)} has no effect, because Nest calls no guard where the type of a ` +
        'union is told; put it on the operations and fields that return the union',
    );
  }

  #refuseUnguarded(prototype: object, name: string, handler: AnyFunction, cls: AnyFunction): void {
    const where = `${cls.name}.${name}`;
    const what = isReference(handler) ? '@ResolveReference()' : '@ResolveField()';
    const why = `Nest calls no guard for ${what}; add fieldResolverEnhancers: ['guards'] to GraphQLModule.forRoot()`;
    const rule = writtenRules(prototype, name).own ?? declaredRule(handler, cls);
    if (rule?.kind === 'policy') {
      throw new CognestError(
        'config_invalid',
        `${where}: ${decoratorsOf(rule)} has no effect there, because ${why}, or put @Public() on the method if it ` +
          'is to be open',
      );
    }
    const [decorator] = userDecorators(cls, name);
    if (decorator !== undefined) {
      throw new CognestError(
        'config_invalid',
        `${where} has a parameter with ${decorator}, and nobody is authenticated there, because ${why}`,
      );
    }
    if (rule?.kind === 'public') return;
    if (guardsOn(cls, handler).some(isOwnGuard)) {
      throw new CognestError(
        'config_invalid',
        `${where}: the guard of @UseGuards() is not called there, because ${why}, or put @Public() on the method if ` +
          'it is to be open',
      );
    }
    if (isReference(handler) && this.#options.protect === 'all') {
      throw new CognestError(
        'config_invalid',
        `${where} would be open to everybody by _entities, because ${why}, or put @Public() on the method if it is ` +
          'to be open',
      );
    }
  }
}
