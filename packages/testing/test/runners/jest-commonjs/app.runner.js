const { createTestIssuer, createTestingCognito } = require('@cognest/testing');
const { createVerifier } = require('@cognest/verifier');

const { userPoolId, clientId, jwks, ...issuer } = createTestIssuer();
let cognito;
beforeAll(async () => {
  cognito = await createTestingCognito();
});
beforeEach(() => cognito.reset());
afterAll(() => cognito.close());

it('verifies the tokens of an issuer', async () => {
  const verifier = createVerifier({ userPoolId, clientId, tokenUse: 'access', jwks });
  expect((await verifier.verify(issuer.accessToken({ username: 'ana' }))).username).toBe('ana');
});

it.each(['first', 'second'])('starts anew: the %s time', async () => {
  const ana = await cognito.createUser({ username: 'ana' });
  expect((await cognito.sdk.getUser({ AccessToken: ana.accessToken })).Username).toBe('ana');
});
