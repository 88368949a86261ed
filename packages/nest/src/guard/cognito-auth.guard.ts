import { type ExecutionContext, Inject, Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthGuard, type AuthGuardAuthenticateOptions } from '@nestjs/passport';
import type { ProtectMode, ResolvedCognitoOptions } from '../options/cognito-options.js';
import type { CognitoUser } from '../policy/cognito-user.js';
import type { Policy } from '../policy/policy.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { eventStreamOf } from '../transports/http.transport.js';
import { TokenLifetimes } from '../transports/token-lifetimes.js';
import type { Transport } from '../transports/transport.js';
import { transportOf } from '../transports/transports.js';
import { AccessRules } from './access-rules.js';
import { isStrategyOurs, passportOutcome, runStrategy } from './cognito.strategy.js';
import { CognitoAuthException } from './cognito-auth.exception.js';
import { CognitoAuthenticator, type Decision } from './cognito-authenticator.js';
import { type RequestState, setDecision, setState, stateOf } from './request-state.js';

interface StrategyOutcome {
  readonly decision: Decision | undefined;
  /** What it failed with where it did not come to a decision. */
  readonly failure: unknown;
}

/**
 * Lets in who meets the policy of the handler. The module registers one for the whole app; put it on a handler or a
 * controller with `@UseGuards()` only to give it other hooks: extend it and override `handleRequest`,
 * `getAuthenticateOptions` or `getRequest`, as with any `AuthGuard`.
 *
 * A handler on which it is put is guarded even when nothing else is said about it. A token that was verified before
 * is decided on at once; a new one as Passport's strategy `cognito` decides, which is run where it is not the module's own
 * as it was, and never with the rest of Passport's machinery. The hooks are called alike on all ways. No hook can lift a
 * condition of the policy.
 */
@Injectable()
export class CognitoAuthGuard extends AuthGuard('cognito') {
  /** What becomes of a handler about which nothing is said. */
  protected readonly protect: ProtectMode = 'all';
  readonly #authenticator: CognitoAuthenticator;
  readonly #rules: AccessRules;
  readonly #adapterHost: HttpAdapterHost;
  readonly #logger = new Logger(CognitoAuthGuard.name);
  // No parameter of the constructor, which those who extend the guard call.
  @Inject(TokenLifetimes) private readonly lifetimes!: TokenLifetimes;

  constructor(
    @Inject(CognitoAuthenticator) authenticator: CognitoAuthenticator,
    @Inject(AccessRules) rules: AccessRules,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    super();
    this.#authenticator = authenticator;
    this.#rules = rules;
    this.#adapterHost = adapterHost;
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.#rules.for(context.getHandler(), context.getClass(), this.protect);
    if (rule.access !== 'guarded') return true;
    const transport = transportOf(context.getType());
    if (transport === undefined) return this.#refuseTransport(context);
    if (transport.type !== 'http') return this.#overTransport(transport, context, rule.policy, rule.optional);
    return rule.streams
      ? this.#overStream(context, rule.policy, rule.optional)
      : this.#overHttp(context, rule.policy, rule.optional, this.getRequest(context));
  }

  /**
   * Called with Passport's arguments: `(null, user)`; `(null, false, why)` for a missing or unacceptable token;
   * `(why)` for whatever else. Its result becomes `request.user`; `@CurrentUser()` stays Cognito's.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the signature is AuthGuard's, and overrides choose their own user type
  override handleRequest<TUser = any>(err: any, user: any, info: any, _context: ExecutionContext): TUser {
    if (err || !user) {
      throw err || (info instanceof CognitoAuthException ? info : new UnauthorizedException());
    }
    return user;
  }

  #overHttp(
    context: ExecutionContext,
    policy: Policy,
    optional: boolean,
    request: Record<string, unknown>,
  ): true | Promise<true> {
    try {
      return this.#activate(context, request, policy, optional);
    } catch (error) {
      throw this.#withHeaders(error, context);
    }
  }

  /** Events of `@Sse()` go on after the request was let in: until its token ends. */
  async #overStream(context: ExecutionContext, policy: Policy, optional: boolean): Promise<true> {
    const request = this.getRequest(context) as Record<string, unknown>;
    await this.#overHttp(context, policy, optional, request);
    const decision = this.#earlierDecision(request);
    if (decision?.admitted) this.lifetimes.endWith(eventStreamOf(context), decision.user, decision.token);
    return true;
  }

  /** On whatever is not HTTP: the same decision and the same hook, without Passport, which knows requests only. */
  async #overTransport(
    transport: Transport,
    context: ExecutionContext,
    policy: Policy,
    optional: boolean,
  ): Promise<true> {
    try {
      const decision = await this.#decideMessage(transport, context, policy);
      const anonymous = optional && !decision.admitted && decision.refusal.code === 'credentials_missing';
      const state = { authenticator: this.#authenticator, policy, decision, anonymous };
      // Guards of one call share its context; the decorators have another one, of the same call.
      setState(context, state);
      setState(transport.keeperOf(context), state);
      if (anonymous) return true;
      const { err, user, info } = passportOutcome(decision);
      this.handleRequest<CognitoUser>(err, user, info, context);
      this.#enforce(decision, policy);
      const connection = decision.admitted ? transport.connectionOf?.(context) : undefined;
      if (connection && decision.admitted) this.lifetimes.endWith(connection, decision.user, decision.token);
      return true;
    } catch (error) {
      throw error instanceof CognitoAuthException ? await transport.refuse(error, context) : error;
    }
  }

  async #decideMessage(transport: Transport, context: ExecutionContext, policy: Policy): Promise<Decision> {
    const earlier = this.#earlierDecision(context);
    // The same guard again: what its check has answered holds for the message.
    if (earlier?.admitted && stateOf(context)?.policy === policy) return earlier;
    return this.#authenticator.authenticate(
      transport.carrierOf(context, this.#authenticator),
      policy,
      context,
    );
  }

  #activate(
    context: ExecutionContext,
    request: Record<string, unknown>,
    policy: Policy,
    optional: boolean,
  ): true | Promise<true> {
    const decision = this.#decideAtOnce(request, policy);
    if (typeof decision === 'string') return this.#decideLater(context, request, policy, decision);
    if (optional && !decision.admitted && decision.refusal.code === 'credentials_missing') {
      setState(request, { authenticator: this.#authenticator, policy, decision, anonymous: true });
      return true;
    }
    setDecision(request, this.#authenticator, policy, decision);
    const options = this.getAuthenticateOptions(context);
    return options === undefined
      ? this.#conclude(context, request, decision, policy, undefined)
      : this.#concludeLater(context, request, decision, policy, options);
  }

  /** The decision, or the token that is to be looked at further. */
  #decideAtOnce(request: object, policy: Policy): Decision | string {
    const earlier = this.#earlierDecision(request);
    if (earlier?.admitted) {
      // The same guard again, global and local: what its check has answered holds for the request.
      if (stateOf(request)?.policy === policy) return earlier;
      return this.#authenticator.decide(earlier, policy) ?? earlier.token;
    }
    return this.#authenticator.authenticateCached(this.#authenticator.carrierOf(request), policy);
  }

  /** What another run of the guard (global and local, say) has found out about the same request. */
  #earlierDecision(request: object): RequestState['decision'] {
    const state = stateOf(request);
    return state?.authenticator === this.#authenticator ? state.decision : undefined;
  }

  async #concludeLater(
    context: ExecutionContext,
    request: Record<string, unknown>,
    decision: Decision,
    policy: Policy,
    options: ReturnType<CognitoAuthGuard['getAuthenticateOptions']>,
  ): Promise<true> {
    try {
      return this.#conclude(context, request, decision, policy, await options);
    } catch (error) {
      throw this.#withHeaders(error, context);
    }
  }

  async #decideLater(
    context: ExecutionContext,
    request: Record<string, unknown>,
    policy: Policy,
    token: string,
  ): Promise<true> {
    try {
      const asked = this.getAuthenticateOptions(context);
      const options = asked === undefined ? undefined : await asked;
      const { decision, failure } = isStrategyOurs()
        ? await this.#asStrategyWould(context, request, policy, token)
        : await this.#throughStrategy(context, request, policy);
      if (decision !== undefined) return this.#conclude(context, request, decision, policy, options);
      // A fault of the app's own; or a strategy of somebody else, which decides nothing here.
      this.handleRequest(failure ?? null, false, undefined, context);
      throw failure ?? new UnauthorizedException();
    } catch (error) {
      throw this.#withHeaders(error, context);
    }
  }

  async #asStrategyWould(
    context: ExecutionContext,
    request: object,
    policy: Policy,
    token: string,
  ): Promise<StrategyOutcome> {
    try {
      const decision = await this.#authenticator.authenticateToken(token, policy, context);
      setDecision(request, this.#authenticator, policy, decision);
      return { decision, failure: undefined };
    } catch (failure) {
      return { decision: undefined, failure };
    }
  }

  async #throughStrategy(
    context: ExecutionContext,
    request: object,
    policy: Policy,
  ): Promise<StrategyOutcome> {
    setState(request, { authenticator: this.#authenticator, policy, context });
    const failure = await runStrategy(request);
    return { decision: this.#earlierDecision(request), failure };
  }

  /** What `AuthGuard` does with what Passport tells it. */
  #conclude(
    context: ExecutionContext,
    request: Record<string, unknown>,
    decision: Decision,
    policy: Policy,
    options: AuthGuardAuthenticateOptions | undefined,
  ): true {
    const { err, user, info } = passportOutcome(decision);
    // A property more makes a request another kind of object, which is slower to handle everywhere.
    if (info !== undefined || request['authInfo'] !== undefined) request['authInfo'] = info;
    const handled = this.handleRequest<CognitoUser>(err, user, info, context);
    this.#enforce(decision, policy);
    // `options` is the field in which Nest injects PassportModule's options.
    const own = (this as unknown as { options?: { property?: string } }).options;
    request[options?.['property'] ?? own?.property ?? 'user'] = handled;
    return true;
  }

  /**
   * A `handleRequest` that swallows a refusal has made the token optional. That is its right where any user will do,
   * but it cannot admit somebody whom a condition keeps out.
   */
  #enforce(decision: Decision | undefined, policy: Policy): void {
    if (decision?.admitted) return;
    const conditional = Object.keys(policy).some((part) => part !== 'tokenUse');
    if (decision === undefined || conditional) {
      throw decision === undefined ? new UnauthorizedException() : new CognitoAuthException(decision.refusal);
    }
  }

  #refuseTransport(context: ExecutionContext): false {
    this.#logger.error(
      `Refused ${context.getClass().name}.${context.getHandler().name}: ` +
        `the transport "${context.getType()}" is not known, and the handler is not @Public()`,
    );
    // Nest turns `false` into the transport's own exception.
    return false;
  }

  /** Puts the headers on the response here, so that they are there whatever exception filter the app has. */
  #withHeaders(error: unknown, context: ExecutionContext): unknown {
    if (error instanceof CognitoAuthException) {
      const response: unknown = context.switchToHttp().getResponse();
      for (const [name, value] of Object.entries(error.getHeaders())) {
        this.#adapterHost.httpAdapter.setHeader(response, name, value);
      }
    }
    return error;
  }
}

/** The guard that the module registers for the whole app: it minds the option `protect`. */
@Injectable()
export class CognitoGlobalGuard extends CognitoAuthGuard {
  protected override readonly protect: ProtectMode;

  constructor(
    @Inject(CognitoAuthenticator) authenticator: CognitoAuthenticator,
    @Inject(AccessRules) rules: AccessRules,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
  ) {
    super(authenticator, rules, adapterHost);
    this.protect = options.protect;
  }
}
