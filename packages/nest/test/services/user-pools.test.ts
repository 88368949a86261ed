import { beforeAll, describe, expect } from 'vitest';
import { all, allRefused, type Pool, pool, serve } from '../support/served.js';

const server = await serve();
const { test } = server;
let mine: Pool;
beforeAll(async () => {
  mine = await pool(server);
});

const NOT_FOUND = 'ResourceNotFoundException';
const PARAMETER = 'InvalidParameterException';
const nowhere = { userPoolId: 'eu-central-1_Nowhere00' };

describe('pools', () => {
  test('CreateUserPool DescribeUserPool UpdateUserPool DeleteUserPool', 'a pool’s life', async () => {
    const { pools } = mine;
    const { id: userPoolId } = await pools.create({
      poolName: 'life',
      policies: { passwordPolicy: { minimumLength: 10 } },
      userPoolTags: { Team: 'a' },
    });
    expect(await pools.describe({ userPoolId })).toMatchObject({
      id: userPoolId,
      name: 'life',
      policies: { passwordPolicy: { minimumLength: 10 } },
    });
    expect((await pools.describe()).id).toBe(mine.userPoolId);
    expect(
      await pools.update({
        userPoolId,
        policies: { passwordPolicy: { minimumLength: 12 } },
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      }),
    ).toBeUndefined();
    expect(await pools.describe({ userPoolId })).toMatchObject({
      policies: { passwordPolicy: { minimumLength: 12 } },
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    });
    expect(await pools.delete({ userPoolId })).toBeUndefined();
    await allRefused([[NOT_FOUND, () => pools.describe({ userPoolId })]]);
  });

  test('UpdateUserPool DeleteUserPool embedded', 'what is refused', async () => {
    const { pools } = mine;
    const { id: userPoolId } = await pools.create({ poolName: 'kept', deletionProtection: 'ACTIVE' });
    await allRefused([
      [PARAMETER, () => pools.create({ poolName: '' })],
      [NOT_FOUND, () => pools.update(nowhere)],
      [PARAMETER, () => pools.update({ userPoolId, policies: { passwordPolicy: { minimumLength: 1 } } })],
      [PARAMETER, () => pools.delete({ userPoolId })],
      [NOT_FOUND, () => pools.delete(nowhere)],
      [NOT_FOUND, () => pools.describe(nowhere)],
    ]);
  });

  test('ListUserPools', 'lists pools', async () => {
    const { userPools } = await mine.pools.list();
    expect(userPools.find(({ id }) => id === mine.userPoolId)).toMatchObject({ name: 'pool' });
    const listed = await all(mine.pools.iterate());
    expect(listed.some(({ id }) => id === mine.userPoolId)).toBe(true);
  });

  test('ListUserPools embedded', 'pages of pools', async () => {
    const first = await mine.pools.list({ maxResults: 1 });
    expect(first.userPools).toHaveLength(1);
    const second = await mine.pools.list({ maxResults: 1, nextToken: first.nextToken });
    expect(second.userPools[0]?.id).not.toBe(first.userPools[0]?.id);
    expect(await all(mine.pools.iterate({ maxResults: 1 }))).toHaveLength(
      (await mine.pools.list()).userPools.length,
    );
    await allRefused([
      [PARAMETER, () => mine.pools.list({ maxResults: 0 })],
      [PARAMETER, () => mine.pools.list({ nextToken: 'rubbish' })],
    ]);
  });

  test('AddCustomAttributes AdminCreateUser', 'custom attributes', async () => {
    const customAttributes = [{ name: 'tier', attributeDataType: 'String' as const, mutable: true }];
    expect(await mine.pools.addCustomAttributes({ customAttributes })).toBeUndefined();
    const { userAttributes } = await mine.users.create({
      username: 'custom',
      userAttributes: { 'custom:tier': 'x' },
      messageAction: 'SUPPRESS',
    });
    expect(userAttributes['custom:tier']).toBe('x');
    await allRefused([
      [PARAMETER, () => mine.pools.addCustomAttributes({ customAttributes })],
      [NOT_FOUND, () => mine.pools.addCustomAttributes({ ...nowhere, customAttributes })],
    ]);
  });

  test('SetUserPoolMfaConfig GetUserPoolMfaConfig embedded', 'second factors', async () => {
    const { pools } = await pool(server);
    const config = {
      mfaConfiguration: 'OPTIONAL',
      softwareTokenMfaConfiguration: { enabled: true },
      webAuthnConfiguration: { relyingPartyId: 'example.com', userVerification: 'required' },
    } as const;
    expect(await pools.setMfaConfig(config)).toMatchObject(config);
    expect(await pools.getMfaConfig()).toMatchObject(config);
    await allRefused([
      [NOT_FOUND, () => pools.getMfaConfig(nowhere)],
      [NOT_FOUND, () => pools.setMfaConfig({ ...nowhere, ...config })],
      [PARAMETER, () => pools.setMfaConfig({ mfaConfiguration: 'ON' })],
    ]);
  });

  test('SetUserPoolSessionConfiguration GetUserPoolSessionConfiguration', 'sessions', async () => {
    const { pools } = await pool(server);
    expect((await pools.getSessionConfiguration()).userSessionTracking).toBe('DISABLED');
    const config = { userSessionTracking: 'ENABLED', tokenSession: { maxPerUser: 3 } } as const;
    expect(await pools.setSessionConfiguration(config)).toMatchObject(config);
    expect(await pools.getSessionConfiguration()).toMatchObject(config);
    const many = { ...config, tokenSession: { maxPerUser: 100_000 } };
    const lite = await pool(server, { UserPoolTier: 'LITE' });
    await allRefused([
      [NOT_FOUND, () => pools.getSessionConfiguration(nowhere)],
      [NOT_FOUND, () => pools.setSessionConfiguration({ ...nowhere, ...config })],
      [PARAMETER, () => pools.setSessionConfiguration(many)],
      ['FeatureUnavailableInTierException', () => lite.pools.setSessionConfiguration(config)],
    ]);
  });

  test('GetSigningCertificate', 'the signing certificate', async () => {
    const certificate = await mine.pools.getSigningCertificate();
    expect(Buffer.from(certificate, 'base64').length).toBeGreaterThan(300);
    expect(await mine.pools.getSigningCertificate()).toBe(certificate);
    await allRefused([[NOT_FOUND, () => mine.pools.getSigningCertificate(nowhere)]]);
  });

  test('TagResource UntagResource ListTagsForResource', 'tags, letter for letter', async () => {
    const { pools, arn: resourceArn } = mine;
    await pools.tag({ resourceArn, tags: { Team: 'a', team: 'b', ID: 'c' } });
    expect(await pools.listTags({ resourceArn })).toEqual({ Team: 'a', team: 'b', ID: 'c' });
    await pools.untag({ resourceArn, tagKeys: ['team', 'ID', 'none'] });
    expect(await pools.listTags({ resourceArn })).toEqual({ Team: 'a' });
    const gone = resourceArn.replace(mine.userPoolId, nowhere.userPoolId);
    const wrong = 'arn:aws:s3:::bucket-of-mine';
    await allRefused([
      [NOT_FOUND, () => pools.tag({ resourceArn: gone, tags: { a: 'b' } })],
      [PARAMETER, () => pools.tag({ resourceArn: wrong, tags: { a: 'b' } })],
      [NOT_FOUND, () => pools.untag({ resourceArn: gone, tagKeys: ['a'] })],
      [PARAMETER, () => pools.untag({ resourceArn: wrong, tagKeys: ['a'] })],
      [NOT_FOUND, () => pools.listTags({ resourceArn: gone })],
      [PARAMETER, () => pools.listTags({ resourceArn: wrong })],
    ]);
  });
});

describe('app clients', () => {
  test(
    'CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient',
    'a client’s life',
    async () => {
      const { pools } = mine;
      const created = await pools.createClient({ clientName: 'life', generateSecret: true });
      const { clientId } = created;
      expect(created.clientSecret).toEqual(expect.any(String));
      expect(await pools.describeClient({ clientId })).toMatchObject({
        clientId,
        clientName: 'life',
        clientSecret: created.clientSecret,
      });
      expect((await pools.describeClient()).clientId).toBe(mine.clientId);
      const updated = await pools.updateClient({ clientId, clientName: 'changed', refreshTokenValidity: 7 });
      expect(updated).toMatchObject({ clientId, clientName: 'changed', refreshTokenValidity: 7 });
      expect(await pools.describeClient({ clientId })).toMatchObject({ clientName: 'changed' });
      expect(await pools.deleteClient({ clientId })).toBeUndefined();
      await allRefused([
        [NOT_FOUND, () => pools.describeClient({ clientId })],
        [NOT_FOUND, () => pools.updateClient({ clientId })],
        [NOT_FOUND, () => pools.deleteClient({ clientId })],
      ]);
    },
  );

  test('CreateUserPoolClient embedded', 'what is refused', () =>
    allRefused([
      [NOT_FOUND, () => mine.pools.createClient({ ...nowhere, clientName: 'x' })],
      [PARAMETER, () => mine.pools.createClient({ clientName: '' })],
      [
        'ScopeDoesNotExistException',
        () => mine.pools.createClient({ clientName: 'x', allowedOAuthScopes: ['none/read'] }),
      ],
    ]),
  );

  test('CreateUserPoolClient ListUserPoolClients', 'lists clients', async () => {
    const listing = await pool(server);
    const { clientId } = await listing.pools.createClient({ clientName: 'second' });
    const ids = [listing.clientId, clientId].sort();
    const { userPoolClients } = await listing.pools.listClients();
    expect(userPoolClients.map((client) => client.clientId).sort()).toEqual(ids);
    expect((await all(listing.pools.iterateClients())).map((client) => client.clientId).sort()).toEqual(ids);
  });

  test('ListUserPoolClients embedded', 'pages of clients', async () => {
    const { pools } = await pool(server);
    await pools.createClient({ clientName: 'second' });
    const { userPoolClients, nextToken } = await pools.listClients({ maxResults: 1 });
    expect(userPoolClients).toHaveLength(1);
    expect((await pools.listClients({ maxResults: 1, nextToken })).userPoolClients).toHaveLength(1);
    expect(await all(pools.iterateClients({ maxResults: 1 }))).toHaveLength(2);
    await allRefused([
      [NOT_FOUND, () => pools.listClients(nowhere)],
      [PARAMETER, () => pools.listClients({ nextToken: 'rubbish' })],
    ]);
  });

  test(
    'AddUserPoolClientSecret ListUserPoolClientSecrets DeleteUserPoolClientSecret',
    'secrets change over',
    async () => {
      const secret = await pool(server, {}, { GenerateSecret: true });
      const { pools } = secret;
      const [first] = (await pools.listClientSecrets()).clientSecrets;
      const clientSecret = 'abcdefghijklmnopqrstuvwxyz0123456789';
      const added = await pools.addClientSecret({ clientSecret });
      expect(added).toMatchObject({
        clientSecretId: expect.any(String),
        clientSecretCreateDate: expect.any(Date),
      });
      const listed = await all(pools.iterateClientSecrets());
      expect(listed.map(({ clientSecretId }) => clientSecretId).sort()).toEqual(
        [first?.clientSecretId, added.clientSecretId].sort(),
      );
      expect(JSON.stringify(listed)).not.toContain(clientSecret);
      await allRefused([['LimitExceededException', () => pools.addClientSecret()]]);
      await pools.deleteClientSecret({ clientSecretId: first?.clientSecretId as string });
      expect(await all(pools.iterateClientSecrets())).toHaveLength(1);
      // One that Cognito makes is told this once.
      const made = await pools.addClientSecret();
      expect(made.clientSecretValue).toEqual(expect.any(String));
      await pools.deleteClientSecret({ clientSecretId: made.clientSecretId });

      const clientId = 'nosuchclient';
      await allRefused([
        [PARAMETER, () => pools.deleteClientSecret({ clientSecretId: added.clientSecretId })],
        [NOT_FOUND, () => pools.deleteClientSecret({ clientSecretId: 'none--1234567890' })],
        [PARAMETER, () => pools.addClientSecret({ clientSecret: 'short' })],
        [PARAMETER, () => mine.pools.addClientSecret()],
        [NOT_FOUND, () => pools.addClientSecret({ clientId })],
        [NOT_FOUND, () => pools.listClientSecrets({ clientId })],
        [PARAMETER, () => pools.listClientSecrets({ nextToken: 'rubbish' })],
      ]);
    },
  );
});

describe('every member', () => {
  /** As Cognito gives back what it was given. */
  const settings = {
    clientName: 'all',
    refreshTokenValidity: 2,
    accessTokenValidity: 10,
    idTokenValidity: 11,
    tokenValidityUnits: { refreshToken: 'days', accessToken: 'minutes', idToken: 'minutes' },
    readAttributes: ['email', 'custom:plan'],
    writeAttributes: ['nickname'],
    explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
    supportedIdentityProviders: ['COGNITO'],
    callbackURLs: ['https://app.example.com/in'],
    logoutURLs: ['https://app.example.com/out'],
    defaultRedirectURI: 'https://app.example.com/in',
    allowedOAuthFlows: ['code'],
    allowedOAuthScopes: ['openid', 'email'],
    allowedOAuthFlowsUserPoolClient: true,
    preventUserExistenceErrors: 'ENABLED',
    enableTokenRevocation: false,
    authSessionValidity: 5,
    refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 30 },
  } satisfies Parameters<Pool['pools']['createClient']>[0];

  test(
    'CreateUserPoolClient UpdateUserPoolClient DescribeUserPoolClient embedded',
    'of a client',
    async () => {
      const { pools } = await pool(server);
      const { clientId } = await pools.createClient(settings);
      expect(await pools.describeClient({ clientId })).toMatchObject(settings);
      const other = await pools.createClient({ clientName: 'plain' });
      for (const [member, value] of Object.entries(settings)) {
        if (member !== 'clientName') expect(other, member).not.toMatchObject({ [member]: value });
      }
      await pools.updateClient({ ...settings, clientId: other.clientId });
      expect(await pools.describeClient({ clientId: other.clientId })).toMatchObject(settings);
      await allRefused([
        [
          'InvalidOAuthFlowException',
          () =>
            pools.updateClient({ ...settings, clientId, allowedOAuthFlows: ['code', 'client_credentials'] }),
        ],
        [
          'ScopeDoesNotExistException',
          () => pools.updateClient({ ...settings, clientId, allowedOAuthScopes: ['none/read'] }),
        ],
        [PARAMETER, () => pools.updateClient({ ...settings, clientId, accessTokenValidity: 1 })],
      ]);
    },
  );
});

describe('resource servers', () => {
  test(
    'CreateResourceServer DescribeResourceServer UpdateResourceServer DeleteResourceServer ListResourceServers',
    'a life',
    async () => {
      const { pools } = await pool(server);
      const scopes = [{ scopeName: 'write', scopeDescription: 'Write reports' }];
      const reports = { identifier: 'reports', name: 'Reports', scopes };
      expect(await pools.createResourceServer(reports)).toMatchObject(reports);
      expect(await pools.describeResourceServer({ identifier: 'reports' })).toMatchObject(reports);
      await pools.createResourceServer({ identifier: 'bills', name: 'Bills' });
      const { resourceServers, nextToken } = await pools.listResourceServers({ maxResults: 1 });
      expect(resourceServers).toHaveLength(1);
      expect((await pools.listResourceServers({ maxResults: 1, nextToken })).resourceServers).toHaveLength(1);
      const listed = await all(pools.iterateResourceServers({ maxResults: 1 }));
      expect(listed.map(({ identifier }) => identifier).sort()).toEqual(['bills', 'reports']);
      const changed = { identifier: 'reports', name: 'Papers', scopes: [] };
      expect(await pools.updateResourceServer(changed)).toMatchObject({ name: 'Papers' });
      expect((await pools.describeResourceServer({ identifier: 'reports' })).scopes ?? []).toEqual([]);
      expect(await pools.deleteResourceServer({ identifier: 'reports' })).toBeUndefined();
      await allRefused([
        [PARAMETER, () => pools.createResourceServer({ identifier: 'bills', name: 'Bills' })],
        [NOT_FOUND, () => pools.createResourceServer({ ...nowhere, ...reports })],
        [NOT_FOUND, () => pools.describeResourceServer({ identifier: 'reports' })],
        [NOT_FOUND, () => pools.updateResourceServer(changed)],
        [NOT_FOUND, () => pools.deleteResourceServer({ identifier: 'reports' })],
        [NOT_FOUND, () => pools.listResourceServers(nowhere)],
        [PARAMETER, () => pools.listResourceServers({ nextToken: 'rubbish' })],
      ]);
    },
  );
});

describe('imports', () => {
  const cloudWatchLogsRoleArn = 'arn:aws:iam::123456789012:role/logs';

  test(
    'GetCSVHeader CreateUserImportJob DescribeUserImportJob StartUserImportJob StopUserImportJob ListUserImportJobs',
    'a whole life',
    async () => {
      const { pools, users } = await pool(server);
      const header = await pools.getCsvHeader();
      expect(header).toEqual(expect.arrayContaining(['cognito:username', 'email', 'custom:plan']));
      const job = await pools.createImportJob({ jobName: 'june', cloudWatchLogsRoleArn });
      const { jobId, preSignedUrl = '' } = job;
      expect(job).toMatchObject({ jobName: 'june', status: 'Created', creationDate: expect.any(Date) });
      await allRefused([['PreconditionNotMetException', () => pools.startImportJob({ jobId })]]);

      const row: Record<string, string> = {
        'cognito:username': 'imported',
        'cognito:mfa_enabled': 'false',
        email: 'imported@example.com',
        email_verified: 'true',
        'custom:plan': 'pro',
      };
      const body = `${header.join(',')}\n${header.map((column) => row[column] ?? '').join(',')}\n`;
      const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
      expect((await fetch(preSignedUrl, { method: 'PUT', headers, body })).status).toBe(200);
      expect((await pools.startImportJob({ jobId })).jobId).toBe(jobId);
      await expect
        .poll(async () => (await pools.describeImportJob({ jobId })).status, { timeout: 20_000 })
        .toBe('Succeeded');
      expect(await pools.describeImportJob({ jobId })).toMatchObject({ importedUsers: 1, failedUsers: 0 });
      expect((await users.get({ username: 'imported' })).userAttributes).toMatchObject({
        'custom:plan': 'pro',
      });

      await pools.createImportJob({ jobName: 'july', cloudWatchLogsRoleArn });
      const { userImportJobs, paginationToken } = await pools.listImportJobs({ maxResults: 1 });
      expect(userImportJobs).toHaveLength(1);
      expect((await pools.listImportJobs({ maxResults: 1, paginationToken })).userImportJobs).toHaveLength(1);
      const listed = await all(pools.iterateImportJobs({ maxResults: 1 }));
      expect(listed.map(({ jobName }) => jobName).sort()).toEqual(['july', 'june']);

      const none = { jobId: 'import-none000000' };
      await allRefused([
        ['PreconditionNotMetException', () => pools.startImportJob({ jobId })],
        ['PreconditionNotMetException', () => pools.stopImportJob({ jobId })],
        [NOT_FOUND, () => pools.startImportJob(none)],
        [NOT_FOUND, () => pools.stopImportJob(none)],
        [NOT_FOUND, () => pools.describeImportJob(none)],
        [NOT_FOUND, () => pools.getCsvHeader(nowhere)],
        [NOT_FOUND, () => pools.createImportJob({ ...nowhere, jobName: 'x', cloudWatchLogsRoleArn })],
        [PARAMETER, () => pools.createImportJob({ jobName: '', cloudWatchLogsRoleArn })],
        [NOT_FOUND, () => pools.listImportJobs(nowhere)],
        [PARAMETER, () => pools.listImportJobs({ paginationToken: 'rubbish' })],
      ]);
    },
  );

  test('StopUserImportJob StartUserImportJob', 'stops one that runs', async () => {
    const { pools } = await pool(server);
    const header = await pools.getCsvHeader();
    const { jobId, preSignedUrl = '' } = await pools.createImportJob({ jobName: 'x', cloudWatchLogsRoleArn });
    const rows = Array.from({ length: 20_000 }, (_, row) =>
      header
        .map((column) => {
          if (column === 'cognito:username') return `u${row}`;
          if (column === 'email') return `u${row}@example.com`;
          if (column === 'email_verified') return 'true';
          return column === 'cognito:mfa_enabled' ? 'false' : '';
        })
        .join(','),
    );
    await fetch(preSignedUrl, { method: 'PUT', body: [header.join(','), ...rows].join('\n') });
    await pools.startImportJob({ jobId });
    const stopped = await pools.stopImportJob({ jobId });
    expect(['Stopping', 'Stopped']).toContain(stopped.status);
    await expect
      .poll(async () => (await pools.describeImportJob({ jobId })).status, { timeout: 20_000 })
      .toBe('Stopped');
    expect((await pools.describeImportJob({ jobId })).importedUsers).toBeLessThan(20_000);
  });
});
