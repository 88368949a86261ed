import { CognitoServiceError } from '../errors.js';

export function userLambdaFailed(trigger: string, message: string): CognitoServiceError {
  return new CognitoServiceError('UserLambdaValidationException', `${trigger} failed with error ${message}.`);
}

export function invalidLambdaResponse(message: string): CognitoServiceError {
  return new CognitoServiceError('InvalidLambdaResponseException', message);
}

export function invalidLambdaOutput(reason: string): CognitoServiceError {
  return invalidLambdaResponse(`Invalid lambda function output : ${reason}`);
}

export function unrecognizableLambdaOutput(): CognitoServiceError {
  return invalidLambdaResponse('Unrecognizable lambda output');
}

export function lambdaUnavailable(trigger: string, reason: string): CognitoServiceError {
  return new CognitoServiceError(
    'UnexpectedLambdaException',
    `${trigger} invocation failed due to error ${reason}.`,
  );
}
