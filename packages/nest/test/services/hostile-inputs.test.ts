import {
  type CognitoIdentityProviderClient,
  GetUserCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import {
  COGNITO_CLIENT,
  CognestError,
  CognitoUserPoolsService,
  CognitoUsersService,
  cognitoErrorTable,
  httpAnswer,
} from '../../src/index.js';
import { startSignIns } from '../support/sign-in.js';
import { startStub } from '../support/stub.js';

const SECRET = 'abcdefghijklmnopqrstuvwxyz';
const HALF = 'hush\ud800';
const page = (Users: UserType[], PaginationToken?: string) => ({ Users, PaginationToken });
const { auth, nest, sent } = await startStub(
  {
    AdminUpdateUserAttributes: () => ({}),
    ListUsers: () => page([{ Username: 'a' }, { Username: 'b' }], 'next'),
  },
  { clientSecret: SECRET },
);
const users = nest.get(CognitoUsersService);
const pools = nest.get(CognitoUserPoolsService);

/** Deeper than a function can call itself. */
const deep = (): object => {
  let value: object = {};
  for (let level = 0; level < 100_000; level += 1) value = { value };
  return value;
};
const circle = (): object => {
  const value: { self?: object } = {};
  value.self = value;
  return value;
};
const challenge = (name: string) => ({ name, username: 'ada', session: 's' }) as never;
const asRefresh = { refreshToken: 'r', authFlow: 'REFRESH_TOKEN_AUTH' } as const;

describe('what no caller sends by mistake', () => {
  it.each<[what: string, call: () => Promise<unknown>, message: string]>([
    [
      'half a pair, in a name',
      () => auth.signIn({ username: HALF, password: 'x' }),
      '"username" must be well-formed',
    ],
    [
      'half a pair, in a password',
      () => auth.signIn({ username: 'a', password: HALF }),
      '"password" must be well-',
    ],
    [
      'half a pair, elsewhere',
      () => auth.forgotPassword({ username: HALF }),
      'got one that is not well-formed Unicode',
    ],
    [
      'half a pair, at a refresh',
      () => auth.refresh({ ...asRefresh, username: HALF }),
      '"username" must be well-',
    ],
    [
      'a symbol',
      () => auth.forgotPassword({ username: Symbol('hush') as never }),
      'got a value of type symbol',
    ],
    [
      'a symbol, at a refresh',
      () => auth.refresh({ ...asRefresh, username: Symbol('x') as never }),
      '"username" must',
    ],
    [
      'a list, at a refresh',
      () => auth.refresh({ refreshToken: 'r', deviceKey: ['x'] as never }),
      '"deviceKey" must',
    ],
    [
      'a list for a text',
      () => users.get({ username: ['hush'] as never }),
      '"username" in the input of AdminGetUser',
    ],
    [
      'a number for a text',
      () => users.get({ username: 5 as never }),
      'must be a string, got a value of type number',
    ],
    [
      'a list for a switch',
      () => users.setPassword({ username: 'a', password: 'x', permanent: ['hush'] as never }),
      '"permanent" in the input of AdminSetUserPassword must be true or false, got a list',
    ],
    [
      'a text for a switch',
      () => users.setPassword({ username: 'a', password: 'x', permanent: 'false' as never }),
      '"permanent" in the input of AdminSetUserPassword must be true or false, got a value of type string',
    ],
    [
      'a text for a switch of a sign-in',
      () => auth.signIn({ username: 'a', password: 'x', signed: 'false' as never }),
      '"signed" must be true or false, got a value of type string',
    ],
    [
      'a text for a switch of a challenge',
      () =>
        auth.respondToChallenge(
          { name: 'SMS_MFA', username: 'a', session: 's', signed: 'false' } as never,
          { code: '1' } as never,
        ),
      '"signed" of a challenge must be true or false, got a value of type string',
    ],
    [
      'half a pair, in an attribute',
      () => users.create({ username: 'a', userAttributes: { name: HALF } }),
      'The attribute "name" must be well-formed Unicode',
    ],
    [
      'half a pair, in the name of an attribute',
      () => users.create({ username: 'a', userAttributes: { [`custom:${HALF}`]: 'x' } }),
      'The name of an attribute must be well-formed Unicode',
    ],
    [
      'half a pair, in a name in a map',
      () => users.create({ username: 'a', clientMetadata: { [HALF]: 'x' } }),
      '"clientMetadata" in the input of AdminCreateUser has a name that is not well-formed Unicode',
    ],
    [
      'half a pair, in a tag',
      () => pools.create({ poolName: 'p', userPoolTags: { [HALF]: 'x' } }),
      '"userPoolTags" in the input of CreateUserPool has a name that is not well-formed Unicode',
    ],
    ['half a pair, in a filter', () => users.list({ filter: HALF }), '"filter" must be well-formed Unicode'],
    [
      'half a pair, in a condition',
      () => users.list({ filter: { attribute: 'name', equals: HALF } }),
      '"filter" must be well-formed Unicode',
    ],
    [
      'no attribute in a condition',
      () => users.list({ filter: { attribute: 'hush hush' as never, equals: 'x' } }),
      '"filter.attribute" must be the name of one, got another text',
    ],
    [
      'no flow',
      () => auth.signIn({ username: 'a', password: 'x', authFlow: 'hush' as never }),
      'USER_AUTH, got another text',
    ],
    [
      'no first factor',
      () =>
        auth.signIn({
          username: 'a',
          password: 'x',
          authFlow: 'USER_AUTH',
          preferredChallenge: 'hush' as never,
        } as never),
      'with this "preferredChallenge" takes no "password"',
    ],
    [
      'no seconds',
      () => auth.signIn({ username: 'a', authFlow: 'USER_AUTH', maxAgeS: 'hush' as never }),
      '"maxAgeS" must be a whole number of seconds, got a value of type string',
    ],
    [
      'no number for an attribute',
      () => users.create({ username: 'a', userAttributes: { name: Number.NaN as never } }),
      'The attribute "name" must be a string, got a number that is none',
    ],
    [
      'the long name of an attribute',
      () => users.create({ username: 'a', userAttributes: { [`${'x'.repeat(200)}hush`]: {} } as never }),
      `The attribute "${'x'.repeat(116)}... must be a string, got object`,
    ],
    [
      'an object in a map of texts',
      () => users.create({ username: 'a', clientMetadata: { a: { hush: 1 } } as never }),
      '"clientMetadata" in the input of AdminCreateUser must be a string, got a value of type object',
    ],
    [
      'an object in a list of texts',
      () => pools.create({ poolName: 'p', usernameAttributes: [{ hush: 1 }] as never }),
      '"usernameAttributes[0]" in the input of CreateUserPool must be a string, got a value of type object',
    ],
    ['too deep for a text', () => users.get({ username: deep() as never }), 'must be a string'],
    [
      'too deep for a map',
      () => users.create({ username: 'a', clientMetadata: { a: deep() } as never }),
      'a string',
    ],
    [
      'too deep for attributes',
      () => users.create({ username: 'a', userAttributes: { name: deep() } as never }),
      'name',
    ],
    [
      'a circle',
      () => users.create({ username: 'a', clientMetadata: circle() as never }),
      'must be a string',
    ],
    ...[deep(), circle(), { big: 1n }].flatMap((value): [string, () => Promise<unknown>, string][] => [
      [
        'a credential that is no JSON',
        () => auth.respondToChallenge(challenge('WEB_AUTHN'), { credential: value } as never),
        '"credential" cannot be written as JSON',
      ],
      [
        'a challenge that is no JSON',
        () => auth.sealChallenge({ name: 'SMS_MFA', value } as never),
        'it cannot be written as JSON',
      ],
    ]),
  ])('%s is refused, and nothing is sent', async (_, call, message) => {
    const before = sent.length;
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CognestError);
    expect(error).toMatchObject({ code: 'argument_invalid', message: expect.stringContaining(message) });
    expect((error as Error).message).not.toContain('hush');
    expect(httpAnswer(error, cognitoErrorTable, false).problem.status).toBe(400);
    expect(sent).toHaveLength(before);
  });

  it('a getter that throws has thrown what it throws, and nothing is sent', async () => {
    const before = sent.length;
    const input = {
      get username(): string {
        throw new RangeError('own');
      },
    };
    await expect(users.get(input)).rejects.toThrow(new RangeError('own'));
    await expect(auth.forgotPassword(input)).rejects.toThrow(new RangeError('own'));
    expect(sent).toHaveLength(before);
  });

  it('what is inherited is not sent, and a name like the prototype’s is one like any other', async () => {
    await users.updateAttributes({
      username: 'a',
      userAttributes: Object.create({ email: 'eve@example.com' }),
    });
    expect(sent.at(-1)?.request['UserAttributes']).toEqual([]);
    const userAttributes = JSON.parse('{"__proto__":"x","constructor":"y"}');
    await users.updateAttributes({ username: 'a', userAttributes });
    expect(sent.at(-1)?.request['UserAttributes']).toEqual([
      { Name: '__proto__', Value: 'x' },
      { Name: 'constructor', Value: 'y' },
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('whole pairs are texts like any other', async () => {
    await users.updateAttributes({ username: '😀', userAttributes: { name: '😀' } });
    expect(sent.at(-1)?.request).toMatchObject({ Username: '😀', UserAttributes: [{ Value: '😀' }] });
  });

  it('an iteration that is left asks for no further page', async () => {
    const before = sent.length;
    for await (const { username } of users.iterate()) if (username === 'a') break;
    const pages = users.iterate();
    await pages.next();
    await pages.return();
    expect(await pages.next()).toEqual({ value: undefined, done: true });
    expect(sent).toHaveLength(before + 2);
  });

  it('a call that is called off before it begins is not made', async () => {
    const before = sent.length;
    const client: CognitoIdentityProviderClient = nest.get(COGNITO_CLIENT);
    const call = client.send(new GetUserCommand({ AccessToken: 'a' }), { abortSignal: AbortSignal.abort() });
    await expect(call).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(sent).toHaveLength(before);
  });
});

describe('a request that is too large for Cognito', async () => {
  const { pool } = await startSignIns();
  const { auth } = await pool({}, { GenerateSecret: true });

  it.each([
    ['password', () => auth.signIn({ username: 'ada', password: 'x'.repeat(2_000_000) })],
    ['name', () => auth.forgotPassword({ username: 'x'.repeat(2_000_000) })],
  ])('is the caller’s fault: a %s', async (_, call) => {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(httpAnswer(error, cognitoErrorTable, false).problem).toMatchObject({
      status: 413,
      code: 'request_too_large',
      detail: 'The request is too large.',
    });
  });
});
