import { createVerifier } from '@cognest/verifier';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestIssuer, createTestingCognito } from '../src/index.js';

const issuer = createTestIssuer({ userPoolId: 'eu-central-1_Test12345', clientId: 'web' });
const { userPoolId, clientId, jwks } = issuer;

describe('a token of the issuer', () => {
  it('is verified offline, by us, by AWS and by jose', async () => {
    const ours = createVerifier({ userPoolId, clientId, tokenUse: null, jwks, fetch: refuse });
    const theirs = (tokenUse: 'access' | 'id') => {
      const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse });
      verifier.cacheJwks(jwks as Parameters<typeof verifier.cacheJwks>[0]);
      return verifier;
    };
    for (const [use, token] of [
      ['access', issuer.accessToken({ username: 'ana', groups: ['admin'] })],
      ['id', issuer.idToken({ username: 'ana', groups: ['admin'] })],
      ['access', issuer.machineToken({ scopes: ['reports/read'] })],
    ] as const) {
      const claims = await ours.verify(token);
      expect(claims).toMatchObject({ iss: issuer.issuer, token_use: use });
      expect(await theirs(use).verify(token)).toEqual(claims);
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...jwks.keys] }), {
        issuer: issuer.issuer,
        algorithms: ['RS256'],
      });
      expect(payload).toEqual(claims);
    }
  });

  it('has the header and the claims that the tokens of a pool have', async () => {
    const cognito = await createTestingCognito();
    onTestFinished(() => cognito.close());
    const user = await cognito.createUser({ username: 'ana', groups: ['admin', 'staff'] });
    const names = (token: string) => Object.keys(decodeJwt(token)).sort();
    const ours = { username: 'ana', groups: ['admin', 'staff'] };
    for (const [minted, real] of [
      [issuer.accessToken(ours), user.accessToken],
      [issuer.idToken(ours), user.idToken],
    ] as const) {
      expect(names(minted)).toEqual(names(real));
      expect(decodeProtectedHeader(minted)).toEqual({ alg: 'RS256', kid: expect.any(String) });
      expect(Object.keys(decodeProtectedHeader(real)).sort()).toEqual(['alg', 'kid']);
    }
    expect(decodeJwt(issuer.accessToken(ours))).toMatchObject({
      username: 'ana',
      client_id: 'web',
      'cognito:groups': ['admin', 'staff'],
      scope: 'aws.cognito.signin.user.admin',
      sub: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    });
    expect(decodeJwt(issuer.idToken(ours))).toMatchObject({ 'cognito:username': 'ana', aud: 'web' });
  });

  it('is signed by the key of its kind', () => {
    const kidOf = (token: string) => decodeProtectedHeader(token).kid;
    expect([kidOf(issuer.accessToken()), kidOf(issuer.idToken())]).toEqual(jwks.keys.map(({ kid }) => kid));
    expect(kidOf(issuer.machineToken({ scopes: ['a/b'] }))).toBe(jwks.keys[0]?.kid);
  });

  it('carries any claim, in place of its own too, and none that is undefined', () => {
    const claims = decodeJwt(
      issuer.accessToken({ claims: { tenant: { id: 7 }, jti: undefined, iss: 'https://evil.example' } }),
    );
    expect(claims).toMatchObject({ tenant: { id: 7 }, iss: 'https://evil.example' });
    expect(claims).not.toHaveProperty('jti');
    expect(
      decodeJwt(issuer.idToken({ attributes: { email: 'a@example.com', email_verified: true } })),
    ).toMatchObject({ email: 'a@example.com', email_verified: true });
  });

  it('leaves groups out when there are none, as Cognito does, and a machine without a user', () => {
    expect(decodeJwt(issuer.accessToken({ groups: [] }))).not.toHaveProperty('cognito:groups');
    const machine = decodeJwt(issuer.machineToken({ clientId: 'batch', scopes: ['a/read', 'a/write'] }));
    expect(machine).toMatchObject({ sub: 'batch', client_id: 'batch', scope: 'a/read a/write', version: 2 });
    expect(machine).not.toHaveProperty('username');
  });

  it('names the same user by the same sub, and another by another', () => {
    const sub = (username: string, token: 'accessToken' | 'idToken') =>
      decodeJwt(issuer[token]({ username })).sub;
    expect(sub('ana', 'accessToken')).toBe(sub('ana', 'idToken'));
    expect(sub('ana', 'accessToken')).not.toBe(sub('bob', 'accessToken'));
    expect(decodeJwt(issuer.accessToken({ sub: 'given' })).sub).toBe('given');
  });

  it('expires when told to, and says when the user signed in', () => {
    const now = 1_800_000_000;
    const at = createTestIssuer({ now: () => now * 1000 });
    expect(decodeJwt(at.accessToken())).toMatchObject({ iat: now, auth_time: now, exp: now + 3600 });
    expect(decodeJwt(at.accessToken({ expiresInS: 60, signedInAgoS: 600 }))).toMatchObject({
      iat: now,
      auth_time: now - 600,
      exp: now + 60,
    });
    expect(decodeJwt(at.idToken({ expiresInS: -60 }))).toMatchObject({ iat: now - 3660, exp: now - 60 });
  });

  it('follows fake timers', () => {
    vi.useFakeTimers({ now: 1_900_000_000_000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(decodeJwt(issuer.accessToken()).iat).toBe(1_900_000_000);
  });

  it('is not taken from another issuer of the same pool', async () => {
    const ours = createVerifier({ userPoolId, clientId, tokenUse: 'access', jwks });
    const forger = createTestIssuer({ userPoolId, clientId });
    await expect(ours.verify(forger.accessToken())).rejects.toMatchObject({ code: 'key_unknown' });
  });
});

describe('the issuer', () => {
  it.each([
    ['us-east-1_Testing01', 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Testing01'],
    ['us-gov-west-1_A', 'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_A'],
    ['cn-north-1_A', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A'],
    ['eusc-de-east-1_A', 'https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_A'],
  ])('of %s is one that the verifier takes', async (pool, url) => {
    const of = createTestIssuer({ userPoolId: pool });
    expect(of.issuer).toBe(url);
    const verifier = createVerifier({ userPoolId: pool, clientId: null, tokenUse: 'access', jwks: of.jwks });
    expect((await verifier.verify(of.accessToken())).iss).toBe(url);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a pool id',
      () => createTestIssuer({ userPoolId: 'eu-west-1' }),
      '"userPoolId" must be like <region>_<id>',
    ],
    ['an isolated region', () => createTestIssuer({ userPoolId: 'us-iso-east-1_A' }), 'open to the public'],
    [
      'a client id',
      () => createTestIssuer({ clientId: '' }),
      '"clientId" must be the id of an app client, got "".',
    ],
    ['an option', () => createTestIssuer({ pool: 1 } as object), 'createTestIssuer has no option "pool"'],
    ['a clock', () => createTestIssuer({ now: 5 } as object), '"now" must be a function, got 5.'],
    [
      'group',
      () => issuer.accessToken({ group: ['a'] } as object),
      'accessToken has no option "group"; there is',
    ],
    [
      'groups',
      () => issuer.accessToken({ groups: 'admin' } as object),
      '"groups" of accessToken must be a list',
    ],
    [
      'attributes',
      () => issuer.accessToken({ attributes: {} } as object),
      'accessToken has no option "attributes"',
    ],
    ['scopes', () => issuer.idToken({ scopes: [] } as object), 'idToken has no option "scopes"'],
    [
      'no scopes',
      () => issuer.machineToken({ scopes: [] }),
      '"scopes" of machineToken must be a list of names',
    ],
    ['a machine', () => issuer.machineToken({} as never), '"scopes" of machineToken must be a list of names'],
    [
      'half seconds',
      () => issuer.idToken({ expiresInS: 0.5 }),
      '"expiresInS" of idToken must be a whole number',
    ],
    [
      'claims',
      () => issuer.idToken({ claims: [] as never }),
      '"claims" of idToken must be an object, got [].',
    ],
    ['a text', () => issuer.idToken('ana' as never), 'The argument of idToken must be an object, got "ana".'],
  ])('refuses what is wrong: %s', (_, call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });
});

function refuse(): never {
  throw new Error('no request should be made');
}
