import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityProvider,
  type CreateUserPoolRequest,
  type UserImportJobType,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCognito } from '../../src/start-cognito.js';
import { expectError, HOUR, MINUTE, PASSWORD, record, type Server, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;

const ROLE = 'arn:aws:iam::123456789012:role/logs';
const pool = await TestPool.create(server, {
  AutoVerifiedAttributes: ['email'],
  Schema: [{ Name: 'tenant', AttributeDataType: 'String' }],
});
const header = (await sdk.getCSVHeader({ UserPoolId: pool.id })).CSVHeader ?? [];

const EMPTY =
  'The CSV file is empty, or its first line is: begin with the columns that GetCSVHeader answers.';

type Body = NonNullable<RequestInit['body']>;
type Row = Readonly<Record<string, string>>;

function user(name: string, more: Row = {}): Row {
  return {
    'cognito:username': name,
    'cognito:mfa_enabled': 'false',
    email: `${name}@example.com`,
    email_verified: 'true',
    ...more,
  };
}

function csv(rows: readonly Row[], columns: readonly string[] = header): string {
  return [columns.join(','), ...rows.map((row) => columns.map((name) => row[name] ?? '').join(','))].join(
    '\n',
  );
}

async function create(userPoolId = pool.id, JobName = 'job'): Promise<UserImportJobType> {
  const { UserImportJob } = await sdk.createUserImportJob({
    UserPoolId: userPoolId,
    JobName,
    CloudWatchLogsRoleArn: ROLE,
  });
  return UserImportJob as UserImportJobType;
}

function upload(job: UserImportJobType, body: Body, url = job.PreSignedUrl as string): Promise<Response> {
  return fetch(url, {
    method: 'PUT',
    headers: { 'x-amz-server-side-encryption': 'aws:kms' },
    body,
    duplex: 'half',
  } as RequestInit);
}

const start = ({ UserPoolId, JobId }: UserImportJobType) => sdk.startUserImportJob({ UserPoolId, JobId });

async function describeJob(
  { UserPoolId, JobId }: UserImportJobType,
  client = sdk,
): Promise<UserImportJobType> {
  const { UserImportJob } = await client.describeUserImportJob({ UserPoolId, JobId });
  return UserImportJob as UserImportJobType;
}

async function ended(job: UserImportJobType, client = sdk): Promise<UserImportJobType> {
  for (;;) {
    const now = await describeJob(job, client);
    if (!['Pending', 'InProgress', 'Stopping'].includes(now.Status as string)) return now;
  }
}

async function logOf({ JobId }: UserImportJobType, endpoint = server.cognito.endpoint): Promise<string[]> {
  const response = await fetch(`${endpoint}/_cognest/import-jobs/${JobId}/log`);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  return (await response.text()).split('\n').filter((line) => line !== '');
}

/** Uploads, starts and waits. */
async function run(body: Body, userPoolId = pool.id): Promise<UserImportJobType & { log: string[] }> {
  const job = await create(userPoolId);
  expect((await upload(job, body)).status).toBe(200);
  await start(job);
  return { ...(await ended(job)), log: await logOf(job) };
}

describe('GetCSVHeader', () => {
  it('lists the attributes of the pool, and what Cognito wants to know besides', () => {
    expect(header).toEqual(
      'name given_name family_name middle_name nickname preferred_username profile picture website email email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at custom:tenant cognito:mfa_enabled cognito:username'.split(
        ' ',
      ),
    );
  });

  it('needs a pool that is there', async () => {
    await expectError(
      sdk.getCSVHeader({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe('an import', () => {
  it('goes from Created to Succeeded, and its users get in with a new password', async () => {
    const job = await create(pool.id, 'first');
    expect(job).toMatchObject({
      CloudWatchLogsRoleArn: ROLE,
      CreationDate: new Date(clock.now()),
      FailedUsers: 0,
      ImportedUsers: 0,
      JobName: 'first',
      SkippedUsers: 0,
      Status: 'Created',
      UserPoolId: pool.id,
    });
    expect(job.JobId).toMatch(/^import-[0-9A-Za-z]{10}$/);
    expect(await upload(job, csv([user('first', { 'custom:tenant': 'acme' })])).then((r) => r.text())).toBe(
      '',
    );
    expect(await describeJob(job)).toEqual(job);

    const started = (await start(job)).UserImportJob;
    expect(started).toMatchObject({ Status: 'Pending', StartDate: new Date(clock.now()) });
    expect(await ended(job)).toEqual({
      ...job,
      Status: 'Succeeded',
      StartDate: started?.StartDate,
      CompletionDate: new Date(clock.now()),
      CompletionMessage: 'Import Job Completed Successfully.',
      ImportedUsers: 1,
    });
    expect(await logOf(job)).toEqual(['[SUCCEEDED] Line Number 2 - The import succeeded.']);

    const imported = await pool.get('first');
    expect(imported).toMatchObject({ UserStatus: 'RESET_REQUIRED', Enabled: true });
    expect(record(imported.UserAttributes)).toEqual({
      email: 'first@example.com',
      email_verified: 'true',
      'custom:tenant': 'acme',
      sub: expect.any(String),
    });
    await expectError(
      pool.signIn('first'),
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
    await sdk.forgotPassword({ ClientId: pool.clientId, Username: 'first' });
    await sdk.confirmForgotPassword({
      ClientId: pool.clientId,
      Username: 'first',
      ConfirmationCode: pool.lastMessage().code,
      Password: PASSWORD,
    });
    expect((await pool.tokens('first')).AccessToken).toBeTruthy();
  });

  it('tells of nobody who was imported where existence is not to be told', async () => {
    await run(csv([user('hidden')]));
    const flows = ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;
    const discreet = await pool.client({
      ExplicitAuthFlows: [...flows],
      PreventUserExistenceErrors: 'ENABLED',
    });
    const begin = (USERNAME: string, more: Record<string, string> = {}) =>
      sdk.initiateAuth({
        ClientId: discreet.clientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME, ...more },
      });
    const shape = async (username: string) => {
      const { ChallengeName, AvailableChallenges } = await begin(username);
      return { ChallengeName, AvailableChallenges };
    };
    expect(await shape('hidden')).toEqual(await shape('nobody'));
    const password = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD };
    for (const username of ['hidden', 'nobody']) {
      await expectError(
        begin(username, password),
        'NotAuthorizedException',
        'Incorrect username or password.',
      );
    }
    // Whose password was reset by an administrator is known to have had one.
    await pool.user('reset', { email: 'reset@example.com', email_verified: 'true' });
    await sdk.adminResetUserPassword({ UserPoolId: pool.id, Username: 'reset' });
    await expectError(
      begin('reset', password),
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
  });

  it('reads commas that are escaped, quotes as they are, flags in capitals, and columns in any order', async () => {
    const columns = [...header].reverse();
    const rows = [
      user('written', {
        name: ' Smith\\, "Jo" ',
        email_verified: 'TRUE',
        birthdate: '02/29/2024',
        updated_at: '1700000000',
      }),
    ];
    const job = await run(`${csv(rows, columns).replaceAll('\n', '\r\n')}\r\n\r\n`);
    expect(job.log).toEqual(['[SUCCEEDED] Line Number 2 - The import succeeded.']);
    expect(record((await pool.get('written')).UserAttributes)).toMatchObject({
      name: 'Smith, "Jo"',
      email_verified: 'true',
      birthdate: '02/29/2024',
      updated_at: '1700000000',
    });
  });

  it('goes on after rows that fail or are skipped, and says why', async () => {
    await pool.user('there');
    const rows = [
      user('good'),
      user('there'),
      user('good'),
      user('', {}),
      user('two words'),
      user('unverified', { email_verified: 'false' }),
      user('noemail', { email: '' }),
      user('phone', { phone_number: 'x' }),
      user('mfa', { 'cognito:mfa_enabled': 'true' }),
      user('nomfa', { 'cognito:mfa_enabled': '' }),
      user('born', { birthdate: '2000-01-01' }),
      user('never', { birthdate: '02/30/2000' }),
      user('updated', { updated_at: 'yesterday' }),
      user('long', { name: 'x'.repeat(2049) }),
    ];
    const text = `${csv(rows)}\nonly,two\n${'x'.repeat(16_001)}\n`;
    const job = await run(text);
    expect(job).toMatchObject({
      Status: 'Succeeded',
      ImportedUsers: 1,
      SkippedUsers: 2,
      FailedUsers: 13,
    });
    expect(job.log).toEqual([
      '[SUCCEEDED] Line Number 2 - The import succeeded.',
      '[SKIPPED] Line Number 3 - The user already exists.',
      '[SKIPPED] Line Number 4 - The user already exists.',
      '[FAILED] Line Number 5 - The user name is missing.',
      '[FAILED] Line Number 6 - The user name must not contain spaces.',
      '[FAILED] Line Number 7 - The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).',
      '[FAILED] Line Number 8 - email_verified is true without email.',
      '[FAILED] Line Number 9 - Invalid phone number format.',
      '[FAILED] Line Number 10 - cognito:mfa_enabled must be false, as MFA is off in the user pool.',
      '[FAILED] Line Number 11 - cognito:mfa_enabled must be true or false.',
      '[FAILED] Line Number 12 - The birthdate must have the format mm/dd/yyyy.',
      '[FAILED] Line Number 13 - The birthdate must have the format mm/dd/yyyy.',
      '[FAILED] Line Number 14 - updated_at must be seconds since the epoch.',
      '[FAILED] Line Number 15 - name is longer than 2048 characters.',
      '[FAILED] Line Number 16 - The row has 2 fields where the header has 22.',
      '[FAILED] Line Number 17 - The row is longer than 16,000 characters.',
    ]);
    for (const Username of ['unverified', 'noemail', 'mfa', 'born', 'long']) {
      await expectError(pool.get(Username), 'UserNotFoundException', 'User does not exist.');
    }
  });

  it('fails when nobody got in', async () => {
    expect(await run(csv([user('nobody', { email_verified: 'false' })]))).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'Too many users have failed or been skipped during the import.',
      FailedUsers: 1,
    });
  });

  it.each<[string, () => Body, string]>([
    ['lacks a column', () => csv([user('x')], header.slice(1)), 'The header of the CSV file lacks name.'],
    [
      'has a column too many',
      () => csv([user('x')], [...header, 'custom:none']),
      'The header of the CSV file has columns that the user pool does not have.',
    ],
    [
      'has a column twice',
      () => csv([user('x')], [...header, 'name']),
      'The header of the CSV file has a column twice.',
    ],
    [
      'begins with a byte order mark',
      () => `\uFEFF${csv([user('x')])}`,
      'The CSV file begins with a byte order mark: save it as UTF-8 without one.',
    ],
    ['is empty', () => '', EMPTY],
    ['begins with an empty line', () => `\n${csv([user('x')])}`, EMPTY],
    [
      'is not UTF-8',
      () => Buffer.concat([Buffer.from(csv([user('x')])), Buffer.from([0xff, 0xfe])]),
      'The CSV file is not encoded in UTF-8.',
    ],
  ])('fails when the file %s', async (_, file, CompletionMessage) => {
    expect(await run(file())).toMatchObject({ Status: 'Failed', CompletionMessage, ImportedUsers: 0 });
  });

  it('claims aliases, and refuses those that others have', async () => {
    const aliases = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email'],
      AliasAttributes: ['email'],
    });
    const columns = (await sdk.getCSVHeader({ UserPoolId: aliases.id })).CSVHeader;
    const rows = [user('one'), user('two', { email: 'one@example.com' }), user('a@b.example')];
    const job = await run(csv(rows, columns), aliases.id);
    expect(job.log.slice(1)).toEqual([
      '[FAILED] Line Number 3 - An account with the email already exists.',
      '[FAILED] Line Number 4 - Username cannot be of email format, since user pool is configured for email alias.',
    ]);
    expect((await aliases.get('one@example.com')).Username).toBe('one');
  });

  it('takes addresses for user names where the pool does', async () => {
    const addresses = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email'],
      UsernameAttributes: ['email'],
    });
    const columns = (await sdk.getCSVHeader({ UserPoolId: addresses.id })).CSVHeader;
    const row = user('x', { 'cognito:username': 'a@b.example', email: 'a@b.example' });
    const job = await run(csv([row, row, user('name')], columns), addresses.id);
    expect(job.log).toEqual([
      '[SUCCEEDED] Line Number 2 - The import succeeded.',
      '[SKIPPED] Line Number 3 - The user already exists.',
      '[FAILED] Line Number 4 - Username should be an email.',
    ]);
    const { Username, UserAttributes } = await addresses.get('a@b.example');
    expect(Username).toBe(record(UserAttributes)['sub']);
  });

  it('demands what the pool requires', async () => {
    const strict = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email'],
      Schema: [{ Name: 'family_name', Required: true }],
    } satisfies Partial<CreateUserPoolRequest>);
    const columns = (await sdk.getCSVHeader({ UserPoolId: strict.id })).CSVHeader;
    const job = await run(csv([user('a'), user('b', { family_name: 'B' })], columns), strict.id);
    expect(job.log).toEqual([
      '[FAILED] Line Number 2 - The required attribute family_name is missing.',
      '[SUCCEEDED] Line Number 3 - The import succeeded.',
    ]);
  });
});

describe('an import where MFA is used', () => {
  it('goes by the column that says who uses it, and lets those begin with text messages', async () => {
    const settings: Partial<CreateUserPoolRequest> = {
      AutoVerifiedAttributes: ['email'],
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
    };
    const required = await TestPool.create(server, { ...settings, MfaConfiguration: 'ON' });
    const columns = (await sdk.getCSVHeader({ UserPoolId: required.id })).CSVHeader;
    const withMfa = { 'cognito:mfa_enabled': 'TRUE', phone_number: '+15555550100' };
    const job = await run(csv([user('with', withMfa), user('without')], columns), required.id);
    expect(job.log).toEqual([
      '[SUCCEEDED] Line Number 2 - The import succeeded.',
      '[FAILED] Line Number 3 - cognito:mfa_enabled must be true, as the user pool requires MFA.',
    ]);
    const sms = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }];
    expect((await required.get('with')).MFAOptions).toEqual(sms);

    const optional = await TestPool.create(server, { ...settings, MfaConfiguration: 'OPTIONAL' });
    await run(
      csv([user('with', withMfa), user('without', { phone_number: '+15555550101' })], columns),
      optional.id,
    );
    expect((await optional.get('with')).MFAOptions).toEqual(sms);
    expect(await optional.get('without')).not.toHaveProperty('MFAOptions');
  });
});

describe('the address of the upload', () => {
  it.each<[string, (url: URL, other: URL) => void]>([
    ['no signature', (url) => url.searchParams.delete('signature')],
    ['a later end', (url) => url.searchParams.set('expires', String(clock.now() + HOUR))],
    [
      "another job's signature",
      (url, other) => url.searchParams.set('signature', other.searchParams.get('signature') as string),
    ],
    ['another job', (url) => (url.pathname = url.pathname.replace(/import-\w{10}/, 'import-0123456789'))],
  ])('is refused with %s', async (_, change) => {
    const job = await create();
    const url = new URL(job.PreSignedUrl as string);
    change(url, new URL((await create()).PreSignedUrl as string));
    const response = await upload(job, csv([user('x')]), url.href);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'The signature of this address is wrong.' });
    await expectError(start(job), 'PreconditionNotMetException', `No csv file was uploaded for ${job.JobId}`);
  });

  it('is good for 15 minutes', async () => {
    const job = await create();
    clock.advance(15 * MINUTE - 1);
    expect((await upload(job, csv([user('x')]))).status).toBe(200);
    clock.advance(1);
    expect((await upload(job, csv([user('x')]))).status).toBe(403);
  });

  it('takes another file in place of the first, until the job is started', async () => {
    const job = await create();
    await upload(job, 'nonsense');
    await upload(job, csv([user('second-file')]));
    await start(job);
    expect((await ended(job)).ImportedUsers).toBe(1);
    const late = await upload(job, csv([user('x')]));
    expect(late.status).toBe(409);
  });

  it('takes 100 MiB and no more, and forgets what was too much', async () => {
    const job = await create();
    const piece = new Uint8Array(1024 * 1024).fill(0x61);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (sent++ > 100) controller.close();
        else controller.enqueue(piece);
      },
    });
    const outcome = await upload(job, body).then(
      (response) => response.status,
      // The connection ends with the answer, which may come before the last byte was sent.
      () => 413,
    );
    expect(outcome).toBe(413);
    await expectError(start(job), 'PreconditionNotMetException', `No csv file was uploaded for ${job.JobId}`);
  });
});

describe('an upload that is cut off', () => {
  it("leaves the job as it was, takes no second one meanwhile, and is nobody else's error", async () => {
    const errors: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (text: string) => errors.push(text) };
    const cognito = await startCognito({ port: 0, memory: true, log });
    onTestFinished(() => cognito.close());
    const client = new CognitoIdentityProvider({
      endpoint: cognito.endpoint,
      region: cognito.region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const { UserPool } = await client.createUserPool({ PoolName: 'p', AutoVerifiedAttributes: ['email'] });
    const UserPoolId = UserPool?.Id as string;
    const { UserImportJob } = await client.createUserImportJob({
      UserPoolId,
      JobName: 'job',
      CloudWatchLogsRoleArn: ROLE,
    });
    const job = UserImportJob as UserImportJobType;
    const key = { UserPoolId, JobId: job.JobId };

    const outgoing = request(job.PreSignedUrl as string, {
      method: 'PUT',
      headers: { 'content-length': 1_000_000 },
    });
    outgoing.on('error', () => {});
    outgoing.write('x'.repeat(100_000));
    // Until the first has arrived at the server, another is the first.
    let second = await upload(job, 'nonsense');
    while (second.status === 200) second = await upload(job, 'nonsense');
    expect(second.status).toBe(409);
    outgoing.destroy();

    const { CSVHeader } = await client.getCSVHeader({ UserPoolId });
    let third = await upload(job, csv([user('third')], CSVHeader));
    while (third.status === 409) third = await upload(job, csv([user('third')], CSVHeader));
    expect(third.status).toBe(200);
    await client.startUserImportJob(key);
    expect((await ended(job, client)).ImportedUsers).toBe(1);
    expect(errors).toEqual([]);
  });
});

describe('a job', () => {
  it('is refused what it is not ready for', async () => {
    const job = await create();
    await expectError(start(job), 'PreconditionNotMetException', `No csv file was uploaded for ${job.JobId}`);
    await expectError(
      sdk.stopUserImportJob({ UserPoolId: pool.id, JobId: job.JobId }),
      'PreconditionNotMetException',
      `The import job ${job.JobId} cannot be stopped. Its status is Created.`,
    );
    await upload(job, csv([user('ready')]));
    await start(job);
    await ended(job);
    await expectError(
      start(job),
      'PreconditionNotMetException',
      `The import job ${job.JobId} cannot be started. Its status is Succeeded.`,
    );
  });

  it('waits a day to be started', async () => {
    const job = await create();
    await upload(job, csv([user('late')]));
    clock.advance(24 * HOUR - 1);
    expect((await describeJob(job)).Status).toBe('Created');
    clock.advance(1);
    expect((await describeJob(job)).Status).toBe('Expired');
    await expectError(
      start(job),
      'PreconditionNotMetException',
      `The import job ${job.JobId} cannot be started. Its status is Expired.`,
    );
  });

  it('needs a pool that verifies something', async () => {
    const plain = await TestPool.create(server);
    const job = await create(plain.id);
    await upload(job, csv([user('x')]));
    await expectError(
      start(job),
      'PreconditionNotMetException',
      'Users can be imported only into a user pool that has AutoVerifiedAttributes.',
    );
  });

  it('is one of its pool', async () => {
    const { JobId } = await create();
    const other = await TestPool.create(server);
    for (const key of [
      { UserPoolId: other.id, JobId },
      { UserPoolId: pool.id, JobId: 'import-0123456789' },
    ]) {
      const missing = ['ResourceNotFoundException', `User import job ${key.JobId} does not exist.`] as const;
      await expectError(sdk.describeUserImportJob(key), ...missing);
      await expectError(sdk.startUserImportJob(key), ...missing);
      await expectError(sdk.stopUserImportJob(key), ...missing);
    }
    expect(
      (await fetch(`${server.cognito.endpoint}/_cognest/import-jobs/import-0123456789/log`)).status,
    ).toBe(404);
  });

  it('does not import passwords, and says so', async () => {
    await expectError(
      sdk.createUserImportJob({
        UserPoolId: pool.id,
        JobName: 'x',
        CloudWatchLogsRoleArn: ROLE,
        PasswordHashingAlgorithm: 'BCRYPT',
      }),
      'InvalidParameterException',
      'CreateUserImportJob: PasswordHashingAlgorithm BCRYPT is not supported by this server yet.',
    );
  });

  it('is listed, the newest first, in pages', async () => {
    const listed = await TestPool.create(server);
    const jobs: string[] = [];
    for (let n = 0; n < 3; n++) {
      jobs.unshift((await create(listed.id)).JobId as string);
      clock.advance(1);
    }
    const first = await sdk.listUserImportJobs({ UserPoolId: listed.id, MaxResults: 2 });
    const second = await sdk.listUserImportJobs({
      UserPoolId: listed.id,
      MaxResults: 2,
      PaginationToken: first.PaginationToken as string,
    });
    const all = [...(first.UserImportJobs ?? []), ...(second.UserImportJobs ?? [])];
    expect(all.map(({ JobId }) => JobId)).toEqual(jobs);
    expect(second.PaginationToken).toBeUndefined();
  });
});

const MANY = 20_000;

/** Enough to be at work for a while. */
function many(prefix: string): string {
  return csv(Array.from({ length: MANY }, (_, n) => user(`${prefix}-${n}`)));
}

describe('a large import', () => {
  it('lets others work, allows no second one, and stops when it is told to', async () => {
    const large = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email'],
      Schema: [{ Name: 'tenant', AttributeDataType: 'String' }],
    });
    const job = await create(large.id);
    await upload(job, many('stop'));
    const second = await create();
    await upload(second, csv([user('second')]));
    await start(job);
    const busy = ['UserImportInProgressException', 'A user import is in progress.'] as const;
    await expectError(start(second), ...busy);
    await expectError(sdk.updateUserPool({ UserPoolId: large.id }), ...busy);
    await expectError(sdk.deleteUserPool({ UserPoolId: large.id }), ...busy);
    const CustomAttributes = [{ Name: 'more', AttributeDataType: 'String' as const }];
    await expectError(sdk.addCustomAttributes({ UserPoolId: large.id, CustomAttributes }), ...busy);
    let seen = await describeJob(job);
    while ((seen.ImportedUsers ?? 0) === 0) seen = await describeJob(job);
    expect(seen.Status).toBe('InProgress');

    const { UserImportJob } = await sdk.stopUserImportJob({ UserPoolId: large.id, JobId: job.JobId });
    expect(UserImportJob?.Status).toBe('Stopping');
    const stopped = await ended(job);
    expect(stopped).toMatchObject({
      Status: 'Stopped',
      CompletionMessage: 'The Import Job was stopped by the developer.',
    });
    expect(stopped.ImportedUsers).toBeLessThan(MANY);
    expect(await logOf(job)).toHaveLength(stopped.ImportedUsers as number);
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: large.id });
    expect(UserPool?.EstimatedNumberOfUsers).toBe(stopped.ImportedUsers);
    await start(second);
    expect((await ended(second)).Status).toBe('Succeeded');
    await sdk.deleteUserPool({ UserPoolId: large.id });
  });

  it('goes on after a restart where it was', async () => {
    const data = mkdtempSync(join(tmpdir(), 'cognest-import-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const open = async (): Promise<Pick<Server, 'cognito' | 'sdk'>> => {
      const cognito = await startCognito({ port: 0, data });
      const client = new CognitoIdentityProvider({
        endpoint: cognito.endpoint,
        region: cognito.region,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      });
      onTestFinished(() => cognito.close());
      return { cognito, sdk: client };
    };
    const first = await open();
    const { UserPool } = await first.sdk.createUserPool({
      PoolName: 'pool',
      AutoVerifiedAttributes: ['email'],
      Schema: [{ Name: 'tenant', AttributeDataType: 'String' }],
    });
    const UserPoolId = UserPool?.Id as string;
    const created = await first.sdk.createUserImportJob({
      UserPoolId,
      JobName: 'job',
      CloudWatchLogsRoleArn: ROLE,
    });
    const job = created.UserImportJob as UserImportJobType;
    await upload(job, many('again'));
    await first.sdk.startUserImportJob({ UserPoolId, JobId: job.JobId });
    while (((await describeJob(job, first.sdk)).ImportedUsers ?? 0) === 0);
    await first.cognito.close();

    const second = await open();
    expect((await describeJob(job, second.sdk)).ImportedUsers).toBeLessThan(MANY);
    expect(await ended(job, second.sdk)).toMatchObject({
      Status: 'Succeeded',
      ImportedUsers: MANY,
      SkippedUsers: 0,
      FailedUsers: 0,
    });
    const log = await logOf(job, second.cognito.endpoint);
    expect(log).toHaveLength(MANY);
    expect(log.at(-1)).toBe(`[SUCCEEDED] Line Number ${MANY + 1} - The import succeeded.`);
  });
});
