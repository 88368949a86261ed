import type { AuthFactorType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { Principal } from '../tokens/principal.js';
import { availableFactors } from './first-factors.js';

/** What the user can begin a sign-in by choice with, as GetUserAuthFactors names it. */
export function configuredAuthFactors(context: OperationContext, principal: Principal): AuthFactorType[] {
  return availableFactors(context, principal, principal.user, principal.user.username).filter(
    (name): name is AuthFactorType & typeof name => name !== 'PASSWORD_SRP',
  );
}
