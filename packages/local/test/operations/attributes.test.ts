import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, list, MINUTE, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server, {
    Schema: [
      { Name: 'family_name', AttributeDataType: 'String', Required: true, Mutable: true },
      { Name: 'tenant', AttributeDataType: 'String', Mutable: false },
      { Name: 'plan', AttributeDataType: 'String' },
      {
        Name: 'age',
        AttributeDataType: 'Number',
        NumberAttributeConstraints: { MinValue: '0', MaxValue: '9' },
      },
      { Name: 'note', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
    ],
  });
});

const INVALID = 'InvalidParameterException';
let users = 0;

/** A user of the test's own, and both ways to the user's attributes. */
async function someone(attributes: Record<string, string> = {}, of = pool) {
  const username = `user${users++}`;
  await of.user(username, { family_name: 'Doe', ...attributes });
  const { AccessToken } = await of.tokens(username);
  return {
    username,
    AccessToken,
    update: (given: Record<string, string>) =>
      sdk.updateUserAttributes({ AccessToken, UserAttributes: list(given) }),
    adminUpdate: (given: Record<string, string>) =>
      sdk.adminUpdateUserAttributes({ UserPoolId: of.id, Username: username, UserAttributes: list(given) }),
    del: (...UserAttributeNames: string[]) => sdk.deleteUserAttributes({ AccessToken, UserAttributeNames }),
    adminDel: (...UserAttributeNames: string[]) =>
      sdk.adminDeleteUserAttributes({ UserPoolId: of.id, Username: username, UserAttributeNames }),
    has: async () => {
      const { sub, ...rest } = record((await of.get(username)).UserAttributes);
      expect(sub).toBeDefined();
      return rest;
    },
  };
}

describe.each([
  ['UpdateUserAttributes', 'update'],
  ['AdminUpdateUserAttributes', 'adminUpdate'],
] as const)('%s', (_name, how) => {
  it('replaces, adds and deletes, and moves the last change', async () => {
    const user = await someone({ nickname: 'old', 'custom:plan': 'free' });
    clock.advance(MINUTE);
    await user[how]({ nickname: 'new', 'custom:plan': '', given_name: 'Ana' });
    expect(await user.has()).toEqual({ family_name: 'Doe', nickname: 'new', given_name: 'Ana' });
    expect((await pool.get(user.username)).UserLastModifiedDate).toEqual(new Date(clock.now()));
  });

  it('writes all or nothing', async () => {
    const user = await someone({ nickname: 'old' });
    await expectError(
      user[how]({ nickname: 'new', 'custom:unknown': 'x' }),
      INVALID,
      'user.custom:unknown: Attribute does not exist in the schema.\n',
    );
    expect(await user.has()).toEqual({ family_name: 'Doe', nickname: 'old' });
  });

  it('takes the last of two values under one name', async () => {
    const user = await someone();
    const UserAttributes = [...list({ nickname: 'first' }), ...list({ nickname: 'last' })];
    if (how === 'update') await sdk.updateUserAttributes({ AccessToken: user.AccessToken, UserAttributes });
    else {
      await sdk.adminUpdateUserAttributes({ UserPoolId: pool.id, Username: user.username, UserAttributes });
    }
    expect((await user.has())['nickname']).toBe('last');
  });

  it.each([
    [{ 'custom:tenant': 'x' }, 'user.custom:tenant: Attribute cannot be updated.\n'],
    [{ 'custom:tenant': '' }, 'user.custom:tenant: Attribute cannot be updated.\n'],
    [{ birthdate: '2000-01-011' }, 'user.birthdate: String must be no longer than 10 characters\n'],
    [{ sub: 'x' }, 'Cannot modify the non-mutable attribute sub'],
    [{ email: 'nobody' }, 'Invalid email address format.'],
    [{ phone_number: '555' }, 'Invalid phone number format.'],
    [
      { family_name: '' },
      'Invalid user attributes: name.familyName: The attribute name.familyName is required',
    ],
  ])('refuses %j', async (given, message) => {
    const user = await someone();
    const before = await user.has();
    await expectError(user[how](given), INVALID, message);
    expect(await user.has()).toEqual(before);
  });

  it('checks values of custom attributes', async () => {
    const user = await someone();
    await user[how]({ 'custom:age': '9' });
    for (const value of ['10', '-1', 'x', '1.5']) {
      await expect(user[how]({ 'custom:age': value })).rejects.toMatchObject({ name: INVALID });
    }
    expect((await user.has())['custom:age']).toBe('9');
  });

  it('marks a changed address unverified, and only a changed one', async () => {
    const user = await someone({
      email: 'a@example.com',
      email_verified: 'true',
      phone_number: '+15550001',
      phone_number_verified: 'true',
    });
    await user[how]({ email: 'a@example.com' });
    expect(await user.has()).toMatchObject({ email_verified: 'true' });
    await user[how]({ email: 'b@example.com' });
    expect(await user.has()).toMatchObject({
      email: 'b@example.com',
      email_verified: 'false',
      phone_number_verified: 'true',
    });
    await user[how]({ email: '' });
    expect(await user.has()).toEqual({
      family_name: 'Doe',
      phone_number: '+15550001',
      phone_number_verified: 'true',
    });
    // A pool that verifies nothing by itself sends nothing.
    expect(pool.messages().filter(({ username }) => username === user.username)).toEqual([]);
  });
});

describe('UpdateUserAttributes', () => {
  it('answers an empty list when no code goes out', async () => {
    const user = await someone();
    expect((await user.update({ nickname: 'x' })).CodeDeliveryDetailsList).toEqual([]);
  });

  it('writes neither what verification writes nor what only administrators write', async () => {
    const user = await someone({ email: 'a@example.com' });
    for (const name of ['email_verified', 'phone_number_verified']) {
      const message = `Cannot modify the non-mutable attribute ${name}`;
      await expectError(user.update({ [name]: 'true' }), INVALID, message);
      await expectError(user.del(name), INVALID, message);
    }
    await expectError(
      user.update({ 'dev:custom:note': 'x' }),
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    );
    await user.adminUpdate({ 'dev:custom:note': 'x', email_verified: 'true' });
    expect(await user.has()).toMatchObject({ 'dev:custom:note': 'x', email_verified: 'true' });
    await user.adminDel('dev:custom:note', 'email_verified');
    expect(await user.has()).toEqual({ family_name: 'Doe', email: 'a@example.com' });
  });

  it('keeps to the write permissions of the client that the token is for', async () => {
    const narrow = await pool.client({ WriteAttributes: ['family_name', 'nickname'] });
    const user = await someone({ given_name: 'Ana' }, narrow);
    await user.update({ nickname: 'x' });
    const refused = ['NotAuthorizedException', 'A client attempted to write unauthorized attribute'] as const;
    await expectError(user.update({ nickname: 'y', given_name: 'Bea' }), ...refused);
    await expectError(user.del('given_name'), ...refused);
    await expectError(user.update({ 'custom:unknown': 'y' }), ...refused);
    expect(await user.has()).toMatchObject({ nickname: 'x', given_name: 'Ana' });
    await user.adminUpdate({ given_name: 'Bea' });
    expect(await user.has()).toMatchObject({ given_name: 'Bea' });
  });

  it('takes nothing but an access token that is good', async () => {
    const user = await someone();
    await sdk.adminUserGlobalSignOut({ UserPoolId: pool.id, Username: user.username });
    const revoked = ['NotAuthorizedException', 'Access Token has been revoked'] as const;
    await expectError(user.update({ nickname: 'x' }), ...revoked);
    await expectError(user.del('nickname'), ...revoked);
    await expectError(
      sdk.updateUserAttributes({ AccessToken: 'garbage', UserAttributes: [] }),
      'NotAuthorizedException',
      'Invalid Access Token',
    );
  });
});

describe('AdminUpdateUserAttributes', () => {
  it('verifies nothing that is not there', async () => {
    const user = await someone();
    await expectError(
      user.adminUpdate({ email_verified: 'true' }),
      INVALID,
      'Email is required to verify/un-verify an email',
    );
    await expectError(
      user.adminUpdate({ phone_number_verified: 'false' }),
      INVALID,
      'Phone Number is required to verify/un-verify a phone number',
    );
    await user.adminUpdate({ email: 'a@example.com', email_verified: 'true' });
    expect(await user.has()).toMatchObject({ email_verified: 'true' });
  });

  it('names a user or a pool that is not there', async () => {
    await expectError(
      sdk.adminUpdateUserAttributes({ UserPoolId: pool.id, Username: 'nobody', UserAttributes: [] }),
      'UserNotFoundException',
      'User does not exist.',
    );
    await expectError(
      sdk.adminUpdateUserAttributes({
        UserPoolId: 'us-east-1_nothing00',
        Username: 'nobody',
        UserAttributes: [],
      }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe.each([
  ['DeleteUserAttributes', 'del', 'Type for attribute {custom:unknown} could not be determined'],
  ['AdminDeleteUserAttributes', 'adminDel', 'user.custom:unknown: Attribute does not exist in the schema.\n'],
] as const)('%s', (_name, how, unknown) => {
  it('deletes what is there and minds nothing that is not', async () => {
    const user = await someone({
      nickname: 'x',
      'custom:plan': 'free',
      email: 'a@example.com',
      email_verified: 'true',
    });
    clock.advance(MINUTE);
    await user[how]('nickname', 'email', 'website');
    expect(await user.has()).toEqual({ family_name: 'Doe', 'custom:plan': 'free' });
    expect((await pool.get(user.username)).UserLastModifiedDate).toEqual(new Date(clock.now()));
  });

  it.each([
    ['sub', 'Cannot modify the non-mutable attribute sub'],
    ['family_name', 'Invalid user attributes: name.familyName: The attribute name.familyName is required'],
    [
      'custom:tenant',
      'Invalid user attributes: Custom.User.tenant: This attribute does not satisfy the mutability validation defined in the schema.',
    ],
    ['custom:unknown', `Invalid user attributes: ${unknown}`],
  ])('refuses %s, and deletes nothing then', async (attribute, message) => {
    const user = await someone({ nickname: 'x' });
    await expectError(user[how]('nickname', attribute), INVALID, message);
    expect(await user.has()).toEqual({ family_name: 'Doe', nickname: 'x' });
  });
});

describe('AddCustomAttributes', () => {
  const add = (id: string, ...CustomAttributes: object[]) =>
    sdk.addCustomAttributes({ UserPoolId: id, CustomAttributes });

  it('adds to the schema, at once and for everyone', async () => {
    const own = await TestPool.create(server);
    const user = await someone({}, own);
    clock.advance(MINUTE);
    await add(
      own.id,
      { Name: 'size', AttributeDataType: 'Number', NumberAttributeConstraints: { MaxValue: '9' } },
      { Name: 'email', Mutable: false },
      { Name: 'inner', DeveloperOnlyAttribute: true },
    );
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: own.id });
    expect(UserPool?.LastModifiedDate).toEqual(new Date(clock.now()));
    const added = UserPool?.SchemaAttributes?.filter(({ Name }) => Name?.includes('custom:'));
    expect(added).toEqual([
      {
        AttributeDataType: 'Number',
        DeveloperOnlyAttribute: false,
        Mutable: true,
        Name: 'custom:size',
        NumberAttributeConstraints: { MaxValue: '9' },
        Required: false,
      },
      {
        AttributeDataType: 'String',
        DeveloperOnlyAttribute: false,
        Mutable: false,
        Name: 'custom:email',
        Required: false,
        StringAttributeConstraints: {},
      },
      {
        AttributeDataType: 'String',
        DeveloperOnlyAttribute: true,
        Mutable: true,
        Name: 'dev:custom:inner',
        Required: false,
        StringAttributeConstraints: {},
      },
    ]);
    await user.update({ 'custom:size': '9' });
    await expect(user.update({ 'custom:size': '10' })).rejects.toMatchObject({ name: INVALID });
    const seen = await sdk.getUser({ AccessToken: user.AccessToken });
    expect(record(seen.UserAttributes)['custom:size']).toBe('9');
  });

  it('adds all or none, and no name twice', async () => {
    const own = await TestPool.create(server);
    await add(own.id, { Name: 'banana' });
    const taken = 'custom:banana: Existing attribute already has name custom:banana.';
    await expectError(add(own.id, { Name: 'apple' }, { Name: 'banana' }), INVALID, taken);
    await add(own.id, { Name: 'apple' });
    await expectError(
      add(own.id, { Name: 'twin' }, { Name: 'twin' }),
      INVALID,
      'custom:twin: Existing attribute already has name custom:twin.',
    );
  });

  it('refuses what CreateUserPool would, and more than fifty in all', async () => {
    const own = await TestPool.create(server);
    await expectError(
      add(own.id, { Name: 'must', Required: true }),
      INVALID,
      'Required custom attributes are not supported currently.',
    );
    await expectError(
      add(own.id, { Name: 'x', StringAttributeConstraints: { MinLength: '2', MaxLength: '1' } }),
      INVALID,
      "Attribute custom:x cannot have a max length shorter than it's min length",
    );
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ Name: `a${from + index}` }));
    await add(own.id, ...many(0, 25));
    await add(own.id, ...many(25, 25));
    await expect(add(own.id, { Name: 'last' })).rejects.toMatchObject({ name: INVALID });
    await expectError(
      add('us-east-1_nothing00', { Name: 'x' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});
