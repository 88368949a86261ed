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
/** What each request of the founding collection takes. */
const PARAMETERS = {
  addCustomAttributes: ['CustomAttributes', 'UserPoolId'],
  adminAddUserToGroup: ['GroupName', 'Username', 'UserPoolId'],
  adminConfirmSignUp: ['Username', 'UserPoolId'],
  adminCreateUser: [
    'DesiredDeliveryMediums',
    'ForceAliasCreation',
    'MessageAction',
    'TemporaryPassword',
    'UserAttributes',
    'Username',
    'UserPoolId',
    'ValidationData',
  ],
  adminDeleteUser: ['Username', 'UserPoolId'],
  adminDeleteUserAttributes: ['UserAttributeNames', 'Username', 'UserPoolId'],
  adminDisableUser: ['Username', 'UserPoolId'],
  adminEnableUser: ['Username', 'UserPoolId'],
  adminForgetDevice: ['DeviceKey', 'Username', 'UserPoolId'],
  adminGetDevice: ['DeviceKey', 'Username', 'UserPoolId'],
  adminGetUser: ['Username', 'UserPoolId'],
  adminInitiateAuth: ['AuthFlow', 'AuthParameters', 'ClientId', 'ClientMetadata', 'UserPoolId'],
  adminListDevices: ['Limit', 'PaginationToken', 'Username', 'UserPoolId'],
  adminListGroupsForUser: ['Limit', 'NextToken', 'Username', 'UserPoolId'],
  adminRemoveUserFromGroup: ['GroupName', 'Username', 'UserPoolId'],
  adminResetUserPassword: ['Username', 'UserPoolId'],
  adminRespondToAuthChallenge: ['ChallengeName', 'ChallengeResponses', 'ClientId', 'Session', 'UserPoolId'],
  adminSetUserSettings: ['MFAOptions', 'Username', 'UserPoolId'],
  adminUpdateDeviceStatus: ['DeviceKey', 'DeviceRememberedStatus', 'Username', 'UserPoolId'],
  adminUpdateUserAttributes: ['UserAttributes', 'Username', 'UserPoolId'],
  adminUserGlobalSignOut: ['Username', 'UserPoolId'],
  changePassword: ['AccessToken', 'PreviousPassword', 'ProposedPassword'],
  confirmDevice: ['AccessToken', 'DeviceKey', 'DeviceName', 'DeviceSecretVerifierConfig'],
  confirmForgotPassword: ['ClientId', 'ConfirmationCode', 'Password', 'SecretHash', 'Username'],
  confirmSignUp: ['ClientId', 'ConfirmationCode', 'ForceAliasCreation', 'SecretHash', 'Username'],
  createGroup: ['Description', 'GroupName', 'Precedence', 'RoleArn', 'UserPoolId'],
  createUserImportJob: ['CloudWatchLogsRoleArn', 'JobName', 'UserPoolId'],
  createUserPool: [
    'AdminCreateUserConfig',
    'AliasAttributes',
    'AutoVerifiedAttributes',
    'DeviceConfiguration',
    'EmailConfiguration',
    'EmailVerificationMessage',
    'EmailVerificationSubject',
    'LambdaConfig',
    'MfaConfiguration',
    'Policies',
    'PoolName',
    'Schema',
    'SmsAuthenticationMessage',
    'SmsConfiguration',
    'SmsVerificationMessage',
    'UserPoolTags',
  ],
  createUserPoolClient: [
    'ClientName',
    'ExplicitAuthFlows',
    'GenerateSecret',
    'ReadAttributes',
    'RefreshTokenValidity',
    'UserPoolId',
    'WriteAttributes',
  ],
  deleteGroup: ['GroupName', 'UserPoolId'],
  deleteUser: ['AccessToken'],
  deleteUserAttributes: ['AccessToken', 'UserAttributeNames'],
  deleteUserPool: ['UserPoolId'],
  deleteUserPoolClient: ['ClientId', 'UserPoolId'],
  describeUserImportJob: ['JobId', 'UserPoolId'],
} as Readonly<Record<string, readonly string[]>>;

/** Where a list goes on: the first page, which is all that there is here, has none. */
const PAGES = ['NextToken', 'PaginationToken'];

const names = Object.values(FOUNDING).flat();

interface Request {
  name: string;
  request: { body: { raw: string } };
}

interface Folder {
  name: string;
  item?: Request[];
}

const text = readFileSync(COLLECTION, 'utf8');
const collection = JSON.parse(text) as { item: Folder[] };
const requests = collection.item.flatMap(({ item = [] }) => item);
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

/** The assertion that every request of the collection begins with. */
const succeeds = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)} succeeds`;

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

  it.each(names)('%s sends the parameters of the founding collection, and no other', (name) => {
    const request = requests.find((candidate) => candidate.name === name);
    const body = request?.request.body.raw.replace(/: *(\{\{\w+\}\})/g, ': "$1"') ?? '';
    const sent = Object.keys(JSON.parse(body));
    expect(sent.sort()).toEqual(PARAMETERS[name]?.filter((parameter) => !PAGES.includes(parameter)).sort());
  });

  it('sends each of the 35 once', () => {
    // What scripts send on the way is an execution too, of the same turn: `ref` is that of the turn.
    const turns = new Map(summary.run.executions.map(({ cursor, item }) => [cursor.ref, item.name]));
    const ran = [...turns.values()].filter((name) => names.includes(name));
    expect(ran.sort()).toEqual([...names].sort());
  });

  it('runs without a failure', () => {
    const failures = summary.run.failures.map(({ source, error }) => `${source?.name}: ${error.message}`);
    expect(failures).toEqual([]);
  });

  it.each(names)('%s is answered, and shows what it did', (name) => {
    const assertions = summary.run.executions.find(({ item }) => item.name === name)?.assertions ?? [];
    const titles = assertions.map(({ assertion }) => assertion);
    expect(titles).toContain(succeeds(name));
    // And at least one look at the answer, or at what the request brought about.
    expect(titles.length).toBeGreaterThanOrEqual(2);
    expect(assertions.filter(({ error }) => error)).toEqual([]);
  });
});
