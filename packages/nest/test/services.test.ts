import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  COGNITO_CLIENT,
  CognitoAuthService,
  CognitoGroupsService,
  type CognitoModuleOptions,
  CognitoUserPoolsService,
  CognitoUsersService,
  type NewPasswordRequiredChallenge,
  type SignedIn,
  type SignInResult,
  UnsupportedChallengeError,
} from '../src/index.js';
import { startApp, type TestApp } from './support/app.js';
import {
  DISCREET_CLIENT,
  LEGACY_CLIENT,
  PASSWORD,
  POOL,
  SECRET,
  SECRET_CLIENT,
  startTestCognito,
  type TestCognito,
} from './support/cognito.js';

let test: TestCognito;
const apps: TestApp[] = [];

beforeAll(async () => {
  test = await startTestCognito();
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await test.cognito.close();
});

async function services(options: CognitoModuleOptions = {}) {
  const app = await startApp(test.options(options), []);
  apps.push(app);
  return {
    auth: app.nest.get(CognitoAuthService),
    users: app.nest.get(CognitoUsersService),
    groups: app.nest.get(CognitoGroupsService),
    pools: app.nest.get(CognitoUserPoolsService),
    client: app.nest.get(COGNITO_CLIENT),
  };
}

let counter = 0;
const freshName = () => `user${++counter}`;

/** A user who has signed up and confirmed. */
async function confirmedUser({ auth }: { auth: CognitoAuthService }) {
  const username = freshName();
  await auth.signUp({ username, password: PASSWORD, userAttributes: { email: `${username}@example.com` } });
  await auth.confirmSignUp({ username, confirmationCode: test.code(username) });
  return username;
}

function signedIn(result: SignInResult): SignedIn {
  if (result.status !== 'signed-in') throw new Error(`challenged: ${result.challenge.name}`);
  return result;
}

/** The challenge that has to be met, which must be that of an invited user. */
function newPasswordRequired(result: SignInResult): NewPasswordRequiredChallenge {
  if (result.status !== 'challenge') throw new Error('signed in');
  if (result.challenge.name !== 'NEW_PASSWORD_REQUIRED') throw new Error(result.challenge.name);
  return result.challenge;
}

const named = (name: string, message?: string) =>
  expect.objectContaining({ name, ...(message !== undefined && { message }) });

describe.each([
  ['a client without secret', LEGACY_CLIENT, undefined],
  ['a client with a secret', SECRET_CLIENT, SECRET],
] as const)('CognitoAuthService as %s', (_, clientId, clientSecret) => {
  const start = () => services({ clientId, clientSecret });

  it('signs up, confirms and signs in', async () => {
    const { auth } = await start();
    const username = freshName();
    const signUp = await auth.signUp({
      username,
      password: PASSWORD,
      userAttributes: { email: `${username}@example.com`, 'custom:plan': 'pro' },
      validationData: { from: 'test' },
      clientMetadata: { Some: 'Thing' },
    });
    expect(signUp).toEqual({
      userConfirmed: false,
      userSub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      codeDeliveryDetails: { attributeName: 'email', deliveryMedium: 'EMAIL', destination: 'u***@e***' },
    });
    await expect(auth.signIn({ username, password: PASSWORD })).rejects.toThrow(
      named('UserNotConfirmedException'),
    );
    await auth.confirmSignUp({ username, confirmationCode: test.code(username) });

    const { username: real, tokens } = signedIn(await auth.signIn({ username, password: PASSWORD }));
    expect(real).toBe(username);
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      idToken: expect.stringMatching(/^ey/),
      refreshToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 3600,
      expiresAt: expect.any(Date),
    });
    expect(Math.abs(tokens.expiresAt.getTime() - Date.now() - 3600_000)).toBeLessThan(5_000);
    const profile = await auth.getUser({ accessToken: tokens.accessToken });
    expect(profile).toMatchObject({
      username,
      userAttributes: {
        sub: signUp.userSub,
        email: `${username}@example.com`,
        email_verified: true,
        'custom:plan': 'pro',
      },
    });
  });

  it('sign-up: what Cognito refuses', async () => {
    const { auth } = await start();
    const username = await confirmedUser({ auth });
    const userAttributes = { email: 'x@example.com' };
    await expect(auth.signUp({ username, password: PASSWORD, userAttributes })).rejects.toThrow(
      named('UsernameExistsException'),
    );
    await expect(auth.signUp({ username: freshName(), password: 'short', userAttributes })).rejects.toThrow(
      named('InvalidPasswordException'),
    );
    await expect(auth.signUp({ username: freshName(), password: PASSWORD })).rejects.toThrow(
      named('InvalidParameterException'),
    );
  });

  it('confirming: wrong code, used code, code sent again', async () => {
    const { auth } = await start();
    const username = freshName();
    await auth.signUp({ username, password: PASSWORD, userAttributes: { email: `${username}@example.com` } });
    const first = test.code(username);
    const wrong = first === '000000' ? '111111' : '000000';
    await expect(auth.confirmSignUp({ username, confirmationCode: wrong })).rejects.toThrow(
      named('CodeMismatchException'),
    );
    expect(await auth.resendConfirmationCode({ username })).toEqual({
      codeDeliveryDetails: { attributeName: 'email', deliveryMedium: 'EMAIL', destination: 'u***@e***' },
    });
    await auth.confirmSignUp({ username, confirmationCode: test.code(username) });
    await expect(auth.confirmSignUp({ username, confirmationCode: first })).rejects.toThrow(
      named('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED'),
    );
    await expect(auth.resendConfirmationCode({ username })).rejects.toThrow(
      named('InvalidParameterException'),
    );
    await expect(auth.confirmSignUp({ username: 'nobody', confirmationCode: '123456' })).rejects.toThrow(
      named('UserNotFoundException'),
    );
  });

  it('signs in with an alias, and names the real user', async () => {
    const { auth } = await start();
    const username = await confirmedUser({ auth });
    const result = signedIn(await auth.signIn({ username: `${username}@example.com`, password: PASSWORD }));
    expect(result.username).toBe(username);
    // The hash of a refresh is made of the real name, never of the alias.
    const refreshed = await auth.refresh({
      refreshToken: result.tokens.refreshToken ?? '',
      username: result.username,
    });
    expect(refreshed).toMatchObject({ status: 'signed-in', username, tokens: { tokenType: 'Bearer' } });
    expect(refreshed.tokens).not.toHaveProperty('refreshToken');
    expect(refreshed.tokens.accessToken).not.toBe(result.tokens.accessToken);
  });

  it.each(['USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'] as const)(
    'signs in and refreshes with %s',
    async (authFlow) => {
      const { auth } = await start();
      const username = await confirmedUser({ auth });
      const { tokens } = signedIn(await auth.signIn({ username, password: PASSWORD, authFlow }));
      const refreshToken = tokens.refreshToken ?? '';
      const signed = authFlow === 'ADMIN_USER_PASSWORD_AUTH';
      const refresh = { refreshToken, username, authFlow: 'REFRESH_TOKEN_AUTH', signed } as const;
      expect((await auth.refresh(refresh)).status).toBe('signed-in');
      await expect(auth.signIn({ username, password: 'Wrong-horse-9', authFlow })).rejects.toThrow(
        named('NotAuthorizedException', 'Incorrect username or password.'),
      );
      await expect(auth.signIn({ username: 'nobody', password: PASSWORD, authFlow })).rejects.toThrow(
        named('UserNotFoundException'),
      );
      await expect(auth.refresh({ ...refresh, refreshToken: 'rubbish' })).rejects.toThrow(
        named('NotAuthorizedException', 'Invalid Refresh Token'),
      );
    },
  );

  it('replaces a forgotten password', async () => {
    const { auth } = await start();
    const username = await confirmedUser({ auth });
    expect(await auth.forgotPassword({ username })).toEqual({
      codeDeliveryDetails: { attributeName: 'email', deliveryMedium: 'EMAIL', destination: 'u***@e***' },
    });
    const confirmationCode = test.code(username);
    const wrong = confirmationCode === '000000' ? '111111' : '000000';
    const password = 'Correct-horse-10';
    await expect(auth.confirmForgotPassword({ username, confirmationCode: wrong, password })).rejects.toThrow(
      named('CodeMismatchException'),
    );
    await expect(
      auth.confirmForgotPassword({ username, confirmationCode, password: 'short1' }),
    ).rejects.toThrow(named('InvalidPasswordException'));
    expect(await auth.confirmForgotPassword({ username, confirmationCode, password })).toBeUndefined();
    expect((await auth.signIn({ username, password })).status).toBe('signed-in');
    await expect(auth.confirmForgotPassword({ username, confirmationCode, password })).rejects.toThrow(
      named('ExpiredCodeException'),
    );
    await expect(auth.forgotPassword({ username: 'nobody' })).rejects.toThrow(named('UserNotFoundException'));
  });

  it('changes a password', async () => {
    const { auth } = await start();
    const username = await confirmedUser({ auth });
    const { accessToken } = signedIn(await auth.signIn({ username, password: PASSWORD })).tokens;
    const change = (previousPassword: string, proposedPassword: string) =>
      auth.changePassword({ accessToken, previousPassword, proposedPassword });
    await expect(change('Wrong-horse-9', 'Correct-horse-10')).rejects.toThrow(
      named('NotAuthorizedException'),
    );
    await expect(change(PASSWORD, 'short1')).rejects.toThrow(named('InvalidPasswordException'));
    expect(await change(PASSWORD, 'Correct-horse-10')).toBeUndefined();
    expect((await auth.signIn({ username, password: 'Correct-horse-10' })).status).toBe('signed-in');
    await expect(auth.signIn({ username, password: PASSWORD })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });

  it('signs out everywhere', async () => {
    const { auth } = await start();
    const username = await confirmedUser({ auth });
    const { accessToken, refreshToken = '' } = signedIn(
      await auth.signIn({ username, password: PASSWORD }),
    ).tokens;
    expect(await auth.globalSignOut({ accessToken })).toBeUndefined();
    await expect(auth.getUser({ accessToken })).rejects.toThrow(
      named('NotAuthorizedException', 'Access Token has been revoked'),
    );
    await expect(auth.refresh({ refreshToken, username })).rejects.toThrow(
      named('NotAuthorizedException', 'Refresh Token has been revoked'),
    );
    await expect(auth.globalSignOut({ accessToken: 'rubbish' })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });

  it.each(['USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'] as const)(
    'meets the challenge of an invited user (%s)',
    async (authFlow) => {
      const { auth, users } = await start();
      const username = freshName();
      const email = `${username}@example.com`;
      await users.create({
        username,
        temporaryPassword: PASSWORD,
        messageAction: 'SUPPRESS',
        userAttributes: { 'custom:plan': 'pro' },
      });
      const challenge = newPasswordRequired(await auth.signIn({ username, password: PASSWORD, authFlow }));
      expect(challenge).toEqual({
        name: 'NEW_PASSWORD_REQUIRED',
        username,
        session: expect.any(String),
        signed: authFlow === 'ADMIN_USER_PASSWORD_AUTH',
        requiredAttributes: ['email'],
        userAttributes: { 'custom:plan': 'pro' },
      });
      const newPassword = 'Correct-horse-10';
      await expect(
        auth.respondToChallenge(challenge, { newPassword: 'short1', userAttributes: { email } }),
      ).rejects.toThrow(named('InvalidPasswordException'));
      await expect(auth.respondToChallenge(challenge, { newPassword })).rejects.toThrow(
        named('InvalidParameterException'),
      );
      // As an app does that sends the challenge through a browser.
      const { name, session } = JSON.parse(JSON.stringify(challenge)) as typeof challenge;
      const result = await auth.respondToChallenge(
        { name, username, session },
        { newPassword, userAttributes: { email }, clientMetadata: { a: 'b' } },
      );
      const { tokens } = signedIn(result);
      expect((await auth.getUser({ accessToken: tokens.accessToken })).userAttributes).toMatchObject({
        email,
      });
      await expect(auth.respondToChallenge(challenge, { newPassword })).rejects.toThrow(
        named('NotAuthorizedException'),
      );
      expect((await auth.signIn({ username, password: newPassword })).status).toBe('signed-in');
    },
  );

  it('names the real user in the challenge of a sign-in with an alias', async () => {
    const { auth, users } = await start();
    const username = freshName();
    const email = `${username}@example.com`;
    await users.create({
      username,
      temporaryPassword: PASSWORD,
      messageAction: 'SUPPRESS',
      userAttributes: { email, email_verified: true },
    });
    const challenge = newPasswordRequired(await auth.signIn({ username: email, password: PASSWORD }));
    expect(challenge.username).toBe(username);
    expect(challenge.userAttributes).toEqual({ email, email_verified: true });
    const result = signedIn(await auth.respondToChallenge(challenge, { newPassword: 'Correct-horse-10' }));
    expect(result.username).toBe(username);
  });
});

describe('CognitoAuthService', () => {
  it('answers with a wrong secret as Cognito does', async () => {
    const { auth } = await services({ clientId: SECRET_CLIENT, clientSecret: `${SECRET}x` });
    await expect(auth.signIn({ username: 'ada', password: PASSWORD })).rejects.toThrow(
      named('NotAuthorizedException', `Unable to verify secret hash for client ${SECRET_CLIENT}`),
    );
    const none = await services({ clientId: SECRET_CLIENT });
    await expect(none.auth.signIn({ username: 'ada', password: PASSWORD })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });

  it('takes the flow from the module when the call names none', async () => {
    const { auth } = await services({ clientId: 'adminonly', authFlow: 'ADMIN_USER_PASSWORD_AUTH' });
    expect((await auth.signIn({ username: 'ada', password: PASSWORD })).status).toBe('signed-in');
    await expect(
      auth.signIn({ username: 'ada', password: PASSWORD, authFlow: 'USER_PASSWORD_AUTH' }),
    ).rejects.toThrow(named('InvalidParameterException'));
  });

  it('does not tell whether a user exists where the client does not', async () => {
    const { auth } = await services({ clientId: DISCREET_CLIENT });
    await expect(auth.signIn({ username: 'nobody', password: PASSWORD })).rejects.toThrow(
      named('NotAuthorizedException', 'Incorrect username or password.'),
    );
    expect(await auth.forgotPassword({ username: 'nobody' })).toHaveProperty('codeDeliveryDetails');
  });

  it.each([
    [
      { clientId: 'other' },
      'has no member "clientId", which the service fills in; there are username, password',
    ],
    [{ ClientId: 'other' }, 'has no member "ClientId"; there are username, password'],
    [{ secretHash: 'x' }, 'has no member "secretHash", which the service fills in'],
    [{ SecretHash: 'x' }, 'has no member "SecretHash"'],
    [{ Username: 'ada' }, 'has no member "Username"'],
  ])('takes nothing of %j from a body that a caller spreads in', async (surplus, message) => {
    const { auth } = await services();
    const username = freshName();
    const signUp = { username, password: PASSWORD, userAttributes: { email: `${username}@example.com` } };
    await expect(auth.signUp({ ...signUp, ...surplus })).rejects.toThrow(`The input of SignUp ${message}`);
    expect((await auth.signUp(signUp)).userConfirmed).toBe(false);
  });

  it('refuses a challenge of the future by name, with all that is needed to go on', async () => {
    const { auth, client } = await services();
    vi.spyOn(client, 'send').mockImplementation(async () => ({
      ChallengeName: 'PALM_READING',
      Session: 'the-session',
      ChallengeParameters: { CODE_DELIVERY_DESTINATION: '+*******9934' },
      $metadata: {},
    }));
    const error = await auth
      .signIn({ username: 'ada', password: PASSWORD })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsupportedChallengeError);
    expect(error).toMatchObject({
      code: 'challenge_unsupported',
      challengeName: 'PALM_READING',
      session: 'the-session',
      parameters: { CODE_DELIVERY_DESTINATION: '+*******9934' },
    });
    expect(JSON.stringify(error)).not.toContain('the-session');
  });

  it('refuses an answer that holds neither tokens nor a challenge', async () => {
    const { auth, client } = await services();
    vi.spyOn(client, 'send').mockImplementation(async () => ({ $metadata: {} }));
    await expect(auth.signIn({ username: 'ada', password: PASSWORD })).rejects.toThrow(
      expect.objectContaining({ code: 'cognito_response_invalid' }),
    );
  });

  it('needs no AWS credentials for what is not signed, and asks for them for what is', async () => {
    const home = mkdtempSync(join(tmpdir(), 'cognest-'));
    for (const name of Object.keys(process.env).filter((key) => key.startsWith('AWS_')))
      vi.stubEnv(name, undefined);
    vi.stubEnv('HOME', home);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const { auth, users } = await services({ client: undefined });
    const username = await confirmedUser({ auth });
    const { tokens } = signedIn(await auth.signIn({ username, password: PASSWORD }));
    await auth.getUser({ accessToken: tokens.accessToken });
    await auth.refresh({ refreshToken: tokens.refreshToken ?? '' });
    await auth.forgotPassword({ username });
    await auth.globalSignOut({ accessToken: tokens.accessToken });
    await expect(users.get({ username })).rejects.toThrow(
      expect.objectContaining({ code: 'credentials_unavailable' }),
    );
    rmSync(home, { recursive: true });
  });
});

describe('CognitoUsersService', () => {
  it('creates, finds and gives a password', async () => {
    const { auth, users } = await services();
    const username = freshName();
    const email = `${username}@example.com`;
    const created = await users.create({
      username,
      userAttributes: { email, email_verified: true, 'custom:plan': 'pro', name: undefined },
      desiredDeliveryMediums: ['EMAIL'],
    });
    expect(created).toEqual({
      username,
      userAttributes: { sub: expect.any(String), email, email_verified: true, 'custom:plan': 'pro' },
      enabled: true,
      userStatus: 'FORCE_CHANGE_PASSWORD',
      userCreateDate: expect.any(Date),
      userLastModifiedDate: expect.any(Date),
    });
    // The invitation holds the temporary password.
    expect((await auth.signIn({ username, password: test.code(username) })).status).toBe('challenge');

    expect(await users.setPassword({ username, password: PASSWORD, permanent: true })).toBeUndefined();
    expect((await auth.signIn({ username, password: PASSWORD })).status).toBe('signed-in');
    expect(await users.get({ username })).toMatchObject({
      username,
      userAttributes: created.userAttributes,
      userStatus: 'CONFIRMED',
      enabled: true,
      userCreateDate: created.userCreateDate,
    });
    await users.setPassword({ username, password: 'Correct-horse-10' });
    expect((await users.get({ username })).userStatus).toBe('FORCE_CHANGE_PASSWORD');
  });

  it('invites again, and only who has not come yet', async () => {
    const { users } = await services();
    const username = freshName();
    await users.create({ username, userAttributes: { email: `${username}@example.com` } });
    const first = test.code(username);
    await users.create({ username, messageAction: 'RESEND' });
    expect(test.cognito.messages({ username })).toHaveLength(2);
    expect(test.code(username)).not.toBe(first);
    await expect(users.create({ username: 'ada', messageAction: 'RESEND' })).rejects.toThrow(
      named('UnsupportedUserStateException'),
    );
  });

  it('confirms a sign-up', async () => {
    const { auth, users } = await services();
    const username = freshName();
    const userAttributes = { email: `${username}@example.com` };
    await auth.signUp({ username, password: PASSWORD, userAttributes });
    expect(await users.confirmSignUp({ username })).toBeUndefined();
    expect((await auth.signIn({ username, password: PASSWORD })).status).toBe('signed-in');
    expect((await users.get({ username })).userAttributes.email_verified).not.toBe(true);
    await expect(users.confirmSignUp({ username })).rejects.toThrow(named('NotAuthorizedException'));
    await expect(users.confirmSignUp({ username: 'nobody' })).rejects.toThrow(named('UserNotFoundException'));
  });

  it('signs out, disables, enables and deletes', async () => {
    const { auth, users } = await services();
    const username = await confirmedUser({ auth });
    const enter = async () => signedIn(await auth.signIn({ username, password: PASSWORD })).tokens;

    const first = await enter();
    expect(await users.globalSignOut({ username })).toBeUndefined();
    await expect(auth.getUser({ accessToken: first.accessToken })).rejects.toThrow(
      named('NotAuthorizedException', 'Access Token has been revoked'),
    );

    const second = await enter();
    expect(await users.disable({ username })).toBeUndefined();
    expect((await users.get({ username })).enabled).toBe(false);
    await expect(enter()).rejects.toThrow(named('NotAuthorizedException', 'User is disabled.'));
    expect(await users.enable({ username })).toBeUndefined();
    expect((await users.get({ username })).enabled).toBe(true);
    await expect(auth.getUser({ accessToken: second.accessToken })).rejects.toThrow(
      named('NotAuthorizedException'),
    );

    const third = await enter();
    expect(await users.delete({ username })).toBeUndefined();
    await expect(users.get({ username })).rejects.toThrow(named('UserNotFoundException'));
    await expect(auth.getUser({ accessToken: third.accessToken })).rejects.toThrow(
      named('UserNotFoundException'),
    );

    for (const method of ['globalSignOut', 'disable', 'enable', 'delete'] as const) {
      await expect(users[method]({ username: 'nobody' })).rejects.toThrow(named('UserNotFoundException'));
    }
  });

  it('what Cognito refuses', async () => {
    const { users } = await services();
    await expect(users.create({ username: 'ada' })).rejects.toThrow(
      named('UsernameExistsException', 'User account already exists'),
    );
    await expect(users.create({ username: freshName(), temporaryPassword: 'short1' })).rejects.toThrow(
      named('InvalidPasswordException'),
    );
    await expect(users.create({ username: '' })).rejects.toThrow(named('InvalidParameterException'));
    await expect(users.get({ username: 'nobody' })).rejects.toThrow(
      named('UserNotFoundException', 'User does not exist.'),
    );
    await expect(users.setPassword({ username: 'nobody', password: PASSWORD })).rejects.toThrow(
      named('UserNotFoundException'),
    );
    await expect(users.setPassword({ username: 'ada', password: 'short1' })).rejects.toThrow(
      named('InvalidPasswordException'),
    );
  });
});

describe('CognitoGroupsService', () => {
  it('creates, adds, lists and removes', async () => {
    const { groups, users } = await services();
    const username = freshName();
    await users.create({ username, messageAction: 'SUPPRESS' });
    const groupName = `group-${username}`;
    const group = await groups.create({ groupName, description: 'A group', precedence: 3 });
    expect(group).toEqual({
      groupName,
      userPoolId: POOL,
      description: 'A group',
      precedence: 3,
      creationDate: expect.any(Date),
      lastModifiedDate: expect.any(Date),
    });
    expect(await groups.listForUser({ username })).toEqual({ groups: [] });
    expect(await groups.addUser({ username, groupName })).toBeUndefined();
    await groups.addUser({ username, groupName });
    expect(await groups.listForUser({ username })).toEqual({ groups: [group] });
    expect(await groups.removeUser({ username, groupName })).toBeUndefined();
    await groups.removeUser({ username, groupName });
    expect(await groups.listForUser({ username })).toEqual({ groups: [] });
  });

  it('pages', async () => {
    const { groups, users } = await services();
    const username = freshName();
    await users.create({ username, messageAction: 'SUPPRESS' });
    const all = Array.from({ length: 5 }, (_, index) => `${username}-${index}`);
    for (const groupName of all) {
      await groups.create({ groupName });
      await groups.addUser({ username, groupName });
    }
    const page = await groups.listForUser({ username, limit: 2 });
    expect(page.groups).toHaveLength(2);
    const next = await groups.listForUser({ username, limit: 2, nextToken: page.nextToken });
    expect(next.groups).toHaveLength(2);
    expect(new Set([...page.groups, ...next.groups].map((group) => group.groupName)).size).toBe(4);

    for (const input of [
      { username },
      { username, limit: 2 },
      { username, limit: 5 },
      { username, limit: 1 },
    ]) {
      const seen: string[] = [];
      for await (const { groupName } of groups.iterateForUser(input)) seen.push(groupName);
      expect(seen.sort()).toEqual(all);
    }
    // Asks for no more pages than are wanted.
    for await (const { groupName } of groups.iterateForUser({ username, limit: 2 })) {
      expect(all).toContain(groupName);
      break;
    }
  });

  it('what Cognito refuses', async () => {
    const { groups } = await services();
    await expect(groups.create({ groupName: 'admin' })).rejects.toThrow(
      named('GroupExistsException', 'A group with the name already exists.'),
    );
    await expect(groups.create({ groupName: 'x', precedence: -1 })).rejects.toThrow(
      named('InvalidParameterException'),
    );
    await expect(groups.addUser({ username: 'ada', groupName: 'nothing' })).rejects.toThrow(
      named('ResourceNotFoundException', 'Group not found.'),
    );
    await expect(groups.addUser({ username: 'nobody', groupName: 'admin' })).rejects.toThrow(
      named('UserNotFoundException'),
    );
    await expect(groups.removeUser({ username: 'nobody', groupName: 'admin' })).rejects.toThrow(
      named('UserNotFoundException'),
    );
    await expect(groups.listForUser({ username: 'nobody' })).rejects.toThrow(named('UserNotFoundException'));
    await expect(groups.listForUser({ username: 'ada', nextToken: 'rubbish' })).rejects.toThrow(
      named('InvalidParameterException'),
    );
  });
});

describe('CognitoUserPoolsService', () => {
  it('describes the module’s pool, creates another and a client in it', async () => {
    const { pools } = await services();
    expect(await pools.describe()).toMatchObject({
      id: POOL,
      name: 'test',
      autoVerifiedAttributes: ['email'],
    });

    const created = await pools.create({
      poolName: 'second',
      policies: { passwordPolicy: { minimumLength: 10, requireNumbers: true } },
      userPoolTags: { Team: 'Cats' },
      schema: [{ name: 'level', attributeDataType: 'Number', numberAttributeConstraints: { minValue: '1' } }],
    });
    expect(created).toMatchObject({
      id: expect.stringMatching(/_/),
      name: 'second',
      creationDate: expect.any(Date),
      // Tags are the caller's: not a letter of them changes.
      userPoolTags: { Team: 'Cats' },
      policies: { passwordPolicy: { minimumLength: 10, requireNumbers: true } },
    });
    expect(created.schemaAttributes).toContainEqual(expect.objectContaining({ name: 'custom:level' }));
    expect(await pools.describe({ userPoolId: created.id })).toMatchObject({
      id: created.id,
      name: 'second',
    });

    const client = await pools.createClient({
      userPoolId: created.id,
      clientName: 'web',
      generateSecret: true,
      explicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      tokenValidityUnits: { accessToken: 'minutes' },
      accessTokenValidity: 10,
    });
    expect(client).toMatchObject({
      userPoolId: created.id,
      clientId: expect.any(String),
      clientSecret: expect.any(String),
      clientName: 'web',
      accessTokenValidity: 10,
      tokenValidityUnits: { accessToken: 'minutes' },
    });
    expect((await pools.createClient({ clientName: 'other' })).userPoolId).toBe(POOL);
  });

  it('what Cognito refuses', async () => {
    const { pools } = await services();
    await expect(pools.describe({ userPoolId: 'eu-central-1_None' })).rejects.toThrow(
      named('ResourceNotFoundException'),
    );
    await expect(pools.createClient({ userPoolId: 'eu-central-1_None', clientName: 'x' })).rejects.toThrow(
      named('ResourceNotFoundException'),
    );
    await expect(pools.create({ poolName: '' })).rejects.toThrow(named('InvalidParameterException'));
  });
});

describe('the SDK’s client', () => {
  it('reaches operations that have no method, with Cognito’s own answer', async () => {
    const { client } = await services();
    const sent = client.send(new ListUsersCommand({ UserPoolId: POOL }));
    await expect(
      sent.then(
        () => 'answered',
        (error: Error) => error.message,
      ),
    ).resolves.toMatch(/ListUsers|answered/);
  });
});
