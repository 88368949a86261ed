import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { InvalidClassScopeException } from '@nestjs/core/errors/exceptions/invalid-class-scope.exception.js';
import { BoundedLog } from '../errors/bounded-log.js';
import { CognestError } from '../errors/cognest-error.js';
import type { CognitoUser } from '../policy/cognito-user.js';
import { isCheckClass, type PolicyCheck, type PolicyPredicate } from '../policy/policy.js';
import { CHECK_FAILED, CHECK_REFUSED, type Refusal } from './refusal.js';

/** How long a check may take: a request that waits for ever holds its connection and its memory. */
const CHECK_TIMEOUT_MS = 10_000;

/** Asks the `check` of a policy. */
@Injectable()
export class PolicyChecks {
  readonly #modules: ModuleRef;
  readonly #predicates = new WeakMap<PolicyCheck, PolicyPredicate>();
  readonly #log = new BoundedLog(PolicyChecks.name);

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
      answer = this.predicate(check)(user, context);
      if (typeof answer === 'object' && answer !== null) answer = await inTime(answer);
    } catch (error) {
      const what = `The check ${check.name || '(anonymous)'} of ${context.getClass().name}.${context.getHandler().name}`;
      this.#log.error(
        what,
        `${what} failed: ${error instanceof Error ? error.message : `it threw a ${typeof error}`}`,
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
      const why =
        cause instanceof InvalidClassScopeException
          ? 'must be of the default scope, and it, or something that is injected into it, is request-scoped or ' +
            'transient; take that away: check() is given the ExecutionContext, which leads to the request'
          : 'must be a provider of a module; add it to some "providers"';
      throw new CognestError('config_invalid', `the check ${check.name} ${why}`, { cause });
    }
  }
}

/** What comes of a promise, unless that takes too long. */
async function inTime(answer: unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it has not answered within ${CHECK_TIMEOUT_MS / 1000} s`)),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
