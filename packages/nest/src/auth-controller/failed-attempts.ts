import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import { ProblemException } from '../errors/problem.exception.js';
import { type AttemptLimit, AUTH_CONTROLLER_OPTIONS, type ResolvedAuthOptions } from './auth-options.js';
import type { Exchange } from './endpoint.decorator.js';
import { findThrottlerStorage, type ThrottlerStorage } from './throttler-storage.js';

interface Counter {
  readonly key: string;
  readonly limit: AttemptLimit;
  /** Until when it counts, where that is settled beforehand; else from the first failure, as the storage says. */
  readonly endMs?: number | undefined;
}

/** What a sign-in by choice has taken of what may be sent, in names that say nothing of whose it is. */
export type TakenAttempts = readonly {
  readonly key: string;
  /** Until when it counts. */
  readonly endMs: number;
}[];

interface Known {
  inFlight: number;
  failures: number;
  /** How many of the failures were none after all. */
  givenBack: number;
  /** Until when the failures count. */
  untilMs: number;
}

/** The storage stops nobody by itself where attempts may be given back. */
const NO_LIMIT = 2 ** 31 - 1;

/** What is remembered here of the storage: a key more makes the longest unused one forgotten. */
const MAX_KNOWN = 10_000;

/** What Cognito throws at somebody who guesses. */
const GUESSES = new Set([
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
  'CodeMismatchException',
  'ExpiredCodeException',
  'UsernameExistsException',
  'AliasExistsException',
  'EnableSoftwareTokenMFAException',
]);

/**
 * Slows down guessing, by account and by address, with the storage of the app's `ThrottlerModule`, which many
 * instances may share. Only failures count: who signs in all day long is not stopped. Accounts that do not exist are
 * counted like any other.
 */
@Injectable()
export class FailedAttempts implements OnModuleInit {
  readonly #modules: ModulesContainer;
  readonly #options: ResolvedAuthOptions;
  readonly #known = new Map<string, Known>();
  readonly #logger = new Logger('CognitoAuthController');
  #storage: ThrottlerStorage | undefined;

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(AUTH_CONTROLLER_OPTIONS) options: ResolvedAuthOptions,
  ) {
    this.#modules = modules;
    this.#options = options;
  }

  /** @throws {CognestError} `config_invalid`: limits are given, and the app has no ThrottlerModule. */
  onModuleInit(): void {
    if (this.#options.throttle === false) return;
    this.#storage = findThrottlerStorage(this.#modules);
    if (this.#storage !== undefined) return;
    if (this.#options.throttleGiven) {
      throw new CognestError(
        'config_invalid',
        'CognitoAuthModule: "throttle" needs the storage of @nestjs/throttler; import ThrottlerModule.forRoot()',
      );
    }
    this.#logger.warn(
      `Failed sign-ins at /${this.#options.path} are not throttled: import ThrottlerModule of @nestjs/throttler, ` +
        'or say "throttle: false" where something in front of the app does it',
    );
  }

  /**
   * Runs what somebody may be guessing at.
   *
   * @param account - the name they give, whether or not it exists.
   * @throws {ProblemException} 429 `attempts_exceeded`, with `Retry-After`.
   */
  async guessing<Result>(
    exchange: Exchange,
    account: string | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    return this.#counted(this.#counters('guess', exchange, account), isGuess, act);
  }

  /** Runs what sends a message to somebody: each time counts. */
  async sending<Result>(
    exchange: Exchange,
    account: string | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    return this.#counted(this.#counters('send', exchange, account), () => true, act, true);
  }

  /**
   * Begins a sign-in that may send a message: {@link sending}, and what it takes.
   *
   * @returns what to {@link giveBack} when the sign-in has succeeded.
   */
  async starting<Result>(
    exchange: Exchange,
    account: string,
    act: () => Promise<Result>,
  ): Promise<{ result: Result; taken: TakenAttempts }> {
    const counters = this.#counters('send', exchange, account);
    const result = await this.#counted(counters, () => true, act, true);
    return { result, taken: counters.map(({ key, endMs = 0 }) => ({ key, endMs })) };
  }

  /** Takes a start off the count: whoever ended it well may begin anew, and so may others at their address. */
  async giveBack(taken: TakenAttempts = []): Promise<void> {
    const storage = this.#storage;
    if (storage === undefined) return;
    await Promise.all(
      taken.map(async ({ key, endMs }) => {
        const leftMs = endMs - Date.now();
        if (leftMs <= 0) return;
        // A storage only ever counts up.
        const { totalHits } = await storage.increment(`${key}:back`, leftMs, NO_LIMIT, leftMs, 'cognest');
        const known = this.#known.get(key);
        if (known !== undefined) known.givenBack = totalHits;
      }),
    );
  }

  async #counted<Result>(
    counters: readonly Counter[],
    counts: (error: unknown) => boolean,
    act: () => Promise<Result>,
    alsoSuccess = false,
  ): Promise<Result> {
    const taken: Known[] = [];
    try {
      for (const counter of counters) taken.push(this.#take(counter));
      const result = await act();
      if (alsoSuccess) await this.#record(counters);
      return result;
    } catch (error) {
      if (taken.length === counters.length && counts(error)) await this.#record(counters);
      throw error;
    } finally {
      for (const known of taken) known.inFlight -= 1;
    }
  }

  /** Takes one of the attempts that are left. Those under way count, or many at once would all slip through. */
  #take({ key, limit }: Counter): Known {
    const nowMs = Date.now();
    const known = this.#known.get(key) ?? { inFlight: 0, failures: 0, givenBack: 0, untilMs: 0 };
    // Put last, as the one that was used last.
    this.#known.delete(key);
    this.#known.set(key, known);
    if (known.untilMs <= nowMs) known.failures = 0;
    const failures = known.failures - known.givenBack;
    if (failures + known.inFlight >= limit.limit) {
      const waitMs = failures >= limit.limit ? known.untilMs - nowMs : 1000;
      throw new ProblemException(429, 'attempts_exceeded', 'Too many attempts: try again later.', {
        headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) },
      });
    }
    known.inFlight += 1;
    this.#forget();
    return known;
  }

  async #record(counters: readonly Counter[]): Promise<void> {
    const storage = this.#storage;
    if (storage === undefined) return;
    await Promise.all(
      counters.map(async ({ key, limit, endMs }) => {
        const { totalHits, timeToExpire, isBlocked, timeToBlockExpire } = await storage.increment(
          key,
          limit.ttlMs,
          endMs === undefined ? limit.limit : NO_LIMIT,
          limit.ttlMs,
          'cognest',
        );
        const known = this.#known.get(key);
        if (known === undefined) return;
        known.failures = isBlocked ? Math.max(totalHits, limit.limit) : totalHits;
        known.untilMs = endMs ?? Date.now() + 1000 * (isBlocked ? timeToBlockExpire : timeToExpire);
      }),
    );
  }

  #forget(): void {
    for (const [key, known] of this.#known) {
      if (this.#known.size <= MAX_KNOWN) return;
      if (known.inFlight === 0) this.#known.delete(key);
    }
  }

  #counters(what: 'guess' | 'send', { request }: Exchange, account: string | undefined): Counter[] {
    const { throttle } = this.#options;
    if (throttle === false || this.#storage === undefined) return [];
    const counter = (whose: string, limit: AttemptLimit): Counter => {
      // What is given back must belong to the same span of time as what was taken, in every instance of the app.
      const endMs = what === 'send' ? (Math.floor(Date.now() / limit.ttlMs) + 1) * limit.ttlMs : undefined;
      return { key: digest(`${what} ${whose} ${endMs ?? ''}`), limit, endMs };
    };
    // The address first: who is stopped by it makes no entries for accounts.
    const address = counter(`address ${network(request.ip)}`, throttle.address);
    if (account === undefined) return [address];
    const name = account.normalize('NFKC').toLowerCase();
    return [address, counter(`account ${this.#options.pool ?? ''} ${name}`, throttle.account)];
  }
}

function isGuess(error: unknown): boolean {
  if (error instanceof ProblemException) return error.getStatus() < 500 && error.code !== 'request_invalid';
  if (error instanceof CognestError) return error.code === 'challenge_seal_invalid';
  return error instanceof CognitoIdentityProviderServiceException && GUESSES.has(error.name);
}

/** A name as the storage sees it: no user name and no address is kept there. */
function digest(text: string): string {
  return `cognest:${createHash('sha256').update(text).digest('base64url')}`;
}

/** Whoever has an IPv6 address has at least 2^64 of them. */
function network(address: string | undefined): string {
  if (address === undefined || !isIPv6(address) || address.startsWith('::ffff:')) return address ?? 'unknown';
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
