import { describe, expect, it } from 'vitest';
import { CognitoServiceError } from '../../src/errors.js';
import { operationModel, operationNames, patternOf, shapeOf } from '../../src/model/model.js';
import { readInput, validateInput } from '../../src/model/read-input.js';

const POOL = 'us-east-1_Abc123';
const ARN_PATTERN = String.raw`arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?`;

function refusalOf(operation: string, input: unknown): { type: string; message: string } {
  try {
    validateInput(operation, input);
  } catch (error) {
    if (error instanceof CognitoServiceError) return { type: error.type, message: error.message };
    throw error;
  }
  throw new Error('accepted');
}

const messageOf = (operation: string, input: unknown) => refusalOf(operation, input).message;

describe('constraints, in the words of AWS', () => {
  it.each<[string, string, unknown, string]>([
    [
      'a required member that is missing',
      'DescribeUserPool',
      {},
      "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'null is missing',
      'DescribeUserPool',
      { UserPoolId: null },
      "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a sensitive member that is missing prints no value',
      'AdminGetUser',
      { UserPoolId: POOL },
      "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must not be null",
    ],
    [
      'several violations of one member',
      'UpdateGroup',
      { UserPoolId: POOL, GroupName: 'g', RoleArn: '' },
      `2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; Value '' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ${ARN_PATTERN}`,
    ],
    [
      'several members',
      'AdminSetUserPassword',
      {},
      "3 validation errors detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null; Value at 'username' failed to satisfy constraint: Member must not be null; Value at 'password' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a sensitive value that is too long',
      'AdminGetUser',
      { UserPoolId: POOL, Username: 'x'.repeat(129) },
      "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128",
    ],
    [
      'a sensitive value that does not match',
      'SignUp',
      { ClientId: 'abc', Username: 'a b', Password: 'pass word' },
      String.raw`2 validation errors detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+; Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+`,
    ],
    [
      'a number below its range',
      'ListUserPools',
      { MaxResults: 0 },
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'a number above its range',
      'ListUserPools',
      { MaxResults: 61 },
      "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60",
    ],
    [
      'a nested member',
      'CreateUserPool',
      { PoolName: 'p', Policies: { PasswordPolicy: { MinimumLength: 5 } } },
      "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6",
    ],
    [
      'a member of a structure in a list',
      'CreateUserPool',
      { PoolName: 'p', Schema: [{ Name: 'ok' }, { Name: 'x'.repeat(21) }] },
      `1 validation error detected: Value '${'x'.repeat(21)}' at 'schema.2.member.name' failed to satisfy constraint: Member must have length less than or equal to 20`,
    ],
    [
      'a bad element of a list of scalars',
      'CreateUserPool',
      { PoolName: 'p', AutoVerifiedAttributes: ['given_name'] },
      "1 validation error detected: Value '[given_name]' at 'autoVerifiedAttributes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [phone_number, email]]",
    ],
    [
      'an enum, in the order of the hash set',
      'SetRiskConfiguration',
      {
        UserPoolId: POOL,
        AccountTakeoverRiskConfiguration: {
          Actions: { LowAction: { Notify: false, EventAction: 'NOTHING' } },
        },
      },
      "1 validation error detected: Value 'NOTHING' at 'accountTakeoverRiskConfiguration.actions.lowAction.eventAction' failed to satisfy constraint: Member must satisfy enum value set: [MFA_IF_CONFIGURED, BLOCK, NO_ACTION, MFA_REQUIRED]",
    ],
    [
      'a list that is too long, printed whole',
      'CreateUserPoolClient',
      {
        UserPoolId: POOL,
        ClientName: 'c',
        CallbackURLs: Array.from({ length: 101 }, (_, i) => `https://a/cb${i}`),
      },
      `1 validation error detected: Value '[${Array.from({ length: 101 }, (_, i) => `https://a/cb${i}`).join(', ')}]' at 'callbackURLs' failed to satisfy constraint: Member must have length less than or equal to 100`,
    ],
    [
      'a list of structures, printed as Java does',
      'AddCustomAttributes',
      { UserPoolId: POOL, CustomAttributes: [] },
      "1 validation error detected: Value '[]' at 'customAttributes' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'values of a map',
      'CreateUserPool',
      { PoolName: 'p', UserPoolTags: { team: 'x'.repeat(257) } },
      `1 validation error detected: Value '{team=${'x'.repeat(257)}}' at 'userPoolTags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0]`,
    ],
  ])('%s', (_, operation, input, message) => {
    expect(refusalOf(operation, input)).toEqual({ type: 'InvalidParameterException', message });
  });

  it('prints structures of a list as Java does, without what is sensitive', () => {
    const Schema = Array.from({ length: 51 }, (_, i) => ({ Name: `c${i}`, AttributeDataType: 'String' }));
    expect(messageOf('CreateUserPool', { PoolName: 'p', Schema })).toContain(
      "Value '[SchemaAttributeType(name=c0, attributeDataType=String, developerOnlyAttribute=null, mutable=null, required=null, numberAttributeConstraints=null, stringAttributeConstraints=null), SchemaAttributeType(name=c1,",
    );
  });

  it('never prints a secret, wherever it stands', () => {
    const secret = 's3cret and spaced';
    const inputs: [string, unknown][] = [
      ['AdminSetUserPassword', { UserPoolId: POOL, Username: secret, Password: secret }],
      [
        'ConfirmForgotPassword',
        { ClientId: secret, Username: secret, ConfirmationCode: 'c', Password: secret, SecretHash: secret },
      ],
      ['GetUser', { AccessToken: secret }],
      ['VerifySoftwareToken', { UserCode: secret, Session: 'x', AccessToken: secret }],
      [
        'AdminCreateUser',
        { UserPoolId: POOL, Username: 'u', UserAttributes: [{ Name: 'x', Value: secret.repeat(200) }] },
      ],
    ];
    for (const [operation, input] of inputs) expect(messageOf(operation, input)).not.toContain('s3cret');
  });

  it('stops collecting, and bounds what it prints', () => {
    const Schema = Array.from({ length: 20_000 }, () => ({ Name: '' }));
    const message = messageOf('CreateUserPool', { PoolName: 'p', Schema });
    expect(message).toMatch(/^100 validation errors detected: /);
    expect(message.length).toBeLessThan(200_000);
    const UserPoolTags = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`k${i}`, 'v']));
    expect(
      messageOf('TagResource', { ResourceArn: 'x', Tags: { ...UserPoolTags, ['k'.repeat(200)]: '' } }).length,
    ).toBeLessThan(40_000);
  });

  it('counts characters, not UTF-16 units', () => {
    const accepted = { UserPoolId: POOL, Username: '😀'.repeat(128) };
    expect(validateInput('AdminGetUser', accepted)).toEqual(accepted);
    expect(messageOf('AdminGetUser', { ...accepted, Username: '😀'.repeat(129) })).toContain('128');
  });
});

describe('JSON types', () => {
  it.each<[string, string, unknown, string]>([
    ['a list for the input', 'GetUser', [], 'Expected map or null'],
    ['a string for the input', 'GetUser', 'x', 'Expected map or null'],
    [
      'an object for a string',
      'GetUser',
      { AccessToken: {} },
      'Start of structure or map found where not expected.',
    ],
    ['a list for a string', 'GetUser', { AccessToken: ['x'] }, 'Start of list found where not expected'],
    ['a number for a string', 'GetUser', { AccessToken: 1 }, ''],
    ['a string for a structure', 'CreateUserPool', { PoolName: 'p', Policies: 'x' }, 'Expected map or null'],
    ['an object for a list', 'CreateUserPool', { PoolName: 'p', Schema: {} }, 'Expected list or null'],
    ['a list for a map', 'CreateUserPool', { PoolName: 'p', UserPoolTags: [] }, 'Expected map or null'],
    ['a string for a boolean', 'SignUp', { ForceAliasCreation: true, ClientId: true }, ''],
    [
      'a boolean for the value of an attribute',
      'SignUp',
      { UserAttributes: [{ Name: 'a', Value: true }] },
      '',
    ],
    ['a fraction for an integer', 'ListUserPools', { MaxResults: 1.5 }, ''],
    ['an integer out of range', 'ListUserPools', { MaxResults: 2 ** 31 }, ''],
  ])('%s', (_, operation, input, message) => {
    expect(refusalOf(operation, input)).toEqual({ type: 'SerializationException', message });
  });

  it('ignores unknown members and takes null for absent', () => {
    expect(validateInput('GetUser', { AccessToken: 'abc', Nope: { deep: 1 }, __proto__: null })).toEqual({
      AccessToken: 'abc',
    });
    expect(
      validateInput('UpdateGroup', { UserPoolId: POOL, GroupName: 'g', Description: null, RoleArn: null }),
    ).toEqual({ UserPoolId: POOL, GroupName: 'g' });
  });

  it('decodes binary members', () => {
    const { ImageFile } = validateInput('SetUICustomization', { UserPoolId: POOL, ImageFile: 'AQID' }) as {
      ImageFile: Uint8Array;
    };
    expect([...ImageFile]).toEqual([1, 2, 3]);
  });

  it('keeps names of prototypes harmless', () => {
    const json = JSON.parse(
      `{"PoolName":"p","__proto__":{"PoolName":"evil"},"constructor":{"prototype":{"polluted":1}},"UserPoolTags":{"__proto__":"a","constructor":"b"}}`,
    );
    const input = validateInput('CreateUserPool', json) as { UserPoolTags: Record<string, string> };
    expect(Object.keys(input)).toEqual(['PoolName', 'UserPoolTags']);
    expect(Object.entries(input.UserPoolTags)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('hostile input', () => {
  const values: unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'x',
    '\u0000',
    '\ud800',
    [],
    [null],
    [[]],
    {},
    { a: 1 },
    [{}],
    { __proto__: 1 },
    'x'.repeat(3000),
  ];

  it.each(operationNames)(
    '%s: every JSON value in every member is read or refused, never a crash',
    (operation) => {
      for (const value of values) {
        const members = everyMember(operation);
        for (const input of [value, ...members.map((path) => nest(path, value))]) {
          try {
            const read = readInput(operation, input);
            expect(read.input).toBeTypeOf('object');
          } catch (error) {
            expect(error).toBeInstanceOf(CognitoServiceError);
          }
        }
      }
    },
  );

  it('refuses a document that is nested without end', () => {
    let Credential: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) Credential = [Credential];
    expect(refusalOf('CompleteWebAuthnRegistration', { AccessToken: 'a', Credential }).type).toBe(
      'SerializationException',
    );
  });

  const patterned = [...everyShape()].filter(([, shape]) => shape.pattern !== undefined);

  it.each(patterned)('the pattern of %s takes linear time', (_, shape) => {
    const pattern = patternOf(shape) as RegExp;
    const seeds = [
      'a',
      '_',
      '@',
      '{##',
      '{####',
      '##}',
      '{####}',
      ':',
      'arn:a:a:a:1:a',
      'a_',
      '-',
      '.',
      ' ',
      '😀',
      '0',
    ];
    // Short texts first: what backtracks is caught by them, before a long one would take for ever.
    for (const length of [300, 3000, 100_000]) {
      const run = (text: string, times: number) => text.repeat(Math.ceil((length * times) / text.length));
      const texts = seeds.flatMap((seed) => [
        ...['', '\u0000', '!', ' '].map((end) => run(seed, 1) + end),
        ...seeds.map((other) => `${run(seed, 0.5)}${run(other, 0.5)}\u0000`),
      ]);
      for (const text of texts) {
        // A machine that does much else at the time is no backtracking: it shows each time.
        let fastestMs = Number.POSITIVE_INFINITY;
        for (let tries = 0; tries < 3 && fastestMs >= 500; tries++) {
          const started = performance.now();
          pattern.test(text);
          fastestMs = Math.min(fastestMs, performance.now() - started);
        }
        expect(fastestMs).toBeLessThan(500);
      }
    }
  });

  it.each([
    ['EmailAddressType', 'a@b', true],
    ['EmailAddressType', '@@@', true],
    ['EmailAddressType', '@a', false],
    ['EmailAddressType', 'a@', false],
    ['EmailAddressType', '@@', false],
    ['EmailAddressType', 'a b@c', false],
    ['EmailVerificationMessageType', 'Your code is {####}.', true],
    ['EmailVerificationMessageType', 'line\n{####}', true],
    ['EmailVerificationMessageType', 'Your code is {###}.', false],
    ['EmailVerificationMessageType', '{####}\u0000', false],
    ['EmailVerificationMessageByLinkType', 'Click {##here##}!', true],
    ['EmailVerificationMessageByLinkType', '##} {##here', false],
    ['EmailVerificationMessageByLinkType', '{##a {##b##}', true],
    ['PasswordType', 'a\u00a0b', true],
    ['PasswordType', 'a\tb', false],
    ['UserPoolNameType', 'My pool', true],
    ['UserPoolNameType', 'My\u00a0pool', false],
    ['SmsVerificationMessageType', 'code {####} please', true],
    ['SmsVerificationMessageType', 'code', false],
    ['UsernameType', 'josé🎉', true],
    ['UsernameType', 'a b', false],
    ['TokenModelType', 'a-b_c=.9', true],
    ['TokenModelType', 'a+b', false],
  ])('%s: %j matches: %s', (name, value, matches) => {
    expect(patternOf(shapeOf(name))?.test(value)).toBe(matches);
  });
});

function everyMember(operation: string): string[][] {
  const paths: string[][] = [];
  const visit = (shapeName: string, path: string[]) => {
    if (path.length > 6) return;
    const shape = shapeOf(shapeName);
    if (path.length > 0) paths.push(path);
    for (const [name, { shape: target }] of Object.entries(shape.members ?? {}))
      visit(target, [...path, name]);
    if (shape.member) visit(shape.member, [...path, '[]']);
    if (shape.value) visit(shape.value, [...path, 'key']);
  };
  visit(inputOf(operation), []);
  return paths;
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => (key === '[]' ? [inner] : { [key]: inner }), value);
}

function inputOf(operation: string): string {
  return (operationModel(operation) as { input: string }).input;
}

function* everyShape() {
  const seen = new Set<string>();
  const pending = operationNames.map(inputOf);
  for (const name of pending) {
    if (seen.has(name)) continue;
    seen.add(name);
    const shape = shapeOf(name);
    yield [name, shape] as const;
    pending.push(
      ...Object.values(shape.members ?? {}).map((member) => member.shape),
      ...[shape.member, shape.key, shape.value].filter((part) => part !== undefined),
    );
  }
}
