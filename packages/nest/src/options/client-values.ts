import { CognestError } from '../errors/cognest-error.js';
import { LONGEST_TIMER_MS, oneOf, wholeNumber } from './checks.js';

/*
 * What settings of the SDK's client must be that it reads at the first call, or never says a word about: with a time-out
 * that is no number a call waits for ever, with a mode that there is not it retries as if nothing had been said.
 */

/** What the SDK calls of a logger. */
const LOGGER = ['debug', 'info', 'warn', 'error'] as const;
/** What it calls of a strategy, and what it calls of one of its older kind. */
const STRATEGY = ['acquireInitialRetryToken', 'refreshRetryTokenForRetry', 'recordSuccess'] as const;
const OLDER_STRATEGY = ['retry'] as const;
/** All of them in milliseconds. */
const TIMERS = [
  'requestTimeout',
  'connectionTimeout',
  'socketTimeout',
  'socketAcquisitionWarningTimeout',
] as const;

type Given = Readonly<Record<string, unknown>>;

/**
 * @param quoted - the name of a member as messages quote it.
 * @throws {CognestError} `config_invalid`
 */
export function checkClientValues(client: object, quoted: (member: string) => string): void {
  const { retryMode, retryStrategy, logger } = client as Given;
  if (typeof retryMode !== 'function') {
    oneOf(quoted('retryMode'), retryMode as string | undefined, ['standard', 'adaptive'], 'standard');
  }
  if (
    retryStrategy !== undefined &&
    ![STRATEGY, OLDER_STRATEGY, ['then']].some((methods) => hasMethods(retryStrategy, methods))
  ) {
    throw lacking(quoted('retryStrategy'), "a retry strategy of the SDK's", retryStrategy, STRATEGY);
  }
  checkLogger(logger, quoted);
}

/**
 * As {@link checkClientValues}, for the options of the handler of requests. A time-out of 0 is none.
 *
 * @throws {CognestError} `config_invalid`
 */
export function checkHandlerValues(requestHandler: object, quoted: (member: string) => string): void {
  for (const timer of TIMERS) {
    const given = (requestHandler as Given)[timer];
    wholeNumber(quoted(timer), given as number | undefined, 0, 0, LONGEST_TIMER_MS);
  }
  checkLogger((requestHandler as Given)['logger'], quoted);
}

function checkLogger(logger: unknown, quoted: (member: string) => string): void {
  if (logger === undefined || hasMethods(logger, LOGGER)) return;
  throw lacking(quoted('logger'), 'a logger as console is', logger, LOGGER);
}

/** What was given is not shown: it may hold anything. */
function lacking(what: string, expected: string, given: unknown, methods: readonly string[]): CognestError {
  const got =
    typeof given === 'object' && given !== null
      ? `an object without ${methods.filter((method) => !hasMethods(given, [method])).join(', ')}`
      : `a value of type ${given === null ? 'null' : typeof given}`;
  return new CognestError(
    'config_invalid',
    `${what} must be ${expected}, with the methods ${methods.join(', ')}, got ${got}`,
  );
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof Reflect.get(value, method) === 'function')
  );
}
