import type { Clock } from './clock.js';
import type { ImportRunner } from './domain/user-import/runner.js';
import type { Outbox } from './outbox/outbox.js';
import type { Storage } from './storage/storage.js';
import type { TriggerRunner } from './triggers/trigger-runner.js';

/** What an operation may use. Nothing of HTTP is in it. */
export interface OperationContext {
  /** UUID v4; answered as `x-amzn-requestid`, and the `event_id` of tokens issued by this request. */
  readonly requestId: string;
  readonly region: string;
  /** Twelve digits, in ARNs only. */
  readonly accountId: string;
  /** The server's own address without a trailing slash; a pool's issuer is `<endpoint>/<poolId>`. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly outbox: Outbox;
  /** The functions that stand in for the Lambda functions of pools. */
  readonly triggers: TriggerRunner;
  /** Works through the user imports that have been started. */
  readonly imports: ImportRunner;
}

/**
 * One operation of the API. Its input has passed the model's constraints; a thrown
 * `CognitoServiceError` is what the caller gets. Every write belongs in `context.storage.transaction`.
 */
export type Operation<
  Input extends object = never,
  Output extends object | undefined = object | undefined,
> = (input: Input, context: OperationContext) => Output | Promise<Output>;
