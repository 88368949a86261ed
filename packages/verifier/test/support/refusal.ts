import { VerifierError, type VerifierErrorCode } from '../../src/index.js';

/** The error that a call ends in. Fails when there is none, or when it is of another class. */
export async function refusalOf(call: Promise<unknown> | (() => unknown)): Promise<VerifierError> {
  try {
    await (typeof call === 'function' ? call() : call);
  } catch (error) {
    if (error instanceof VerifierError) return error;
    throw error;
  }
  throw new Error('expected a VerifierError, but nothing was thrown');
}

/** The code of the error that a call ends in. */
export async function codeOf(call: Promise<unknown> | (() => unknown)): Promise<VerifierErrorCode> {
  return (await refusalOf(call)).code;
}
