import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, MINUTE, serve, TestPool } from './support.js';

const server = await serve();
const { sdk } = server;
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server);
  await pool.user('amy');
});

const create = (GroupName: string, more: object = {}) =>
  sdk.createGroup({ UserPoolId: pool.id, GroupName, ...more });
const add = (GroupName: string, Username = 'amy') =>
  sdk.adminAddUserToGroup({ UserPoolId: pool.id, GroupName, Username });
const remove = (GroupName: string, Username = 'amy') =>
  sdk.adminRemoveUserFromGroup({ UserPoolId: pool.id, GroupName, Username });
const groupsOf = (Username: string, more: object = {}) =>
  sdk.adminListGroupsForUser({ UserPoolId: pool.id, Username, ...more });

describe('CreateGroup', () => {
  it('answers what is set and leaves out what is not', async () => {
    const now = new Date(server.clock.now());
    expect((await create('plain')).Group).toEqual({
      CreationDate: now,
      GroupName: 'plain',
      LastModifiedDate: now,
      UserPoolId: pool.id,
    });
    const set = {
      Description: 'All of it',
      Precedence: 0,
      RoleArn: 'arn:aws:iam::123456789012:role/group',
    };
    expect((await create('full', set)).Group).toMatchObject(set);
  });

  it('keeps names apart that differ in case', async () => {
    await create('Case');
    await create('case');
  });

  it('refuses a second group of the name', async () => {
    await create('twice');
    await expectError(create('twice'), 'GroupExistsException', 'A group with the name already exists.');
  });

  it('refuses a description that could not be kept whole', async () => {
    await expectError(
      create('nul', { Description: 'a\0b' }),
      'InvalidParameterException',
      'CreateGroup: Description cannot hold the character U+0000.',
    );
  });

  it('names a pool that is not there', async () => {
    await expectError(
      sdk.createGroup({ UserPoolId: 'us-east-1_nothing00', GroupName: 'g' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe('AdminAddUserToGroup and AdminRemoveUserFromGroup', () => {
  it('change what the user belongs to, and mind no repetition', async () => {
    await create('team');
    await add('team');
    await add('team');
    expect((await groupsOf('amy')).Groups?.map(({ GroupName }) => GroupName)).toEqual(['team']);
    await remove('team');
    await remove('team');
    expect((await groupsOf('amy')).Groups).toEqual([]);
  });

  it('do not touch the user', async () => {
    await create('quiet');
    const before = await pool.get('amy');
    server.clock.advance(MINUTE);
    await add('quiet');
    expect((await pool.get('amy')).UserLastModifiedDate).toEqual(before.UserLastModifiedDate);
    await remove('quiet');
  });

  it('report a missing user before a missing group', async () => {
    await expectError(add('none', 'nobody'), 'UserNotFoundException', 'User does not exist.');
    await expectError(remove('none', 'nobody'), 'UserNotFoundException', 'User does not exist.');
  });

  it('differ in what they think of a missing group', async () => {
    await expectError(add('none'), 'ResourceNotFoundException', 'Group not found.');
    await remove('none');
  });

  it('let a user be in a hundred groups', async () => {
    await pool.user('joiner');
    for (let i = 0; i < 101; i++) await create(`many${i}`);
    for (let i = 0; i < 100; i++) await add(`many${i}`, 'joiner');
    await add('many0', 'joiner');
    await expect(add('many100', 'joiner')).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});

describe('AdminListGroupsForUser', () => {
  it('goes page by page', async () => {
    await pool.user('reader');
    for (const name of ['a', 'b', 'c']) {
      await create(name);
      await add(name, 'reader');
    }
    const first = await groupsOf('reader', { Limit: 2 });
    expect(first.Groups).toHaveLength(2);
    const second = await groupsOf('reader', { Limit: 2, NextToken: first.NextToken });
    expect(second.NextToken).toBeUndefined();
    const names = [...(first.Groups ?? []), ...(second.Groups ?? [])].map(({ GroupName }) => GroupName);
    expect(names.sort()).toEqual(['a', 'b', 'c']);
    await expectError(
      groupsOf('amy', { NextToken: first.NextToken }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
  });

  it('refuses a token that it did not make, a page of none, and a user who is not there', async () => {
    await expectError(
      groupsOf('amy', { NextToken: 'AAQA-bm8' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
    await expectError(
      groupsOf('amy', { Limit: 0 }),
      'InvalidParameterException',
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    await expectError(groupsOf('nobody'), 'UserNotFoundException', 'User does not exist.');
  });
});
