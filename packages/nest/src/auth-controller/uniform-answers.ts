import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import { ProblemException } from '../errors/problem.exception.js';

const logger = new Logger('CognitoAuthController');

/** The exceptions that tell that an account exists, or what state it is in, and the one answer that hides it. */
interface Uniform {
  readonly exceptions: readonly string[];
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/**
 * What public endpoints answer instead. Each answer covers an account that does not exist as well as every state of one
 * that does, limits included, which Cognito counts per account.
 */
const UNIFORM = {
  signIn: {
    exceptions: [
      'NotAuthorizedException',
      'UserNotFoundException',
      'UserNotConfirmedException',
      'PasswordResetRequiredException',
    ],
    status: 401,
    code: 'not_authorized',
    detail:
      'Wrong user name or password; or the account has yet to be confirmed, or to get a new password, or is closed.',
  },
  challenge: {
    exceptions: [
      'NotAuthorizedException',
      'UserNotFoundException',
      'UserNotConfirmedException',
      'PasswordResetRequiredException',
    ],
    status: 401,
    code: 'not_authorized',
    detail: 'The answer is wrong, or the challenge is used up or has expired: sign in anew.',
  },
  confirmSignUp: {
    exceptions: [
      'CodeMismatchException',
      'ExpiredCodeException',
      'NotAuthorizedException',
      'UserNotFoundException',
      'LimitExceededException',
      'TooManyFailedAttemptsException',
    ],
    status: 422,
    code: 'code_mismatch',
    detail: 'The code is wrong or no longer good: ask for another.',
  },
  resetPassword: {
    exceptions: [
      'CodeMismatchException',
      'ExpiredCodeException',
      'NotAuthorizedException',
      'UserNotFoundException',
      'UserNotConfirmedException',
      'LimitExceededException',
      'TooManyFailedAttemptsException',
      // Cognito looks at the password of an account that there is.
      'InvalidPasswordException',
      'PasswordHistoryPolicyViolationException',
    ],
    status: 422,
    code: 'reset_refused',
    detail:
      'The code is wrong or no longer good, or the new password is too weak or was used before: try another password, or ask for another code.',
  },
} as const satisfies Record<string, Uniform>;

/** The exceptions that are no answer at all: whether a message could be sent depends on the account. */
const SILENT = {
  signUp: ['UsernameExistsException', 'AliasExistsException', 'CodeDeliveryFailureException'],
  send: [
    'UserNotFoundException',
    'InvalidParameterException',
    'NotAuthorizedException',
    'UserNotConfirmedException',
    'LimitExceededException',
    'CodeDeliveryFailureException',
  ],
} as const;

/** The result, or the answer that stands for whatever would tell on an account. */
export async function alike<Result>(what: keyof typeof UNIFORM, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const { exceptions, status, code, detail }: Uniform = UNIFORM[what];
    if (!isOneOf(error, exceptions)) throw error;
    throw new ProblemException(status, code, detail, {
      cause: error,
      // RFC 9110 section 15.5.2: every 401 carries a challenge.
      ...(status === 401 && { headers: { 'WWW-Authenticate': 'Bearer' } }),
    });
  }
}

/** Does something, and says nothing of how it went where that would tell on an account. */
export async function silently(what: keyof typeof SILENT, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isOneOf(error, SILENT[what])) throw error;
    // Said to nobody outside; whoever runs the app wants to know.
    if (isOneOf(error, ['CodeDeliveryFailureException'])) {
      logger.error('Cognito could not deliver a code: CodeDeliveryFailureException');
    } else {
      logger.debug(`Answered like any other: ${(error as Error).name}`);
    }
  }
}

function isOneOf(error: unknown, names: readonly string[]): boolean {
  return error instanceof CognitoIdentityProviderServiceException && names.includes(error.name);
}
