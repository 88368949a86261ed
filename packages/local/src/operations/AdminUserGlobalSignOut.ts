import type {
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { signOutEverywhere } from '../domain/sign-in/sign-out.js';
import type { Operation } from '../operation.js';

export const AdminUserGlobalSignOut: Operation<
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse
> = (input, context) => {
  const { user } = poolUser(context, input);
  context.storage.transaction(() => signOutEverywhere(context, user));
  return {};
};
