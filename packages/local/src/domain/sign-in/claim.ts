import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { UserRecord } from '../../storage/users.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import type { Parameters, Progress } from './sign-in-progress.js';

/** Somebody who wants to sign in by choice, and has proven nothing yet. */
export interface Claim {
  readonly access: ClientAccess;
  /** None for a name that nobody has, where the client is not to be told. */
  readonly user: UserRecord | undefined;
  /** The user's `sub`, or what stands for a user who does not exist. */
  readonly subject: string;
  /** The name as it was given. */
  readonly username: string;
  /** Of InitiateAuth, or the responses to a challenge. */
  readonly parameters: Parameters;
  readonly progress: Progress;
  readonly available: readonly ChallengeNameType[];
  /** What is kept together with the next step: the session that led here is used up. */
  readonly write: (() => void) | undefined;
  /** Of challenge responses. */
  readonly clientMetadata: Parameters | undefined;
}
