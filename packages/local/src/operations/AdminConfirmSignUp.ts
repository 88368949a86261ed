import type {
  AdminConfirmSignUpRequest,
  AdminConfirmSignUpResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { cannotConfirm } from '../domain/faults.js';
import type { Operation } from '../operation.js';

/** Verifies neither e-mail nor phone. `ClientMetadata` only reaches triggers, which no pool here has. */
export const AdminConfirmSignUp: Operation<AdminConfirmSignUpRequest, AdminConfirmSignUpResponse> = (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  if (user.status !== 'UNCONFIRMED') throw cannotConfirm(user.status);
  const { storage, clock } = context;
  storage.transaction(() => {
    storage.codes.delete(pool.id, user.sub, 'SignUp');
    storage.users.update({ ...user, status: 'CONFIRMED', modifiedAt: clock.now() });
  });
  return {};
};
