export { type Clock, ManualClock, systemClock } from './clock.js';
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
