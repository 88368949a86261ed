import type { ExecutionContext } from '@nestjs/common';
import type { Policy } from '../policy/policy.js';
import type { CognitoAuthenticator, Decision } from './cognito-authenticator.js';

/** What has been found out about one request. */
export interface RequestState {
  /** Whose finding it is: two apps may run in one process. */
  readonly authenticator: CognitoAuthenticator;
  readonly policy: Policy;
  /** Where the policy's own `check` is to be asked. */
  readonly context?: ExecutionContext;
  readonly decision?: Decision;
  /** Whether the request was let in as nobody's: it brings no credential, and needs none. */
  readonly anonymous?: boolean;
}

// Nothing that arrives over a transport can have these keys, unlike `user`.
const STATE: unique symbol = Symbol('cognest');
const NOTE: unique symbol = Symbol('cognest:note');

interface Carries {
  [STATE]?: RequestState;
}

export function stateOf(request: object): RequestState | undefined {
  const locals = localsOf(request);
  return locals === undefined ? (request as Carries)[STATE] : noteOf(locals, request)?.state;
}

export function setState(request: object, state: RequestState): void {
  const locals = localsOf(request);
  if (locals === undefined) {
    (request as Carries)[STATE] = state;
    return;
  }
  const note = noteOf(locals, request);
  if (note === undefined) locals[NOTE] = { request, state, user: undefined };
  else note.state = state;
}

/** What is kept of one of Express's requests. */
interface Note {
  /** Whose it is: an app may give all its requests the same `res.locals`. */
  readonly request: object;
  state: RequestState;
  user: unknown;
}

interface Locals {
  [NOTE]?: Note;
}

/**
 * `res.locals` of one of Express's requests, which is for what belongs to a request. Express gives each request another
 * prototype, and from then on each property that is added to one makes a new hidden class of two kilobytes: two of them
 * cost more than all the rest of the guard.
 */
function localsOf(request: object): Locals | undefined {
  const { res } = request as { readonly res?: { readonly req?: unknown; readonly locals?: unknown } };
  if (typeof res !== 'object' || res === null || res.req !== request) return undefined;
  const { locals } = res;
  return typeof locals === 'object' && locals !== null && Object.isExtensible(locals) ? locals : undefined;
}

function noteOf(locals: Locals, request: object): Note | undefined {
  const note = locals[NOTE];
  return note?.request === request ? note : undefined;
}

/**
 * Lets `user` be read and set on Express's requests without a property of their own, see {@link localsOf}.
 *
 * @param prototype - `request` of an Express app, which is there to be extended. Where it has a `user`, it keeps it.
 */
export function defineUser(prototype: object): void {
  if (Object.hasOwn(prototype, 'user')) return;
  Object.defineProperty(prototype, 'user', {
    configurable: true,
    get(this: object) {
      const locals = localsOf(this);
      return locals && noteOf(locals, this)?.user;
    },
    set(this: object, value: unknown) {
      const locals = localsOf(this);
      const note = locals && noteOf(locals, this);
      if (note !== undefined) note.user = value;
      else
        Object.defineProperty(this, 'user', { value, writable: true, enumerable: true, configurable: true });
    },
  });
}

/** {@link setState} with a decision and nothing else: one object for all requests with the same good token. */
export function setDecision(
  request: object,
  authenticator: CognitoAuthenticator,
  policy: Policy,
  decision: Decision,
): void {
  if (!decision.admitted) {
    setState(request, { authenticator, policy, decision });
    return;
  }
  let state = decision.latest;
  if (state === undefined || state.policy !== policy || state.authenticator !== authenticator) {
    state = { authenticator, policy, decision };
    decision.latest = state;
  }
  setState(request, state);
}
