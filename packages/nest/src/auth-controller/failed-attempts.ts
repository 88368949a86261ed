import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import { ProblemException } from '../errors/problem.exception.js';
import { type AttemptWindow, type Counter, partMsOf, roomAtMs, windowsNow } from './attempt-windows.js';
import { attemptsExceeded } from './attempts-exceeded.js';
import { type AttemptLimit, AUTH_CONTROLLER_OPTIONS, type ResolvedAuthOptions } from './auth-options.js';
import { BookedAttempts, type TakenAttempts } from './booked-attempts.js';
import type { Exchange } from './endpoint.decorator.js';
import { findThrottlerStorage, NO_LIMIT, type ThrottlerStorage } from './throttler-storage.js';

interface Known {
  inFlight: number;
  /** As the storage last said, by the part in which a window ends. */
  readonly failures: Map<number, number>;
}

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
 * counted like any other. No span as long as the limit's has more than the limit, wherever it begins.
 */
@Injectable()
export class FailedAttempts implements OnModuleInit {
  readonly #modules: ModulesContainer;
  readonly #options: ResolvedAuthOptions;
  readonly #known = new Map<string, Known>();
  readonly #logger = new Logger('CognitoAuthController');
  #storage: ThrottlerStorage | undefined;
  #booked: BookedAttempts | undefined;

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
    if (this.#storage !== undefined) {
      this.#booked = new BookedAttempts(this.#storage);
      return;
    }
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
    const counters = this.#counters('guess', exchange, account);
    const taken: Known[] = [];
    try {
      for (const counter of counters) taken.push(this.#take(counter));
      return await act();
    } catch (error) {
      if (taken.length === counters.length && isGuess(error)) await this.#record(counters);
      throw error;
    } finally {
      for (const known of taken) known.inFlight -= 1;
    }
  }

  /** Runs what sends a message to somebody: each time counts. Throws as {@link guessing} does. */
  async sending<Result>(
    exchange: Exchange,
    account: string | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    await this.#booked?.take(this.#counters('send', exchange, account));
    return act();
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
    const taken = await this.#booked?.take(this.#counters('send', exchange, account));
    return { result: await act(), taken: taken ?? [] };
  }

  /** Takes a start off the count: whoever ended it well may begin anew, and so may others at their address. */
  async giveBack(taken: TakenAttempts = []): Promise<void> {
    await this.#booked?.giveBack(taken);
  }

  /** Takes one of the attempts that are left. Those under way count, or many at once would all slip through. */
  #take({ key, limit, partMs }: Counter): Known {
    const nowMs = Date.now();
    const known = this.#known.get(key) ?? { inFlight: 0, failures: new Map() };
    // Put last, as the one that was used last.
    this.#known.delete(key);
    this.#known.set(key, known);
    const windows = windowsNow(partMs, nowMs);
    const failuresIn = ({ part }: AttemptWindow) => known.failures.get(part) ?? 0;
    if (windows.some((window) => failuresIn(window) + known.inFlight >= limit)) {
      const roomMs = roomAtMs(windows, partMs, (window) => failuresIn(window) >= limit);
      throw attemptsExceeded(Math.max(roomMs - nowMs, 1000));
    }
    known.inFlight += 1;
    this.#forget();
    return known;
  }

  async #record(counters: readonly Counter[]): Promise<void> {
    const storage = this.#storage;
    if (storage === undefined) return;
    await Promise.all(
      counters.map(async ({ key, partMs }) => {
        const windows = windowsNow(partMs, Date.now());
        const totals = await Promise.all(
          windows.map(({ part, keepMs }) =>
            storage.increment(`${key}:${part}`, keepMs, NO_LIMIT, keepMs, 'cognest'),
          ),
        );
        const failures = this.#known.get(key)?.failures;
        if (failures === undefined) return;
        for (const [index, { part }] of windows.entries()) {
          // Answers may overtake each other.
          failures.set(part, Math.max(failures.get(part) ?? 0, totals[index]?.totalHits ?? 0));
        }
        for (const part of failures.keys()) if (part < (windows[0]?.part ?? 0)) failures.delete(part);
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
    const counter = (whose: string, { limit, ttlMs }: AttemptLimit): Counter => ({
      // A limit that was changed counts anew.
      key: digest(`${what} ${whose} ${ttlMs}`),
      limit,
      partMs: partMsOf(ttlMs),
    });
    // The address first: who is stopped by it makes no entries for accounts.
    const address = counter(`address ${network(request.ip)}`, throttle.address);
    if (account === undefined) return [address];
    return [address, counter(`account ${this.#options.pool ?? ''} ${folded(account)}`, throttle.account)];
  }
}

/**
 * One form for all the ways to write a name that a pool may take for the same: whatever its case, and however its
 * letters are composed. By way of capitals, where `ς` and `σ` are one, and `ß` and `ss`; two users that share a form
 * share a limit.
 */
function folded(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
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

/** Whoever has an IPv6 address has at least 2^64 of them; an IPv4 address written as one is that one. */
function network(address: string | undefined): string {
  if (address === undefined || !isIPv6(address)) return address ?? 'unknown';
  // In its shortest form, whatever it was written in.
  const short = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short)?.slice(1) ?? [];
  if (mapped.length > 0) {
    return mapped
      .map((group) => Number.parseInt(group, 16))
      .flatMap((group) => [group >> 8, group & 255])
      .join('.');
  }
  const [head = '', tail = ''] = short.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
