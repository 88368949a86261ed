import { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import type { AnswerableChallenge, CognitoAuthService, SignInInput } from '../../src/index.js';
import { challenged, invalid, PASSWORD, signedIn, startSignIns } from '../support/sign-in.js';
import { startStub } from '../support/stub.js';

const AuthenticationResult = { AccessToken: 'a.e30.c', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 60 };
const { pool } = await startSignIns();
const code = '123456';

/** As a request body arrives: the compiler has seen nothing of it. */
const respond = (auth: CognitoAuthService, challenge: object, answer: unknown) =>
  auth.respondToChallenge(challenge as AnswerableChallenge, answer as never);

describe('an answer at run time', async () => {
  const { auth, sent } = await startStub({ RespondToAuthChallenge: () => ({ AuthenticationResult }) });
  const challenge = { name: 'SMS_MFA', username: 'ada', session: 's' } as const;

  it('holds what the challenge takes', async () => {
    signedIn(await respond(auth, challenge, { code, newPassword: undefined }));
    expect(sent.at(-1)?.request).toEqual({
      ClientId: 'client1',
      ChallengeName: 'SMS_MFA',
      Session: 's',
      ChallengeResponses: { SMS_MFA_CODE: code, USERNAME: 'ada' },
    });
  });

  it.each<[answer: unknown, message: string]>([
    [{ newPassword: PASSWORD }, 'The answer to SMS_MFA has no member "newPassword"'],
    [{ code, session: 'x' }, 'has no member "session"'],
    [{ code, username: 'eve' }, 'has no member "username"'],
    [{ code, USERNAME: 'eve' }, 'has no member "USERNAME"'],
    [{ code, challengeResponses: { USERNAME: 'eve' } }, 'has no member "challengeResponses"'],
    [JSON.parse(`{"code":"${code}","__proto__":{"a":1}}`), 'has no member "__proto__"'],
    [{ code, constructor: 'x' }, 'has no member "constructor"'],
    [Object.create({ code }), '"code" must be a string, got nothing'],
    [{}, '"code" must be a string, got nothing'],
    [{ code: 123456 }, '"code" must be a string, got a value of type number'],
    [{ code: null }, '"code" must be a string, got null'],
    [{ code: { $ne: '' } }, '"code" must be a string, got a value of type object'],
    [{ code: ['123456'] }, '"code" must be a string'],
    [undefined, 'must be an object'],
    [null, 'must be an object'],
    [[code], 'must be an object'],
    [code, 'must be an object'],
    [{ code, device: { deviceKey: 1 } }, '"deviceKey" must be a string'],
    [{ code, device: { deviceKey: 'k', devicePassword: 'p' } }, '"deviceGroupKey" must be a string'],
    [{ code, contextData: { ipAddress: '1.2.3.4' } }, '"contextData" goes with a signed sign-in'],
  ])('is refused when it is %j', async (answer, message) => {
    const before = sent.length;
    await expect(respond(auth, challenge, answer)).rejects.toThrow(invalid(message));
    expect(sent).toHaveLength(before);
  });

  it.each<[challenge: object, answer: object, message: string]>([
    [{ ...challenge, name: 'PALM_READING' }, { code }, 'There is no challenge named "PALM_READING"'],
    [{ ...challenge, name: '__proto__' }, { code }, 'There is no challenge named "__proto__"'],
    [{ ...challenge, name: 'toString' }, { code }, 'There is no challenge named "toString"'],
    [{ ...challenge, name: undefined }, { code }, 'There is no challenge named nothing'],
    [{ ...challenge, username: undefined }, { code }, '"username" must be a string'],
    [{ ...challenge, session: 5 }, { code }, '"session" must be a string'],
    [
      { ...challenge, name: 'PASSWORD_VERIFIER' },
      { passwordClaimSignature: 'a', timestamp: 'b' },
      '"secretBlock"',
    ],
    [{ ...challenge, name: 'MFA_SETUP' }, { code, email: 'a@example.com' }, 'exclude each other'],
    [{ ...challenge, name: 'MFA_SETUP' }, {}, '"code" must be a string'],
    [{ ...challenge, name: 'PASSWORD_SRP' }, { password: 'a', srpA: 'b' }, 'exclude each other'],
    [{ ...challenge, name: 'PASSWORD_SRP' }, {}, '"password" must be a string'],
    [
      { ...challenge, name: 'SELECT_CHALLENGE' },
      { answer: 'EMAIL_OTP', password: 'a' },
      'does not take "password"',
    ],
    [
      { ...challenge, name: 'SELECT_CHALLENGE' },
      { answer: '__proto__', password: 'a' },
      'does not take "password"',
    ],
    [{ ...challenge, name: 'SELECT_CHALLENGE' }, { answer: 'PASSWORD', srpA: 'a' }, 'does not take "srpA"'],
    [{ ...challenge, name: 'WEB_AUTHN' }, { credential: '{}' }, '"credential" must be an object'],
    [{ ...challenge, name: 'WEB_AUTHN' }, {}, '"credential" must be an object'],
    [{ ...challenge, name: 'DEVICE_SRP_AUTH', deviceKey: 'k' }, {}, 'must have "device"'],
    [{ ...challenge, name: 'DEVICE_SRP_AUTH' }, { srpA: 'a' }, '"deviceKey" must be a string'],
    [
      { ...challenge, name: 'NEW_PASSWORD_REQUIRED' },
      { newPassword: 'a', userAttributes: { name: {} } },
      'The attribute "name"',
    ],
    [
      { ...challenge, name: 'NEW_PASSWORD_REQUIRED' },
      { newPassword: 'a', userAttributes: 'x' },
      '"userAttributes" must be',
    ],
  ])('of %j: %j is refused', async (given, answer, message) => {
    const before = sent.length;
    await expect(respond(auth, given, answer)).rejects.toThrow(invalid(message));
    expect(sent).toHaveLength(before);
  });

  it('says no secret in a refusal', async () => {
    const secret = 'Correct-horse-9';
    for (const answer of [
      { code: [secret] },
      { code, newPassword: secret },
      { code, device: { deviceKey: [secret] } },
    ]) {
      const error = await respond(auth, challenge, answer).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(String(error) + JSON.stringify(error)).not.toContain(secret);
    }
  });

  it.each([
    ['PASSWORD', { password: 'p' }, { PASSWORD: 'p' }],
    ['ADMIN_NO_SRP_AUTH', { password: 'p' }, { PASSWORD: 'p' }],
    ['EMAIL_OTP', { code }, { EMAIL_OTP_CODE: code }],
    ['SMS_OTP', { code }, { SMS_OTP_CODE: code }],
    [
      'SOFTWARE_TOKEN_MFA',
      { code, device: { deviceKey: 'k' } },
      { SOFTWARE_TOKEN_MFA_CODE: code, DEVICE_KEY: 'k' },
    ],
    ['MFA_SETUP', { email: 'a@example.com' }, { EMAIL: 'a@example.com' }],
    [
      'SELECT_CHALLENGE',
      { answer: 'WEB_AUTHN', credential: { id: 'x' } },
      { ANSWER: 'WEB_AUTHN', CREDENTIAL: '{"id":"x"}' },
    ],
    ['PASSWORD_SRP', { srpA: 'ab' }, { SRP_A: 'ab' }],
    ['CUSTOM_CHALLENGE', { answer: '' }, { ANSWER: '' }],
    [
      'NEW_PASSWORD_REQUIRED',
      { newPassword: 'p', userAttributes: JSON.parse('{"__proto__":"x"}') },
      { NEW_PASSWORD: 'p', 'userAttributes.__proto__': 'x' },
    ],
  ])('to %s goes in Cognito’s words', async (name, answer, responses) => {
    signedIn(await respond(auth, { ...challenge, name }, answer));
    expect(sent.at(-1)?.request).toMatchObject({
      ChallengeName: name,
      ChallengeResponses: { ...responses, USERNAME: 'ada' },
    });
  });

  it('carries the data about the request', async () => {
    const more = { analyticsMetadata: { analyticsEndpointId: 'e' }, userContextData: { encodedData: 'd' } };
    await auth.respondToChallenge(challenge, { code, clientMetadata: { Some: 'Thing' }, ...more });
    expect(sent.at(-1)?.request).toMatchObject({
      ClientMetadata: { Some: 'Thing' },
      AnalyticsMetadata: { AnalyticsEndpointId: 'e' },
      UserContextData: { EncodedData: 'd' },
    });
  });
});

describe('a challenge', () => {
  const signInTo = async (answer: object) => {
    const { auth, sent } = await startStub({ InitiateAuth: () => ({ Session: 's', ...answer }) });
    return { result: auth.signIn({ username: 'ada', password: PASSWORD }), sent };
  };

  it.each(Object.values(ChallengeNameType))(
    '%s is never taken for one of the future',
    async (ChallengeName) => {
      const { result } = await signInTo({
        ChallengeName,
        AvailableChallenges: ['PASSWORD'],
        ChallengeParameters: {
          MFAS_CAN_CHOOSE: '["SMS_MFA"]',
          MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]',
          CREDENTIAL_REQUEST_OPTIONS: '{"challenge":"x"}',
          SALT: 'ab',
          SRP_B: 'cd',
          SECRET_BLOCK: 'ef',
          USER_ID_FOR_SRP: 'real',
          DEVICE_KEY: 'k',
        },
      });
      expect(challenged(await result, ChallengeName)).toMatchObject({ username: 'real', session: 's' });
    },
  );

  it.each<[answer: object, lacks: string]>([
    [{ ChallengeName: 'SMS_MFA', Session: undefined }, 'Session'],
    [{ ChallengeName: 'SELECT_CHALLENGE' }, 'AvailableChallenges'],
    [{ ChallengeName: 'SELECT_MFA_TYPE' }, 'MFAS_CAN_CHOOSE'],
    [{ ChallengeName: 'MFA_SETUP', ChallengeParameters: { MFAS_CAN_SETUP: '[1]' } }, 'MFAS_CAN_SETUP'],
    [
      { ChallengeName: 'WEB_AUTHN', ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: '{' } },
      'CREDENTIAL_REQUEST_OPTIONS',
    ],
    [
      { ChallengeName: 'WEB_AUTHN', ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: 'null' } },
      'CREDENTIAL_REQUEST_OPTIONS',
    ],
    [
      { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: { SALT: 'ab', SRP_B: 'cd' } },
      'SECRET_BLOCK',
    ],
    [
      { ChallengeName: 'NEW_PASSWORD_REQUIRED', ChallengeParameters: { requiredAttributes: '{}' } },
      'requiredAttributes',
    ],
  ])('that cannot be answered is a fault of the service: %j', async (answer, lacks) => {
    const { result } = await signInTo(answer);
    await expect(result).rejects.toThrow(
      expect.objectContaining({ code: 'cognito_response_invalid', message: expect.stringContaining(lacks) }),
    );
  });

  it('keeps a parameter named like a prototype apart', async () => {
    const { result } = await signInTo({
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeParameters: JSON.parse('{"__proto__":"x","question":"y"}'),
    });
    const { parameters } = challenged(await result, 'CUSTOM_CHALLENGE');
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
    expect(parameters['question']).toBe('y');
  });
});

describe('SRP with a service that is not honest', () => {
  it.each(['0', 'xyz', 'f'.repeat(2000)])('gives up: SRP_B %.8s', async (SRP_B) => {
    const { auth, sent } = await startStub({
      InitiateAuth: () => ({
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeParameters: { SALT: 'ab', SRP_B, SECRET_BLOCK: 'YWJj', USER_ID_FOR_SRP: 'ada' },
      }),
      RespondToAuthChallenge: () => ({ AuthenticationResult }),
    });
    await expect(
      auth.signIn({ username: 'ada', password: PASSWORD, authFlow: 'USER_SRP_AUTH' }),
    ).rejects.toThrow(expect.objectContaining({ code: 'cognito_response_invalid' }));
    expect(sent.map(({ operation }) => operation)).toEqual(['InitiateAuth']);
  });

  it('does not send the password to one that asks for it', async () => {
    const { auth, sent } = await startStub({
      InitiateAuth: () => ({ ChallengeName: 'PASSWORD', Session: 's' }),
    });
    challenged(
      await auth.signIn({ username: 'ada', password: PASSWORD, authFlow: 'USER_SRP_AUTH' }),
      'PASSWORD',
    );
    expect(JSON.stringify(sent)).not.toContain(PASSWORD);
  });
});

describe('signIn at run time', async () => {
  const { auth, sent } = await startStub({
    InitiateAuth: () => ({ AuthenticationResult }),
    AdminInitiateAuth: () => ({ AuthenticationResult }),
  });
  const given = { username: 'ada', password: PASSWORD };

  it.each<[input: object, message: string]>([
    [{ password: PASSWORD }, '"username" must be a string'],
    [{ username: ['ada'], password: PASSWORD }, '"username" must be a string'],
    [{ username: 'ada' }, '"password" must be a string, got nothing'],
    [{ ...given, password: {} }, '"password" must be a string'],
    [{ ...given, authFlow: 'REFRESH_TOKEN_AUTH' }, '"authFlow" must be one of'],
    [{ ...given, authFlow: '__proto__' }, '"authFlow" must be one of'],
    [{ ...given, authFlow: ['USER_AUTH'] }, '"authFlow" must be one of'],
    [{ ...given, clientId: 'other' }, 'takes no "clientId"'],
    [{ ...given, authParameters: {} }, 'takes no "authParameters"'],
    [{ ...given, srpA: 'a' }, 'takes no "srpA"'],
    [{ ...given, session: 'a' }, 'takes no "session"'],
    [JSON.parse('{"username":"ada","password":"p","__proto__":{}}'), 'takes no "__proto__"'],
    [{ ...given, signed: true }, 'never signed'],
    [{ ...given, authFlow: 'ADMIN_USER_PASSWORD_AUTH', signed: false }, 'always signed'],
    [{ ...given, contextData: { ipAddress: '1.2.3.4' } }, '"contextData" goes with a signed sign-in'],
    [
      { ...given, authFlow: 'ADMIN_USER_PASSWORD_AUTH', userContextData: { encodedData: 'x' } },
      'no "userContextData"',
    ],
    [{ ...given, authFlow: 'USER_SRP_AUTH', srpA: 'a' }, 'exclude each other'],
    [{ ...given, authFlow: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' }, 'takes no "password"'],
    [
      { username: 'ada', srpA: 'a', authFlow: 'USER_AUTH', preferredChallenge: 'PASSWORD' },
      'takes no "srpA"',
    ],
    [{ username: 'ada', authFlow: 'USER_AUTH', targetAcrValues: 'urn:a' }, '"targetAcrValues"'],
    [{ username: 'ada', authFlow: 'USER_AUTH', targetAcrValues: ['urn:a urn:b'] }, '"targetAcrValues"'],
    [{ username: 'ada', authFlow: 'USER_AUTH', maxAgeS: -1 }, '"maxAgeS"'],
  ])('refuses %j', async (input, message) => {
    const before = sent.length;
    await expect(auth.signIn(input as SignInInput)).rejects.toThrow(invalid(message));
    expect(sent).toHaveLength(before);
  });

  it('carries what a sign-in by choice can hold', async () => {
    await auth.signIn({
      username: 'ada',
      authFlow: 'USER_AUTH',
      session: 'of-the-sign-up',
      targetAcrValues: ['urn:high', 'urn:low'],
      accessToken: 'token',
      maxAgeS: 300,
      device: { deviceKey: 'k' },
      clientMetadata: { a: 'b' },
    });
    expect(sent.at(-1)).toMatchObject({
      operation: 'InitiateAuth',
      request: {
        AuthFlow: 'USER_AUTH',
        Session: 'of-the-sign-up',
        ClientMetadata: { a: 'b' },
        AuthParameters: {
          USERNAME: 'ada',
          TARGET_ACR_VALUES: 'urn:high urn:low',
          ACCESS_TOKEN: 'token',
          MAX_AGE: '300',
          DEVICE_KEY: 'k',
        },
      },
    });
  });

  it('is signed where it says so, with the data that goes along', async () => {
    const contextData = { ipAddress: '1.2.3.4', serverName: 's', serverPath: '/', httpHeaders: [] };
    await auth.signIn({ username: 'ada', authFlow: 'CUSTOM_AUTH', signed: true, contextData });
    expect(sent.at(-1)).toMatchObject({
      operation: 'AdminInitiateAuth',
      signed: true,
      request: { UserPoolId: 'eu-central-1_AbCdEfGhI', ContextData: { IpAddress: '1.2.3.4' } },
    });
  });
});

describe('a sign-up', () => {
  it('goes on to a sign-in with the session of its confirmation', async () => {
    const here = await pool(
      {
        AutoVerifiedAttributes: ['email'],
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      },
      {},
    );
    const userAttributes = { email: 'new@example.com' };
    await here.auth.signUp({ username: 'new', password: PASSWORD, userAttributes });
    const { session } = await here.auth.confirmSignUp({
      username: 'new',
      confirmationCode: here.code('new'),
    });
    signedIn(await here.auth.signIn({ username: 'new', authFlow: 'USER_AUTH', session }));
  });
});
