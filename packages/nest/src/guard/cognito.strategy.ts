import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import type { CognitoUser } from '../policy/cognito-user.js';
import { AccessRules } from './access-rules.js';
import type { HttpRequestLike } from './carrier.js';
import { CognitoAuthException } from './cognito-auth.exception.js';
import { CognitoAuthenticator, type Decision } from './cognito-authenticator.js';
import { homeOf } from './homes.js';
import { setDecision, stateOf } from './request-state.js';

/** The arguments with which a decision reaches `handleRequest`, on whichever way. */
export type PassportOutcome =
  | { readonly err: null; readonly user: CognitoUser; readonly info: undefined }
  | { readonly err: null; readonly user: false; readonly info: CognitoAuthException }
  | { readonly err: CognitoAuthException; readonly user: false; readonly info: undefined };

/**
 * A decision in Passport's terms. A missing or unacceptable token is a failure, so that the next strategy of
 * `AuthGuard(['cognito', 'api-key'])` gets its turn; a malformed request, an outage or a refusing policy is an error,
 * which ends the matter.
 */
export function passportOutcome(decision: Decision): PassportOutcome {
  if (decision.admitted) return { err: null, user: decision.user, info: undefined };
  const exception = new CognitoAuthException(decision.refusal);
  const { code } = decision.refusal;
  const failure = code === 'credentials_missing' || code === 'token_expired' || code === 'token_invalid';
  return failure
    ? { err: null, user: false, info: exception }
    : { err: exception, user: false, info: undefined };
}

/** The one that Passport would take: an app may have put its own in the place of ours. */
const inForce = (): object | undefined =>
  (passport as unknown as { _strategy(name: string): object | undefined })._strategy('cognito');

/**
 * Whether Passport's strategy `cognito` is the module's, as it is here: then it comes to what the authenticator says, and
 * need not be run. One that was replaced, extended or wrapped has to be.
 */
export function isStrategyOurs(): boolean {
  const strategy = inForce();
  return (
    strategy instanceof CognitoStrategy &&
    strategy.validate === OWN.validate &&
    strategy.authenticate === OWN.authenticate
  );
}

/**
 * Runs Passport's strategy `cognito` on a request, and leaves out what `passport.authenticate()` puts around it: sessions,
 * redirects and challenges, of which `AuthGuard` uses none. That is half the cost of a request, and what it adds to each
 * request keeps all of them in memory until a full garbage collection.
 *
 * @returns what the strategy failed with, where that is not a decision; its decision is in the request's state.
 */
export function runStrategy(request: object): Promise<unknown> {
  const strategy = inForce();
  return new Promise((resolve, reject) => {
    if (strategy === undefined) throw new Error('Passport has no strategy "cognito"; was it unused?');
    const settle = () => resolve(undefined);
    const attempt = Object.assign(Object.create(strategy) as StrategyAttempt, {
      success: settle,
      fail: settle,
      pass: settle,
      redirect: settle,
      error: (error: unknown) => resolve(error),
    });
    Promise.resolve(attempt.authenticate(request, {})).catch(reject);
  });
}

/** What Passport makes of a strategy for one request. */
interface StrategyAttempt {
  authenticate(request: object, options: object): unknown;
}

/** The Passport strategy `cognito`, on passport-custom. */
@Injectable()
export class CognitoStrategy extends PassportStrategy(Strategy, 'cognito') {
  readonly #authenticator: CognitoAuthenticator;
  readonly #rules: AccessRules;

  constructor(
    @Inject(CognitoAuthenticator) authenticator: CognitoAuthenticator,
    @Inject(AccessRules) rules: AccessRules,
  ) {
    super();
    this.#authenticator = authenticator;
    this.#rules = rules;
  }

  /** Called by Passport. The user; or `[false, why]`; or it throws. */
  async validate(request: HttpRequestLike): Promise<CognitoUser | [false, CognitoAuthException]> {
    // Passport has one strategy of a name per process, that of the app which started last. The guard leaves its own
    // app's authenticator with the request, so that two apps in one process never judge by each other's pool.
    const state = stateOf(request);
    const home = state ??
      homeOf(request) ?? { authenticator: this.#authenticator, policy: this.#rules.anyUser };
    const { authenticator, policy } = home;
    const decision = await authenticator.authenticate(
      authenticator.carrierOf(request),
      policy,
      state?.context,
    );
    setDecision(request, authenticator, policy, decision);
    const { err, user, info } = passportOutcome(decision);
    if (err !== null) throw err;
    return user === false ? [false, info] : user;
  }
}

const OWN = { validate: CognitoStrategy.prototype.validate, authenticate: Strategy.prototype.authenticate };
