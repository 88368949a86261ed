import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateAuthChallengeTriggerEvent } from '../../src/triggers/create-auth-challenge.js';
import type { DefineAuthChallengeTriggerEvent } from '../../src/triggers/define-auth-challenge.js';
import type { VerifyAuthChallengeResponseTriggerEvent } from '../../src/triggers/verify-auth-challenge-response.js';
import { SrpClient } from '../operations/srp-client.js';
import { decode, expectError, MINUTE, PASSWORD, TestPool } from '../operations/support.js';
import { copyOf, serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk, clock } = server;
const FLOWS = ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'x' };
const pool = await TestPool.create(server, { SmsConfiguration: SMS }, { ExplicitAuthFlows: [...FLOWS] });
const hiding = await pool.client({ ExplicitAuthFlows: [...FLOWS], PreventUserExistenceErrors: 'ENABLED' });
const REALM = pool.id.slice(pool.id.indexOf('_') + 1);
const INCORRECT = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
await pool.user('ana', { email: 'ana@example.com' });
await pool.user('bob');

const log = {
  define: [] as DefineAuthChallengeTriggerEvent[],
  create: [] as CreateAuthChallengeTriggerEvent[],
  verify: [] as VerifyAuthChallengeResponseTriggerEvent[],
};

/** A captcha that may be tried three times; after the password, where the client began with SRP. */
function useCaptcha(): void {
  triggers.defineAuthChallenge = (event) => {
    log.define.push(copyOf(event));
    const { session } = event.request;
    const last = session.at(-1);
    const tries = session.filter(({ challengeName }) => challengeName === 'CUSTOM_CHALLENGE').length;
    if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER';
    else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) {
      event.response.issueTokens = true;
    } else if (tries >= 3) event.response.failAuthentication = true;
    else event.response.challengeName = 'CUSTOM_CHALLENGE';
    return event;
  };
  triggers.createAuthChallenge = (event) => {
    log.create.push(copyOf(event));
    event.response.publicChallengeParameters = { captcha: 'five plus one' };
    event.response.privateChallengeParameters = { answer: '6' };
    event.response.challengeMetadata = 'CAPTCHA';
    return event;
  };
  triggers.verifyAuthChallengeResponse = (event) => {
    log.verify.push(copyOf(event));
    event.response.answerCorrect =
      event.request.challengeAnswer === event.request.privateChallengeParameters['answer'];
    return event;
  };
}

describe('a device that a custom flow names', () => {
  it('is the user’s own, or the sign-in ends', async () => {
    useCaptcha();
    const tracking = await TestPool.create(
      server,
      {
        DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
      },
      { ExplicitAuthFlows: [...FLOWS] },
    );
    await tracking.user('vic');
    await tracking.user('thief');
    const signedIn = await tracking.signIn('vic');
    const DEVICE_KEY = signedIn.AuthenticationResult?.NewDeviceMetadata?.DeviceKey as string;
    await sdk.confirmDevice({
      AccessToken: signedIn.AuthenticationResult?.AccessToken,
      DeviceKey: DEVICE_KEY,
      DeviceSecretVerifierConfig: {
        PasswordVerifier: Buffer.alloc(384, 7).toString('base64'),
        Salt: Buffer.alloc(16, 7).toString('base64'),
      },
    });
    const through = async (username: string, more: Record<string, string>) => {
      const { Session } = await start(username, tracking, more);
      return sdk.respondToAuthChallenge({
        ClientId: tracking.clientId,
        ChallengeName: 'CUSTOM_CHALLENGE',
        Session,
        ChallengeResponses: { USERNAME: username, ANSWER: '6' },
      });
    };
    const unknown = ['ResourceNotFoundException', 'Device does not exist.'] as const;
    await expectError(through('thief', { DEVICE_KEY }), ...unknown);
    await expectError(through('thief', { DEVICE_KEY: 'x'.repeat(100_000) }), ...unknown);
    // His own, but only named: it has proven nothing.
    const { AuthenticationResult } = await through('vic', { DEVICE_KEY });
    expect(decode(AuthenticationResult?.AccessToken).claims['device_key']).not.toBe(DEVICE_KEY);
  });
});

beforeEach(() => {
  for (const events of Object.values(log)) events.length = 0;
});

function start(username: string, on = pool, more: Record<string, string> = {}) {
  return sdk.initiateAuth({
    ClientId: on.clientId,
    AuthFlow: 'CUSTOM_AUTH',
    AuthParameters: { USERNAME: username, ...more },
    ClientMetadata: { not: 'shown' },
  });
}

function answer(
  Session: string | undefined,
  ANSWER: string,
  { username = 'ana', on = pool }: { username?: string; on?: TestPool } = {},
) {
  return sdk.respondToAuthChallenge({
    ClientId: on.clientId,
    ChallengeName: 'CUSTOM_CHALLENGE',
    Session,
    ChallengeResponses: { USERNAME: username, ANSWER },
    ClientMetadata: { shown: 'yes' },
  });
}

describe('CUSTOM_AUTH', () => {
  it('is not there without a function that defines it', async () => {
    await expectError(
      start('ana'),
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
    );
  });

  it('is refused where the client does not allow it', async () => {
    useCaptcha();
    const other = await pool.client();
    await expectError(
      start('ana', other),
      'InvalidParameterException',
      'CUSTOM_AUTH is not enabled for the client.',
    );
  });

  it('challenges, and hands out tokens for the right answer', async () => {
    useCaptcha();
    const challenge = await start('ana');
    expect(challenge).toMatchObject({
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeParameters: { captcha: 'five plus one', USERNAME: 'ana' },
    });
    expect(JSON.stringify(challenge.ChallengeParameters)).not.toContain('answer');
    const { AuthenticationResult } = await answer(challenge.Session, '6');
    expect(decode(AuthenticationResult?.AccessToken).claims['username']).toBe('ana');
    expect(AuthenticationResult?.RefreshToken).toBeDefined();
  });

  it('gives the functions the events of AWS', async () => {
    useCaptcha();
    const { Session } = await start('ana');
    await answer(Session, '6');
    const common = {
      version: '1',
      region: 'us-east-1',
      userPoolId: pool.id,
      userName: 'ana',
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
    };
    const userAttributes = expect.objectContaining({
      email: 'ana@example.com',
      'cognito:user_status': 'CONFIRMED',
    });
    const passed = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: true,
      challengeMetadata: 'CAPTCHA',
    };
    expect(log.define).toEqual([
      {
        ...common,
        triggerSource: 'DefineAuthChallenge_Authentication',
        request: { userAttributes, session: [], userNotFound: false },
        response: { challengeName: null, issueTokens: null, failAuthentication: null },
      },
      {
        ...common,
        triggerSource: 'DefineAuthChallenge_Authentication',
        request: { userAttributes, session: [passed], userNotFound: false, clientMetadata: { shown: 'yes' } },
        response: { challengeName: null, issueTokens: null, failAuthentication: null },
      },
    ]);
    expect(log.create).toEqual([
      {
        ...common,
        triggerSource: 'CreateAuthChallenge_Authentication',
        request: { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session: [], userNotFound: false },
        response: {
          publicChallengeParameters: null,
          privateChallengeParameters: null,
          challengeMetadata: null,
        },
      },
    ]);
    expect(log.verify).toEqual([
      {
        ...common,
        triggerSource: 'VerifyAuthChallengeResponse_Authentication',
        request: {
          userAttributes,
          privateChallengeParameters: { answer: '6' },
          challengeAnswer: '6',
          userNotFound: false,
          clientMetadata: { shown: 'yes' },
        },
        response: { answerCorrect: null },
      },
    ]);
  });

  it('goes on after a wrong answer with another session, until the function has enough', async () => {
    useCaptcha();
    const first = await start('ana');
    const second = await answer(first.Session, '5');
    expect(second.ChallengeName).toBe('CUSTOM_CHALLENGE');
    expect(second.Session).not.toBe(first.Session);
    await expectError(
      answer(first.Session, '6'),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
    const third = await answer(second.Session, '5');
    expect(log.create.at(-1)?.request.session.map(({ challengeResult }) => challengeResult)).toEqual([
      false,
      false,
    ]);
    await expectError(answer(third.Session, '5'), ...INCORRECT);
    await expectError(
      answer(third.Session, '6'),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });

  it('lets an answer count once, however often it is sent at a time', async () => {
    useCaptcha();
    const { Session } = await start('ana');
    const answers = await Promise.allSettled(['6', '6', '6'].map((text) => answer(Session, text)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['another user', { username: 'bob' }],
    ['another client', { on: hiding }],
  ])('takes no answer of %s', async (_, by) => {
    useCaptcha();
    const { Session } = await start('ana');
    await expectError(answer(Session, '6', by), 'NotAuthorizedException', 'Invalid session for the user.');
  });

  it('ends with the session', async () => {
    useCaptcha();
    const { Session } = await start('ana');
    clock.advance(3 * MINUTE);
    await expectError(
      answer(Session, '6'),
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    );
  });

  it('needs an answer and a session', async () => {
    useCaptcha();
    const { Session } = await start('ana');
    await expectError(answer(Session, ''), 'InvalidParameterException', 'Missing required parameter ANSWER');
    await expectError(
      answer(undefined, '6'),
      'InvalidParameterException',
      'Missing required parameter Session',
    );
    expect((await answer(Session, '6')).AuthenticationResult).toBeDefined();
  });

  it.each([
    ['nothing', {}, 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    [
      'another challenge',
      { challengeName: 'SMS_MFA' },
      'InvalidLambdaResponseException',
      'Unrecognizable lambda output',
    ],
    [
      'a proof that was not begun',
      { challengeName: 'PASSWORD_VERIFIER' },
      'InvalidLambdaResponseException',
      'Unrecognizable lambda output',
    ],
    ['failure', { failAuthentication: true }, ...INCORRECT],
    ['failure and tokens', { failAuthentication: true, issueTokens: true }, ...INCORRECT],
  ] as const)('a function that defines %s ends it', async (_, response, type, message) => {
    triggers.defineAuthChallenge = (event) => {
      Object.assign(event.response, response);
      return event;
    };
    await expectError(start('ana'), type, message);
  });

  it('is told which function is missing', async () => {
    useCaptcha();
    delete triggers.createAuthChallenge;
    await expectError(
      start('ana'),
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
    );
  });

  it('fails by the error of a function', async () => {
    useCaptcha();
    triggers.createAuthChallenge = () => {
      throw new Error("'challengeMetaData'");
    };
    await expectError(
      start('ana'),
      'UserLambdaValidationException',
      "CreateAuthChallenge failed with error 'challengeMetaData'.",
    );
  });

  it('shows nobody in: a name that nobody has goes through the functions and never gets tokens', async () => {
    useCaptcha();
    await expectError(start('ghost'), 'UserNotFoundException', 'User does not exist.');
    expect(log.define).toEqual([]);
    const { Session, ChallengeParameters } = await start('ghost', hiding);
    expect(ChallengeParameters).toEqual({ captcha: 'five plus one', USERNAME: 'ghost' });
    expect(log.define).toMatchObject([
      { userName: 'ghost', request: { userNotFound: true, userAttributes: {} } },
    ]);
    await expectError(answer(Session, '6', { username: 'ghost', on: hiding }), ...INCORRECT);
    expect(log.verify).toMatchObject([{ request: { userNotFound: true } }]);
  });

  it('refuses users who are disabled or unconfirmed', async () => {
    useCaptcha();
    await pool.user('off');
    const { Session } = await start('off');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'off' });
    await expectError(start('off'), 'NotAuthorizedException', 'User is disabled.');
    await expectError(
      answer(Session, '6', { username: 'off' }),
      'NotAuthorizedException',
      'User is disabled.',
    );
  });

  it('runs the triggers around a sign-in', async () => {
    useCaptcha();
    const order: string[] = [];
    triggers.preAuthentication = (event) => {
      order.push('pre');
      return event;
    };
    triggers.postAuthentication = (event) => {
      order.push(`post ${event.request.clientMetadata?.['shown']}`);
      return event;
    };
    triggers.preTokenGeneration = (event) => {
      order.push(event.triggerSource);
      return event;
    };
    const { Session } = await start('ana');
    expect(order).toEqual(['pre']);
    await answer(Session, '6');
    expect(order).toEqual(['pre', 'post yes', 'TokenGeneration_Authentication']);
  });

  it('works with AdminInitiateAuth and AdminRespondToAuthChallenge', async () => {
    useCaptcha();
    const { Session } = await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'CUSTOM_AUTH',
      AuthParameters: { USERNAME: 'ana' },
    });
    const { AuthenticationResult } = await sdk.adminRespondToAuthChallenge({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session,
      ChallengeResponses: { USERNAME: 'ana', ANSWER: '6' },
    });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
  });
});

describe('CUSTOM_AUTH that begins with SRP_A', () => {
  async function prove(username: string, password = PASSWORD) {
    const client = new SrpClient();
    const begun = await start(username, pool, { CHALLENGE_NAME: 'SRP_A', SRP_A: client.SRP_A });
    expect(begun.ChallengeName).toBe('PASSWORD_VERIFIER');
    return sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeResponses: {
        USERNAME: username,
        ...client.prove(begun.ChallengeParameters, { realm: REALM, password }),
      },
    });
  }

  it('asks for the password first, then for what the functions define', async () => {
    useCaptcha();
    const challenge = await prove('ana');
    expect(challenge.ChallengeName).toBe('CUSTOM_CHALLENGE');
    expect(log.define.map(({ request }) => request.session)).toEqual([
      [{ challengeName: 'SRP_A', challengeResult: true }],
      [
        { challengeName: 'SRP_A', challengeResult: true },
        { challengeName: 'PASSWORD_VERIFIER', challengeResult: true },
      ],
    ]);
    const { AuthenticationResult } = await answer(challenge.Session, '6');
    expect(AuthenticationResult?.AccessToken).toBeDefined();
    expect(log.define.at(-1)?.request.session.map(({ challengeName }) => challengeName)).toEqual([
      'SRP_A',
      'PASSWORD_VERIFIER',
      'CUSTOM_CHALLENGE',
    ]);
  });

  it('ends with a wrong password', async () => {
    useCaptcha();
    await expectError(prove('ana', 'wrong'), ...INCORRECT);
    expect(log.define).toHaveLength(1);
  });

  it('asks for the second factor of the user after the password, before the functions are asked', async () => {
    useCaptcha();
    await pool.user('factor', { phone_number: '+15550106', phone_number_verified: 'true' });
    await sdk.setUserPoolMfaConfig({
      UserPoolId: pool.id,
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsConfiguration: SMS, SmsAuthenticationMessage: 'Code {####}' },
    });
    await sdk.adminSetUserMFAPreference({
      UserPoolId: pool.id,
      Username: 'factor',
      SMSMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    const sms = await prove('factor');
    expect(sms.ChallengeName).toBe('SMS_MFA');
    const challenge = await sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'SMS_MFA',
      Session: sms.Session,
      ChallengeResponses: { USERNAME: 'factor', SMS_MFA_CODE: pool.lastMessage().code },
    });
    expect(challenge.ChallengeName).toBe('CUSTOM_CHALLENGE');
    expect(log.define.at(-1)?.request.session.map(({ challengeName }) => challengeName)).toEqual([
      'SRP_A',
      'PASSWORD_VERIFIER',
      'SMS_MFA',
    ]);
    const { AuthenticationResult } = await answer(challenge.Session, '6', { username: 'factor' });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
    // Without the password there is no first factor that a second could follow.
    const { Session } = await start('factor');
    const without = await answer(Session, '6', { username: 'factor' });
    expect(without.AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('needs SRP_A, and takes no other beginning', async () => {
    useCaptcha();
    await expectError(
      start('ana', pool, { CHALLENGE_NAME: 'SRP_A' }),
      'InvalidParameterException',
      'Missing required parameter SRP_A',
    );
    await expectError(
      start('ana', pool, { CHALLENGE_NAME: 'PASSWORD' }),
      'InvalidParameterException',
      'Invalid value of parameter CHALLENGE_NAME',
    );
  });
});
