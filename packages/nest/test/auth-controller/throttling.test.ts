import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { Module } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ThrottlerModule, ThrottlerStorage, type ThrottlerStorageService } from '@nestjs/throttler';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CognitoAuthModule, type CognitoAuthModuleOptions, CognitoModule } from '../../src/index.js';
import { bootError, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { administrator, newUser } from '../support/auth-modes.js';
import { DISCREET_CLIENT, PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';

let test: TestCognito;
beforeAll(async () => {
  test = await startTestCognito();
});
afterAll(() => test.cognito.close());

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a client does
type Any = any;

const SENDER = 'arn:aws:ses:eu-central-1:123456789012:identity/mail@example.com';
const HOUR_MS = 60 * 60 * 1000;

describe.each(PLATFORMS)('failed attempts on %s', (platform, adapter) => {
  async function using(
    throttle: CognitoAuthModuleOptions['throttle'],
    use: (app: TestApp) => Promise<void>,
    trustProxy = false,
  ): Promise<void> {
    const app = await startApp(
      test.options({ clientId: DISCREET_CLIENT }),
      [],
      { imports: [ThrottlerModule.forRoot([]), CognitoAuthModule.forRoot({ throttle })] },
      (nest) => {
        if (platform === 'Express') nest.getHttpAdapter().getInstance().set('trust proxy', trustProxy);
      },
      trustProxy && platform === 'Fastify' ? (new FastifyAdapter({ trustProxy }) as never) : adapter(),
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

  it('count together for one name, however it is written', async () => {
    await using({ account: { limit: 4, ttlMs: HOUR_MS } }, async (app) => {
      const spellings = [
        'Jos\u00e9.Stra\u00dfe',
        'jose\u0301.stra\u00dfe',
        'JOS\u00c9.STRASSE',
        '\uff4aos\u00e9.strasse',
      ];
      for (const name of spellings) expect((await signIn(app, name)).status).toBe(401);
      for (const name of spellings) expect((await signIn(app, name)).status).toBe(429);
      // Greek has two small letters for one capital.
      for (const name of [
        '\u03bf\u03b4\u03cc\u03c2',
        '\u039f\u0394\u038c\u03a3',
        '\u03bf\u03b4\u03cc\u03c3',
        '\u03bf\u03b4\u03bf\u0301\u03c2',
      ])
        expect((await signIn(app, name)).status).toBe(401);
      expect((await signIn(app, '\u03bf\u03b4\u03cc\u03c3')).status).toBe(429);
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

  it('stop an address however it is written, and its whole network where it is one of IPv6', async () => {
    await using(
      { address: { limit: 2, ttlMs: HOUR_MS } },
      async (app) => {
        // As a proxy of the app's own says it.
        const from = async (address: string) => {
          const body = JSON.stringify({ username: 'somebody', password: 'Not-theirs-123' });
          const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
          return (await fetch(`${app.address}/auth/sign-in`, { method: 'POST', headers, body })).status;
        };
        const groups = [
          ['203.0.113.9', '::ffff:203.0.113.9', '::FFFF:cb00:7109'],
          ['2001:db8::1', '2001:0DB8:0:0:ffff::2', '2001:db8:0:0:1:2:3:4'],
          ['::1', '0::2', '0:0:0:0:0:0:0:3'],
          ['2001:db8:0:1::1', '2001:db8:0:1::', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
        ];
        for (const addresses of groups) {
          const statuses = [];
          for (const address of addresses) statuses.push(await from(address));
          expect(statuses, addresses.join()).toEqual([401, 401, 429]);
        }
      },
      true,
    );
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
      // A quarter later at the most.
      const later = Date.now() + 1.25 * HOUR_MS;
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

  it('are not counted by a storage that counts nothing, as tests have one', async () => {
    const none = { totalHits: 0, timeToExpire: 0, isBlocked: false, timeToBlockExpire: 0 };
    const storage = { increment: async () => none };
    const throttle = { account: { limit: 2, ttlMs: HOUR_MS } };
    const app = await startApp(
      test.options({ clientId: DISCREET_CLIENT }),
      [],
      {
        imports: [
          ThrottlerModule.forRoot({ throttlers: [], storage }),
          CognitoAuthModule.forRoot({ throttle }),
        ],
      },
      undefined,
      adapter(),
    );
    try {
      for (let attempt = 0; attempt < 5; attempt++) expect((await signIn(app, 'uncounted')).status).toBe(401);
    } finally {
      await app.close();
    }
  });

  it('leave no name and no address in the storage', async () => {
    await using({}, async (app) => {
      await signIn(app, 'somebody-secret');
      const storage = app.nest.get<ThrottlerStorageService>(ThrottlerStorage, { strict: false });
      const keys = [...storage.storage.keys()];
      expect(keys.length).toBeGreaterThan(1);
      expect(keys.length).toBeLessThan(20);
      expect(keys.join()).not.toMatch(/somebody|127\.0\.0\.1/);
    });
  });
});

describe.each(PLATFORMS)('sign-ins by choice on %s', (_, adapter) => {
  const ttlMs = HOUR_MS;
  const LIMIT = 3;
  let admin: CognitoIdentityProvider;
  let UserPoolId: string;
  let app: TestApp;

  beforeAll(async () => {
    admin = administrator(test);
    const { UserPool } = await admin.createUserPool({
      PoolName: 'by choice',
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: SENDER },
    });
    UserPoolId = UserPool?.Id ?? '';
    const { UserPoolClient } = await admin.createUserPoolClient({
      UserPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
    const throttle = { account: { limit: LIMIT, ttlMs }, address: { limit: LIMIT, ttlMs } };
    app = await startApp(
      test.options({ userPoolId: UserPoolId, clientId: UserPoolClient?.ClientId }),
      [],
      {
        imports: [ThrottlerModule.forRoot([]), CognitoAuthModule.forRoot({ throttle, signInByChoice: true })],
      },
      undefined,
      adapter(),
    );
  });
  afterAll(async () => {
    await app.close();
    admin.destroy();
  });

  const someone = () => newUser(admin, UserPoolId, { email: 'someone@example.com', email_verified: 'true' });
  const start = async (username: string, preferredChallenge?: string) => {
    const response = await app.post('/auth/sign-in', { username, preferredChallenge });
    return { status: response.status, body: (await response.json()) as Any };
  };
  const answer = (started: { body: Any }, given: object) =>
    app.post('/auth/challenge', { challenge: started.body.challenge.sealed, answer: given });
  const finish = async (username: string) => {
    const started = await start(username, 'EMAIL_OTP');
    expect(started.status).toBe(200);
    expect((await answer(started, { code: test.code(username) })).status).toBe(200);
  };

  // One test, since all come from one address, whose count goes on.
  it('do not count when they succeed, and count when they do not', async () => {
    const [username, other] = [await someone(), await someone()];
    for (let round = 0; round < 3 * LIMIT; round++) await finish(username);
    for (let round = 0; round < 2 * LIMIT; round++) {
      const chosen = await start(other);
      expect(chosen.body).toMatchObject({ challenge: { name: 'SELECT_CHALLENGE' } });
      const given = round % 2 ? { answer: 'PASSWORD', password: PASSWORD } : { answer: 'EMAIL_OTP' };
      const answered = await answer(chosen, given);
      if (round % 2) {
        expect(answered.status).toBe(200);
        continue;
      }
      // What was taken is known at each further step.
      const next = { body: (await answered.json()) as Any };
      expect((await answer(next, { code: test.code(other) })).status).toBe(200);
    }

    // A challenge that was answered rightly gives back once.
    const once = await start(username, 'EMAIL_OTP');
    const code = test.code(username);
    expect((await answer(once, { code })).status).toBe(200);
    expect((await answer(once, { code })).status).toBe(401);

    // Left alone they are messages that were sent.
    const sent = test.cognito.messages({ username }).length;
    const left = [await start(username, 'EMAIL_OTP'), await start(username, 'EMAIL_OTP')];
    expect(left.map(({ status }) => status)).toEqual([200, 200]);
    const last = await start(other, 'EMAIL_OTP');
    expect(last.status).toBe(200);
    for (const name of [username, other]) {
      expect(await start(name, 'EMAIL_OTP')).toMatchObject({
        status: 429,
        body: { code: 'attempts_exceeded' },
      });
    }
    expect(test.cognito.messages({ username })).toHaveLength(sent + 2);
    // One of them is ended well after all: one more may begin.
    expect((await answer(last, { code: test.code(other) })).status).toBe(200);
    expect((await start(username, 'EMAIL_OTP')).status).toBe(200);
    expect((await start(other, 'EMAIL_OTP')).status).toBe(429);
  });

  it('leave no name and no address in the storage', async () => {
    const storage = app.nest.get<ThrottlerStorageService>(ThrottlerStorage, { strict: false });
    const keys = [...storage.storage.keys()];
    expect(keys.filter((key) => key.endsWith(':back')).length).toBeGreaterThan(0);
    expect(keys.join()).not.toMatch(/user|127\.0\.0\.1/);
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
