export type { Checkpoint } from './checkpoints/checkpoints.js';
export { type Clock, ManualClock, type ServerClock, systemClock } from './clock.js';
export type { MessageTrigger, OutgoingMessage } from './outbox/outbox.js';
export type { Log } from './protocol/log.js';
export type { ClientIds, PoolIds } from './seed/pool-ids.js';
export { SeedError } from './seed/read-seed.js';
export {
  defineSeed,
  type Seed,
  type SeedClient,
  type SeedGroup,
  type SeedPool,
  type SeedUser,
} from './seed/seed.js';
export { type Cognito, type CognitoOptions, startCognito } from './start-cognito.js';
export type { MessageFilter } from './storage/messages.js';
export type { CreateAuthChallengeTriggerEvent } from './triggers/create-auth-challenge.js';
export type { ChallengeResult } from './triggers/custom-auth.js';
export type { CustomMessageTriggerEvent } from './triggers/custom-message.js';
export type { CustomEmailSenderTriggerEvent, CustomSMSSenderTriggerEvent } from './triggers/custom-sender.js';
export type { DefineAuthChallengeTriggerEvent } from './triggers/define-auth-challenge.js';
export type { PostAuthenticationTriggerEvent } from './triggers/post-authentication.js';
export type { PostConfirmationTriggerEvent } from './triggers/post-confirmation.js';
export type { PreAuthenticationTriggerEvent } from './triggers/pre-authentication.js';
export type { PreSignUpTriggerEvent } from './triggers/pre-sign-up.js';
export type {
  PreTokenGenerationTriggerEvent,
  PreTokenGenerationV2TriggerEvent,
} from './triggers/pre-token-generation.js';
export type {
  PoolTriggers,
  Trigger,
  TriggerCallback,
  TriggerContext,
  TriggerFunction,
  Triggers,
} from './triggers/trigger-options.js';
export type { UserMigrationTriggerEvent } from './triggers/user-migration.js';
export type { VerifyAuthChallengeResponseTriggerEvent } from './triggers/verify-auth-challenge-response.js';
