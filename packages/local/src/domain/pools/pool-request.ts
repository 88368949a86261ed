import type { CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';

/** The members that CreateUserPool and UpdateUserPool share. */
export type PoolRequest = Omit<CreateUserPoolRequest, 'PoolName'>;
