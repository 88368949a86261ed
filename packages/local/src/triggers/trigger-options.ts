import type { CreateAuthChallengeTriggerEvent } from './create-auth-challenge.js';
import type { CustomMessageTriggerEvent } from './custom-message.js';
import type { CustomEmailSenderTriggerEvent, CustomSMSSenderTriggerEvent } from './custom-sender.js';
import type { DefineAuthChallengeTriggerEvent } from './define-auth-challenge.js';
import type { PostAuthenticationTriggerEvent } from './post-authentication.js';
import type { PostConfirmationTriggerEvent } from './post-confirmation.js';
import type { PreAuthenticationTriggerEvent } from './pre-authentication.js';
import type { PreSignUpTriggerEvent } from './pre-sign-up.js';
import type {
  PreTokenGenerationTriggerEvent,
  PreTokenGenerationV2TriggerEvent,
} from './pre-token-generation.js';
import type { UserMigrationTriggerEvent } from './user-migration.js';
import type { VerifyAuthChallengeResponseTriggerEvent } from './verify-auth-challenge-response.js';

/** The second argument of a function: Lambda's context, as far as there is something to say here. */
export interface TriggerContext {
  callbackWaitsForEmptyEventLoop: boolean;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  /** UUID v4, another for each attempt. */
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
  /** The three that came before callbacks. */
  done(error?: Error, result?: unknown): void;
  fail(error: Error | string): void;
  succeed(result: unknown): void;
}

/** The third argument, for functions that were written before promises. */
export type TriggerCallback = (error?: Error | string | null, result?: unknown) => void;

/**
 * As it runs on Lambda: it changes `event.response` and returns the event, or a promise of it, or hands it
 * to the callback. Handlers that are typed with `@types/aws-lambda` fit, which a method's looser check of
 * parameters allows: the events there name sources that never come here.
 */
export type TriggerFunction<Event> = {
  call(event: Event, context: TriggerContext, callback: TriggerCallback): unknown;
}['call'];

/** A function, or the `http://` or `https://` address that takes the event as JSON in a POST. */
export type Trigger<Event> = TriggerFunction<Event> | string;

/** Functions by what sets them off. */
export interface PoolTriggers {
  readonly preSignUp?: Trigger<PreSignUpTriggerEvent>;
  readonly postConfirmation?: Trigger<PostConfirmationTriggerEvent>;
  readonly preAuthentication?: Trigger<PreAuthenticationTriggerEvent>;
  readonly postAuthentication?: Trigger<PostAuthenticationTriggerEvent>;
  /** Version 1: changes the ID token. A pool has one version; give one of the three. */
  readonly preTokenGeneration?: Trigger<PreTokenGenerationTriggerEvent>;
  /** Version 2: changes both tokens. */
  readonly preTokenGenerationV2?: Trigger<PreTokenGenerationV2TriggerEvent>;
  readonly preTokenGenerationV3?: Trigger<PreTokenGenerationV2TriggerEvent>;
  readonly userMigration?: Trigger<UserMigrationTriggerEvent>;
  readonly customMessage?: Trigger<CustomMessageTriggerEvent>;
  readonly customEmailSender?: Trigger<CustomEmailSenderTriggerEvent>;
  readonly customSMSSender?: Trigger<CustomSMSSenderTriggerEvent>;
  readonly defineAuthChallenge?: Trigger<DefineAuthChallengeTriggerEvent>;
  readonly createAuthChallenge?: Trigger<CreateAuthChallengeTriggerEvent>;
  readonly verifyAuthChallengeResponse?: Trigger<VerifyAuthChallengeResponseTriggerEvent>;
}

export type TriggerKey = keyof PoolTriggers;

// biome-ignore lint/suspicious/noExplicitAny: which event it takes depends on where the ARN is configured.
type FunctionOfAnyEvent = TriggerFunction<any>;

/** What stands in for the Lambda functions of pools. */
export interface Triggers extends PoolTriggers {
  /** By name or id of a pool, in place of those of all pools. */
  readonly pools?: Readonly<Record<string, PoolTriggers>>;
  /** What a function named in a pool's LambdaConfig is here. */
  readonly [arn: `arn:${string}`]: FunctionOfAnyEvent | string;
}

const KEYS: Readonly<Record<TriggerKey, true>> = {
  preSignUp: true,
  postConfirmation: true,
  preAuthentication: true,
  postAuthentication: true,
  preTokenGeneration: true,
  preTokenGenerationV2: true,
  preTokenGenerationV3: true,
  userMigration: true,
  customMessage: true,
  customEmailSender: true,
  customSMSSender: true,
  defineAuthChallenge: true,
  createAuthChallenge: true,
  verifyAuthChallengeResponse: true,
};

const TOKEN_KEYS = ['preTokenGeneration', 'preTokenGenerationV2', 'preTokenGenerationV3'] as const;

/** @throws TypeError naming the entry that is no trigger. */
export function checkTriggers(triggers: Triggers): void {
  checkObject(triggers, 'triggers');
  for (const [key, value] of Object.entries(triggers)) {
    if (key === 'pools') continue;
    const place = `triggers[${JSON.stringify(key)}]`;
    if (!key.startsWith('arn:')) checkKey(key, `triggers.${key}`);
    checkTrigger(value, place);
  }
  checkVersions(triggers, 'triggers');
  if (triggers.pools === undefined) return;
  checkObject(triggers.pools, 'triggers.pools');
  for (const [pool, ofPool] of Object.entries(triggers.pools)) {
    const place = `triggers.pools[${JSON.stringify(pool)}]`;
    checkObject(ofPool, place);
    for (const [key, value] of Object.entries(ofPool)) {
      checkKey(key, `${place}.${key}`);
      checkTrigger(value, `${place}.${key}`);
    }
    checkVersions(ofPool, place);
  }
}

function checkObject(value: unknown, place: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(
      `"${place}" must be an object of functions by trigger, got ${JSON.stringify(value)}.`,
    );
  }
}

function checkKey(key: string, place: string): void {
  if (Object.hasOwn(KEYS, key)) return;
  throw new TypeError(`"${place}" is no trigger; there are: ${Object.keys(KEYS).join(', ')}.`);
}

function checkTrigger(value: unknown, place: string): void {
  if (value === undefined || typeof value === 'function') return;
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) {
    if (url.username === '' && url.password === '') return;
    throw new TypeError(`"${place}" must be an address without a name and a password in it.`);
  }
  const given = typeof value === 'string' ? JSON.stringify(value) : typeof value;
  throw new TypeError(`"${place}" must be a function or an http(s) address, got ${given}.`);
}

function checkVersions(triggers: PoolTriggers, place: string): void {
  const given = TOKEN_KEYS.filter((key) => triggers[key] !== undefined);
  if (given.length > 1) {
    throw new TypeError(`"${place}" has ${given.join(' and ')}: a pool has one version of it, give one.`);
  }
}
