import { Module } from '@nestjs/common';
import { ThrottlerModule, ThrottlerStorage, type ThrottlerStorageService } from '@nestjs/throttler';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CognitoAuthModule, type CognitoAuthModuleOptions, CognitoModule } from '../../src/index.js';
import { bootError, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { DISCREET_CLIENT, PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';

let test: TestCognito;
beforeAll(async () => {
  test = await startTestCognito();
});
afterAll(() => test.cognito.close());

const HOUR_MS = 60 * 60 * 1000;

describe.each(PLATFORMS)('failed attempts on %s', (_, adapter) => {
  async function using(
    throttle: CognitoAuthModuleOptions['throttle'],
    use: (app: TestApp) => Promise<void>,
  ): Promise<void> {
    const app = await startApp(
      test.options({ clientId: DISCREET_CLIENT }),
      [],
      { imports: [ThrottlerModule.forRoot([]), CognitoAuthModule.forRoot({ throttle })] },
      undefined,
      adapter(),
    );
    try {
      await use(app);
    } finally {
      await app.close();
    }
  }

  const signIn = (app: TestApp, username: string, password = 'Not-theirs-123') =>
    app.post('/auth/sign-in', { username, password });
  const statuses = async (answers: Promise<Response>[]) =>
    (await Promise.all(answers)).map(({ status }) => status).sort();

  it('stop an account for a while, whether it exists or not, and no other', async () => {
    await using({ account: { limit: 3, ttlMs: HOUR_MS } }, async (app) => {
      for (const username of ['ada', 'nobody']) {
        for (let attempt = 0; attempt < 3; attempt++) expect((await signIn(app, username)).status).toBe(401);
        const stopped = await signIn(app, username);
        expect(stopped.status).toBe(429);
        expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(3000);
        expect(stopped.headers.get('content-type')).toContain('application/problem+json');
        expect(await stopped.json()).toMatchObject({ code: 'attempts_exceeded' });
      }
      // Not even with the right password, and under no other spelling.
      expect((await signIn(app, 'ada', PASSWORD)).status).toBe(429);
      expect((await signIn(app, 'ADA', PASSWORD)).status).toBe(429);
      expect((await signIn(app, 'another')).status).toBe(401);
    });
  });

  it('stop an address, whatever accounts it tries', async () => {
    await using({ address: { limit: 4, ttlMs: HOUR_MS } }, async (app) => {
      for (let attempt = 0; attempt < 4; attempt++) {
        expect((await signIn(app, `someone${attempt}`)).status).toBe(401);
      }
      expect((await signIn(app, 'ada', PASSWORD)).status).toBe(429);
    });
  });

  it('are counted before they are over: many at once do not slip through', async () => {
    await using({ account: { limit: 3, ttlMs: HOUR_MS } }, async (app) => {
      const answers = await statuses(Array.from({ length: 12 }, () => signIn(app, 'many-at-once')));
      expect(answers.filter((status) => status === 401)).toHaveLength(3);
      expect(answers.filter((status) => status === 429)).toHaveLength(9);
    });
  });

  it('are what counts: success does not', async () => {
    await using(
      { account: { limit: 3, ttlMs: HOUR_MS }, address: { limit: 3, ttlMs: HOUR_MS } },
      async (app) => {
        for (let attempt = 0; attempt < 6; attempt++)
          expect((await signIn(app, 'ada', PASSWORD)).status).toBe(200);
        // Neither is what was refused for its form.
        for (let attempt = 0; attempt < 6; attempt++) expect((await signIn(app, 'a b')).status).toBe(400);
        expect((await signIn(app, 'ada', PASSWORD)).status).toBe(200);
      },
    );
  });

  it('are forgiven after the time', async () => {
    await using({ account: { limit: 2, ttlMs: HOUR_MS } }, async (app) => {
      for (let attempt = 0; attempt < 2; attempt++) await signIn(app, 'forgiven');
      expect((await signIn(app, 'forgiven')).status).toBe(429);
      const later = Date.now() + HOUR_MS + 1000;
      const clock = vi.spyOn(Date, 'now').mockReturnValue(later);
      try {
        expect((await signIn(app, 'forgiven')).status).toBe(401);
      } finally {
        clock.mockRestore();
      }
    });
  });

  it('count with codes too, and every message that is sent', async () => {
    await using({ account: { limit: 2, ttlMs: HOUR_MS } }, async (app) => {
      const confirm = () => app.post('/auth/sign-up/confirm', { username: 'coded', code: '000000' });
      for (let attempt = 0; attempt < 2; attempt++) expect((await confirm()).status).toBe(422);
      expect((await confirm()).status).toBe(429);
      const forgot = () => app.post('/auth/forgot-password', { username: 'ada' });
      for (let attempt = 0; attempt < 2; attempt++) expect((await forgot()).status).toBe(202);
      expect((await forgot()).status).toBe(429);
    });
  });

  it('leave no name and no address in the storage', async () => {
    await using({}, async (app) => {
      await signIn(app, 'somebody-secret');
      const storage = app.nest.get<ThrottlerStorageService>(ThrottlerStorage, { strict: false });
      const keys = [...storage.storage.keys()];
      expect(keys).toHaveLength(2);
      expect(keys.join()).not.toMatch(/somebody|127\.0\.0\.1/);
    });
  });
});

describe('without @nestjs/throttler', () => {
  it('limits that are given stop the boot', async () => {
    @Module({
      imports: [
        CognitoModule.forRoot(test.options()),
        CognitoAuthModule.forRoot({ throttle: { account: { limit: 1, ttlMs: 1000 } } }),
      ],
    })
    class Unlimited {}
    expect((await bootError(Unlimited)).message).toMatch(/import ThrottlerModule/);
  });

  it('the default counts nothing', async () => {
    const app = await startApp(test.options(), [], { imports: [CognitoAuthModule.forRoot()] });
    try {
      for (let attempt = 0; attempt < 3; attempt++) {
        const body = { username: 'ada', password: 'Not-theirs-123' };
        expect((await app.post('/auth/sign-in', body)).status).toBe(401);
      }
    } finally {
      await app.close();
    }
  });
});
