import type { OperationContext } from '../../operation.js';
import { newSignInCode } from '../ids.js';
import { type Destination, deliver, deliveryDetails } from '../messages/messages.js';
import { simulatedDestination } from '../users/simulation.js';
import type { Claim } from './claim.js';
import type { NextChallenge } from './sign-in-progress.js';

/**
 * A challenge that sends a code of eight digits as a first factor. For a name that nobody has it looks the
 * same, and nothing is sent.
 */
export function firstFactorCode(
  context: OperationContext,
  { access: { client, pool }, user, username }: Claim,
  name: 'EMAIL_OTP' | 'SMS_OTP',
  attribute: Destination['attribute'],
): NextChallenge {
  const code = newSignInCode();
  const known = user?.attributes[attribute];
  const destination =
    known === undefined
      ? simulatedDestination(context, pool, username, attribute)
      : { attribute, value: known };
  const details = deliveryDetails(destination);
  return {
    name,
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: details.DeliveryMedium as string,
      CODE_DELIVERY_DESTINATION: details.Destination as string,
    },
    data: { code, destination },
    ...(user && {
      deliver: (clientMetadata) =>
        deliver(context, pool, user, destination, 'CustomMessage_Authentication', code, {
          clientId: client.id,
          clientMetadata,
        }),
    }),
  };
}
