import type {
  CreateUserPoolClientRequest,
  CreateUserPoolClientResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { createUserPoolClient } from '../domain/clients/user-pool-client.js';
import type { Operation } from '../operation.js';

export const CreateUserPoolClient: Operation<CreateUserPoolClientRequest, CreateUserPoolClientResponse> = (
  input,
  context,
) => ({ UserPoolClient: createUserPoolClient(context, input) });
