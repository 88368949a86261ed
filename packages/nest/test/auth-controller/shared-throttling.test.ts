import { randomBytes, randomUUID } from 'node:crypto';
import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { ThrottlerModule, type ThrottlerStorage, ThrottlerStorageService } from '@nestjs/throttler';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CognitoAuthModule, type CognitoAuthModuleOptions } from '../../src/index.js';
import { PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { administrator, newUser } from '../support/auth-modes.js';
import { DISCREET_CLIENT, startTestCognito, type TestCognito } from '../support/cognito.js';

let test: TestCognito;
let admin: CognitoIdentityProvider;
beforeAll(async () => {
  test = await startTestCognito();
  admin = administrator(test);
});
afterAll(async () => {
  admin.destroy();
  await test.cognito.close();
});

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a client does
type Any = any;

const HOUR_MS = 60 * 60 * 1000;
const KEYS = [randomBytes(32).toString('base64')];
const SENDER = 'arn:aws:ses:eu-central-1:123456789012:identity/mail@example.com';

/**
 * What storages on Redis do: a count begins with its first hit and is forgotten when the time of that one is over,
 * whatever came since; and answers take a while.
 */
class RemoteStorage implements ThrottlerStorage {
  readonly #counts = new Map<string, { hits: number; untilMs: number }>();
  readonly #blocks = new Map<string, number>();

  async increment(key: string, ttlMs: number, limit: number, blockMs: number) {
    await new Promise((resolve) => setImmediate(resolve));
    const nowMs = Date.now();
    let count = this.#counts.get(key);
    if (count === undefined || count.untilMs <= nowMs) count = { hits: 0, untilMs: nowMs + ttlMs };
    count.hits += 1;
    this.#counts.set(key, count);
    const { hits, untilMs } = count;
    if (hits > limit && (this.#blocks.get(key) ?? 0) <= nowMs) this.#blocks.set(key, nowMs + blockMs);
    const blockedMs = Math.max(0, (this.#blocks.get(key) ?? 0) - nowMs);
    await new Promise((resolve) => setImmediate(resolve));
    return {
      totalHits: hits,
      timeToExpire: Math.ceil((untilMs - nowMs) / 1000),
      isBlocked: blockedMs > 0,
      timeToBlockExpire: Math.ceil(blockedMs / 1000),
    };
  }
}

/** The clock of the apps, of the storage and of the embedded Cognito. */
function clock(startMs = Date.now()) {
  let nowMs = startMs;
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  onTestFinished(() => spy.mockRestore());
  return {
    now: () => nowMs,
    set: (ms: number) => {
      nowMs = ms;
    },
  };
}

describe.each(PLATFORMS)('instances of an app that share a storage, on %s', (_, adapter) => {
  async function instance(
    storage: ThrottlerStorage,
    options: CognitoAuthModuleOptions,
    pool: { userPoolId?: string; clientId?: string | undefined } = { clientId: DISCREET_CLIENT },
  ): Promise<TestApp> {
    const app = await startApp(
      test.options({ ...pool, challengeKeys: KEYS }),
      [],
      { imports: [ThrottlerModule.forRoot({ throttlers: [], storage }), CognitoAuthModule.forRoot(options)] },
      undefined,
      adapter(),
    );
    onTestFinished(() => app.close());
    return app;
  }

  const resend = async (app: TestApp, username: string) =>
    (await app.post('/auth/sign-up/resend', { username })).status;

  it.each([
    ['of their own', () => new ThrottlerStorageService()],
    ['elsewhere', () => new RemoteStorage()],
  ])(
    'send no more messages than the limit, however many ask at once: a storage %s',
    async (__, storageOf) => {
      const storage = storageOf();
      const throttle = { account: { limit: 5, ttlMs: HOUR_MS } };
      const apps = [await instance(storage, { throttle }), await instance(storage, { throttle })];
      const username = `asked-${randomUUID()}`;
      const statuses = await Promise.all(
        Array.from({ length: 24 }, (___, i) => resend(apps[i % 2] as TestApp, username)),
      );
      expect(statuses.filter((status) => status === 202)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(19);
      // What was refused has taken nothing of anybody else's.
      expect(await resend(apps[1] as TestApp, 'somebody-else')).toBe(202);
      if (storage instanceof ThrottlerStorageService) storage.onApplicationShutdown();
    },
  );

  it.each([
    ['messages', 'sending'],
    ['failures', 'guessing'],
  ])('let no span of the time have more %s than the limit, wherever it begins', async (__, what) => {
    const LIMIT = 4;
    const storage = new RemoteStorage();
    const throttle = { account: { limit: LIMIT, ttlMs: HOUR_MS } };
    const app = await instance(storage, { throttle });
    // From just before the end of what would be a span by the clock.
    const startMs = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS - 2000;
    const time = clock(startMs);
    const attempt = async () => {
      if (what === 'sending') return (await resend(app, 'over-time')) === 202;
      const given = { username: 'over-time', password: 'Not-theirs-123' };
      return (await app.post('/auth/sign-in', given)).status === 401;
    };
    const passed: number[] = [];
    const steps = [0, 0, 0, 0, 0, 1000, 1900, 2100, 2200, 2300, 2400, 2500];
    for (let minute = 1; minute <= 300; minute += minute % 60 > 50 ? 1 : 7) steps.push(minute * 60_000);
    for (const afterMs of steps) {
      time.set(startMs + afterMs);
      if (await attempt()) passed.push(afterMs);
    }
    expect(passed.slice(0, LIMIT + 1)).toEqual([0, 0, 0, 0, expect.any(Number)]);
    for (const fromMs of passed) {
      const within = passed.filter((atMs) => atMs >= fromMs && atMs < fromMs + HOUR_MS);
      expect(within.length, `from ${fromMs}`).toBeLessThanOrEqual(LIMIT);
    }
    // And nobody waits for much longer than the time: five hours have four times the limit, at the least.
    expect(passed.length).toBeGreaterThanOrEqual(4 * LIMIT);
  });

  it('say when there is room again, and then there is', async () => {
    const throttle = { account: { limit: 2, ttlMs: HOUR_MS } };
    const app = await instance(new RemoteStorage(), { throttle });
    const time = clock();
    for (const route of ['/auth/sign-up/resend', '/auth/sign-in']) {
      const body = { username: 'waits', ...(route === '/auth/sign-in' && { password: 'Not-theirs-123' }) };
      for (let i = 0; i < 2; i++) expect((await app.post(route, body)).status).not.toBe(429);
      const refused = await app.post(route, body);
      expect(refused.status).toBe(429);
      const waitS = Number(refused.headers.get('retry-after'));
      expect(waitS).toBeGreaterThan(3600 - 1);
      expect(waitS).toBeLessThanOrEqual(3600 * 1.25);
      time.set(time.now() + waitS * 1000);
      expect((await app.post(route, body)).status).not.toBe(429);
    }
  });

  it('stop who has failed often at one of them at the others too, once they have failed there', async () => {
    const throttle = { account: { limit: 3, ttlMs: HOUR_MS } };
    const storage = new RemoteStorage();
    const [a, b] = [await instance(storage, { throttle }), await instance(storage, { throttle })];
    const guess = async (app: TestApp) =>
      (await app.post('/auth/sign-in', { username: 'guessed', password: 'Not-theirs-123' })).status;
    for (let i = 0; i < 3; i++) expect(await guess(a)).toBe(401);
    expect([await guess(a), await guess(b), await guess(b)]).toEqual([429, 401, 429]);
  });

  describe('with sign-ins by choice', () => {
    const LIMIT = 3;
    let pool: { userPoolId: string; clientId: string | undefined };
    beforeAll(async () => {
      const { UserPool } = await admin.createUserPool({
        PoolName: 'by choice',
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
        EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: SENDER },
      });
      const userPoolId = UserPool?.Id ?? '';
      const { UserPoolClient } = await admin.createUserPoolClient({
        UserPoolId: userPoolId,
        ClientName: 'web',
        ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      });
      pool = { userPoolId, clientId: UserPoolClient?.ClientId };
    });

    const someone = () =>
      newUser(admin, pool.userPoolId, { email: 'someone@example.com', email_verified: 'true' });
    const start = async (app: TestApp, username: string) => {
      const response = await app.post('/auth/sign-in', { username, preferredChallenge: 'EMAIL_OTP' });
      return { status: response.status, body: (await response.json()) as Any };
    };
    const finish = async (app: TestApp, username: string, { body }: { body: Any }) => {
      const given = { challenge: body.challenge.sealed, answer: { code: test.code(username) } };
      return (await app.post('/auth/challenge', given)).status;
    };

    it('give back at one what was taken at another', async () => {
      const throttle = { account: { limit: LIMIT, ttlMs: HOUR_MS }, address: { limit: 100, ttlMs: HOUR_MS } };
      const storage = new RemoteStorage();
      const options = { throttle, signInByChoice: true };
      const [a, b] = [await instance(storage, options, pool), await instance(storage, options, pool)];
      const time = clock();
      const username = await someone();
      // Far more than the limit, each way round.
      for (let round = 0; round < 2 * LIMIT; round++) {
        const [first, second] = round % 2 ? [a, b] : [b, a];
        const started = await start(first, username);
        expect(started.status).toBe(200);
        expect(await finish(second, username, started)).toBe(200);
      }
      for (let round = 0; round < 2 * LIMIT; round++) {
        expect(await finish(a, username, await start(a, username))).toBe(200);
      }
      // The other has heard nothing of these, and counts none of them.
      const left = [await start(b, username), await start(b, username), await start(b, username)];
      expect(left.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect((await start(b, username)).status).toBe(429);
      expect((await start(a, username)).status).toBe(429);
      // One is ended well at one of them: there is room for one at the other, when it looks again.
      expect(await finish(a, username, left[2] as { body: Any })).toBe(200);
      expect((await start(b, username)).status).toBe(429);
      time.set(time.now() + 1001);
      expect((await start(b, username)).status).toBe(200);
      expect((await start(b, username)).status).toBe(429);
      expect((await start(a, username)).status).toBe(429);
    });

    it('do not count for an account what is refused for the address', async () => {
      const throttle = { account: { limit: 2, ttlMs: HOUR_MS }, address: { limit: 4, ttlMs: HOUR_MS } };
      const storage = new RemoteStorage();
      const options = { throttle, signInByChoice: true };
      const app = await instance(storage, options, pool);
      const time = clock();
      const [ada, bob, eve] = [await someone(), await someone(), await someone()];
      const open = [await start(app, ada), await start(app, ada)];
      // An account that is full takes nothing of the address.
      for (let i = 0; i < 5; i++) {
        expect((await start(app, ada)).status).toBe(429);
        time.set(time.now() + 1001);
      }
      expect([(await start(app, bob)).status, (await start(app, bob)).status]).toEqual([200, 200]);
      expect((await start(app, eve)).status).toBe(429);
      expect(await finish(app, ada, open[1] as { body: Any })).toBe(200);
      expect((await start(app, eve)).status).toBe(200);
    });
  });
});
