import { beforeEach, describe, expect } from 'vitest';
import { PASSWORD } from '../support/cognito.js';
import { serve } from '../support/served.js';
import { settingsOn } from '../support/settings.js';
import { challenged, signedIn } from '../support/sign-in.js';

/*
 * What requests carry beside what they ask for: `clientMetadata` and `validationData`, which the pool's functions see;
 * `userContextData` and `contextData`, which go into the history of a pool that keeps one; `analyticsMetadata`, which changes
 * no answer.
 */

interface Event {
  readonly triggerSource: string;
  readonly userName: string;
  readonly request: {
    readonly clientMetadata?: Record<string, string> | undefined;
    readonly validationData?: Record<string, string> | undefined;
    readonly session?: readonly unknown[];
  };
  response: object;
}

/** What each function was handed, under what set it off. */
const seen: Record<string, object> = {};
const answers: Readonly<Record<string, (event: Event) => object>> = {
  defineAuthChallenge: ({ request }) =>
    request.session?.length === 0
      ? { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false }
      : { issueTokens: true, failAuthentication: false },
  createAuthChallenge: () => ({ publicChallengeParameters: {}, privateChallengeParameters: {} }),
  verifyAuthChallengeResponse: () => ({ answerCorrect: true }),
  userMigration: ({ userName }) =>
    userName === 'migrant'
      ? { userAttributes: {}, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }
      : {},
};
const watching = (name: string) => (event: Event) => {
  const { clientMetadata, validationData } = event.request;
  seen[event.triggerSource] = {
    ...(clientMetadata && { clientMetadata }),
    ...(validationData && { validationData }),
  };
  event.response = { ...event.response, ...answers[name]?.(event) };
  return event;
};

const server = await serve({
  preSignUp: watching('preSignUp'),
  postConfirmation: watching('postConfirmation'),
  preAuthentication: watching('preAuthentication'),
  postAuthentication: watching('postAuthentication'),
  preTokenGeneration: watching('preTokenGeneration'),
  userMigration: watching('userMigration'),
  customMessage: watching('customMessage'),
  defineAuthChallenge: watching('defineAuthChallenge'),
  createAuthChallenge: watching('createAuthChallenge'),
  verifyAuthChallengeResponse: watching('verifyAuthChallengeResponse'),
});
const { test } = server;
const { make } = await settingsOn(server);
/** It writes to addresses, keeps a history, and believes the app about where its users are. */
const made = await make(
  {
    autoVerifiedAttributes: ['email'],
    userPoolTier: 'PLUS',
    userPoolAddOns: { advancedSecurityMode: 'AUDIT' },
  },
  { generateSecret: true, enablePropagateAdditionalUserContextData: true },
);
const { auth, users } = made;
const goBack = await server.checkpoint();

const username = 'ada';
const password = PASSWORD;
const newPassword = 'Brand-new-1';
const userAttributes = { email: 'ada@example.com' };
const verified = { ...userAttributes, email_verified: true };
const code = () => server.messages(made.userPoolId, username).at(-1)?.code as string;

/** What has to be there before a call, and the call with what it carries. */
interface Call<Carried extends object> {
  readonly prepare?: () => Promise<unknown>;
  readonly call: (carried: Carried, prepared: never) => Promise<unknown>;
}

const signUp = (carried: object = {}) => auth.signUp({ username, password, userAttributes, ...carried });
const invite = () =>
  users.create({
    username,
    userAttributes: verified,
    temporaryPassword: password,
    messageAction: 'SUPPRESS',
  });
const confirmed = () => made.user(username, verified);
const tokens = async () => {
  await confirmed();
  return signedIn(await auth.signIn({ username, password })).tokens;
};
const invited = async (signed: boolean) => {
  await invite();
  return challenged(
    await auth.signIn({
      username,
      password,
      authFlow: signed ? 'ADMIN_USER_PASSWORD_AUTH' : 'USER_PASSWORD_AUTH',
    }),
    'NEW_PASSWORD_REQUIRED',
  );
};
const forgotten = async () => {
  await confirmed();
  await auth.forgotPassword({ username });
};

async function calling<Carried extends object>({ prepare, call }: Call<Carried>, carried: Carried) {
  const prepared = (await prepare?.()) as never;
  for (const source of Object.keys(seen)) delete seen[source];
  return call(carried, prepared);
}

beforeEach(goBack);

describe('clientMetadata', () => {
  const clientMetadata = { Tenant: 'a', tenant: 'b' };
  const given = { clientMetadata };
  type Carried = typeof given;
  type Tokens = Awaited<ReturnType<typeof tokens>>;
  type Challenge = Awaited<ReturnType<typeof invited>>;

  /** The functions that see it, and those that are called and do not: AWS keeps it from them. */
  const calls: readonly (readonly [string, Call<Carried>, sources: Readonly<Record<string, object>>])[] = [
    ['SignUp', { call: signUp }, { PreSignUp_SignUp: given, CustomMessage_SignUp: given }],
    [
      'ResendConfirmationCode',
      { prepare: signUp, call: (carried) => auth.resendConfirmationCode({ username, ...carried }) },
      { CustomMessage_ResendCode: given },
    ],
    [
      'ConfirmSignUp',
      {
        prepare: signUp,
        call: (carried) => auth.confirmSignUp({ username, confirmationCode: code(), ...carried }),
      },
      { PostConfirmation_ConfirmSignUp: given },
    ],
    [
      'InitiateAuth',
      { prepare: confirmed, call: (carried) => auth.signIn({ username, password, ...carried }) },
      {
        PreAuthentication_Authentication: { validationData: clientMetadata },
        PostAuthentication_Authentication: {},
        TokenGeneration_Authentication: {},
      },
    ],
    [
      'AdminInitiateAuth',
      {
        prepare: confirmed,
        call: (carried) =>
          auth.signIn({ username, password, authFlow: 'ADMIN_USER_PASSWORD_AUTH', ...carried }),
      },
      {
        PreAuthentication_Authentication: { validationData: clientMetadata },
        PostAuthentication_Authentication: {},
        TokenGeneration_Authentication: {},
      },
    ],
    [
      'InitiateAuth (of a user who is elsewhere)',
      {
        call: (carried) =>
          auth.signIn({ username: 'migrant', password, authFlow: 'USER_PASSWORD_AUTH', ...carried }),
      },
      {
        UserMigration_Authentication: { validationData: clientMetadata },
        PreAuthentication_Authentication: { validationData: clientMetadata },
        PostAuthentication_Authentication: {},
        TokenGeneration_Authentication: {},
      },
    ],
    ...([false, true] as const).map(
      (signed) =>
        [
          signed ? 'AdminRespondToAuthChallenge' : 'RespondToAuthChallenge',
          {
            prepare: () => invited(signed),
            call: (carried: Carried, challenge: Challenge) =>
              auth.respondToChallenge(challenge, { newPassword, ...carried }),
          },
          { PostAuthentication_Authentication: given, TokenGeneration_NewPasswordChallenge: given },
        ] as const,
    ),
    [
      'InitiateAuth (custom)',
      {
        prepare: confirmed,
        call: (carried) => auth.signIn({ username, authFlow: 'CUSTOM_AUTH', ...carried }),
      },
      {
        PreAuthentication_Authentication: { validationData: clientMetadata },
        DefineAuthChallenge_Authentication: {},
        CreateAuthChallenge_Authentication: {},
      },
    ],
    [
      'RespondToAuthChallenge (custom)',
      {
        prepare: async () => {
          await confirmed();
          return challenged(await auth.signIn({ username, authFlow: 'CUSTOM_AUTH' }), 'CUSTOM_CHALLENGE');
        },
        call: (carried, challenge) =>
          auth.respondToChallenge(challenge, { answer: 'x', ...carried } as never),
      },
      {
        VerifyAuthChallengeResponse_Authentication: given,
        DefineAuthChallenge_Authentication: given,
        PostAuthentication_Authentication: given,
        TokenGeneration_Authentication: given,
      },
    ],
    [
      'GetTokensFromRefreshToken',
      {
        prepare: tokens,
        call: (carried, { refreshToken }: Tokens) =>
          auth.refresh({ refreshToken: refreshToken as string, ...carried }),
      },
      { TokenGeneration_RefreshTokens: given },
    ],
    [
      'InitiateAuth (refresh)',
      {
        prepare: tokens,
        call: (carried, { refreshToken }: Tokens) =>
          auth.refresh({
            refreshToken: refreshToken as string,
            username,
            authFlow: 'REFRESH_TOKEN_AUTH',
            ...carried,
          }),
      },
      { TokenGeneration_RefreshTokens: {} },
    ],
    [
      'ForgotPassword',
      { prepare: confirmed, call: (carried) => auth.forgotPassword({ username, ...carried }) },
      { CustomMessage_ForgotPassword: given },
    ],
    [
      'ConfirmForgotPassword',
      {
        prepare: forgotten,
        call: (carried) =>
          auth.confirmForgotPassword({
            username,
            confirmationCode: code(),
            password: newPassword,
            ...carried,
          }),
      },
      { PostConfirmation_ConfirmForgotPassword: given },
    ],
    [
      'UpdateUserAttributes',
      {
        prepare: tokens,
        call: (carried, { accessToken }: Tokens) =>
          auth.updateUserAttributes({
            accessToken,
            userAttributes: { email: 'new@example.com' },
            ...carried,
          }),
      },
      { CustomMessage_UpdateUserAttribute: given },
    ],
    [
      'GetUserAttributeVerificationCode',
      {
        prepare: tokens,
        call: (carried, { accessToken }: Tokens) =>
          auth.getUserAttributeVerificationCode({ accessToken, attributeName: 'email', ...carried }),
      },
      { CustomMessage_VerifyUserAttribute: given },
    ],
    [
      'AdminCreateUser',
      { call: (carried) => users.create({ username, userAttributes, ...carried }) },
      { PreSignUp_AdminCreateUser: given, CustomMessage_AdminCreateUser: given },
    ],
    [
      'AdminConfirmSignUp',
      { prepare: signUp, call: (carried) => users.confirmSignUp({ username, ...carried }) },
      { PostConfirmation_ConfirmSignUp: given },
    ],
    [
      'AdminResetUserPassword',
      { prepare: confirmed, call: (carried) => users.resetPassword({ username, ...carried }) },
      { CustomMessage_ForgotPassword: given },
    ],
    [
      'AdminUpdateUserAttributes',
      {
        prepare: confirmed,
        call: (carried) =>
          users.updateAttributes({
            username,
            userAttributes: { email: 'new@example.com' },
            ...carried,
          }),
      },
      { CustomMessage_UpdateUserAttribute: given },
    ],
  ];
  for (const [operation, call, sources] of calls) {
    test('embedded', `reaches the functions that ${operation} calls`, async () => {
      await calling(call, given);
      expect(seen).toEqual(sources);
      expect(Object.keys(sources).length).toBeGreaterThan(0);
    });
  }
});

describe('validationData', () => {
  const validationData = { Captcha: 'x' };
  test('SignUp AdminCreateUser embedded', 'reaches PreSignUp', async () => {
    await calling({ call: signUp }, { validationData });
    expect(seen).toMatchObject({ PreSignUp_SignUp: { validationData } });
    await users.create({ username: 'bob', messageAction: 'SUPPRESS', validationData });
    expect(seen).toMatchObject({ PreSignUp_AdminCreateUser: { validationData } });
  });
});

/** Where the user is, as an app passes it on without credentials, and with. */
const userContextData = { ipAddress: '192.0.2.1', encodedData: 'fingerprint' };
const contextData = {
  ipAddress: '192.0.2.2',
  serverName: 'app.example.com',
  serverPath: '/in',
  httpHeaders: [{ headerName: 'user-agent', headerValue: 'x' }],
  encodedData: 'fingerprint',
};
interface Context {
  readonly userContextData?: typeof userContextData;
  readonly contextData?: typeof contextData;
  readonly analyticsMetadata?: { analyticsEndpointId: string };
}
type Challenge = Awaited<ReturnType<typeof invited>>;

/** Every operation that takes some of it, and the kind of event that the history has of it. */
const contexts: readonly (readonly [string, Call<Context>, signed: boolean, event: string | undefined])[] = [
  ['SignUp', { call: signUp }, false, 'SignUp'],
  [
    'ResendConfirmationCode',
    { prepare: signUp, call: (context) => auth.resendConfirmationCode({ username, ...context }) },
    false,
    'ResendCode',
  ],
  [
    'ConfirmSignUp',
    {
      prepare: signUp,
      call: (context) => auth.confirmSignUp({ username, confirmationCode: code(), ...context }),
    },
    false,
    // Cognito has no kind of event for it.
    undefined,
  ],
  [
    'InitiateAuth',
    { prepare: confirmed, call: (context) => auth.signIn({ username, password, ...context }) },
    false,
    'SignIn',
  ],
  [
    'AdminInitiateAuth',
    {
      prepare: confirmed,
      call: (context) =>
        auth.signIn({ username, password, authFlow: 'ADMIN_USER_PASSWORD_AUTH', ...context }),
    },
    true,
    'SignIn',
  ],
  ...([false, true] as const).map(
    (signed) =>
      [
        signed ? 'AdminRespondToAuthChallenge' : 'RespondToAuthChallenge',
        {
          prepare: () => invited(signed),
          call: (context: Context, challenge: Challenge) =>
            auth.respondToChallenge(challenge, { newPassword, ...context }),
        },
        signed,
        'SignIn',
      ] as const,
  ),
  [
    'ForgotPassword',
    { prepare: confirmed, call: (context) => auth.forgotPassword({ username, ...context }) },
    false,
    'ForgotPassword',
  ],
  [
    'ConfirmForgotPassword',
    {
      prepare: forgotten,
      call: (context) =>
        auth.confirmForgotPassword({ username, confirmationCode: code(), password: newPassword, ...context }),
    },
    false,
    'PasswordChange',
  ],
  ...([false, true] as const).map(
    (signed) =>
      [
        `${signed ? 'AdminInitiateAuth' : 'InitiateAuth'} (refresh)`,
        {
          prepare: tokens,
          call: (context: Context, { refreshToken }: { refreshToken?: string }) =>
            auth.refresh({
              refreshToken: refreshToken as string,
              username,
              authFlow: 'REFRESH_TOKEN_AUTH',
              signed,
              ...context,
            }),
        },
        signed,
        // A refresh is no event.
        undefined,
      ] as const,
  ),
];

/** More than Cognito takes for any of these texts; that it says so shows that each of them gets there. */
const TOO_LONG = 'x'.repeat(131_073);

for (const [operation, call, signed, event] of contexts) {
  describe(`${operation} takes`, () => {
    const context: Context = signed ? { contextData } : { userContextData };
    const { ipAddress } = signed ? contextData : userContextData;

    test('AdminListUserAuthEvents embedded', 'where the user is, for the history', async () => {
      await calling(call, context);
      const { authEvents } = await users.listAuthEvents({ username });
      const [last] = authEvents;
      if (event === undefined) {
        expect(authEvents.filter(({ eventContextData }) => eventContextData !== undefined)).toEqual([]);
      } else {
        expect(last).toMatchObject({ eventType: event, eventContextData: { ipAddress } });
      }
    });

    test('embedded', 'only what is as it must be', async () => {
      const prepared = (await call.prepare?.()) as never;
      const own = signed ? 'contextData' : 'userContextData';
      const wrong: [member: string, context: object][] = (
        signed ? ['ipAddress', 'encodedData', 'serverName', 'serverPath'] : ['ipAddress', 'encodedData']
      ).map((member) => [`${own}.${member}`, { [own]: { ...context[own], [member]: TOO_LONG } }]);
      if (signed) {
        for (const member of ['ipAddress', 'serverName', 'serverPath', 'httpHeaders']) {
          wrong.push([`contextData.${member}`, { contextData: { ...contextData, [member]: undefined } }]);
        }
        for (const member of ['headerName', 'headerValue']) {
          const httpHeaders = [{ headerName: 'x', headerValue: 'x', [member]: TOO_LONG }];
          wrong.push([
            `contextData.httpHeaders.1.member.${member}`,
            { contextData: { ...contextData, httpHeaders } },
          ]);
        }
      }
      const analyticsMetadata = { analyticsEndpointId: TOO_LONG };
      wrong.push(['analyticsMetadata.analyticsEndpointId', { analyticsMetadata }]);
      for (const [member, one] of wrong) {
        const { name, message } = await call.call(one, prepared).then(
          () => new Error('taken'),
          (error) => error as Error,
        );
        expect.soft(name, member).toBe('InvalidParameterException');
        expect.soft(message).toContain(`at '${member}' failed`);
      }
    });

    test('embedded', 'analyticsMetadata, and answers as without', async () => {
      // What Amazon Pinpoint counts shows in no answer of Cognito's.
      const without = await calling(call, {});
      await goBack();
      const counted = await calling(call, { analyticsMetadata: { analyticsEndpointId: 'endpoint' } });
      expect(shapeOf(counted)).toEqual(shapeOf(without));
    });
  });
}

/** The members of an answer, and the values that are no others each time. */
function shapeOf(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null, (name, value) =>
      /token|expiresAt|userSub|session/i.test(name) && typeof value !== 'object' ? typeof value : value,
    ),
  );
}

test('embedded', 'context data of the other kind of sign-in is refused', async () => {
  await confirmed();
  const wrong = { code: 'argument_invalid' };
  await expect(auth.signIn({ username, password, contextData })).rejects.toMatchObject(wrong);
  const authFlow = 'ADMIN_USER_PASSWORD_AUTH';
  await expect(auth.signIn({ username, password, authFlow, userContextData })).rejects.toMatchObject(wrong);
});
