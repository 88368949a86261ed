import type { AuthFlowType, InitiateAuthRequest } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { notSupportedYet } from '../faults.js';
import { type Attempt, ipAddressOf, recorded, type Whence } from './auth-events.js';
import { choiceSignIn } from './choice-sign-in.js';
import { customSignIn } from './custom-sign-in.js';
import { passwordFlow } from './password-sign-in.js';
import { refreshSignIn } from './refresh-sign-in.js';
import { type AuthAnswer, type Flow, type FlowRequest } from './sign-in-progress.js';
import { srpSignIn } from './srp-sign-in.js';

const adminPasswordFlow = passwordFlow(
  'AdminInitiateAuth',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'Auth flow not enabled for this client',
);

/** Every flow that can be started. To add one, add its file and its line. */
const FLOWS: Readonly<Partial<Record<AuthFlowType, Flow>>> = {
  USER_PASSWORD_AUTH: passwordFlow(
    'InitiateAuth',
    'ALLOW_USER_PASSWORD_AUTH',
    'USER_PASSWORD_AUTH flow not enabled for this client',
  ),
  ADMIN_USER_PASSWORD_AUTH: adminPasswordFlow,
  ADMIN_NO_SRP_AUTH: adminPasswordFlow,
  REFRESH_TOKEN_AUTH: refreshSignIn,
  REFRESH_TOKEN: refreshSignIn,
  USER_AUTH: choiceSignIn,
  USER_SRP_AUTH: srpSignIn,
  CUSTOM_AUTH: customSignIn,
};

/**
 * Starts a flow, for the public and for the administrator's operation.
 *
 * `ContextData` and `UserContextData` of the request have no say here: they go into the history of a pool
 * that keeps one. `AnalyticsMetadata` counts events in Pinpoint and changes no answer.
 */
export async function initiateAuth(
  context: OperationContext,
  access: ClientAccess,
  operation: FlowRequest['operation'],
  input: Pick<InitiateAuthRequest, 'AuthFlow' | 'AuthParameters' | 'ClientMetadata' | 'Session'> & Whence,
): Promise<AuthAnswer> {
  const flow = input.AuthFlow as AuthFlowType;
  const start = FLOWS[flow];
  if (start === undefined) throw notSupportedYet(operation, 'AuthFlow', flow);
  const parameters = input.AuthParameters ?? {};
  const attempt: Attempt = {
    type: 'SignIn',
    username: parameters['USERNAME'],
    challenge: parameters['PASSWORD'] === undefined ? undefined : 'Password',
    ipAddress: ipAddressOf(access.client, input),
  };
  return recorded(context, access.pool, attempt, () =>
    start(context, {
      operation,
      access,
      flow,
      parameters,
      clientMetadata: input.ClientMetadata,
      session: input.Session,
    }),
  );
}
