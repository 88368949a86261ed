import { CognestError } from '../errors/cognest-error.js';

/**
 * What an answer must hold.
 *
 * @throws {CognestError} `cognito_response_invalid` where it does not.
 */
export function complete<Value>(value: Value | undefined, operation: string): Value {
  if (value !== undefined) return value;
  throw new CognestError('cognito_response_invalid', `Cognito's answer to ${operation} is not complete`);
}
