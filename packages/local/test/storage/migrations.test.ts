import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../src/clock.js';
import { startCognito } from '../../src/start-cognito.js';
import { migrations } from '../../src/storage/migrations.js';

const UserPoolId = 'us-east-1_Version01';
const VERSION_1 = readFileSync(join(import.meta.dirname, 'fixtures', 'version-1.sql'), 'utf8');
const [, refreshTokenLine] = VERSION_1.split('\n');

/** A data directory as the first version left it: one pool, two clients, a group, three users, one signed in. */
function dataOfVersion1(): string {
  const data = mkdtempSync(join(tmpdir(), 'cognest-version-1-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const database = new Database(join(data, 'cognest.db'));
  database.exec(VERSION_1);
  database.close();
  return data;
}

async function open(data: string) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1, 12));
  const cognito = await startCognito({ port: 0, data, clock });
  const sdk = new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: cognito.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    sdk.destroy();
    await cognito.close();
  });
  return { cognito, sdk };
}

describe('a data file of version 1', () => {
  it('opens today with everything that was in it, and is used on', async () => {
    const data = dataOfVersion1();
    const { cognito, sdk } = await open(data);
    expect((await sdk.describeUserPool({ UserPoolId })).UserPool).toMatchObject({
      Name: 'main',
      AliasAttributes: ['email'],
      EstimatedNumberOfUsers: 3,
    });
    const signIn = await sdk.initiateAuth({
      ClientId: 'webclient',
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana@example.com', PASSWORD: 'Correct-Horse-1' },
    });
    const { AccessToken } = signIn.AuthenticationResult ?? {};
    expect((await sdk.getUser({ AccessToken })).Username).toBe('ana');
    const refreshed = await sdk.initiateAuth({
      ClientId: 'webclient',
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: (refreshTokenLine as string).slice('-- '.length) },
    });
    expect(refreshed.AuthenticationResult?.AccessToken).toBeTruthy();
    const { Groups } = await sdk.adminListGroupsForUser({ UserPoolId, Username: 'ana' });
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['admin']);
    expect((await sdk.adminGetUser({ UserPoolId, Username: 'ivy' })).UserStatus).toBe(
      'FORCE_CHANGE_PASSWORD',
    );

    const [message] = cognito.messages({ username: 'zoe' });
    await sdk.confirmSignUp({
      ClientId: 'webclient',
      Username: 'zoe',
      ConfirmationCode: message?.code,
    });
    const key = { UserPoolId, ClientId: 'serverclient' };
    const { ClientSecrets } = await sdk.listUserPoolClientSecrets(key);
    expect(ClientSecrets).toEqual([
      {
        ClientSecretId: expect.stringMatching(/^serverclient--\d+$/),
        ClientSecretCreateDate: (await sdk.describeUserPoolClient(key)).UserPoolClient?.CreationDate,
      },
    ]);
    await sdk.addUserPoolClientSecret(key);
    await sdk.adminCreateUser({ UserPoolId, Username: 'new', MessageAction: 'SUPPRESS' });
  });

  it('is brought to the schema that a new file has', async () => {
    const data = dataOfVersion1();
    const { cognito } = await open(data);
    await cognito.close();
    const fresh = mkdtempSync(join(tmpdir(), 'cognest-fresh-'));
    onTestFinished(() => rmSync(fresh, { recursive: true, force: true }));
    await (await open(fresh)).cognito.close();
    expect(schemaOf(data)).toEqual(schemaOf(fresh));
    expect(schemaOf(data).version).toBe(migrations.length);
    expect(migrations.length).toBeGreaterThan(1);
  });
});

function schemaOf(data: string) {
  const database = new Database(join(data, 'cognest.db'));
  const columns = database
    .prepare(
      `SELECT objects.type, objects.name, columns.name AS column, columns.type AS column_type, columns.pk
       FROM sqlite_schema AS objects LEFT JOIN pragma_table_info(objects.name) AS columns
       ORDER BY objects.name, columns.name`,
    )
    .all();
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  database.close();
  return { columns, version };
}
