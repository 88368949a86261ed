import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { ChallengeResponder } from '../sign-in-progress.js';
import { NEW_PASSWORD_REQUIRED } from './NEW_PASSWORD_REQUIRED.js';
import { PASSWORD_VERIFIER } from './PASSWORD_VERIFIER.js';

/** Every challenge that can be answered. To add one, add its file and its line. */
export const CHALLENGES: Readonly<Partial<Record<ChallengeNameType, ChallengeResponder>>> = {
  NEW_PASSWORD_REQUIRED,
  PASSWORD_VERIFIER,
};
