import { NotAuthorizedException } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { type CognitoAuthService, cognitoErrorTable, httpAnswer } from '../../src/index.js';
import { PASSWORD, signedIn, startSignIns } from '../support/sign-in.js';

const { pool } = await startSignIns();
const [home, foreign] = [await pool(), await pool()];
for (const here of [home, foreign]) await here.user('ada', { email: 'ada@example.com' });
const tokensOf = async (auth: CognitoAuthService) =>
  signedIn(await auth.signIn({ username: 'ada', password: PASSWORD })).tokens;
const { accessToken, refreshToken = '' } = await tokensOf(foreign.auth);

const refused = expect.objectContaining({
  name: 'NotAuthorizedException',
  message: expect.stringContaining('of another user pool'),
});
const address = { attributeName: 'email' };

describe('an access token of another pool', () => {
  it.each<[string, (auth: CognitoAuthService) => Promise<unknown>]>([
    ['getUser', (auth) => auth.getUser({ accessToken })],
    [
      'changePassword',
      (auth) =>
        auth.changePassword({
          accessToken,
          previousPassword: PASSWORD,
          proposedPassword: 'Another-horse-10',
        }),
    ],
    ['globalSignOut', (auth) => auth.globalSignOut({ accessToken })],
    [
      'updateUserAttributes',
      (auth) => auth.updateUserAttributes({ accessToken, userAttributes: { name: 'Eve' } }),
    ],
    [
      'deleteUserAttributes',
      (auth) => auth.deleteUserAttributes({ accessToken, userAttributeNames: ['name'] }),
    ],
    [
      'getUserAttributeVerificationCode',
      (auth) => auth.getUserAttributeVerificationCode({ accessToken, ...address }),
    ],
    ['verifyUserAttribute', (auth) => auth.verifyUserAttribute({ accessToken, ...address, code: '123456' })],
    ['deleteUser', (auth) => auth.deleteUser({ accessToken })],
    ['listDevices', (auth) => auth.listDevices({ accessToken })],
    ['associateSoftwareToken', (auth) => auth.associateSoftwareToken({ accessToken })],
    ['verifySoftwareToken', (auth) => auth.verifySoftwareToken({ accessToken, userCode: '123456' })],
    ['setUserMfaPreference', (auth) => auth.setUserMfaPreference({ accessToken })],
    ['getUserAuthFactors', (auth) => auth.getUserAuthFactors({ accessToken })],
    ['startWebAuthnRegistration', (auth) => auth.startWebAuthnRegistration({ accessToken })],
    ['listUserSessions', (auth) => auth.listUserSessions({ accessToken })],
    [
      'confirmDevice',
      (auth) =>
        auth.confirmDevice({ accessToken, newDeviceMetadata: { deviceKey: 'k', deviceGroupKey: 'g' } }),
    ],
    ['refresh', (auth) => auth.refresh({ refreshToken, accessToken })],
  ])('is refused by %s before anything is sent', async (_, act) => {
    home.sent.length = 0;
    await expect(act(home.auth)).rejects.toThrow(refused);
    await expect(act(home.auth)).rejects.toBeInstanceOf(NotAuthorizedException);
    expect(home.sent).toEqual([]);
  });

  it('has done nothing to its own user', async () => {
    expect(await foreign.auth.getUser({ accessToken })).toMatchObject({ username: 'ada' });
  });

  it('is a 401 of the same code as every token that is not taken', async () => {
    const error = await home.auth
      .changePassword({ accessToken, previousPassword: 'x', proposedPassword: 'y' })
      .catch((reason: unknown) => reason);
    const { problem, headers } = httpAnswer(error as never, cognitoErrorTable, true);
    expect(problem).toMatchObject({ status: 401, code: 'token_invalid' });
    expect(headers).toMatchObject({ 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    expect((error as Error).message).not.toContain(accessToken);
  });
});

describe('an access token of the pool', () => {
  it('is taken', async () => {
    const own = await tokensOf(home.auth);
    expect(await home.auth.getUser({ accessToken: own.accessToken })).toMatchObject({ username: 'ada' });
  });

  it('gets in for the app clients that are trusted, and for no other', async () => {
    const { UserPoolClient: client } = await home.sdk.createUserPoolClient({
      UserPoolId: home.userPoolId,
      ClientName: 'other',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const clientId = client?.ClientId as string;
    const other = await tokensOf(await home.service({ clientId, clientSecret: undefined }));
    const act = (service: CognitoAuthService) => service.getUser({ accessToken: other.accessToken });
    await expect(act(home.auth)).rejects.toThrow(/Access Token is of an app client .*"trustedClientIds"/);
    expect(await act(await home.service({ trustedClientIds: [clientId] }))).toMatchObject({
      username: 'ada',
    });
  });

  it.each([
    'rubbish',
    'a.b.c',
    `x.${Buffer.from('null').toString('base64url')}.x`,
    `x.${Buffer.from('{}').toString('base64url')}.x`,
    '..',
  ])('or what is none is Cognito’s to judge: %s', async (token) => {
    home.sent.length = 0;
    await expect(home.auth.getUser({ accessToken: token })).rejects.toThrow();
    expect(home.sent.map(({ operation }) => operation)).toEqual(['GetUser']);
  });

  it.each([
    { iss: 7 },
    { iss: '' },
    { iss: [`https://x/${home.userPoolId}`] },
    { iss: home.userPoolId },
    { iss: `https://x/${home.userPoolId}/` },
    { iss: `https://x/y${home.userPoolId}` },
    { iss: `https://x/${home.userPoolId}`, client_id: ['x'] },
  ])('is refused with the claims %j', async (claims) => {
    home.sent.length = 0;
    const token = `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    await expect(home.auth.getUser({ accessToken: token })).rejects.toThrow(/^Access Token is of/);
    expect(home.sent).toEqual([]);
  });
});
