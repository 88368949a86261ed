import { inspect } from 'node:util';
import type {
  LambdaConfigType,
  PreTokenGenerationLambdaVersionType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Log } from '../protocol/log.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { AnyTriggerEvent } from './event.js';
import {
  invalidLambdaOutput,
  lambdaUnavailable,
  unrecognizableLambdaOutput,
  userLambdaFailed,
} from './faults.js';
import { FunctionError, invokeOnce, OutputError, type Target, Unreachable } from './invoke.js';
import { type Answer, isAnswer } from './read-response.js';
import type { PoolTriggers, TriggerKey, Triggers } from './trigger-options.js';

/** The triggers under their names in LambdaConfig and in errors. */
const KEY_OF = {
  PreSignUp: 'preSignUp',
  PostConfirmation: 'postConfirmation',
  PreAuthentication: 'preAuthentication',
  PostAuthentication: 'postAuthentication',
  PreTokenGeneration: 'preTokenGeneration',
  UserMigration: 'userMigration',
  CustomMessage: 'customMessage',
  CustomEmailSender: 'customEmailSender',
  CustomSMSSender: 'customSMSSender',
  DefineAuthChallenge: 'defineAuthChallenge',
  CreateAuthChallenge: 'createAuthChallenge',
  VerifyAuthChallengeResponse: 'verifyAuthChallengeResponse',
} as const satisfies Record<string, TriggerKey>;

type TriggerName = keyof typeof KEY_OF;

const TOKEN_KEY_OF = {
  V1_0: 'preTokenGeneration',
  V2_0: 'preTokenGenerationV2',
  V3_0: 'preTokenGenerationV3',
} as const satisfies Record<PreTokenGenerationLambdaVersionType, TriggerKey>;

const TOKEN_VERSIONS = Object.keys(TOKEN_KEY_OF) as (keyof typeof TOKEN_KEY_OF)[];

/** What of a pool says which functions it has. */
type TriggerPool = Pick<UserPoolRecord, 'id' | 'name' | 'settings'>;

/** The functions of pools, for operations. */
export interface TriggerRunner {
  /** Whether the pool has the trigger: a function here, or one named in its LambdaConfig. */
  has(pool: TriggerPool, name: TriggerName): boolean;
  /** The version of PreTokenGeneration that the pool has, if any. */
  tokenVersion(pool: TriggerPool): PreTokenGenerationLambdaVersionType | undefined;
  /**
   * Calls the function of a trigger that the pool has. Never to be called in a transaction; what was read
   * before may have changed when it comes back.
   *
   * @returns the `response` of the event that came back.
   * @throws UserLambdaValidationException, InvalidLambdaResponseException, UnexpectedLambdaException
   */
  invoke(pool: TriggerPool, name: TriggerName, event: AnyTriggerEvent): Promise<Answer>;
  /** Calls it, and lets nobody wait: a failure is logged. */
  start(pool: TriggerPool, name: TriggerName, event: AnyTriggerEvent): void;
  /** Says which functions of the pool's LambdaConfig are not here. */
  warnOfMissing(pool: TriggerPool): void;
  /** Says which names and ids under `pools` are those of none of these. */
  warnOfUnknown(pools: readonly TriggerPool[]): void;
}

/** Of one that never calls anything. */
export const noTriggers: TriggerRunner = {
  has: () => false,
  tokenVersion: () => undefined,
  invoke: () => Promise.reject(new Error('there are no triggers here')),
  start: () => {},
  warnOfMissing: () => {},
  warnOfUnknown: () => {},
};

/** As on AWS: not adjustable there. */
const TIMEOUT_MS = 5000;
const TRIES = 3;
/** Calls under way at a time, as Lambda's quota: a function that sets itself off comes to an end. */
const MAX_RUNNING = 1000;

export interface RunnerOptions {
  readonly triggers: Triggers;
  readonly log: Pick<Log, 'warn'>;
  /** How long one attempt may take. Default 5000. */
  readonly timeoutMs?: number;
}

export function createTriggerRunner({ triggers, log, timeoutMs = TIMEOUT_MS }: RunnerOptions): TriggerRunner {
  let running = 0;

  const levels = ({ id, name }: TriggerPool): PoolTriggers[] =>
    [own(triggers.pools, id), own(triggers.pools, name), triggers].filter((level) => level !== undefined);

  const tokenVersion: TriggerRunner['tokenVersion'] = (pool) => {
    const configured = configuredTokenVersion(pool.settings.LambdaConfig);
    if (configured !== undefined) return configured;
    for (const level of levels(pool)) {
      const version = TOKEN_VERSIONS.find((candidate) => level[TOKEN_KEY_OF[candidate]] !== undefined);
      if (version !== undefined) return version;
    }
    return undefined;
  };

  const keyOf = (pool: TriggerPool, name: TriggerName): TriggerKey =>
    name === 'PreTokenGeneration' ? TOKEN_KEY_OF[tokenVersion(pool) ?? 'V1_0'] : KEY_OF[name];

  const targetOf = (pool: TriggerPool, name: TriggerName): Target | undefined => {
    const arn = functionArn(pool.settings.LambdaConfig, name);
    const mapped = arn === undefined ? undefined : own(triggers, arn as `arn:${string}`);
    if (mapped !== undefined) return mapped;
    const key = keyOf(pool, name);
    return levels(pool).find((level) => level[key] !== undefined)?.[key];
  };

  /** @throws FunctionError, OutputError, Unreachable */
  const attempt = async (pool: TriggerPool, name: TriggerName, event: object): Promise<unknown> => {
    const target = targetOf(pool, name);
    const arn = functionArn(pool.settings.LambdaConfig, name);
    if (target === undefined) throw new Unreachable(notHere(arn as string, keyOf(pool, name)));
    if (running >= MAX_RUNNING) throw new Unreachable(`Rate exceeded: ${running} calls are under way`);
    running++;
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await invokeOnce(target, event, arn ?? name, timeoutMs);
        } catch (error) {
          if (!(error instanceof Unreachable) || tries === TRIES) throw error;
        }
      }
    } finally {
      running--;
    }
  };

  return {
    has: (pool, name) =>
      functionArn(pool.settings.LambdaConfig, name) !== undefined || targetOf(pool, name) !== undefined,
    tokenVersion,
    invoke: async (pool, name, event) => {
      let answer: unknown;
      try {
        answer = await attempt(pool, name, event);
      } catch (error) {
        if (error instanceof FunctionError) {
          log.warn(
            `${name} of the pool ${pool.id} failed: ${stackOf('cause' in error ? error.cause : error.message)}`,
          );
          throw userLambdaFailed(name, error.message);
        }
        if (error instanceof OutputError) throw invalidLambdaOutput(error.message);
        if (!(error instanceof Unreachable)) throw error;
        log.warn(`${name} of the pool ${pool.id}: ${error.message}.`);
        throw lambdaUnavailable(name, error.message);
      }
      const response = isAnswer(answer) ? answer['response'] : undefined;
      if (!isAnswer(response)) throw unrecognizableLambdaOutput();
      return response;
    },
    start: (pool, name, event) => {
      void attempt(pool, name, event).catch((error: unknown) => {
        const reason = error instanceof FunctionError && 'cause' in error ? error.cause : error;
        log.warn(`${name} of the pool ${pool.id} failed: ${stackOf(reason)}`);
      });
    },
    warnOfMissing: (pool) => {
      for (const name of Object.keys(KEY_OF) as TriggerName[]) {
        const arn = functionArn(pool.settings.LambdaConfig, name);
        if (arn === undefined || targetOf(pool, name) !== undefined) continue;
        log.warn(`${name} of the pool "${pool.name}" (${pool.id}): ${notHere(arn, keyOf(pool, name))}.`);
      }
    },
    warnOfUnknown: (pools) => {
      const known = new Set(pools.flatMap(({ id, name }) => [id, name]));
      for (const key of Object.keys(triggers.pools ?? {})) {
        if (known.has(key)) continue;
        const names = pools.slice(0, 20).map(({ id, name }) => `"${name}" (${id})`);
        log.warn(
          `No pool has the name or the id "${key}" of the triggers' "pools": its functions run for one that is made later. There are: ${names.join(', ') || 'none yet'}.`,
        );
      }
    },
  };
}

function own<T extends object, K extends keyof T>(object: T | undefined, key: K): T[K] | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

function notHere(arn: string, key: TriggerKey): string {
  return `there is no function here for ${arn}; give one with the option triggers of startCognito or with --triggers, as '${arn}' or as ${key}`;
}

function functionArn(config: LambdaConfigType | undefined, name: TriggerName): string | undefined {
  switch (name) {
    case 'CustomEmailSender':
    case 'CustomSMSSender':
      return config?.[name]?.LambdaArn;
    case 'PreTokenGeneration':
      return config?.PreTokenGenerationConfig?.LambdaArn ?? config?.PreTokenGeneration;
    default:
      return config?.[name];
  }
}

function configuredTokenVersion(
  config: LambdaConfigType | undefined,
): PreTokenGenerationLambdaVersionType | undefined {
  return config?.PreTokenGenerationConfig?.LambdaVersion ?? (config?.PreTokenGeneration ? 'V1_0' : undefined);
}

/** A log is read by people: what is longer was not written for them. */
const MAX_LOGGED = 16_384;

function stackOf(error: unknown): string {
  const text = describe(error);
  return text.length > MAX_LOGGED ? `${text.slice(0, MAX_LOGGED)}…` : text;
}

function describe(error: unknown): string {
  try {
    if (error instanceof Error) return String(error.stack ?? error.message);
    // What is thrown and is no error reaches the caller as `[object Object]`, as on AWS: here is what it was.
    return typeof error === 'string'
      ? error
      : inspect(error, { depth: 3, maxArrayLength: 20, maxStringLength: 500 });
  } catch {
    return `a value of type ${typeof error} that cannot be shown`;
  }
}
