import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SoftwarePasskey } from '../../../../test/support/software-authenticator.js';
import { CognitoAuthModule } from '../../src/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { AUTH_MODES, administrator, newUser } from '../support/auth-modes.js';
import { Browser } from '../support/browser.js';
import { startTestCognito, type TestCognito } from '../support/cognito.js';

let test: TestCognito;
let admin: CognitoIdentityProvider;
let UserPoolId: string;
let clientId: string;

beforeAll(async () => {
  test = await startTestCognito();
  admin = administrator(test);
  const { UserPool } = await admin.createUserPool({
    PoolName: 'passkeys',
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
  });
  UserPoolId = UserPool?.Id ?? '';
  await admin.setUserPoolMfaConfig({
    UserPoolId,
    WebAuthnConfiguration: { RelyingPartyId: 'localhost', UserVerification: 'preferred' },
  });
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  });
  clientId = UserPoolClient?.ClientId ?? '';
});
afterAll(async () => {
  admin.destroy();
  await test.cognito.close();
});

const someone = () => newUser(admin, UserPoolId);

describe.each(AUTH_MODES)('passkeys with $mode on $platform', ({ adapter, session: newSession }) => {
  const session = newSession();
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(
      test.options({
        userPoolId: UserPoolId,
        clientId,
        tokenSources: ['header', ...(session === undefined ? [] : [session])],
      }),
      [],
      { imports: [CognitoAuthModule.forRoot({ session, throttle: false, signInByChoice: true })] },
      undefined,
      adapter(),
    );
  });
  afterAll(() => app.close());

  /** Somebody's browser, signed in with their password. */
  async function signedIn(username: string) {
    const browser = new Browser(app);
    const { status, body } = await browser.signIn(username);
    expect(status).toBe(200);
    return as(browser, body.tokens?.accessToken);
  }

  function as(browser: Browser, accessToken?: string) {
    const bearer = accessToken && { authorization: `Bearer ${accessToken}` };
    return {
      send: (method: string, path: string, body?: object) =>
        browser.send(method, `/auth/${path}`, body, { 'x-csrf-protection': '1', ...bearer }),
    };
  }

  /** A user who has registered a passkey. */
  async function withPasskey() {
    const username = await someone();
    const user = await signedIn(username);
    const passkey = new SoftwarePasskey();
    const { credentialCreationOptions } = (await user.send('POST', 'passkeys/options')).body;
    const credential = passkey.create(credentialCreationOptions);
    expect((await user.send('POST', 'passkeys', { credential })).status).toBe(204);
    return { username, user, passkey };
  }

  const begin = async (username: string, browser = new Browser(app)) => {
    const asked = await as(browser).send('POST', 'sign-in', { username, preferredChallenge: 'WEB_AUTHN' });
    expect(asked).toMatchObject({ status: 200, body: { challenge: { name: 'WEB_AUTHN' } } });
    return asked.body.challenge as {
      sealed: string;
      credentialRequestOptions: { challenge: string; rpId: string; allowCredentials?: { id: string }[] };
    };
  };
  const answer = (challenge: string, credential: object, browser = new Browser(app)) =>
    as(browser).send('POST', 'challenge', { challenge, answer: { credential } });
  const REFUSED = { status: 401, body: { code: 'not_authorized' } };

  it('is registered, listed, signs in, and is taken away', async () => {
    const { username, user, passkey } = await withPasskey();
    const listed = await user.send('GET', 'passkeys');
    expect(listed).toMatchObject({
      status: 200,
      body: { passkeys: [{ credentialId: passkey.id, relyingPartyId: 'localhost' }] },
    });

    const browser = new Browser(app);
    const { sealed, credentialRequestOptions } = await begin(username, browser);
    expect(credentialRequestOptions.allowCredentials).toMatchObject([{ id: passkey.id }]);
    const signedIn = await answer(sealed, passkey.get(credentialRequestOptions), browser);
    expect(signedIn).toMatchObject({ status: 200, body: { status: 'signed-in', username } });
    expect('tokens' in signedIn.body).toBe(session === undefined);
    const again = as(browser, signedIn.body.tokens?.accessToken);
    expect((await again.send('GET', 'profile')).body).toMatchObject({ username });

    expect((await again.send('DELETE', `passkeys/${passkey.id}`)).status).toBe(204);
    expect((await user.send('GET', 'passkeys')).body).toEqual({ passkeys: [] });
    expect((await again.send('DELETE', `passkeys/${passkey.id}`)).status).toBe(404);
  });

  it('may be one of several, each of which signs in', async () => {
    const { username, user, passkey } = await withPasskey();
    const second = new SoftwarePasskey();
    const { credentialCreationOptions } = (await user.send('POST', 'passkeys/options')).body;
    expect(credentialCreationOptions.excludeCredentials).toMatchObject([{ id: passkey.id }]);
    await user.send('POST', 'passkeys', { credential: second.create(credentialCreationOptions) });
    for (const each of [passkey, second]) {
      const { sealed, credentialRequestOptions } = await begin(username);
      expect((await answer(sealed, each.get(credentialRequestOptions))).status).toBe(200);
    }
  });

  it('is chosen among the ways to begin', async () => {
    const { username, passkey } = await withPasskey();
    const browser = new Browser(app);
    const asked = await as(browser).send('POST', 'sign-in', { username });
    expect(asked.body.challenge).toMatchObject({
      name: 'SELECT_CHALLENGE',
      availableChallenges: expect.arrayContaining(['WEB_AUTHN', 'PASSWORD']),
    });
    const chosen = await as(browser).send('POST', 'challenge', {
      challenge: asked.body.challenge.sealed,
      answer: { answer: 'WEB_AUTHN' },
    });
    const { name, sealed, credentialRequestOptions } = chosen.body.challenge;
    expect(name).toBe('WEB_AUTHN');
    expect(await answer(sealed, passkey.get(credentialRequestOptions), browser)).toMatchObject({
      status: 200,
      body: { status: 'signed-in', username },
    });
  });

  it('signs once for each challenge, and for its own alone', async () => {
    const { username, passkey } = await withPasskey();
    const [first, second] = [await begin(username), await begin(username)];
    const credential = passkey.get(first.credentialRequestOptions);
    expect(await answer(second.sealed, credential)).toMatchObject(REFUSED);
    expect((await answer(first.sealed, credential)).status).toBe(200);
    expect(await answer(first.sealed, credential)).toMatchObject(REFUSED);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { rpId: 'evil.example' }],
    ['a challenge of one’s own', { challenge: 'AAAA' }],
    ['a registration', { type: 'webauthn.create' }],
    ['another signature', { corruptSignature: true }],
  ])('does not sign in with %s', async (_, quirks) => {
    const { username, passkey } = await withPasskey();
    const { sealed, credentialRequestOptions } = await begin(username);
    expect(await answer(sealed, passkey.get(credentialRequestOptions, quirks))).toMatchObject(REFUSED);
  });

  it('is nobody else’s', async () => {
    const [one, other] = [await withPasskey(), await withPasskey()];
    const { sealed, credentialRequestOptions } = await begin(one.username);
    expect(await answer(sealed, other.passkey.get(credentialRequestOptions))).toMatchObject(REFUSED);
    expect((await other.user.send('DELETE', `passkeys/${one.passkey.id}`)).status).toBe(404);
    expect((await one.user.send('GET', 'passkeys')).body.passkeys).toHaveLength(1);
  });

  it('is registered for the challenge that its user was given, once', async () => {
    const [user, other] = [await signedIn(await someone()), await signedIn(await someone())];
    const { credentialCreationOptions: options } = (await user.send('POST', 'passkeys/options')).body;
    await other.send('POST', 'passkeys/options');
    const passkey = new SoftwarePasskey();
    const refused = async (of: typeof user, credential: object, code: string) =>
      expect((await of.send('POST', 'passkeys', { credential })).body).toMatchObject({ code });
    await refused(other, passkey.create(options), 'passkey_challenge_not_found');
    await refused(
      user,
      passkey.create(options, { origin: 'https://evil.example' }),
      'passkey_origin_not_allowed',
    );
    expect((await user.send('POST', 'passkeys', { credential: passkey.create(options) })).status).toBe(204);
    await refused(user, new SoftwarePasskey().create(options), 'passkey_challenge_not_found');
  });

  it('is asked of nobody as of somebody: no answer is the right one', async () => {
    for (const username of [await someone(), ...Array.from({ length: 8 }, (_, index) => `nobody${index}`)]) {
      const browser = new Browser(app);
      const asked = await as(browser).send('POST', 'sign-in', { username, preferredChallenge: 'WEB_AUTHN' });
      expect(asked.status).toBe(200);
      const { name, sealed, credentialRequestOptions } = asked.body.challenge;
      // Some who do not exist have a passkey, it seems, and others have none.
      const answer =
        name === 'WEB_AUTHN'
          ? { credential: new SoftwarePasskey().get(credentialRequestOptions) }
          : { answer: 'PASSWORD', password: 'Wrong-horse-99' };
      expect(await as(browser).send('POST', 'challenge', { challenge: sealed, answer })).toMatchObject(
        REFUSED,
      );
    }
  });

  it.each([
    ['nothing', {}],
    ['a text', { credential: 'x' }],
    ['too much', { credential: { id: 'x'.repeat(17_000) } }],
    ['too deep', { credential: JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) }],
    ['something beside', { credential: {}, session: 'mine' }],
  ])('takes no answer of %s', async (_, odd) => {
    const { username, user } = await withPasskey();
    const { sealed } = await begin(username);
    const invalid = { status: 400, body: { code: 'request_invalid' } };
    expect(
      await as(new Browser(app)).send('POST', 'challenge', { challenge: sealed, answer: odd }),
    ).toMatchObject(invalid);
    expect(await user.send('POST', 'passkeys', odd)).toMatchObject(invalid);
  });

  it.each([
    ['an empty one', {}],
    ['half of one', { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: {} }],
    ['numbers', { id: 1, rawId: 2, type: 3, response: { clientDataJSON: 4 } }],
  ])('is refused as it is by Cognito where the credential is %s', async (_, credential) => {
    const { username, user } = await withPasskey();
    const { sealed } = await begin(username);
    for (const { status, body } of [
      await answer(sealed, credential),
      await (async () => {
        await user.send('POST', 'passkeys/options');
        return user.send('POST', 'passkeys', { credential });
      })(),
    ]) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body.code).toBeTypeOf('string');
    }
  });
});
