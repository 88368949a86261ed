import type { AuthFlowType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import { flowNotSupportedHere, invalidParameter, notSupportedYet } from './faults.js';
import { checkSecretHashParameter } from './secret-hash.js';
import { type AuthAnswer, type Parameters, refreshSignIn, required, signInWithPassword } from './sign-in.js';
import { allowsFlow, type ClientAccess } from './user-pool-client.js';

/**
 * Starts a flow, for the public and for the administrator's operation.
 *
 * `ContextData`, `UserContextData` and `ClientMetadata` of the request have no say here: they feed threat
 * protection and triggers, which CreateUserPool refuses. `AnalyticsMetadata` counts events in Pinpoint and
 * changes no answer. `Session` belongs to USER_AUTH, and `DEVICE_KEY` to pools that remember devices.
 */
export async function initiateAuth(
  context: OperationContext,
  access: ClientAccess,
  operation: 'InitiateAuth' | 'AdminInitiateAuth',
  flow: AuthFlowType | undefined,
  parameters: Parameters = {},
): Promise<AuthAnswer> {
  const byAdmin = operation === 'AdminInitiateAuth';
  switch (flow) {
    case 'USER_PASSWORD_AUTH':
      if (byAdmin) throw flowNotSupportedHere();
      return signInWithPassword(context, access, parameters, {
        allowedBy: 'ALLOW_USER_PASSWORD_AUTH',
        refusal: 'USER_PASSWORD_AUTH flow not enabled for this client',
      });
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      if (!byAdmin) throw flowNotSupportedHere();
      return signInWithPassword(context, access, parameters, {
        allowedBy: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        refusal: 'Auth flow not enabled for this client',
      });
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return refreshSignIn(context, access, parameters);
    case 'CUSTOM_AUTH':
      checkSecretHashParameter(access.client, required(parameters, 'USERNAME'), parameters['SECRET_HASH']);
      if (!allowsFlow(access.client, 'ALLOW_CUSTOM_AUTH')) {
        throw invalidParameter('CUSTOM_AUTH is not enabled for the client.');
      }
      throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.');
    case 'USER_SRP_AUTH':
      checkSecretHashParameter(access.client, required(parameters, 'USERNAME'), parameters['SECRET_HASH']);
      if (!allowsFlow(access.client, 'ALLOW_USER_SRP_AUTH')) {
        throw invalidParameter('USER_SRP_AUTH is not enabled for the client.');
      }
      throw notSupportedYet(operation, 'AuthFlow', flow);
    default:
      throw notSupportedYet(operation, 'AuthFlow', flow);
  }
}
