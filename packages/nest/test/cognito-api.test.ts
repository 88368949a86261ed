import { AdminGetUserCommand, CreateGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failedOperation } from '../src/errors/failed-operation.js';
import { CognitoGroupsService } from '../src/index.js';
import { CognitoApi } from '../src/services/cognito-api.js';
import { startApp, type TestApp } from './support/app.js';
import { POOL, startTestCognito, type TestCognito } from './support/cognito.js';

let test: TestCognito;
let app: TestApp;
let api: CognitoApi;

beforeAll(async () => {
  test = await startTestCognito();
  app = await startApp(test.options(), []);
  api = app.nest.get(CognitoApi);
});
afterAll(async () => {
  await app.close();
  await test.cognito.close();
});

describe('CognitoApi.run', () => {
  it('translates both ways, and refuses what it fills in itself, in whichever letters', async () => {
    for (const pool of [{ UserPoolId: 'eu-central-1_Other' }, { userPoolId: 'eu-central-1_Other' }]) {
      const body = { groupName: 'api-1', ...pool };
      await expect(api.run(CreateGroupCommand, 'CreateGroup', body, api.inPool)).rejects.toMatchObject({
        code: 'argument_invalid',
        message: expect.stringContaining('; there are groupName, description, '),
      });
    }
    const output = await api.run(CreateGroupCommand, 'CreateGroup', { groupName: 'api-1' }, api.inPool);
    expect(output).toEqual({
      group: {
        groupName: 'api-1',
        userPoolId: POOL,
        creationDate: expect.any(Date),
        lastModifiedDate: expect.any(Date),
      },
    });
  });

  it('passes Cognito’s exception with the operation that it came from', async () => {
    const error = await api
      .run(AdminGetUserCommand, 'AdminGetUser', { username: 'nobody' }, api.inPool)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UserNotFoundException' });
    expect(failedOperation(error as Error)).toBe('AdminGetUser');
  });
});

describe('CognitoApi.observe', () => {
  it('tells of what succeeded, in the API’s words, and of nothing else', async () => {
    const seen: unknown[][] = [];
    const stop = api.observe((...call) => void seen.push(call));
    const groups = app.nest.get(CognitoGroupsService);
    await groups.create({ groupName: 'api-2' });
    await expect(groups.create({ groupName: 'api-2' })).rejects.toThrow();
    expect(seen).toEqual([
      [
        'CreateGroup',
        { GroupName: 'api-2', UserPoolId: POOL },
        expect.objectContaining({ Group: expect.objectContaining({ GroupName: 'api-2' }) }),
      ],
    ]);
    stop();
    await groups.create({ groupName: 'api-3' });
    expect(seen).toHaveLength(1);
  });

  it('tells another one beforehand, with the same request; where that fails the call is not made', async () => {
    const groups = app.nest.get(CognitoGroupsService);
    const seen: [string, object][] = [];
    const stop = api.observe(
      (_, request) => void seen.push(['after', request]),
      (_, request) => void seen.push(['before', request]),
    );
    await groups.create({ groupName: 'api-4' });
    stop();
    expect(seen.map(([when]) => when)).toEqual(['before', 'after']);
    expect(seen[0]?.[1]).toBe(seen[1]?.[1]);

    const stopFailing = api.observe(
      () => {},
      () => Promise.reject(new Error('not ready')),
    );
    await expect(groups.create({ groupName: 'api-5' })).rejects.toThrow('not ready');
    stopFailing();
    await groups.create({ groupName: 'api-5' });
  });

  it('waits for an observer, and passes its error on', async () => {
    const order: string[] = [];
    const groups = app.nest.get(CognitoGroupsService);
    const stop = api.observe(async () => {
      await Promise.resolve();
      order.push('observed');
    });
    await groups.addUser({ username: 'ada', groupName: 'admin' });
    order.push('answered');
    stop();
    expect(order).toEqual(['observed', 'answered']);

    const stopFailing = api.observe(() => Promise.reject(new Error('nowhere to record this')));
    await expect(groups.removeUser({ username: 'ada', groupName: 'admin' })).rejects.toThrow(
      'nowhere to record this',
    );
    stopFailing();
    expect((await groups.listForUser({ username: 'ada' })).groups).toEqual([]);
  });
});
