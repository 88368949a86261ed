import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { CognestError, CognitoUserPoolsService, CognitoUsersService } from '../../src/index.js';
import { inputOf, refuseUnknownMembers } from '../../src/services/input-members.js';
import { documentedMethods, type SERVICES } from '../support/documented-methods.js';
import { startStub } from '../support/stub.js';

/** These take no object of members as their first argument; each has tests of its own. */
const OTHERS = [
  'CognitoAuthService.respondToChallenge',
  'CognitoAuthService.sealChallenge',
  'CognitoAuthService.openChallenge',
  'CognitoAuthService.setUpSoftwareToken',
];
const METHODS = documentedMethods()
  .map(({ service, method }) => [`${service.name}.${method}`, service, method] as const)
  .filter(([name]) => !OTHERS.includes(name));

const { nest, auth, sent } = await startStub({});

/** What a method does with an input that no compiler has seen, and how much was sent meanwhile. */
async function given(service: (typeof SERVICES)[number], method: string, ...input: unknown[]) {
  const before = sent.length;
  const called = (nest.get(service) as unknown as Record<string, (...args: unknown[]) => unknown>)[method];
  const error = await (async () => {
    const result = called?.apply(nest.get(service), input) as Promise<unknown> | AsyncGenerator;
    return 'next' in result ? result.next() : result;
  })().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, calls: sent.length - before };
}

describe('what a method does not know', () => {
  it('is tried with every method', () => {
    expect(METHODS.length).toBeGreaterThan(90);
  });

  describe.each(METHODS)('%s', (_, service, method) => {
    it.each([
      ['a member that is misspelt', { temporayPassword: 'Secret-value-1' }, '"temporayPassword"'],
      ['a member in the API’s letters', { Username: 'Secret-value-1' }, '"Username"'],
      ['a member named like the prototype', JSON.parse('{"__proto__":{"username":"x"}}'), '"__proto__"'],
      ['a member that every object inherits', { constructor: 'x' }, '"constructor"'],
      ['nobody', null, 'must be an object, got null'],
      ['a list', ['Secret-value-1'], 'must be an object, got a list'],
      ['a text', 'Secret-value-1', 'must be an object, got a value of type string'],
    ])('%s is refused, and nothing is sent', async (_, input, message) => {
      const { error, calls } = await given(service, method, input);
      expect(error).toBeInstanceOf(CognestError);
      expect(error).toMatchObject({ code: 'argument_invalid', message: expect.stringContaining(message) });
      expect((error as Error).message).not.toContain('Secret-value-1');
      expect(calls).toBe(0);
    });

    it('a member that is undefined counts as left out', async () => {
      const { error } = await given(service, method, { temporayPassword: undefined });
      expect((error as Error | undefined)?.message ?? '').not.toContain('temporayPassword');
    });
  });

  it('is told with what there is, and nothing that the service fills in', async () => {
    const { error } = await given(CognitoUsersService, 'setPassword', { username: 'ada', pasword: 'x' });
    expect((error as Error).message).toBe(
      'The input of AdminSetUserPassword has no member "pasword"; there are username, password, permanent',
    );
  });

  it('is refused inside of members, lists and maps, and passes in what the caller names', async () => {
    const nested: [typeof CognitoUserPoolsService | typeof CognitoUsersService, string, object, string][] = [
      [
        CognitoUserPoolsService,
        'create',
        { poolName: 'p', policies: { passwordPolicy: { minLength: 12 } } },
        '"policies.passwordPolicy" in the input of CreateUserPool has no member "minLength"; there are minimumLength,',
      ],
      [
        CognitoUserPoolsService,
        'create',
        { poolName: 'p', schema: [{ name: 'a' }, { name: 'b', mutabel: false }] },
        '"schema[1]" in the input of CreateUserPool has no member "mutabel"; there are name,',
      ],
      [
        CognitoUserPoolsService,
        'create',
        { poolName: 'p', schema: { name: 'a' } },
        '"schema" in the input of CreateUserPool must be a list, got a value of type object',
      ],
      [
        CognitoUserPoolsService,
        'create',
        { poolName: 'p', adminCreateUserConfig: 'no' },
        '"adminCreateUserConfig" in the input of CreateUserPool must be an object, got a value of type string',
      ],
      [
        CognitoUsersService,
        'setMfaPreference',
        { username: 'ada', emailMfaSettings: { enabled: true, prefered: true } },
        '"emailMfaSettings" in the input of AdminSetUserMFAPreference has no member "prefered"; there are enabled,',
      ],
      [
        CognitoUsersService,
        'create',
        { username: 'ada', userAttributes: [{ Name: 'email', Value: 'x' }] },
        '"userAttributes" in the input of AdminCreateUser must be an object of names and values, as { email: "…" }, got a list',
      ],
      ...['emailMfaSettings', 'smsMfaSettings'].map((member): (typeof nested)[number] => [
        CognitoUsersService,
        'setMfaPreference',
        { username: 'ada', [member]: [{ enabled: true }] },
        `"${member}" in the input of AdminSetUserMFAPreference must be an object, got a list`,
      ]),
      ...[new Map([['a', 'b']]), new Set(['a']), new Headers({ a: 'b' }), new URLSearchParams('a=b')].flatMap(
        (map): (typeof nested)[number][] =>
          ['clientMetadata', 'userAttributes', 'validationData'].map((member) => [
            CognitoUsersService,
            'create',
            { username: 'ada', [member]: map },
            `, got a ${map.constructor.name}`,
          ]),
      ),
      [
        CognitoUsersService,
        'create',
        new Map([['username', 'ada']]),
        'The input of AdminCreateUser must be an object, got a Map',
      ],
      [
        CognitoUsersService,
        'create',
        { username: 'ada', clientMetadata: ['a'] },
        '"clientMetadata" in the input of AdminCreateUser must be an object, got a list',
      ],
      [
        CognitoUsersService,
        'create',
        { username: 'ada', desiredDeliveryMediums: { 0: 'EMAIL' } },
        '"desiredDeliveryMediums" in the input of AdminCreateUser must be a list, got a value of type object',
      ],
      [
        CognitoUsersService,
        'create',
        { username: 'ada', desiredDeliveryMediums: 'EMAIL' },
        '"desiredDeliveryMediums" in the input of AdminCreateUser must be a list, got a value of type string',
      ],
      [
        CognitoUserPoolsService,
        'create',
        { poolName: 'p', schema: [['a']] },
        '"schema[0]" in the input of CreateUserPool must be an object, got a list',
      ],
    ];
    for (const [service, method, input, message] of nested) {
      const { error, calls } = await given(service, method, input);
      expect((error as Error).message).toContain(message);
      expect(calls).toBe(0);
    }
    const free = {
      username: 'ada',
      userAttributes: { 'custom:anything': 'x' },
      validationData: { __proto: 'x' },
      clientMetadata: { Anything: 'x' },
    };
    await given(CognitoUsersService, 'create', free);
    expect(sent.at(-1)?.request).toMatchObject({
      UserAttributes: [{ Name: 'custom:anything', Value: 'x' }],
      ValidationData: [{ Name: '__proto', Value: 'x' }],
      ClientMetadata: { Anything: 'x' },
    });
  });

  it('is refused in arguments of this package’s own', async () => {
    const challenge = { name: 'MFA_SETUP', username: 'ada', session: 's' } as const;
    const accessToken = 'a';
    const device = { deviceKey: 'k', deviceGroupKey: 'g', devicePasword: 'x' };
    const newDeviceMetadata = { deviceKey: 'k', deviceGroupKey: 'g', deviceGroup: 'x' };
    const filter = { attribute: 'email', startWith: 'x' };
    const tries: [string, () => Promise<unknown>][] = [
      [
        '"newDeviceMetadata" has no member "deviceGroup"',
        () => auth.confirmDevice({ accessToken, newDeviceMetadata }),
      ],
      [
        '"device" has no member "devicePasword"',
        () => auth.signIn({ username: 'a', password: 'b', device: device as never }),
      ],
      [
        'no member "isuer"; there are issuer, accountName',
        () => auth.setUpSoftwareToken(challenge, { isuer: 'x' } as never),
      ],
      [
        'must be an object, got nothing',
        () => (auth.setUpSoftwareToken as (...given: unknown[]) => Promise<unknown>).call(auth, challenge),
      ],
      ['must be an object, got null', () => auth.setUpSoftwareToken(null as never, { issuer: 'x' })],
      ['must be an object, got null', () => auth.respondToChallenge(null as never, {} as never)],
      [
        'no member "expiresIn"; there are expiresInS',
        () => auth.sealChallenge(challenge as never, { expiresIn: 60 } as never),
      ],
      [
        '"filter" has no member "startWith"; there are attribute, equals, startsWith',
        () => nest.get(CognitoUsersService).list({ filter: filter as never }),
      ],
    ];
    const before = sent.length;
    for (const [message, call] of tries) {
      await expect(call()).rejects.toMatchObject({
        code: 'argument_invalid',
        message: expect.stringContaining(message),
      });
    }
    expect(sent.length).toBe(before);
  });

  it('is a page’s token, for an iteration', async () => {
    const users = nest.get(CognitoUsersService);
    const pages = users.iterate({ paginationToken: 'second' } as never);
    await expect(pages.next()).rejects.toThrow(
      'An iteration begins at the first page and takes no "paginationToken"',
    );
  });
});

describe('what an operation takes', () => {
  const types = (() => {
    const entry = createRequire(import.meta.url).resolve('@aws-sdk/client-cognito-identity-provider');
    const models = join(dirname(entry), '..', 'dist-types', 'models');
    return readdirSync(models)
      .filter((file) => file.endsWith('.d.ts'))
      .map((file) => readFileSync(join(models, file), 'utf8'))
      .join('\n');
  })();

  /** The members of a type of the SDK, as its declaration has them. */
  const declared = (type: string) => {
    const [, body = ''] = new RegExp(`^export interface ${type} \\{\n(.*?)^\\}`, 'ms').exec(types) ?? [];
    return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name).sort();
  };

  const operations = Object.entries(sdk)
    .filter(([name]) => /^[A-Z]\w*Command$/.test(name))
    .map(([name, Command]) => {
      const { schema } = new (Command as new (input: object) => { schema?: unknown })({});
      return [name.slice(0, -'Command'.length), inputOf(schema)] as const;
    });

  it.each(operations)('is the same to the compiler and at run time: %s', (operation, structure) => {
    const members = [...(structure?.members.values() ?? [])].map(({ apiName }) => apiName).sort();
    expect(members).toEqual(declared(`${operation}Request`));
    expect(members.length).toBeGreaterThan(0);
  });

  it('is not guessed where the SDK says it in a form that is not known', () => {
    expect(inputOf(undefined)).toBeUndefined();
    expect(inputOf({ name: 'SignUp', input: 'unit' })).toBeUndefined();
    expect(inputOf([9, 'ns', 'SignUp', 0, 'unit', 'unit'])).toBeUndefined();
    expect(() => refuseUnknownMembers('SignUp', { anything: 1 }, undefined)).not.toThrow();
  });

  it('may hold itself, as SDKs to come may have it', () => {
    const tree: unknown[] = [3, 'ns', 'Tree', 0, ['Name', 'Branches']];
    tree[5] = [0, () => [1, 'ns', 'Trees', 0, () => tree]];
    const structure = inputOf([9, 'ns', 'Grow', 0, () => tree, () => tree]);
    const grow = (input: object) => () => refuseUnknownMembers('Grow', input, structure);
    expect(grow({ name: 'a', branches: [{ name: 'b', branches: [] }] })).not.toThrow();
    expect(grow({ branches: [{ branches: [{ nam: 'c' }] }] })).toThrow(
      '"branches[0].branches[0]" in the input of Grow has no member "nam"; there are name, branches',
    );
  });
});
