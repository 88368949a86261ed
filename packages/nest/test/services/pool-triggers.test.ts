import { beforeEach, describe, expect } from 'vitest';
import { PASSWORD } from '../support/cognito.js';
import { allRefused, serve } from '../support/served.js';
import { type PoolSettings, settingsOn } from '../support/settings.js';
import { challenged, signedIn } from '../support/sign-in.js';

/* The functions that LambdaConfig of CreateUserPool and UpdateUserPool names: each is called for what it is there for. */

interface Event {
  readonly triggerSource: string;
  readonly version: string;
  readonly request: { readonly session?: readonly unknown[] };
  response: object;
}

const arn = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:function:${name}` as const;
/** The functions that were called, each with what for. */
const called: string[] = [];
const answers: Readonly<Record<string, (event: Event) => object>> = {
  DefineAuthChallenge: ({ request }) =>
    request.session?.length === 0
      ? { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false }
      : { issueTokens: true, failAuthentication: false },
  CreateAuthChallenge: () => ({
    publicChallengeParameters: { question: 'x' },
    privateChallengeParameters: {},
  }),
  VerifyAuthChallengeResponse: () => ({ answerCorrect: true }),
  UserMigration: () => ({
    userAttributes: { email: 'old@example.com', email_verified: 'true' },
    finalUserStatus: 'CONFIRMED',
    messageAction: 'SUPPRESS',
  }),
  CustomMessage: () => ({ emailSubject: 'Custom', emailMessage: 'By function {####}' }),
};
const NAMES = [
  'PreSignUp',
  'CustomMessage',
  'PostConfirmation',
  'PreAuthentication',
  'PostAuthentication',
  'DefineAuthChallenge',
  'CreateAuthChallenge',
  'VerifyAuthChallengeResponse',
  'PreTokenGeneration',
  'UserMigration',
  'CustomSMSSender',
  'CustomEmailSender',
];
const functions = Object.fromEntries(
  NAMES.map((name) => [
    arn(name),
    (event: Event) => {
      called.push(`${name} ${event.triggerSource} ${event.version}`);
      event.response = { ...event.response, ...answers[name]?.(event) };
      return event;
    },
  ]),
);

const server = await serve(functions);
const { test } = server;
const { poolWays } = await settingsOn(server);
beforeEach(() => {
  called.length = 0;
});

const username = 'ada';
const password = PASSWORD;
const email = 'ada@example.com';
const phone_number = '+15550001234';
const kmsKeyID = 'arn:aws:kms:eu-central-1:123456789012:key/1';
const SMS = { smsConfiguration: { snsCallerArn: 'arn:aws:iam::123456789012:role/sms' } };
/** What a pool has that writes e-mail in its own name. */
const emailConfiguration = {
  emailSendingAccount: 'DEVELOPER',
  sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/a@example.com',
} as const;

describe.each(poolWays)('%s', (operation, way) => {
  const calls = (title: string, body: () => Promise<void>) => test(`${operation} embedded`, title, body);

  calls('at a sign-up and a sign-in', async () => {
    const { auth, userPoolId } = await way({
      autoVerifiedAttributes: ['email'],
      lambdaConfig: {
        preSignUp: arn('PreSignUp'),
        postConfirmation: arn('PostConfirmation'),
        preAuthentication: arn('PreAuthentication'),
        postAuthentication: arn('PostAuthentication'),
        preTokenGeneration: arn('PreTokenGeneration'),
      },
    });
    await auth.signUp({ username, password, userAttributes: { email } });
    const confirmationCode = server.messages(userPoolId, username).at(-1)?.code as string;
    await auth.confirmSignUp({ username, confirmationCode });
    signedIn(await auth.signIn({ username, password }));
    expect(called).toEqual([
      'PreSignUp PreSignUp_SignUp 1',
      'PostConfirmation PostConfirmation_ConfirmSignUp 1',
      'PreAuthentication PreAuthentication_Authentication 1',
      'PostAuthentication PostAuthentication_Authentication 1',
      'PreTokenGeneration TokenGeneration_Authentication 1',
    ]);
  });

  calls('with the version that preTokenGenerationConfig says', async () => {
    const lambdaArn = arn('PreTokenGeneration');
    const made = await way({
      lambdaConfig: { preTokenGenerationConfig: { lambdaArn, lambdaVersion: 'V2_0' } },
    });
    await made.user(username);
    await made.auth.signIn({ username, password });
    expect(called).toEqual(['PreTokenGeneration TokenGeneration_Authentication 2']);
  });

  calls('for challenges of their own', async () => {
    const made = await way({
      lambdaConfig: {
        defineAuthChallenge: arn('DefineAuthChallenge'),
        createAuthChallenge: arn('CreateAuthChallenge'),
        verifyAuthChallengeResponse: arn('VerifyAuthChallengeResponse'),
      },
    });
    await made.user(username);
    const asked = challenged(
      await made.auth.signIn({ username, authFlow: 'CUSTOM_AUTH' }),
      'CUSTOM_CHALLENGE',
    );
    expect(asked.parameters).toMatchObject({ question: 'x' });
    signedIn(await made.auth.respondToChallenge(asked, { answer: 'y' }));
    expect(called.map((call) => call.split(' ')[0])).toEqual([
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
    ]);
  });

  calls('for users whom another directory knows', async () => {
    const { auth, users } = await way({ lambdaConfig: { userMigration: arn('UserMigration') } });
    signedIn(await auth.signIn({ username, password, authFlow: 'USER_PASSWORD_AUTH' }));
    expect(called).toEqual(['UserMigration UserMigration_Authentication 1']);
    expect((await users.get({ username })).userAttributes.email).toBe('old@example.com');
  });

  calls('for the text of messages, that of e-mail where the pool writes in its own name', async () => {
    const lambdaConfig = { customMessage: arn('CustomMessage') };
    const settings: PoolSettings = { autoVerifiedAttributes: ['email'], lambdaConfig };
    const own = await way({ ...settings, emailConfiguration });
    const amazons = await way(settings);
    await own.auth.signUp({ username, password, userAttributes: { email } });
    expect(called).toEqual(['CustomMessage CustomMessage_SignUp 1']);
    const [message] = server.messages(own.userPoolId, username);
    expect(message).toMatchObject({ subject: 'Custom', body: `By function ${message?.code}` });
    await allRefused([
      [
        'InvalidLambdaResponseException',
        () => amazons.auth.signUp({ username, password, userAttributes: { email } }),
      ],
    ]);
  });

  calls('to send messages', async () => {
    const { auth } = await way({
      autoVerifiedAttributes: ['email', 'phone_number'],
      ...SMS,
      lambdaConfig: {
        customEmailSender: { lambdaArn: arn('CustomEmailSender'), lambdaVersion: 'V1_0' },
        customSMSSender: { lambdaArn: arn('CustomSMSSender'), lambdaVersion: 'V1_0' },
        kmsKeyID,
      },
    });
    await auth.signUp({ username, password, userAttributes: { email } });
    await auth.signUp({ username: 'bob', password, userAttributes: { phone_number } });
    // Nobody waits for them.
    await expect
      .poll(() => called)
      .toEqual(['CustomEmailSender CustomEmailSender_SignUp 1', 'CustomSMSSender CustomSMSSender_SignUp 1']);
  });
});
