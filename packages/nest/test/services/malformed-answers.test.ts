import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { CognitoGroupsService, CognitoUserPoolsService, CognitoUsersService } from '../../src/index.js';
import { startStub } from '../support/stub.js';

const invalid = (member: string) =>
  expect.objectContaining({ code: 'cognito_response_invalid', message: expect.stringContaining(member) });

describe('an answer of the wrong types', () => {
  const jwt = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  const tokens = { AccessToken: jwt({ username: 'ada' }), IdToken: jwt({}), ExpiresIn: 3600 };
  const signIn = { username: 'ada', password: 'Correct-horse-9' };

  it.each([
    ['AuthenticationResult.AccessToken', { AuthenticationResult: { ...tokens, AccessToken: 5 } }],
    ['AuthenticationResult.IdToken', { AuthenticationResult: { ...tokens, IdToken: {} } }],
    ['AuthenticationResult.ExpiresIn', { AuthenticationResult: { ...tokens, ExpiresIn: 'x' } }],
    ['ExpiresIn', { AuthenticationResult: { ...tokens, ExpiresIn: 1e300 } }],
    ['AuthenticationResult', { AuthenticationResult: 'x' }],
    ['AuthenticationResult', { AuthenticationResult: [] }],
    ['AuthenticationResult', { AuthenticationResult: [tokens] }],
    [
      'AuthenticationResult.NewDeviceMetadata',
      { AuthenticationResult: { ...tokens, NewDeviceMetadata: [{ DeviceKey: 'k', DeviceGroupKey: 'g' }] } },
    ],
    ['it has the wrong type', []],
    ['it has the wrong type', [{ AuthenticationResult: tokens }]],
    [
      'AuthenticationResult.NewDeviceMetadata',
      { AuthenticationResult: { ...tokens, NewDeviceMetadata: 'x' } },
    ],
    ['ChallengeName', { ChallengeName: { a: 1 }, Session: 's' }],
    ['Session', { ChallengeName: 'SMS_MFA', Session: 7 }],
    [
      'ChallengeParameters',
      {
        ChallengeName: 'SMS_MFA',
        Session: 's',
        ChallengeParameters: { CODE_DELIVERY_DESTINATION: { a: 1 } },
      },
    ],
    ['ChallengeParameters', { ChallengeName: 'SMS_MFA', Session: 's', ChallengeParameters: 'x' }],
    [
      'AvailableChallenges',
      { ChallengeName: 'SELECT_CHALLENGE', Session: 's', AvailableChallenges: ['PASSWORD', null] },
    ],
  ])('is no sign-in: %s', async (member, answer) => {
    const { auth } = await startStub({ InitiateAuth: () => answer });
    await expect(auth.signIn(signIn)).rejects.toThrow(invalid(member));
  });

  it.each([
    ['Users', { Users: 'abc' }],
    ['Users', { Users: { length: 1 } }],
    ['Users', { Users: [null] }],
    ['Users', { Users: [5] }],
    ['Users', { Users: [[]] }],
    ['Users', { Users: [{ Username: 'a' }, ['b']] }],
    ['Users.Attributes', { Users: [{ Username: 'a', Attributes: {} }] }],
    ['Users.Attributes', { Users: [{ Username: 'a', Attributes: [['email', 'x']] }] }],
    ['it has the wrong type', []],
    ['Users.Username', { Users: [{ Username: ['a'] }] }],
    ['Users.Enabled', { Users: [{ Username: 'a', Enabled: 'no' }] }],
    ['Users.Attributes', { Users: [{ Username: 'a', Attributes: [null] }] }],
    ['Users.Attributes.Value', { Users: [{ Username: 'a', Attributes: [{ Name: 'email', Value: 1 }] }] }],
    ['Users.UserCreateDate', { Users: [{ Username: 'a', UserCreateDate: 1e300 }] }],
    ['PaginationToken', { Users: [], PaginationToken: 5 }],
  ])('is no page of users: %s', async (member, answer) => {
    const { nest } = await startStub({ ListUsers: () => answer });
    const users = nest.get(CognitoUsersService);
    await expect(users.list({})).rejects.toThrow(invalid(member));
    await expect(users.iterate().next()).rejects.toThrow(invalid(member));
  });

  it.each([[null], [5], ['x'], [true], [[]], [[{}]]])(
    'is no success of what answers nothing: %j',
    async (answer) => {
      const { nest } = await startStub({ AdminDeleteUser: () => answer as object });
      const deleting = nest.get(CognitoUsersService).delete({ username: 'ada' });
      await expect(deleting).rejects.toThrow(invalid("The answer to AdminDeleteUser is not Cognito's"));
    },
  );

  it('is none of those whose objects are empty, or that have no body', async () => {
    const { nest } = await startStub({
      AdminDeleteUser: () => ({}),
      DescribeUserPool: () => ({ UserPool: { Id: 'p', LambdaConfig: {}, Policies: {}, UserPoolTags: {} } }),
    });
    expect(await nest.get(CognitoUsersService).delete({ username: 'ada' })).toBeUndefined();
    expect(await nest.get(CognitoUserPoolsService).describe()).toMatchObject({
      lambdaConfig: {},
      policies: {},
    });
  });

  it('is none that a handler of the app’s gives without a body', async () => {
    const handler = { handle: async () => ({ response: { statusCode: 200, headers: {} } }) };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
    const client = { credentials, requestHandler: handler } as never;
    const { nest } = await startStub({}, { client });
    expect(await nest.get(CognitoUsersService).delete({ username: 'ada' })).toBeUndefined();
  });

  it('is looked at with a client of the app’s, too', async () => {
    const { nest } = await startStub({ ListUsers: () => ({ Users: [[]] }) });
    const { config } = nest.get(CognitoIdentityProviderClient);
    const client = new CognitoIdentityProviderClient({
      region: 'eu-central-1',
      endpoint: String(
        (await config.endpoint?.())?.hostname && `http://127.0.0.1:${(await config.endpoint?.())?.port}`,
      ),
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    });
    const other = await startStub({}, { client, endpoint: undefined });
    await expect(other.nest.get(CognitoUsersService).list({})).rejects.toThrow(invalid('Users'));
  });

  it('says what is wrong without saying what it was', async () => {
    const { auth } = await startStub({
      InitiateAuth: () => ({ AuthenticationResult: { ...tokens, RefreshToken: { secret: 'hunter2' } } }),
    });
    await expect(auth.signIn(signIn)).rejects.toThrow(
      "The answer to InitiateAuth is not Cognito's: AuthenticationResult.RefreshToken has the wrong type",
    );
  });

  it('is not one that holds what is new, or nulls', async () => {
    const { auth } = await startStub({
      InitiateAuth: () => ({
        AuthenticationResult: { ...tokens, Future: { a: 1 }, RefreshToken: null },
        ChallengeParameters: {},
        Session: null,
        Future: 7,
      }),
    });
    expect(await auth.signIn(signIn)).toMatchObject({ status: 'signed-in', tokens: { expiresIn: 3600 } });
  });
});

describe('an answer without what it must have', () => {
  it.each([
    ['Username is missing', {}],
    ['Username is missing', { Username: null, UserAttributes: [] }],
    ['Username is missing', { UserAttributes: [], Enabled: true }],
    ['Username is missing', { __type: 'AdminGetUserResponse', message: 'no' }],
    ['it is an exception', { __type: 'NotAuthorizedException', message: 'no' }],
    ['it is an exception', { __type: 'com.amazon#InternalError:http://x', Username: 'ada' }],
  ])('is no user: %s', async (fault, answer) => {
    const { nest } = await startStub({ AdminGetUser: () => answer });
    await expect(nest.get(CognitoUsersService).get({ username: 'ada' })).rejects.toThrow(invalid(fault));
  });

  it('is no user where there is no body', async () => {
    const handler = { handle: async () => ({ response: { statusCode: 200, headers: {} } }) };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
    const { nest } = await startStub({}, { client: { credentials, requestHandler: handler } as never });
    const getting = nest.get(CognitoUsersService).get({ username: 'ada' });
    await expect(getting).rejects.toThrow(invalid('Username is missing'));
  });

  it('is no success of what answers nothing, where it is an exception', async () => {
    const { nest } = await startStub({ AdminDeleteUser: () => ({ __type: 'NotAuthorizedException' }) });
    const deleting = nest.get(CognitoUsersService).delete({ username: 'ada' });
    await expect(deleting).rejects.toThrow(invalid('it is an exception with the status of a success'));
  });

  it('may name its kind, which is no member of it', async () => {
    const { nest } = await startStub({
      AdminGetUser: () => ({ __type: 'AdminGetUserResponse', Username: 'ada', UserAttributes: [] }),
      AdminDeleteUser: () => ({ __type: 'AdminDeleteUserResponse' }),
    });
    const users = nest.get(CognitoUsersService);
    expect(await users.get({ username: 'ada' })).toEqual({ username: 'ada', userAttributes: {} });
    expect(await users.delete({ username: 'ada' })).toBeUndefined();
  });

  it.each([
    ['UserConfirmed is missing', { UserSub: 's' }],
    ['UserSub is missing', { UserConfirmed: false }],
  ])('is no sign-up: %s', async (fault, answer) => {
    const { auth } = await startStub({ SignUp: () => answer });
    const signingUp = auth.signUp({ username: 'ada', password: 'Correct-horse-9' });
    await expect(signingUp).rejects.toThrow(invalid(fault));
  });

  it('is no refresh where nothing says whose tokens they are', async () => {
    const jwt = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    let idToken = 'unreadable';
    const { auth } = await startStub({
      GetTokensFromRefreshToken: () => ({
        AuthenticationResult: { AccessToken: 'unreadable', IdToken: idToken, ExpiresIn: 3600 },
      }),
    });
    await expect(auth.refresh({ refreshToken: 'r1' })).rejects.toThrow(invalid('tokens that name no user'));
    expect(await auth.refresh({ refreshToken: 'r2', username: 'ada' })).toMatchObject({ username: 'ada' });
    idToken = jwt({ 'cognito:username': 'grace' });
    expect(await auth.refresh({ refreshToken: 'r3' })).toMatchObject({ username: 'grace' });
  });
});

describe('a number', () => {
  it.each([
    ['5', 'a value of type string'],
    [Number.NaN, 'NaN'],
    [1.5, '1.5'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [true, 'a value of type boolean'],
    [[5], 'a list'],
    [{}, 'a value of type object'],
  ])('must be a whole one: %j', async (limit, given) => {
    const { nest, sent } = await startStub({ ListUsers: () => ({ Users: [] }) });
    const list = nest.get(CognitoUsersService).list({ limit } as never);
    await expect(list).rejects.toMatchObject({
      code: 'argument_invalid',
      message: `"limit" in the input of ListUsers must be a whole number, got ${given}`,
    });
    expect(sent).toEqual([]);
  });

  it('may be left out, or be any that Cognito is to judge', async () => {
    const { nest, sent } = await startStub({
      ListUsers: () => ({ Users: [] }),
      CreateGroup: () => ({ Group: { GroupName: 'g', Precedence: 0 } }),
    });
    for (const limit of [undefined, 0, -1, 61]) {
      await nest.get(CognitoUsersService).list({ limit });
    }
    await nest.get(CognitoGroupsService).create({ groupName: 'g', precedence: 0 });
    expect(sent.map(({ request }) => request['Limit'])).toEqual([undefined, 0, -1, 61, undefined]);
  });
});
