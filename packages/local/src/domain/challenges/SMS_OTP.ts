import { answerFirstFactorCode } from '../sign-in/choice-sign-in.js';
import type { ChallengeResponder } from '../sign-in/sign-in-progress.js';

/** The code of a text message that a sign-in by choice began with. */
export const SMS_OTP: ChallengeResponder = (context, answer) =>
  answerFirstFactorCode(context, answer, 'SMS_OTP');
