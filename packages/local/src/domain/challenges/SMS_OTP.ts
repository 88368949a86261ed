import { answerFirstFactorCode } from '../choice-sign-in.js';
import type { ChallengeResponder } from '../sign-in-progress.js';

/** The code of a text message that a sign-in by choice began with. */
export const SMS_OTP: ChallengeResponder = (context, answer) =>
  answerFirstFactorCode(context, answer, 'SMS_OTP');
