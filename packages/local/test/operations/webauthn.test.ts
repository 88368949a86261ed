import type { SetUserPoolMfaConfigRequest } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Quirks, SoftwarePasskey } from '../../../../test/support/software-authenticator.js';
import { decode, expectError, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const FLOWS = {
  ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
} as const;
let pool: TestPool;
let strict: TestPool;

beforeAll(async () => {
  pool = await passkeyPool({ WebAuthnConfiguration: { RelyingPartyId: 'localhost' } });
  strict = await passkeyPool({
    WebAuthnConfiguration: { RelyingPartyId: 'example.com', UserVerification: 'required' },
  });
});

async function passkeyPool(config: Omit<SetUserPoolMfaConfigRequest, 'UserPoolId'>): Promise<TestPool> {
  const made = await TestPool.create(
    server,
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
    { ...FLOWS, ExplicitAuthFlows: [...FLOWS.ExplicitAuthFlows] },
  );
  await sdk.setUserPoolMfaConfig({ UserPoolId: made.id, ...config });
  return made;
}

interface Options {
  readonly challenge: string;
  readonly rp: { readonly id: string; readonly name: string };
  readonly [name: string]: unknown;
}

async function start(AccessToken: string): Promise<Options> {
  const { CredentialCreationOptions } = await sdk.startWebAuthnRegistration({ AccessToken });
  return CredentialCreationOptions as unknown as Options;
}

async function signedIn(username: string, to = pool): Promise<string> {
  await to.user(username);
  return (await to.tokens(username)).AccessToken;
}

async function registered(username: string, to = pool, quirks: Quirks = {}): Promise<SoftwarePasskey> {
  const AccessToken = await signedIn(username, to);
  return addPasskey(AccessToken, quirks);
}

async function addPasskey(AccessToken: string, quirks: Quirks = {}): Promise<SoftwarePasskey> {
  const passkey = new SoftwarePasskey();
  await sdk.completeWebAuthnRegistration({
    AccessToken,
    Credential: passkey.create(await start(AccessToken), quirks),
  });
  return passkey;
}

const NOT_FOUND = [
  'WebAuthnChallengeNotFoundException',
  'The challenge of the credential is not that of a registration under way.',
] as const;
const MALFORMED = [
  'InvalidParameterException',
  'Credential is not a public-key credential response in JSON.',
] as const;
const UNSUPPORTED = [
  'WebAuthnCredentialNotSupportedException',
  'The response of the credential is not one that the user pool takes.',
] as const;
const OTHER_PARTY = [
  'WebAuthnRelyingPartyMismatchException',
  'The credential is not for the relying party of the user pool.',
] as const;

describe('StartWebAuthnRegistration', () => {
  it('answers what a browser needs', async () => {
    const AccessToken = await signedIn('ann');
    const { sub } = decode(AccessToken).claims;
    const { challenge, ...options } = await start(AccessToken);
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(options).toEqual({
      rp: { id: 'localhost', name: 'localhost' },
      user: {
        id: Buffer.from(sub as string).toString('base64url'),
        name: 'ann',
        displayName: 'ann',
      },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 5 * MINUTE,
      excludeCredentials: [],
      authenticatorSelection: {
        requireResidentKey: true,
        residentKey: 'required',
        userVerification: 'preferred',
      },
      attestation: 'none',
    });
    const passkey = await addPasskey(AccessToken);
    const again = await start(AccessToken);
    expect(again.challenge).not.toBe(challenge);
    expect(again['excludeCredentials']).toEqual([
      { type: 'public-key', id: passkey.id, transports: ['internal', 'hybrid'] },
    ]);
  });

  it('says what the pool demands', async () => {
    const options = await start(await signedIn('strict', strict));
    expect(options.rp.id).toBe('example.com');
    expect(options['authenticatorSelection']).toMatchObject({ userVerification: 'required' });
  });

  it('needs a pool with passkeys, and a relying party', async () => {
    const without = await TestPool.create(server);
    const AccessToken = await signedIn('u', without);
    const refusal = [
      'WebAuthnNotEnabledException',
      'WEB_AUTHN is not among the allowed first auth factors of the user pool.',
    ] as const;
    await expectError(sdk.startWebAuthnRegistration({ AccessToken }), ...refusal);
    await expectError(sdk.completeWebAuthnRegistration({ AccessToken, Credential: {} }), ...refusal);
    const nameless = await passkeyPool({ MfaConfiguration: 'OFF' });
    await expectError(
      sdk.startWebAuthnRegistration({ AccessToken: await signedIn('u', nameless) }),
      'WebAuthnConfigurationMissingException',
      'The user pool has no domain and no RelyingPartyId in its WebAuthn configuration.',
    );
  });

  it('takes twenty passkeys', async () => {
    const AccessToken = await signedIn('many');
    for (let i = 0; i < 19; i++) await addPasskey(AccessToken);
    const options = await start(AccessToken);
    const last = new SoftwarePasskey();
    await sdk.completeWebAuthnRegistration({ AccessToken, Credential: last.create(options) });
    await expectError(
      sdk.startWebAuthnRegistration({ AccessToken }),
      'LimitExceededException',
      'The user has the maximum number of passkeys.',
    );
  });
});

describe('CompleteWebAuthnRegistration', () => {
  it('registers what was asked for, once', async () => {
    const AccessToken = await signedIn('bea');
    const Credential = new SoftwarePasskey().create(await start(AccessToken));
    await sdk.completeWebAuthnRegistration({ AccessToken, Credential });
    await expectError(sdk.completeWebAuthnRegistration({ AccessToken, Credential }), ...NOT_FOUND);
  });

  it('takes an answer to the last challenge, for five minutes', async () => {
    const AccessToken = await signedIn('cat');
    const passkey = new SoftwarePasskey();
    const complete = (options: Options) =>
      sdk.completeWebAuthnRegistration({ AccessToken, Credential: passkey.create(options) });
    await expectError(complete({ challenge: 'x', rp: { id: 'localhost', name: '' } }), ...NOT_FOUND);
    const first = await start(AccessToken);
    const second = await start(AccessToken);
    await expectError(complete(first), ...NOT_FOUND);
    clock.advance(5 * MINUTE);
    await expectError(complete(second), ...NOT_FOUND);
    const third = await start(AccessToken);
    clock.advance(5 * MINUTE - 1);
    await complete(third);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that only ends alike', { origin: 'https://notlocalhost' }],
    ['no origin', { origin: 'localhost' }],
    ['an origin with a path', { origin: 'http://localhost/x' }],
  ])('refuses %s', async (name, quirks) => {
    const AccessToken = await signedIn(name.replaceAll(' ', '-'));
    const Credential = new SoftwarePasskey().create(await start(AccessToken), quirks);
    await expectError(
      sdk.completeWebAuthnRegistration({ AccessToken, Credential }),
      'WebAuthnOriginNotAllowedException',
      `Origin ${quirks.origin} is not one of the relying party of the user pool.`,
    );
  });

  it('takes the relying party’s domain and those below it, over TLS', async () => {
    const AccessToken = await signedIn('below', strict);
    await addPasskey(AccessToken, { origin: 'https://example.com' });
    await addPasskey(AccessToken, { origin: 'https://app.example.com:8443' });
    await expectError(
      addPasskey(AccessToken, { origin: 'http://app.example.com' }),
      'WebAuthnOriginNotAllowedException',
      'Origin http://app.example.com is not one of the relying party of the user pool.',
    );
  });

  it('refuses another client, and another relying party', async () => {
    const client = await pool.client({ ExplicitAuthFlows: [...FLOWS.ExplicitAuthFlows] });
    const AccessToken = await signedIn('dan');
    const options = await start(AccessToken);
    const passkey = new SoftwarePasskey();
    await expectError(
      sdk.completeWebAuthnRegistration({
        AccessToken: (await client.tokens('dan')).AccessToken,
        Credential: passkey.create(options),
      }),
      'WebAuthnClientMismatchException',
      'The registration was started by another app client.',
    );
    await expectError(
      sdk.completeWebAuthnRegistration({
        AccessToken,
        Credential: passkey.create(options, { rpId: 'example.com' }),
      }),
      ...OTHER_PARTY,
    );
    await sdk.completeWebAuthnRegistration({ AccessToken, Credential: passkey.create(options) });
  });

  it('refuses an answer for a relying party that the pool has no more', async () => {
    const moving = await passkeyPool({ WebAuthnConfiguration: { RelyingPartyId: 'localhost' } });
    const AccessToken = await signedIn('u', moving);
    const Credential = new SoftwarePasskey().create(await start(AccessToken));
    await sdk.setUserPoolMfaConfig({
      UserPoolId: moving.id,
      WebAuthnConfiguration: { RelyingPartyId: 'app.localhost' },
    });
    await expectError(sdk.completeWebAuthnRegistration({ AccessToken, Credential }), ...OTHER_PARTY);
  });

  it.each([
    ['the answer to another question', { type: 'webauthn.get' }],
    ['an algorithm that was not asked for', { algorithm: -8 }],
  ] as [string, Quirks][])('refuses %s', async (name, quirks) => {
    const AccessToken = await signedIn(name.replaceAll(' ', '-'));
    const Credential = new SoftwarePasskey().create(await start(AccessToken), quirks);
    await expectError(sdk.completeWebAuthnRegistration({ AccessToken, Credential }), ...UNSUPPORTED);
  });

  it('refuses a user whom nobody verified, where that is required', async () => {
    await addPasskey(await signedIn('loose'), { verified: false });
    await expectError(
      addPasskey(await signedIn('unverified', strict), { origin: 'https://example.com', verified: false }),
      ...UNSUPPORTED,
    );
  });

  it('looks into no certificates', async () => {
    const AccessToken = await signedIn('eve');
    const Credential = new SoftwarePasskey().create(await start(AccessToken), {
      format: 'packed',
      statement: new Map<string, unknown>([
        ['alg', -7],
        ['sig', Buffer.alloc(8)],
        ['x5c', [Buffer.alloc(16)]],
      ]),
    });
    await expectError(
      sdk.completeWebAuthnRegistration({ AccessToken, Credential }),
      'WebAuthnCredentialNotSupportedException',
      'The attestation of the credential is not one that the user pool takes.',
    );
  });

  it('refuses what is no credential', async () => {
    const AccessToken = await signedIn('fay');
    const good = new SoftwarePasskey().create(await start(AccessToken));
    for (const Credential of [
      'text',
      [],
      {},
      { ...good, rawId: 'other' },
      { ...good, type: 'password' },
      { ...good, response: {} },
      { ...good, response: { ...good.response, clientDataJSON: 'AAAA' } },
      { ...good, response: { ...good.response, attestationObject: 'AAAA' } },
      { ...good, response: { ...good.response, attestationObject: 7 } },
    ]) {
      await expectError(sdk.completeWebAuthnRegistration({ AccessToken, Credential }), ...MALFORMED);
    }
    await sdk.completeWebAuthnRegistration({ AccessToken, Credential: good });
  });

  it('refuses a passkey that somebody has', async () => {
    const passkey = await registered('gil');
    const AccessToken = await signedIn('gus');
    await expectError(
      sdk.completeWebAuthnRegistration({ AccessToken, Credential: passkey.create(await start(AccessToken)) }),
      'InvalidParameterException',
      'The passkey is registered already.',
    );
  });
});

describe('ListWebAuthnCredentials and DeleteWebAuthnCredential', () => {
  it('list and delete the user’s own', async () => {
    const AccessToken = await signedIn('hal');
    const stranger = await registered('ida');
    expect((await sdk.listWebAuthnCredentials({ AccessToken })).Credentials).toEqual([]);
    const passkeys = [
      await addPasskey(AccessToken),
      await addPasskey(AccessToken),
      await addPasskey(AccessToken),
    ];
    const ids = passkeys.map(({ id }) => id).sort();
    const { Credentials, NextToken } = await sdk.listWebAuthnCredentials({ AccessToken });
    expect(NextToken).toBeUndefined();
    expect(Credentials?.map(({ CredentialId }) => CredentialId).sort()).toEqual(ids);
    expect(Credentials?.[0]).toEqual({
      CredentialId: expect.any(String),
      FriendlyCredentialName: 'Passkey',
      RelyingPartyId: 'localhost',
      AuthenticatorAttachment: 'platform',
      AuthenticatorTransports: ['internal', 'hybrid'],
      CreatedAt: new Date(clock.now()),
    });
    const first = await sdk.listWebAuthnCredentials({ AccessToken, MaxResults: 2 });
    const rest = await sdk.listWebAuthnCredentials({
      AccessToken,
      MaxResults: 2,
      NextToken: first.NextToken,
    });
    expect(rest.NextToken).toBeUndefined();
    expect([...(first.Credentials ?? []), ...(rest.Credentials ?? [])].map((c) => c.CredentialId)).toEqual(
      Credentials?.map((c) => c.CredentialId),
    );
    await expectError(
      sdk.listWebAuthnCredentials({ AccessToken, NextToken: 'x' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );

    const none = ['ResourceNotFoundException', 'The user has no such credential.'] as const;
    await expectError(sdk.deleteWebAuthnCredential({ AccessToken, CredentialId: stranger.id }), ...none);
    const CredentialId = ids[0] as string;
    await sdk.deleteWebAuthnCredential({ AccessToken, CredentialId });
    await expectError(sdk.deleteWebAuthnCredential({ AccessToken, CredentialId }), ...none);
    expect((await sdk.listWebAuthnCredentials({ AccessToken })).Credentials).toHaveLength(2);
  });

  it.each([
    ['StartWebAuthnRegistration', () => sdk.startWebAuthnRegistration({ AccessToken: 'x' })],
    ['Complete', () => sdk.completeWebAuthnRegistration({ AccessToken: 'x', Credential: {} })],
    ['List', () => sdk.listWebAuthnCredentials({ AccessToken: 'x' })],
    ['Delete', () => sdk.deleteWebAuthnCredential({ AccessToken: 'x', CredentialId: 'x' })],
  ])('%s needs an access token', async (_, call) => {
    await expectError(call(), 'NotAuthorizedException', 'Invalid Access Token');
  });
});

describe('WEB_AUTHN', () => {
  const choose = (to: TestPool, username: string, more: Record<string, string> = {}) =>
    sdk.initiateAuth({
      ClientId: to.clientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: username, PREFERRED_CHALLENGE: 'WEB_AUTHN', ...more },
    });
  const answer = (to: TestPool, USERNAME: string, Session: string | undefined, credential: unknown) =>
    sdk.respondToAuthChallenge({
      ClientId: to.clientId,
      ChallengeName: 'WEB_AUTHN',
      Session,
      ChallengeResponses: { USERNAME, CREDENTIAL: JSON.stringify(credential) },
    });
  const optionsOf = (parameters: Record<string, string> | undefined) =>
    JSON.parse(parameters?.['CREDENTIAL_REQUEST_OPTIONS'] as string) as { challenge: string; rpId: string };
  const INCORRECT = ['NotAuthorizedException', 'Incorrect username or password.'] as const;

  it('signs in with a passkey, without a password', async () => {
    const passkey = await registered('amy');
    const { ChallengeName, ChallengeParameters, Session } = await choose(pool, 'amy');
    expect(ChallengeName).toBe('WEB_AUTHN');
    const options = optionsOf(ChallengeParameters);
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: 3 * MINUTE,
      rpId: 'localhost',
      allowCredentials: [{ type: 'public-key', id: passkey.id, transports: ['internal', 'hybrid'] }],
      userVerification: 'preferred',
    });
    const done = await answer(pool, 'amy', Session, passkey.get(options));
    expect(decode(done.AuthenticationResult?.AccessToken).claims['username']).toBe('amy');
    await expectError(
      answer(pool, 'amy', Session, passkey.get(options)),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });

  it('is one of several to choose from', async () => {
    const passkey = await registered('bob');
    const select = await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: 'bob' },
    });
    expect(select.ChallengeName).toBe('SELECT_CHALLENGE');
    expect(select.AvailableChallenges).toContain('WEB_AUTHN');
    const chosen = await sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'SELECT_CHALLENGE',
      Session: select.Session,
      ChallengeResponses: { USERNAME: 'bob', ANSWER: 'WEB_AUTHN' },
    });
    expect(chosen.ChallengeName).toBe('WEB_AUTHN');
    const done = await answer(
      pool,
      'bob',
      chosen.Session,
      passkey.get(optionsOf(chosen.ChallengeParameters)),
    );
    expect(done.AuthenticationResult).toBeDefined();
  });

  it('shows in GetUserAuthFactors', async () => {
    const AccessToken = await signedIn('cy');
    const factors = async () => {
      const { Username, ConfiguredUserAuthFactors } = await sdk.getUserAuthFactors({ AccessToken });
      expect(Username).toBe('cy');
      return ConfiguredUserAuthFactors;
    };
    expect(await factors()).toEqual(['PASSWORD']);
    await addPasskey(AccessToken);
    expect(await factors()).toEqual(['PASSWORD', 'WEB_AUTHN']);
  });

  it('is not there for a user without a passkey', async () => {
    await pool.user('deb');
    const { ChallengeName, AvailableChallenges } = await choose(pool, 'deb');
    expect(ChallengeName).toBe('SELECT_CHALLENGE');
    expect(AvailableChallenges).not.toContain('WEB_AUTHN');
  });

  it('is put to a name that nobody has as to a user, where that is hidden', async () => {
    const hiding = await pool.client({
      ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
    const passkey = new SoftwarePasskey();
    const offered: string[] = [];
    for (let n = 0; n < 40; n++) {
      const { ChallengeName } = await choose(hiding, `nobody${n}`);
      if (ChallengeName === 'WEB_AUTHN') offered.push(`nobody${n}`);
    }
    const [nobody] = offered;
    expect(offered.length).toBeLessThan(40);
    const { ChallengeParameters, Session } = await choose(hiding, nobody as string);
    const options = optionsOf(ChallengeParameters);
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: 3 * MINUTE,
      rpId: 'localhost',
      allowCredentials: [
        { type: 'public-key', id: expect.stringMatching(/^[\w-]{43}$/), transports: ['internal', 'hybrid'] },
      ],
      userVerification: 'preferred',
    });
    const again = optionsOf((await choose(hiding, nobody as string)).ChallengeParameters);
    expect(again).toEqual({ ...options, challenge: again.challenge });
    await expectError(answer(hiding, nobody as string, Session, passkey.get(options)), ...INCORRECT);
    await expectError(answer(hiding, nobody as string, Session, '{}'), ...MALFORMED);
  });

  it.each([
    ['a signature that does not fit', { corruptSignature: true }],
    ['another challenge', { challenge: 'x'.repeat(43) }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['the answer to another question', { type: 'webauthn.create' }],
  ] as [string, Quirks][])('refuses %s, and takes another try', async (name, quirks) => {
    const username = `in-${name.replaceAll(' ', '-')}`;
    const passkey = await registered(username);
    const { ChallengeParameters, Session } = await choose(pool, username);
    const options = optionsOf(ChallengeParameters);
    await expectError(answer(pool, username, Session, passkey.get(options, quirks)), ...INCORRECT);
    await answer(pool, username, Session, passkey.get(options));
  });

  it('refuses the passkey of another, and one that was deleted', async () => {
    const passkey = await registered('eli');
    const other = await registered('flo');
    const { ChallengeParameters, Session } = await choose(pool, 'eli');
    const options = optionsOf(ChallengeParameters);
    await expectError(answer(pool, 'eli', Session, other.get(options)), ...INCORRECT);
    const { AccessToken } = await pool.tokens('eli');
    await sdk.deleteWebAuthnCredential({ AccessToken, CredentialId: passkey.id });
    await expectError(answer(pool, 'eli', Session, passkey.get(options)), ...INCORRECT);
  });

  it('refuses a counter that does not move on', async () => {
    const passkey = await registered('gia', pool, { counter: 5 });
    const enter = async (counter: number) => {
      const { ChallengeParameters, Session } = await choose(pool, 'gia');
      return answer(pool, 'gia', Session, passkey.get(optionsOf(ChallengeParameters), { counter }));
    };
    await expectError(enter(5), ...INCORRECT);
    await enter(6);
    await expectError(enter(6), ...INCORRECT);
    await enter(8);
  });

  it('refuses a user whom nobody verified, where that is required', async () => {
    const origin = 'https://example.com';
    const passkey = await registered('hew', strict, { origin });
    const { ChallengeParameters, Session } = await choose(strict, 'hew');
    const options = optionsOf(ChallengeParameters);
    expect(options).toMatchObject({ userVerification: 'required' });
    await expectError(
      answer(strict, 'hew', Session, passkey.get(options, { origin, verified: false })),
      ...INCORRECT,
    );
    await answer(strict, 'hew', Session, passkey.get(options, { origin }));
  });

  it('refuses what is no credential, and one that comes too early', async () => {
    const passkey = await registered('ian');
    const { ChallengeParameters, Session } = await choose(pool, 'ian');
    for (const credential of ['{', '7', '{}']) {
      await expectError(answer(pool, 'ian', Session, credential), ...MALFORMED);
    }
    await expectError(
      choose(pool, 'ian', { CREDENTIAL: JSON.stringify(passkey.get(optionsOf(ChallengeParameters))) }),
      'InvalidParameterException',
      'CREDENTIAL answers the challenge WEB_AUTHN, which has not been put yet.',
    );
    await expectError(
      sdk.respondToAuthChallenge({
        ClientId: pool.clientId,
        ChallengeName: 'WEB_AUTHN',
        Session,
        ChallengeResponses: { USERNAME: 'ian' },
      }),
      'InvalidParameterException',
      'Missing required parameter CREDENTIAL',
    );
  });

  it('is good for AuthSessionValidity', async () => {
    const passkey = await registered('jan');
    const { ChallengeParameters, Session } = await choose(pool, 'jan');
    clock.advance(3 * MINUTE);
    await expectError(
      answer(pool, 'jan', Session, passkey.get(optionsOf(ChallengeParameters))),
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    );
  });

  it('is refused to a disabled user', async () => {
    const passkey = await registered('kay');
    const { ChallengeParameters, Session } = await choose(pool, 'kay');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'kay' });
    await expectError(
      answer(pool, 'kay', Session, passkey.get(optionsOf(ChallengeParameters))),
      'NotAuthorizedException',
      'User is disabled.',
    );
  });

  it('goes with the user', async () => {
    await registered('leo');
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: 'leo' });
    const AccessToken = await signedIn('leo');
    expect((await sdk.listWebAuthnCredentials({ AccessToken })).Credentials).toEqual([]);
  });

  describe('and MFA', () => {
    const Totp = { MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } } as const;

    /** A user with a passkey who has chosen a second factor, which the pool then offers. */
    async function withFactor(FactorConfiguration: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION') {
      const to = await passkeyPool({
        MfaConfiguration: 'OPTIONAL',
        SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
        WebAuthnConfiguration: { RelyingPartyId: 'localhost', FactorConfiguration },
      });
      await to.user('u', { phone_number: '+15550001234' });
      const { AccessToken } = await to.tokens('u');
      const passkey = await addPasskey(AccessToken);
      await sdk.setUserMFAPreference({ AccessToken, SMSMfaSettings: { Enabled: true } });
      return { to, passkey, AccessToken };
    }

    it('is one factor, and not enough for a user who needs two', async () => {
      const { to } = await withFactor('SINGLE_FACTOR');
      expect((await choose(to, 'u')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
    });

    it('is two where the pool says so, if the user was verified and did not object', async () => {
      const { to, passkey, AccessToken } = await withFactor('MULTI_FACTOR_WITH_USER_VERIFICATION');
      const { ChallengeParameters, Session } = await choose(to, 'u');
      const options = optionsOf(ChallengeParameters);
      expect(options).toMatchObject({ userVerification: 'required' });
      await expectError(answer(to, 'u', Session, passkey.get(options, { verified: false })), ...INCORRECT);
      const done = await answer(to, 'u', Session, passkey.get(options));
      expect(done.AuthenticationResult).toBeDefined();
      expect((await to.signIn('u', PASSWORD)).ChallengeName).toBe('SMS_MFA');

      const set = (Enabled: boolean) =>
        sdk.setUserMFAPreference({ AccessToken, WebAuthnMfaSettings: { Enabled } });
      await set(false);
      expect((await choose(to, 'u')).AvailableChallenges).not.toContain('WEB_AUTHN');
      await set(true);
      expect((await choose(to, 'u')).ChallengeName).toBe('WEB_AUTHN');
    });

    it('is enough in a pool that offers factors nobody chose', async () => {
      const to = await passkeyPool({ ...Totp, WebAuthnConfiguration: { RelyingPartyId: 'localhost' } });
      const passkey = await registered('u', to);
      const { ChallengeParameters, Session } = await choose(to, 'u');
      const done = await answer(to, 'u', Session, passkey.get(optionsOf(ChallengeParameters)));
      expect(done.AuthenticationResult).toBeDefined();
    });
  });
});
