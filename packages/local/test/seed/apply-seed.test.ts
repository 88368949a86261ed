import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DeleteUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cognito, type CognitoOptions, defineSeed, type Seed, startCognito } from '../../src/index.js';
import { appCode } from '../operations/authenticator-app.js';

const seed = defineSeed({
  pools: [
    {
      id: 'us-east-1_Local0001',
      name: 'main',
      settings: { Policies: { PasswordPolicy: { MinimumLength: 10 } } },
      clients: [
        {
          id: 'webclient',
          name: 'web',
          settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
        },
        { name: 'server', secret: 'abcdefghijklmnopqrstuvwxyz' },
        { name: 'random', settings: { GenerateSecret: true } },
      ],
      groups: [{ name: 'admin', description: 'All of it', precedence: 1 }, { name: 'editor' }],
      users: [
        {
          username: 'ana',
          password: 'Correct-Horse-1',
          attributes: { email: 'ana@example.com', email_verified: true },
          groups: ['admin', 'editor'],
        },
        { username: 'ivy', temporaryPassword: 'Temporary-1' },
      ],
    },
    { name: 'second' },
  ],
});

async function start(
  options: CognitoOptions,
): Promise<{ cognito: Cognito; sdk: CognitoIdentityProviderClient }> {
  const cognito = await startCognito({ port: 0, ...options });
  const sdk = new CognitoIdentityProviderClient({
    endpoint: cognito.endpoint,
    region: cognito.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(async () => {
    sdk.destroy();
    await cognito.close();
  });
  return { cognito, sdk };
}

async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cognest-data-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

const signIn = (cognito: Cognito, USERNAME: string, PASSWORD: string) =>
  new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: cognito.pool('main').client('web').clientId,
    AuthParameters: { USERNAME, PASSWORD },
  });

function groupsIn(token: string | undefined): unknown {
  const [, payload = ''] = (token ?? '').split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)[
    'cognito:groups'
  ];
}

describe('a seed', () => {
  it('gives pools, clients, groups and users with the ids it fixes, and the others by name', async () => {
    const { cognito, sdk } = await start({ memory: true, seed });
    const main = cognito.pool('main');
    expect(main.userPoolId).toBe('us-east-1_Local0001');
    expect(cognito.pool()).toMatchObject({ name: 'main' });
    expect(main.client('web')).toEqual({ name: 'web', clientId: 'webclient' });
    expect(main.client().name).toBe('web');
    expect(main.client('server')).toEqual({
      name: 'server',
      clientId: expect.stringMatching(/^[0-9a-v]{20,26}$/),
      clientSecret: 'abcdefghijklmnopqrstuvwxyz',
    });
    expect(main.client('random').clientSecret).toMatch(/^[0-9a-v]{45,52}$/);
    expect(cognito.pools.map((pool) => pool.name)).toEqual(['main', 'second']);
    expect(cognito.pool('second').userPoolId).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/);

    const { UserPool } = await sdk.send(new DescribeUserPoolCommand({ UserPoolId: main.userPoolId }));
    expect(UserPool?.Policies?.PasswordPolicy?.MinimumLength).toBe(10);
    const ana = await sdk.send(new AdminGetUserCommand({ UserPoolId: main.userPoolId, Username: 'ana' }));
    expect(ana.UserStatus).toBe('CONFIRMED');
    expect(ana.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' });

    const { AuthenticationResult } = await sdk.send(signIn(cognito, 'ana', 'Correct-Horse-1'));
    expect(groupsIn(AuthenticationResult?.AccessToken)).toEqual(expect.arrayContaining(['admin', 'editor']));
    const invited = await sdk.send(signIn(cognito, 'ivy', 'Temporary-1'));
    expect(invited.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(cognito.messages()).toEqual([]);
  });

  it('names what it does not know', async () => {
    const { cognito } = await start({ memory: true, seed });
    expect(() => cognito.pool('Main')).toThrow(
      'There is no user pool named "Main"; there is: "main", "second".',
    );
    expect(() => cognito.pool('main').client('x')).toThrow(
      'There is no client of the pool "main" named "x"; there is: "web", "server", "random".',
    );
    expect(() => cognito.pool('second').client()).toThrow(
      'There is no client of the pool "second"; there is: none.',
    );
  });

  it('leaves alone what is there: passwords and groups changed since survive a restart', async () => {
    const data = await dataDirectory();
    const first = await start({ data, seed });
    const ids = first.cognito.pools.map((pool) => [pool.userPoolId, pool.clients]);
    const key = { UserPoolId: 'us-east-1_Local0001', Username: 'ana' };
    await first.sdk.send(
      new AdminSetUserPasswordCommand({ ...key, Password: 'Changed-Horse-2', Permanent: true }),
    );
    await first.sdk.send(new AdminRemoveUserFromGroupCommand({ ...key, GroupName: 'admin' }));
    await first.cognito.close();

    const { cognito, sdk } = await start({ data, seed });
    expect(cognito.pools.map((pool) => [pool.userPoolId, pool.clients])).toEqual(ids);
    const { AuthenticationResult } = await sdk.send(signIn(cognito, 'ana', 'Changed-Horse-2'));
    expect(groupsIn(AuthenticationResult?.AccessToken)).toEqual(['editor']);
  });

  it('adds what is missing, to a running server too', async () => {
    const { cognito, sdk } = await start({ memory: true, seed: { pools: [{ name: 'main' }] } });
    const { userPoolId } = cognito.pool('main');
    const more: Seed = {
      pools: [
        {
          name: 'main',
          clients: [
            {
              name: 'web',
              settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
            },
          ],
          groups: [{ name: 'staff' }],
          users: [{ username: 'bob', password: 'Correct-Horse-1', groups: ['staff'] }],
        },
      ],
    };
    // Both at once: the second finds all of it.
    await Promise.all([cognito.seed(more), cognito.seed(more)]);
    expect(cognito.pools).toHaveLength(1);
    expect(cognito.pool('main').userPoolId).toBe(userPoolId);
    expect(cognito.pool('main').clients).toHaveLength(1);
    const { AuthenticationResult } = await sdk.send(signIn(cognito, 'bob', 'Correct-Horse-1'));
    expect(groupsIn(AuthenticationResult?.AccessToken)).toEqual(['staff']);
    await sdk.send(
      new AdminAddUserToGroupCommand({ UserPoolId: userPoolId, Username: 'bob', GroupName: 'staff' }),
    );
  });

  it('of the README works as it stands', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const file = join(await dataDirectory(), 'seed.yaml');
    const [first = '', whole = ''] = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);
    await writeFile(file, first);
    const smallest = await start({ memory: true, seed: file });
    const answer = await smallest.sdk.send(signIn(smallest.cognito, 'ana', 'Correct-Horse-1'));
    expect(answer.AuthenticationResult).toBeDefined();
    await writeFile(file, whole);
    const { cognito, sdk } = await start({ memory: true, seed: file });
    expect(cognito.pool('main').clients).toEqual([
      { name: 'web', clientId: 'localwebclient' },
      {
        name: 'server',
        clientId: expect.any(String),
        clientSecret: 'not_so_secret+local_development_1',
      },
    ]);
    expect((await sdk.send(signIn(cognito, 'ana', 'Correct-Horse-1'))).AuthenticationResult).toBeDefined();
    expect((await sdk.send(signIn(cognito, 'ivy', 'Temporary-Horse-1'))).ChallengeName).toBe(
      'NEW_PASSWORD_REQUIRED',
    );
    const withMfa = cognito.pool('with-mfa');
    const { ChallengeName } = await sdk.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: withMfa.client('web').clientId,
        AuthParameters: { USERNAME: 'tom', PASSWORD: 'Correct-Horse-1' },
      }),
    );
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
  });

  it('sets the further factors of pools and users', async () => {
    const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const withFactors = defineSeed({
      pools: [
        {
          name: 'main',
          settings: {
            SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
            EmailConfiguration: {
              EmailSendingAccount: 'DEVELOPER',
              SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
            },
          },
          mfa: {
            MfaConfiguration: 'OPTIONAL',
            SmsMfaConfiguration: {},
            SoftwareTokenMfaConfiguration: { Enabled: true },
            EmailMfaConfiguration: { Message: 'In with {####}' },
          },
          clients: [
            {
              name: 'web',
              settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
            },
          ],
          users: [
            {
              username: 'app',
              password: 'Correct-Horse-1',
              totpSecret,
              mfa: { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } },
            },
            {
              username: 'text',
              password: 'Correct-Horse-1',
              attributes: { phone_number: '+15550001234' },
              mfa: { SMSMfaSettings: { Enabled: true } },
            },
            {
              username: 'mail',
              password: 'Correct-Horse-1',
              attributes: { email: 'mail@example.com' },
              mfa: { EmailMfaSettings: { Enabled: true } },
            },
            { username: 'none', password: 'Correct-Horse-1' },
          ],
        },
      ],
    });
    const { cognito, sdk } = await start({ memory: true, seed: withFactors });
    const { userPoolId } = cognito.pool('main');
    const config = await sdk.send(new GetUserPoolMfaConfigCommand({ UserPoolId: userPoolId }));
    expect(config).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Message: 'In with {####}' },
    });
    const challengeOf = async (username: string) =>
      (await sdk.send(signIn(cognito, username, 'Correct-Horse-1'))).ChallengeName;
    expect(await challengeOf('text')).toBe('SMS_MFA');
    expect(await challengeOf('mail')).toBe('EMAIL_OTP');
    expect(cognito.messages({ username: 'mail' })[0]?.body).toMatch(/^In with \d{6}$/);
    expect(await challengeOf('none')).toBeUndefined();
    const { ChallengeName, Session } = await sdk.send(signIn(cognito, 'app', 'Correct-Horse-1'));
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    const answered = await sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: cognito.pool('main').client('web').clientId,
        ChallengeName,
        Session,
        ChallengeResponses: {
          USERNAME: 'app',
          SOFTWARE_TOKEN_MFA_CODE: appCode(totpSecret, cognito.clock.now()),
        },
      }),
    );
    expect(answered.AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('says where its further factors cannot be', async () => {
    const cognito = await startCognito({ port: 0, memory: true });
    onTestFinished(() => cognito.close());
    await expect(cognito.seed({ pools: [{ name: 'a', mfa: { MfaConfiguration: 'ON' } }] })).rejects.toThrow(
      'pools[0].mfa: InvalidParameterException: Invalid MFA configuration given',
    );
    await expect(
      cognito.seed({
        pools: [
          {
            name: 'a',
            users: [
              {
                username: 'ana',
                password: 'Correct-Horse-1',
                mfa: { SMSMfaSettings: { Enabled: true } },
              },
            ],
          },
        ],
      }),
    ).rejects.toThrow(
      'pools[0].users[0]: InvalidParameterException: User does not have delivery config set to turn on SMS_MFA',
    );
    expect(cognito.pools).toEqual([]);
  });

  it('is served in the region of its fixed ids, unless another is asked for', async () => {
    const start = (id: string) =>
      startCognito({ port: 0, memory: true, seed: { pools: [{ name: 'a', id }] } });
    const cognito = await start('eu-west-1_Abc');
    onTestFinished(() => cognito.close());
    expect(cognito.region).toBe('eu-west-1');
    expect(cognito.pool().userPoolId).toBe('eu-west-1_Abc');
    await expect(start('somewhere_Abc')).rejects.toThrow('"us-east-1_", got "somewhere_Abc"');
  });

  it('is added whole or not at all, so that a mended seed finds nothing in its way', async () => {
    const cognito = await startCognito({ port: 0, memory: true });
    onTestFinished(() => cognito.close());
    const withLength = (MinimumLength: number): Seed => ({
      pools: [
        { name: 'sound', clients: [{ name: 'web' }] },
        {
          name: 'strict',
          settings: { Policies: { PasswordPolicy: { MinimumLength } } },
          users: [
            { username: 'long', password: 'Long-enough-password-1' },
            { username: 'short', password: 'Short-1x' },
          ],
        },
      ],
    });
    await expect(cognito.seed(withLength(20))).rejects.toThrow('pools[1].users[1]: InvalidPasswordException');
    expect(cognito.pools).toEqual([]);
    await cognito.seed(withLength(8));
    expect(cognito.pools.map(({ name }) => name)).toEqual(['sound', 'strict']);
  });

  it('from a file names it with what the API says, too', async () => {
    const file = join(await dataDirectory(), 'seed.yaml');
    await writeFile(file, 'pools: [{ name: main, users: [{ username: ana, password: short }] }]');
    const message = `${file}: pools[0].users[0]: InvalidPasswordException: Password did not conform with password policy`;
    await expect(startCognito({ port: 0, memory: true, seed: file })).rejects.toThrow(message);
    const { cognito } = await start({ memory: true });
    await expect(cognito.seed(file)).rejects.toThrow(message);
  });

  it('that makes a client again does not bring back what the one before let in', async () => {
    const { cognito, sdk } = await start({ memory: true, seed });
    const UserPoolId = 'us-east-1_Local0001';
    const ClientId = 'webclient';
    const tokens = async () =>
      (await sdk.send(signIn(cognito, 'ana', 'Correct-Horse-1'))).AuthenticationResult;
    const refresh = (RefreshToken: string | undefined) =>
      sdk.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));
    const before = await tokens();
    const { Session } = await sdk.send(signIn(cognito, 'ivy', 'Temporary-1'));
    expect(Session).toBeDefined();

    await sdk.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    await cognito.seed(seed);

    await expect(sdk.send(new GetUserCommand({ AccessToken: before?.AccessToken }))).rejects.toThrow(
      'Access Token has been revoked',
    );
    await expect(refresh(before?.RefreshToken)).rejects.toThrow('Refresh Token has been revoked');
    await expect(
      sdk.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session,
          ChallengeResponses: { USERNAME: 'ivy', NEW_PASSWORD: 'Attackers-own-1' },
        }),
      ),
    ).rejects.toThrow('Invalid session for the user.');
    const after = await tokens();
    expect((await sdk.send(new GetUserCommand({ AccessToken: after?.AccessToken }))).Username).toBe('ana');
    expect((await refresh(after?.RefreshToken)).AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('refuses ids that cannot be', async () => {
    const elsewhere = { pools: [{ name: 'a', id: 'eu-west-1_Abc' }] };
    await expect(
      startCognito({ port: 0, memory: true, region: 'us-east-1', seed: elsewhere }),
    ).rejects.toThrow('pools[0].id: must start with the server\'s region, "us-east-1_", got "eu-west-1_Abc"');
    await expect(
      startCognito({
        port: 0,
        memory: true,
        seed: {
          pools: [
            { name: 'a', clients: [{ name: 'web', id: 'same' }] },
            { name: 'b', clients: [{ name: 'web', id: 'same' }] },
          ],
        },
      }),
    ).rejects.toThrow(
      /^pools\[1\]\.clients\[0\]\.id: "same" is a client of the pool us-east-1_\w{9} already$/,
    );
  });
});
