import { type ExecutionContext, Inject, Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import type { CognitoUser } from '../policy/cognito-user.js';
import { isCheckClass, type PolicyCheck, type PolicyPredicate } from '../policy/policy.js';
import { CHECK_FAILED, CHECK_REFUSED, type Refusal } from './refusal.js';

/** Asks the `check` of a policy. */
@Injectable()
export class PolicyChecks {
  readonly #modules: ModuleRef;
  readonly #predicates = new WeakMap<PolicyCheck, PolicyPredicate>();
  readonly #logger = new Logger(PolicyChecks.name);

  constructor(@Inject(ModuleRef) modules: ModuleRef) {
    this.#modules = modules;
  }

  /**
   * The function that a check means.
   *
   * @throws {CognestError} `config_invalid` for a class that no module provides, or that is not one for the whole app.
   */
  predicate(check: PolicyCheck): PolicyPredicate {
    let predicate = this.#predicates.get(check);
    if (predicate === undefined) {
      predicate = this.#resolve(check);
      this.#predicates.set(check, predicate);
    }
    return predicate;
  }

  /** The refusal, unless the check answers exactly `true`. Never throws: a check that fails has not let anybody in. */
  async ask(check: PolicyCheck, user: CognitoUser, context: ExecutionContext): Promise<Refusal | undefined> {
    let answer: unknown;
    try {
      answer = await this.predicate(check)(user, context);
    } catch (error) {
      this.#logger.error(
        `The check ${check.name || '(anonymous)'} of ${context.getClass().name}.${context.getHandler().name} failed: ` +
          (error instanceof Error ? error.message : `it threw a ${typeof error}`),
        error instanceof Error ? error.stack : undefined,
      );
      return CHECK_FAILED;
    }
    return answer === true ? undefined : CHECK_REFUSED;
  }

  #resolve(check: PolicyCheck): PolicyPredicate {
    if (!isCheckClass(check)) return check;
    try {
      const provider = this.#modules.get(check, { strict: false });
      return (user, context) => provider.check(user, context);
    } catch (cause) {
      throw new CognestError(
        'config_invalid',
        `the check ${check.name} must be a provider of a module, of the default scope; add it to some "providers"`,
        { cause },
      );
    }
  }
}
