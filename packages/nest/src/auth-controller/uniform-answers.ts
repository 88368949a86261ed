import {
  CodeDeliveryFailureException,
  CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import { BoundedLog } from '../errors/bounded-log.js';
import { codeForStrangers } from '../errors/http-answer.js';
import { ProblemException } from '../errors/problem.exception.js';
import { isDeliveryFault, tellsOfUser } from '../errors/user-existence.js';

const logger = new Logger('CognitoAuthController');
const log = new BoundedLog('CognitoAuthController');

/** One answer for an account that does not exist and for every state of one that does, limits included. */
interface Uniform {
  /** The codes that are answered so, as a stranger would see them: the table of errors says which exceptions these are. */
  readonly codes: readonly string[];
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

const UNIFORM = {
  signIn: {
    codes: ['not_authorized'],
    status: 401,
    code: 'not_authorized',
    detail:
      'Wrong user name or password; or the account has yet to be confirmed, or to get a new password, or is closed.',
  },
  challenge: {
    codes: ['not_authorized'],
    status: 401,
    code: 'not_authorized',
    detail: 'The answer is wrong, or the challenge is used up or has expired: sign in anew.',
  },
  confirmSignUp: {
    codes: ['code_mismatch'],
    status: 422,
    code: 'code_mismatch',
    detail: 'The code is wrong or no longer good: ask for another.',
  },
  resetPassword: {
    // Cognito looks at the password of an account that there is.
    codes: ['code_mismatch', 'invalid_password', 'password_used_before'],
    status: 422,
    code: 'reset_refused',
    detail:
      'The code is wrong or no longer good, or the new password is too weak or was used before: try another password, or ask for another code.',
  },
} as const satisfies Record<string, Uniform>;

/** The result, or the answer that stands for whatever would tell on an account. */
export async function alike<Result>(what: keyof typeof UNIFORM, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const { codes, status, code, detail }: Uniform = UNIFORM[what];
    const isOfCognito = error instanceof CognitoIdentityProviderServiceException;
    if (!isOfCognito || !codes.includes(codeForStrangers(error))) throw error;
    throw new ProblemException(status, code, detail, {
      cause: error,
      // RFC 9110 section 15.5.2: every 401 carries a challenge.
      ...(status === 401 && { headers: { 'WWW-Authenticate': 'Bearer' } }),
    });
  }
}

/** Does something, and says nothing of how it went where that would tell on an account. */
export async function silently(
  operation: 'SignUp' | 'ForgotPassword' | 'ResendConfirmationCode',
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    // A sign-up whose message does not arrive, too: none is sent where the name is taken.
    const undelivered = error instanceof CodeDeliveryFailureException;
    if (!undelivered && !tellsOfUser(operation, error)) throw error;
    // Said to nobody outside; whoever runs the app wants to know.
    const { name } = error as Error;
    if (isDeliveryFault(error as Error)) log.error(name, `Cognito could not deliver a code: ${name}`);
    else logger.debug(`Answered like any other: ${name}`);
  }
}
