import type { AdminSetUserMFAPreferenceRequest } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { appCode } from './authenticator-app.js';
import { expectError, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const PHONE = { phone_number: '+15550001234' };
const EMAIL = { email: 'user@example.com' };
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server);
  await sdk.setUserPoolMfaConfig({
    UserPoolId: pool.id,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
});

type Preferences = Omit<AdminSetUserMFAPreferenceRequest, 'UserPoolId' | 'Username'>;

/** Sets preferences as the administrator, or as the user. */
const FORMS: [string, (username: string, preferences: Preferences) => Promise<unknown>][] = [
  [
    'AdminSetUserMFAPreference',
    (Username, preferences) =>
      sdk.adminSetUserMFAPreference({ UserPoolId: pool.id, Username, ...preferences }),
  ],
  [
    'SetUserMFAPreference',
    async (username, preferences) =>
      sdk.setUserMFAPreference({ AccessToken: tokens.get(username) as string, ...preferences }),
  ],
];
const tokens = new Map<string, string>();

async function user(username: string, attributes: Record<string, string> = {}): Promise<void> {
  await pool.user(username, attributes);
  tokens.set(username, (await pool.tokens(username)).AccessToken);
}

async function withApp(username: string): Promise<void> {
  const AccessToken = tokens.get(username);
  const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
  await sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(SecretCode, clock.now()) });
}

/** What the user and the administrator see alike. */
async function shown(username: string) {
  const own = await sdk.getUser({ AccessToken: tokens.get(username) as string });
  const factors = await sdk.getUserAuthFactors({ AccessToken: tokens.get(username) as string });
  const { UserMFASettingList, PreferredMfaSetting, MFAOptions } = await pool.get(username);
  expect(own).toMatchObject(
    JSON.parse(JSON.stringify({ UserMFASettingList, PreferredMfaSetting, MFAOptions })) as object,
  );
  expect(factors.UserMFASettingList).toEqual(UserMFASettingList);
  expect(factors.PreferredMfaSetting).toEqual(PreferredMfaSetting);
  return { UserMFASettingList, PreferredMfaSetting, MFAOptions };
}

describe.each(FORMS)('%s', (form, prefer) => {
  const named = (name: string) => `${name}-${form}`;

  it('activates factors, prefers one, and takes them away again', async () => {
    const name = named('all');
    await user(name, { ...PHONE, ...EMAIL });
    await withApp(name);
    expect(await shown(name)).toEqual({});
    await prefer(name, { EmailMfaSettings: { Enabled: true } });
    await prefer(name, { SMSMfaSettings: { Enabled: true, PreferredMfa: true } });
    expect(await shown(name)).toEqual({
      UserMFASettingList: ['SMS_MFA', 'EMAIL_OTP'],
      PreferredMfaSetting: 'SMS_MFA',
    });
    await prefer(name, { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } });
    expect(await shown(name)).toEqual({
      UserMFASettingList: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
    });
    await prefer(name, { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false } });
    expect((await shown(name)).PreferredMfaSetting).toBeUndefined();
    await prefer(name, {
      SMSMfaSettings: { Enabled: false },
      SoftwareTokenMfaSettings: { Enabled: false },
    });
    expect(await shown(name)).toEqual({ UserMFASettingList: ['EMAIL_OTP'] });
    await prefer(name, { EmailMfaSettings: { Enabled: false } });
    expect(await shown(name)).toEqual({});
  });

  it('forgets a preference with the factor', async () => {
    const name = named('forget');
    await user(name, PHONE);
    await prefer(name, { SMSMfaSettings: { Enabled: true, PreferredMfa: true } });
    await prefer(name, { SMSMfaSettings: { Enabled: false } });
    await prefer(name, { SMSMfaSettings: { Enabled: true } });
    expect(await shown(name)).toEqual({ UserMFASettingList: ['SMS_MFA'] });
  });

  it.each([
    ['SMS_MFA', { SMSMfaSettings: { Enabled: true } }],
    ['SOFTWARE_TOKEN_MFA', { SoftwareTokenMfaSettings: { Enabled: true } }],
    ['EMAIL_OTP', { EmailMfaSettings: { Enabled: true } }],
  ])('refuses %s without the means, and then changes nothing', async (factor, preferences) => {
    const name = named(factor);
    await user(name, factor === 'EMAIL_OTP' ? PHONE : EMAIL);
    await expectError(
      prefer(name, {
        [factor === 'EMAIL_OTP' ? 'SMSMfaSettings' : 'EmailMfaSettings']: { Enabled: true },
        ...preferences,
      }),
      'InvalidParameterException',
      `User does not have delivery config set to turn on ${factor}`,
    );
    expect(await shown(name)).toEqual({});
  });

  it('refuses a token that was never verified', async () => {
    const name = named('pending');
    await user(name);
    await sdk.associateSoftwareToken({ AccessToken: tokens.get(name) });
    await expectError(
      prefer(name, { SoftwareTokenMfaSettings: { Enabled: true } }),
      'InvalidParameterException',
      'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA',
    );
  });

  it('switches on again what was switched off, without another set-up', async () => {
    const name = named('again');
    await user(name);
    await withApp(name);
    await prefer(name, { SoftwareTokenMfaSettings: { Enabled: false } });
    await prefer(name, { SoftwareTokenMfaSettings: { Enabled: true } });
    expect(await shown(name)).toEqual({ UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] });
  });

  it('refuses two preferred factors, and a preferred one that is not enabled', async () => {
    const name = named('two');
    await user(name, { ...PHONE, ...EMAIL });
    const both = { Enabled: true, PreferredMfa: true };
    await expectError(
      prefer(name, { SMSMfaSettings: both, EmailMfaSettings: both }),
      'InvalidParameterException',
      'Only one MFA factor can be set as preferred.',
    );
    await expectError(
      prefer(name, { SMSMfaSettings: { PreferredMfa: true } }),
      'InvalidParameterException',
      'SMS_MFA cannot be set as preferred without being enabled.',
    );
  });

  it('refuses passkeys as a factor where the pool does not count them as one', async () => {
    const name = named('passkeys');
    await user(name);
    await expectError(
      prefer(name, { WebAuthnMfaSettings: { Enabled: true } }),
      'InvalidParameterException',
      'Passkeys are not configured as a multi-factor method of the user pool.',
    );
    await prefer(name, { WebAuthnMfaSettings: { Enabled: false } });
  });
});

describe('the old settings', () => {
  const MFAOptions = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] as const;
  const forms: [string, (username: string, options: object[]) => Promise<unknown>][] = [
    [
      'AdminSetUserSettings',
      (Username, options) => sdk.adminSetUserSettings({ UserPoolId: pool.id, Username, MFAOptions: options }),
    ],
    [
      'SetUserSettings',
      (username, options) =>
        sdk.setUserSettings({ AccessToken: tokens.get(username) as string, MFAOptions: options }),
    ],
  ];

  it.each(forms)('%s replaces MFAOptions', async (form, set) => {
    await user(form, PHONE);
    await set(form, [...MFAOptions]);
    expect(await shown(form)).toEqual({ MFAOptions });
    await sdk.createGroup({ UserPoolId: pool.id, GroupName: form });
    await sdk.adminAddUserToGroup({ UserPoolId: pool.id, Username: form, GroupName: form });
    const { Users } = await sdk.listUsersInGroup({ UserPoolId: pool.id, GroupName: form });
    expect(Users?.[0]?.MFAOptions).toEqual(MFAOptions);
    const listed = await sdk.listUsers({ UserPoolId: pool.id, Filter: `username = "${form}"` });
    expect(listed.Users?.[0]?.MFAOptions).toEqual(MFAOptions);
    await set(form, []);
    expect(await shown(form)).toEqual({});
  });

  it.each(forms)('%s knows SMS to a phone number only', async (form, set) => {
    const name = `${form}-refused`;
    await user(name, EMAIL);
    for (const option of [
      { DeliveryMedium: 'EMAIL', AttributeName: 'email' },
      { DeliveryMedium: 'SMS', AttributeName: 'email' },
      {},
    ]) {
      await expectError(
        set(name, [option]),
        'InvalidParameterException',
        'MFAOptions take DeliveryMedium SMS with AttributeName phone_number only.',
      );
    }
    await expectError(
      set(name, [...MFAOptions]),
      'InvalidParameterException',
      'User does not have delivery config set to turn on SMS_MFA',
    );
  });

  it('gives way to a preference', async () => {
    await user('gives-way', PHONE);
    await sdk.adminSetUserSettings({
      UserPoolId: pool.id,
      Username: 'gives-way',
      MFAOptions: [...MFAOptions],
    });
    await sdk.adminSetUserMFAPreference({
      UserPoolId: pool.id,
      Username: 'gives-way',
      SMSMfaSettings: { Enabled: false },
    });
    expect(await shown('gives-way')).toEqual({});
  });
});

describe('whoever is not there', () => {
  it('is refused', async () => {
    const unknown = ['UserNotFoundException', 'User does not exist.'] as const;
    const Username = 'nobody';
    await expectError(sdk.adminSetUserMFAPreference({ UserPoolId: pool.id, Username }), ...unknown);
    await expectError(
      sdk.adminSetUserSettings({ UserPoolId: pool.id, Username, MFAOptions: [] }),
      ...unknown,
    );
    const invalid = ['NotAuthorizedException', 'Invalid Access Token'] as const;
    await expectError(sdk.setUserMFAPreference({ AccessToken: 'x' }), ...invalid);
    await expectError(sdk.setUserSettings({ AccessToken: 'x', MFAOptions: [] }), ...invalid);
    await expectError(sdk.getUserAuthFactors({ AccessToken: 'x' }), ...invalid);
  });

  it('leaves nothing to a namesake', async () => {
    await user('heir', PHONE);
    await sdk.adminSetUserMFAPreference({
      UserPoolId: pool.id,
      Username: 'heir',
      SMSMfaSettings: { Enabled: true },
    });
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: 'heir' });
    await user('heir', PHONE);
    expect(await shown('heir')).toEqual({});
  });
});
