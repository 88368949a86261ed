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

  it('makes ten thousand groups in a pool and no more', async () => {
    const groups = Array.from({ length: 10_000 }, (_, i) => ({ name: `g${i}` }));
    await server.cognito.seed({ pools: [{ name: 'crowded', groups }] });
    const UserPoolId = server.cognito.pool('crowded').userPoolId;
    const one = (GroupName: string) => sdk.createGroup({ UserPoolId, GroupName });
    await expectError(
      one('more'),
      'LimitExceededException',
      'The user pool has the maximum number of groups.',
    );
    await expectError(one('g0'), 'GroupExistsException', 'A group with the name already exists.');
    await sdk.deleteGroup({ UserPoolId, GroupName: 'g0' });
    await one('more');
    await create('elsewhere');
  }, 60_000);

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

const get = (GroupName: string) => sdk.getGroup({ UserPoolId: pool.id, GroupName });
const NOT_FOUND = ['ResourceNotFoundException', 'Group not found.'] as const;
const NO_POOL = ['ResourceNotFoundException', 'User pool us-east-1_nothing00 does not exist.'] as const;

describe('GetGroup', () => {
  it('answers what CreateGroup did', async () => {
    const { Group } = await create('known', { Description: 'Known', Precedence: 7 });
    expect((await get('known')).Group).toEqual(Group);
  });

  it('names a group or a pool that is not there', async () => {
    await expectError(get('nothing'), ...NOT_FOUND);
    await expectError(sdk.getGroup({ UserPoolId: 'us-east-1_nothing00', GroupName: 'known' }), ...NO_POOL);
  });
});

describe('UpdateGroup', () => {
  const update = (GroupName: string, more: object = {}) =>
    sdk.updateGroup({ UserPoolId: pool.id, GroupName, ...more });
  const full = { Description: 'Before', Precedence: 5, RoleArn: 'arn:aws:iam::123456789012:role/before' };

  it('replaces each member that is given', async () => {
    await create('changed', full);
    const before = (await get('changed')).Group;
    server.clock.advance(MINUTE);
    for (const change of [
      { Description: 'After' },
      { Precedence: 0 },
      { RoleArn: 'arn:aws:iam::123456789012:role/after' },
    ]) {
      expect((await update('changed', change)).Group).toMatchObject(change);
    }
    expect((await get('changed')).Group).toEqual({
      ...before,
      Description: 'After',
      Precedence: 0,
      RoleArn: 'arn:aws:iam::123456789012:role/after',
      LastModifiedDate: new Date(server.clock.now()),
    });
  });

  it('neither clears nor changes what is left out or empty', async () => {
    const { Group } = await create('kept', full);
    server.clock.advance(MINUTE);
    expect((await update('kept')).Group).toEqual(Group);
    expect((await update('kept', { Description: '' })).Group).toEqual(Group);
    expect((await get('kept')).Group).toEqual(Group);
  });

  it('counts the same description again as a change', async () => {
    const { Group } = await create('same', full);
    server.clock.advance(MINUTE);
    expect((await update('same', { Description: 'Before' })).Group).toEqual({
      ...Group,
      LastModifiedDate: new Date(server.clock.now()),
    });
  });

  it('refuses what CreateGroup would', async () => {
    await create('strict');
    await expectError(
      update('strict', { Precedence: -1 }),
      'InvalidParameterException',
      "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have value greater than or equal to 0",
    );
    await expectError(
      update('strict', { Description: 'a\0b' }),
      'InvalidParameterException',
      'UpdateGroup: Description cannot hold the character U+0000.',
    );
    await expectError(update('nothing', { Precedence: 1 }), ...NOT_FOUND);
    await expectError(sdk.updateGroup({ UserPoolId: 'us-east-1_nothing00', GroupName: 'g' }), ...NO_POOL);
  });
});

describe('DeleteGroup', () => {
  const del = (GroupName: string) => sdk.deleteGroup({ UserPoolId: pool.id, GroupName });

  it('takes the memberships with it, and only those', async () => {
    await pool.user('bob');
    for (const name of ['doomed', 'spared']) {
      await create(name);
      await add(name, 'bob');
    }
    await del('doomed');
    expect((await groupsOf('bob')).Groups?.map(({ GroupName }) => GroupName)).toEqual(['spared']);
    await expectError(get('doomed'), ...NOT_FOUND);
    await create('doomed');
    expect((await groupsOf('bob')).Groups).toHaveLength(1);
  });

  it('fails the second time, and for a pool that is not there', async () => {
    await create('once');
    await del('once');
    await expectError(del('once'), ...NOT_FOUND);
    await expectError(sdk.deleteGroup({ UserPoolId: 'us-east-1_nothing00', GroupName: 'g' }), ...NO_POOL);
  });
});

describe('ListGroups', () => {
  it('goes through the groups of the pool and of no other', async () => {
    const own = await TestPool.create(server);
    expect((await sdk.listGroups({ UserPoolId: own.id })).Groups).toEqual([]);
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const GroupName of names) await sdk.createGroup({ UserPoolId: own.id, GroupName });
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await sdk.listGroups({ UserPoolId: own.id, Limit: 2, NextToken });
      expect(answer.Groups?.length).toBeLessThanOrEqual(2);
      seen.push(...(answer.Groups ?? []).map(({ GroupName }) => GroupName));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(seen.sort()).toEqual(names);
  });

  it('refuses a token that is not of this list, a page of none, and a pool that is not there', async () => {
    await create('page1');
    await create('page2');
    const { NextToken } = await sdk.listGroups({ UserPoolId: pool.id, Limit: 1 });
    expect(NextToken).toMatch(/^AAQA-/);
    const other = await TestPool.create(server);
    const last = NextToken?.at(-6) === 'A' ? 'B' : 'A';
    for (const [UserPoolId, token] of [
      [other.id, NextToken],
      [pool.id, `${NextToken?.slice(0, -6)}${last}${NextToken?.slice(-5)}`],
      [pool.id, 'AAQA-'],
      [pool.id, 'x'],
    ]) {
      await expectError(
        sdk.listGroups({ UserPoolId, NextToken: token }),
        'InvalidParameterException',
        'Provided pagination token is invalid. Check the token and try your request again.',
      );
    }
    await expectError(
      sdk.listGroups({ UserPoolId: pool.id, Limit: 0 }),
      'InvalidParameterException',
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    await expectError(sdk.listGroups({ UserPoolId: 'us-east-1_nothing00' }), ...NO_POOL);
  });
});

describe('ListUsersInGroup', () => {
  const members = (GroupName: string, more: object = {}) =>
    sdk.listUsersInGroup({ UserPoolId: pool.id, GroupName, ...more });

  it('shows the members as ListUsers does, page by page', async () => {
    await create('crowd');
    expect((await members('crowd')).Users).toEqual([]);
    const names = ['mia', 'max', 'moe'];
    for (const name of names) {
      await pool.user(name, { email: `${name}@example.com` });
      await add('crowd', name);
    }
    const first = await members('crowd', { Limit: 2 });
    expect(first.Users).toHaveLength(2);
    const second = await members('crowd', { Limit: 2, NextToken: first.NextToken });
    expect(second.NextToken).toBeUndefined();
    const users = [...(first.Users ?? []), ...(second.Users ?? [])];
    expect(users.map(({ Username }) => Username).sort()).toEqual([...names].sort());
    const { UserAttributes, $metadata, ...mia } = await pool.get('mia');
    expect($metadata.httpStatusCode).toBe(200);
    expect(users).toContainEqual({ ...mia, Attributes: UserAttributes });
  });

  it('forgets a user who left or was deleted', async () => {
    await create('fluid');
    for (const name of ['stays', 'leaves', 'dies']) {
      await pool.user(name);
      await add('fluid', name);
    }
    await remove('fluid', 'leaves');
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: 'dies' });
    expect((await members('fluid')).Users?.map(({ Username }) => Username)).toEqual(['stays']);
  });

  it('has words of its own for a bad token and a page of none', async () => {
    await create('words');
    const foreign = await sdk.listGroups({ UserPoolId: pool.id, Limit: 1 });
    for (const NextToken of ['AAQA-x', foreign.NextToken]) {
      await expectError(
        members('words', { NextToken }),
        'InvalidParameterException',
        'Paging marker is invalid.',
      );
    }
    const error: unknown = await members('words', { Limit: 0 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(
        /^com\.amazonaws\.services\.identitystoreservice\.model\.ValidationException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1 \(Service: AWSIdentityStoreService; Status Code: 400; Error Code: ValidationException; Request ID: [0-9a-f-]{36}; Proxy: null\)$/,
      ),
    });
  });

  it('names a group or a pool that is not there', async () => {
    await expectError(members('nothing'), ...NOT_FOUND);
    await expectError(
      sdk.listUsersInGroup({ UserPoolId: 'us-east-1_nothing00', GroupName: 'g' }),
      ...NO_POOL,
    );
  });
});
