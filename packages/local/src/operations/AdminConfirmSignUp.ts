import type {
  AdminConfirmSignUpRequest,
  AdminConfirmSignUpResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { cannotConfirm } from '../domain/registration/faults.js';
import type { Operation } from '../operation.js';
import type { UserRecord } from '../storage/users.js';
import { postConfirmation } from '../triggers/post-confirmation.js';

/** Verifies neither e-mail nor phone. */
export const AdminConfirmSignUp: Operation<AdminConfirmSignUpRequest, AdminConfirmSignUpResponse> = async (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  if (user.status !== 'UNCONFIRMED') throw cannotConfirm(user.status);
  const { storage, clock } = context;
  const confirmed: UserRecord = { ...user, status: 'CONFIRMED', modifiedAt: clock.now() };
  storage.transaction(() => {
    storage.codes.delete(pool.id, user.sub, 'SignUp');
    storage.users.update(confirmed);
  });
  await postConfirmation(context, pool, confirmed, 'PostConfirmation_ConfirmSignUp', {
    clientMetadata: input.ClientMetadata,
  });
  return {};
};
