import { beforeAll, describe, expect } from 'vitest';
import { deviceVerifier } from '../../../local/test/operations/srp-client.js';
import { all, allRefused, type Pool, pool, serve } from '../support/served.js';

const server = await serve();
const { test } = server;
const NOT_FOUND = 'ResourceNotFoundException';
const USER = 'UserNotFoundException';
const PARAMETER = 'InvalidParameterException';

describe('CognitoGroupsService', () => {
  let mine: Pool;
  beforeAll(async () => {
    mine = await pool(server);
  });

  test('CreateGroup GetGroup UpdateGroup DeleteGroup', 'a group’s life', async () => {
    const created = await mine.groups.create({ groupName: 'life', description: 'a', precedence: 3 });
    expect(await mine.groups.get({ groupName: 'life' })).toMatchObject({ ...created, description: 'a' });
    const updated = await mine.groups.update({ groupName: 'life', precedence: 0, description: 'b' });
    expect(updated).toMatchObject({ groupName: 'life', description: 'b', precedence: 0 });
    expect(await mine.groups.get({ groupName: 'life' })).toMatchObject({ description: 'b', precedence: 0 });
    const roleArn = 'arn:aws:iam::123456789012:role/life';
    await mine.groups.update({ groupName: 'life', roleArn });
    expect(await mine.groups.get({ groupName: 'life' })).toMatchObject({ roleArn });
    expect(await mine.groups.delete({ groupName: 'life' })).toBeUndefined();
    await allRefused([
      [NOT_FOUND, () => mine.groups.get({ groupName: 'life' })],
      [NOT_FOUND, () => mine.groups.update({ groupName: 'life' })],
      [NOT_FOUND, () => mine.groups.delete({ groupName: 'life' })],
    ]);
  });

  test('CreateGroup ListGroups', 'lists groups', async () => {
    const names = ['list-1', 'list-2', 'list-3'];
    for (const groupName of names) await mine.groups.create({ groupName });
    expect((await mine.groups.list()).groups.map(({ groupName }) => groupName).sort()).toEqual(names);
    expect((await all(mine.groups.iterate())).map(({ groupName }) => groupName).sort()).toEqual(names);
  });

  test('ListGroups embedded', 'pages of groups', async () => {
    const first = await mine.groups.list({ limit: 2 });
    expect(first.groups).toHaveLength(2);
    const second = await mine.groups.list({ limit: 2, nextToken: first.nextToken });
    expect(second).toMatchObject({ groups: [expect.anything()] });
    expect(second.nextToken).toBeUndefined();
    expect(await all(mine.groups.iterate({ limit: 1 }))).toHaveLength(3);
    await allRefused([
      [PARAMETER, () => mine.groups.list({ nextToken: 'rubbish' })],
      [PARAMETER, () => mine.groups.list({ limit: 61 })],
      [PARAMETER, () => mine.groups.get({ groupName: '' })],
      [PARAMETER, () => mine.groups.update({ groupName: 'list-1', precedence: -1 })],
    ]);
  });

  test(
    'AdminCreateUser AdminSetUserPassword CreateGroup AdminAddUserToGroup ListUsersInGroup',
    'lists users',
    async () => {
      await mine.groups.create({ groupName: 'members' });
      const names = ['m1', 'm2', 'm3'];
      for (const username of names) {
        await mine.user(username, { 'custom:plan': 'pro' });
        await mine.groups.addUser({ username, groupName: 'members' });
      }
      const { users } = await mine.groups.listUsers({ groupName: 'members' });
      expect(users.map(({ username }) => username).sort()).toEqual(names);
      expect(users[0]).toMatchObject({ userAttributes: { 'custom:plan': 'pro' }, userStatus: 'CONFIRMED' });
      expect(await all(mine.groups.iterateUsers({ groupName: 'members' }))).toHaveLength(3);
    },
  );

  test('ListUsersInGroup embedded', 'pages of users', async () => {
    const groupName = 'members';
    const first = await mine.groups.listUsers({ groupName, limit: 2 });
    expect(first.users).toHaveLength(2);
    const second = await mine.groups.listUsers({ groupName, limit: 2, nextToken: first.nextToken });
    expect(second.users).toHaveLength(1);
    expect(await all(mine.groups.iterateUsers({ groupName, limit: 1 }))).toHaveLength(3);
    await allRefused([
      [NOT_FOUND, () => mine.groups.listUsers({ groupName: 'none' })],
      [PARAMETER, () => mine.groups.listUsers({ groupName, nextToken: 'rubbish' })],
    ]);
  });
});

describe('devices', () => {
  const NEEDS = 'AdminCreateUser AdminSetUserPassword ConfirmDevice';
  let tracked: Pool;
  let untracked: Pool;
  beforeAll(async () => {
    tracked = await pool(server, { DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false } });
    untracked = await pool(server);
  });

  /** A user with confirmed devices. */
  async function userWithDevices(username: string, count: number) {
    await tracked.user(username);
    const deviceKeys: string[] = [];
    let accessToken = '';
    for (let made = 0; made < count; made++) {
      const { AuthenticationResult } = await tracked.signIn(username);
      const { DeviceKey = '', DeviceGroupKey = '' } = AuthenticationResult?.NewDeviceMetadata ?? {};
      accessToken = AuthenticationResult?.AccessToken as string;
      await server.sdk.confirmDevice({
        AccessToken: accessToken,
        DeviceKey,
        DeviceName: `device ${made}`,
        DeviceSecretVerifierConfig: deviceVerifier(DeviceGroupKey, DeviceKey, 'made up by the device'),
      });
      deviceKeys.push(DeviceKey);
      server.advance(1_000);
    }
    return { username, accessToken, deviceKeys, deviceKey: deviceKeys[0] as string };
  }

  const description = (deviceKey: string) => ({
    deviceKey,
    deviceAttributes: { device_name: 'device 0', 'dev:device_remembered_status': 'remembered' },
    deviceCreateDate: expect.any(Date),
    deviceLastModifiedDate: expect.any(Date),
    deviceLastAuthenticatedDate: expect.any(Date),
  });

  test(
    `${NEEDS} AdminGetDevice AdminListDevices AdminUpdateDeviceStatus AdminForgetDevice`,
    'CognitoDevicesService',
    async () => {
      const { devices } = tracked;
      const { username, deviceKey, deviceKeys } = await userWithDevices('admin', 3);
      expect(await devices.get({ username, deviceKey })).toMatchObject(description(deviceKey));
      const first = await devices.list({ username, limit: 2 });
      expect(first.devices).toHaveLength(2);
      const { paginationToken } = first;
      expect((await devices.list({ username, limit: 2, paginationToken })).devices).toHaveLength(1);
      const listed = await all(devices.iterate({ username, limit: 1 }));
      expect(listed.map((device) => device.deviceKey).sort()).toEqual([...deviceKeys].sort());

      await devices.updateStatus({ username, deviceKey, deviceRememberedStatus: 'not_remembered' });
      expect((await devices.get({ username, deviceKey })).deviceAttributes).toMatchObject({
        'dev:device_remembered_status': 'not_remembered',
      });
      expect(await devices.forget({ username, deviceKey })).toBeUndefined();
      expect(await all(devices.iterate({ username }))).toHaveLength(2);

      await untracked.user('admin');
      const other = untracked.devices;
      const remembered = { deviceKey, deviceRememberedStatus: 'remembered' } as const;
      await allRefused([
        [NOT_FOUND, () => devices.get({ username, deviceKey })],
        [USER, () => devices.get({ username: 'nobody', deviceKey })],
        [PARAMETER, () => other.get({ username, deviceKey })],
        [USER, () => devices.list({ username: 'nobody' })],
        [PARAMETER, () => devices.list({ username, paginationToken: 'rubbish' })],
        [PARAMETER, () => other.list({ username })],
        [NOT_FOUND, () => devices.updateStatus({ username, ...remembered })],
        [USER, () => devices.updateStatus({ username: 'nobody', ...remembered })],
        [PARAMETER, () => other.updateStatus({ username, ...remembered })],
        [NOT_FOUND, () => devices.forget({ username, deviceKey })],
        [USER, () => devices.forget({ username: 'nobody', deviceKey })],
        [PARAMETER, () => other.forget({ username, deviceKey })],
      ]);
    },
  );

  test(`${NEEDS} GetDevice ListDevices UpdateDeviceStatus ForgetDevice`, 'one’s own', async () => {
    const { auth } = tracked;
    const { accessToken, deviceKey, deviceKeys } = await userWithDevices('own', 3);
    expect(await auth.getDevice({ accessToken, deviceKey })).toMatchObject(description(deviceKey));
    const { devices, paginationToken } = await auth.listDevices({ accessToken, limit: 2 });
    expect(devices).toHaveLength(2);
    expect((await auth.listDevices({ accessToken, limit: 2, paginationToken })).devices).toHaveLength(1);
    const listed = await all(auth.iterateDevices({ accessToken, limit: 1 }));
    expect(listed.map((device) => device.deviceKey).sort()).toEqual([...deviceKeys].sort());
    await auth.updateDeviceStatus({ accessToken, deviceKey, deviceRememberedStatus: 'not_remembered' });
    expect((await auth.getDevice({ accessToken, deviceKey })).deviceAttributes).toMatchObject({
      'dev:device_remembered_status': 'not_remembered',
    });
    expect(await auth.forgetDevice({ accessToken, deviceKey })).toBeUndefined();

    const bad = { accessToken: 'rubbish' };
    const remembered = { deviceKey, deviceRememberedStatus: 'remembered' } as const;
    await untracked.user('own');
    const elsewhere = { accessToken: await untracked.token('own') };
    await allRefused([
      [NOT_FOUND, () => auth.getDevice({ accessToken, deviceKey })],
      ['NotAuthorizedException', () => auth.getDevice({ ...bad, deviceKey })],
      [PARAMETER, () => untracked.auth.getDevice({ ...elsewhere, deviceKey })],
      ['NotAuthorizedException', () => auth.listDevices(bad)],
      [PARAMETER, () => auth.listDevices({ accessToken, paginationToken: 'rubbish' })],
      [PARAMETER, () => untracked.auth.listDevices(elsewhere)],
      [NOT_FOUND, () => auth.updateDeviceStatus({ accessToken, ...remembered })],
      ['NotAuthorizedException', () => auth.updateDeviceStatus({ ...bad, ...remembered })],
      [NOT_FOUND, () => auth.forgetDevice({ accessToken, deviceKey })],
      ['NotAuthorizedException', () => auth.forgetDevice({ ...bad, deviceKey })],
    ]);
  });
});
