import {
  CognitoIdentityProviderClient,
  GlobalSignOutCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Cognito, ManualClock, type Seed, startCognito } from '@cognest/local';
import { createVerifier } from '@cognest/verifier';
import { JwtRsaVerifier } from 'aws-jwt-verify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const seed: Seed = {
  pools: [
    {
      name: 'shop',
      clients: [
        {
          name: 'web',
          settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
        },
      ],
      groups: [{ name: 'Admin', precedence: 1 }],
      users: [
        {
          username: 'ada',
          password: 'Correct-horse-9',
          attributes: { email: 'ada@example.com', email_verified: 'true' },
          groups: ['Admin'],
        },
      ],
    },
  ],
};

const clock = new ManualClock();
let cognito: Cognito;
let client: CognitoIdentityProviderClient;
let ids: { userPoolId: string; clientId: string; issuer: string };

beforeAll(async () => {
  cognito = await startCognito({ port: 0, memory: true, seed, clock });
  // No credentials: signing in takes none.
  client = new CognitoIdentityProviderClient({ endpoint: cognito.endpoint, region: cognito.region });
  const { userPoolId, clients } = cognito.pool('shop');
  const clientId = clients[0]?.clientId ?? '';
  ids = { userPoolId, clientId, issuer: `${cognito.endpoint}/${userPoolId}` };
});

afterAll(async () => {
  client.destroy();
  await cognito.close();
});

async function signIn() {
  const { AuthenticationResult: result } = await client.send(
    new InitiateAuthCommand({
      ClientId: ids.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Correct-horse-9' },
    }),
  );
  if (!result?.AccessToken || !result.IdToken) throw new Error('No tokens');
  return { access: result.AccessToken, id: result.IdToken };
}

/** Ours, and two that know nothing of us; each gives the claims, or undefined for a refusal. */
function verifiers(tokenUse: 'access' | 'id') {
  const { userPoolId, clientId, issuer } = ids;
  const jwksUri = `${issuer}/.well-known/jwks.json`;
  const now = () => clock.now();
  const ours = createVerifier({ userPoolId, clientId, tokenUse, endpoint: cognito.endpoint, now });
  const theirs = JwtRsaVerifier.create({
    issuer,
    audience: tokenUse === 'id' ? clientId : null,
    jwksUri,
    customJwtCheck: ({ payload }) => {
      if (payload['token_use'] !== tokenUse) throw new Error('token_use');
    },
  });
  const keySet = createRemoteJWKSet(new URL(jwksUri));
  return {
    '@cognest/verifier': async (token: string) => await ours.verify(token),
    'aws-jwt-verify': async (token: string) => {
      theirs.cacheJwks((await (await fetch(jwksUri)).json()) as Parameters<typeof theirs.cacheJwks>[0]);
      return await theirs.verify(token);
    },
    jose: async (token: string) =>
      (await jwtVerify(token, keySet, { issuer, algorithms: ['RS256'], currentDate: new Date(clock.now()) }))
        .payload,
  };
}

describe.each(['access', 'id'] as const)('the %s token of the embedded Cognito', (tokenUse) => {
  it('says the same to three verifiers', async () => {
    const token = (await signIn())[tokenUse];
    const read = await Promise.all(Object.values(verifiers(tokenUse)).map((verify) => verify(token)));

    expect(read).toHaveLength(3);
    expect(read[0]).toMatchObject({ token_use: tokenUse, 'cognito:groups': ['Admin'], iss: ids.issuer });
    expect({ ...read[1] }).toEqual({ ...read[0] });
    expect({ ...read[2] }).toEqual({ ...read[0] });
  });

  it('is refused by all three once a byte of it has changed', async () => {
    const [header, payload = '', signature] = (await signIn())[tokenUse].split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = { ...claims, 'cognito:groups': ['Admin', 'Owner'] };
    const forged = `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
    for (const verify of Object.values(verifiers(tokenUse))) await expect(verify(forged)).rejects.toThrow();
  });
});

it('an expired token is refused by the verifier and by the server', async () => {
  const { access } = await signIn();
  const { '@cognest/verifier': verify } = verifiers('access');
  await expect(verify(access)).resolves.toMatchObject({ username: 'ada' });

  clock.advance(61 * 60 * 1000);
  await expect(verify(access)).rejects.toMatchObject({ code: 'token_expired' });
  await expect(client.send(new GlobalSignOutCommand({ AccessToken: access }))).rejects.toMatchObject({
    name: 'NotAuthorizedException',
    message: 'Access Token has expired',
  });
});
