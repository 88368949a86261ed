import { readFileSync } from 'node:fs';
import { type Cognito, startCognito } from '@cognest/local';
import newman, { type NewmanRunSummary } from 'newman';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLECTION, postmanCollection } from '../../packages/local/scripts/generate-postman.mjs';

/** The founding collection: what it has in which folder. */
const FOUNDING = {
  Attributes: ['addCustomAttributes'],
  Authentication: ['adminInitiateAuth'],
  'Authentication Challenge': ['adminRespondToAuthChallenge'],
  Devices: ['adminForgetDevice', 'adminGetDevice', 'adminListDevices', 'confirmDevice'],
  Groups: ['createGroup', 'deleteGroup'],
  Password: ['changePassword', 'confirmForgotPassword'],
  'Sign Up': ['adminConfirmSignUp', 'confirmSignUp'],
  Users: [
    'adminAddUserToGroup',
    'adminCreateUser',
    'adminDeleteUser',
    'adminDeleteUserAttributes',
    'adminDisableUser',
    'adminEnableUser',
    'adminGetUser',
    'adminListGroupsForUser',
    'adminRemoveUserFromGroup',
    'adminResetUserPassword',
    'adminSetUserSettings',
    'adminUpdateDeviceStatus',
    'adminUpdateUserAttributes',
    'adminUserGlobalSignOut',
    'createUserImportJob',
    'createUserPool',
    'createUserPoolClient',
    'deleteUser',
    'deleteUserAttributes',
    'deleteUserPool',
    'deleteUserPoolClient',
    'describeUserImportJob',
  ],
};
const names = Object.values(FOUNDING).flat();

interface Folder {
  name: string;
  item?: { name: string }[];
}

const text = readFileSync(COLLECTION, 'utf8');
const collection = JSON.parse(text) as { item: Folder[] };
let cognito: Cognito;
let summary: NewmanRunSummary;

beforeAll(async () => {
  cognito = await startCognito({ port: 0, memory: true });
  summary = await run(cognito.endpoint);
});

afterAll(() => cognito.close());

function run(endpoint: string): Promise<NewmanRunSummary> {
  return new Promise((resolve, reject) => {
    newman.run(
      { collection, envVar: [{ key: 'endpoint', value: endpoint }], reporters: [] },
      (error: Error | null, result: NewmanRunSummary) => (error ? reject(error) : resolve(result)),
    );
  });
}

describe('the Postman collection', () => {
  it('is current: run "npm run generate -w @cognest/local" when this fails', () => {
    expect(text).toBe(postmanCollection());
  });

  it('has the requests of the founding collection, in its folders', () => {
    const folders = collection.item.flatMap(({ name, item }) =>
      item ? [[name, item.map((request) => request.name).sort()] as const] : [],
    );
    expect(Object.fromEntries(folders)).toEqual(FOUNDING);
    expect(names).toHaveLength(35);
  });

  it('runs without a failure', () => {
    const failures = summary.run.failures.map(({ source, error }) => `${source?.name}: ${error.message}`);
    expect(failures).toEqual([]);
  });

  it.each(names)('%s is answered, and shows what it did', (name) => {
    const assertions = summary.run.executions.find(({ item }) => item.name === name)?.assertions ?? [];
    const titles = assertions.map(({ assertion }) => assertion);
    expect(titles).toContain(`${name[0]?.toUpperCase()}${name.slice(1)} succeeds`);
    // And at least one look at the answer, or at what the request brought about.
    expect(titles.length).toBeGreaterThanOrEqual(2);
    expect(assertions.filter(({ error }) => error)).toEqual([]);
  });
});
