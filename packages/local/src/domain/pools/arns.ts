import type { OperationContext } from '../../operation.js';

export function userPoolArn({ region, accountId }: OperationContext, id: string): string {
  return `arn:aws:cognito-idp:${region}:${accountId}:userpool/${id}`;
}
