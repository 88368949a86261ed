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

// Nothing that arrives over a transport can have this key, unlike `user`.
const STATE: unique symbol = Symbol('cognest');

interface Carries {
  [STATE]?: RequestState;
}

export function stateOf(request: object): RequestState | undefined {
  return (request as Carries)[STATE];
}

export function setState(request: object, state: RequestState): void {
  (request as Carries)[STATE] = state;
}

// The newest state of each admission, on the object itself: a look-up elsewhere would cost more than all the rest.
const LATEST: unique symbol = Symbol('cognest:latest');

interface Remembers {
  [LATEST]?: RequestState;
}

/** {@link setState} with a decision and nothing else: one object for all requests that end alike. */
export function setDecision(
  request: object,
  authenticator: CognitoAuthenticator,
  policy: Policy,
  decision: Decision,
): void {
  const memory = decision as Remembers;
  let state = memory[LATEST];
  if (state === undefined || state.policy !== policy || state.authenticator !== authenticator) {
    state = { authenticator, policy, decision };
    memory[LATEST] = state;
  }
  setState(request, state);
}
