import type { AdminGetUserCommandOutput, UserType } from '@aws-sdk/client-cognito-identity-provider';
import type { Camel, Output } from './casing.js';
import { complete } from './complete.js';
import type { UserAttributes } from './user-attributes.js';

/** A user as an administrator sees them. */
export type UserRecord = Omit<Output<AdminGetUserCommandOutput>, 'userAttributes'> & {
  userAttributes: UserAttributes;
};

/** A user of a list, whose attributes the API calls otherwise. */
export function readUser(user: Camel<UserType> | undefined, operation: string): UserRecord {
  const { attributes = {}, username, ...rest } = complete(user, operation);
  return { ...rest, username: complete(username, operation), userAttributes: attributes };
}
