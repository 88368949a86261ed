import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import { createTestIssuer, createTestingCognito } from '@cognest/testing';
import { statuses } from '../app.mjs';

const issuer = createTestIssuer();
let cognito;
before(async () => {
  cognito = await createTestingCognito();
});
beforeEach(() => cognito.reset());
after(() => cognito.close());

it('guards an app with the tokens of an issuer', async () => {
  const tokens = [issuer.accessToken({ groups: ['admin'] }), issuer.accessToken(), 'none'];
  assert.deepEqual(await statuses(issuer, tokens), [200, 403, 401]);
});

for (const round of ['first', 'second']) {
  it(`starts anew: the ${round} time`, async () => {
    const ana = await cognito.createUser({ username: 'ana', groups: ['admin'] });
    const bob = await cognito.createUser({ username: 'bob' });
    assert.deepEqual(await statuses(cognito, [ana.accessToken, bob.accessToken]), [200, 403]);
  });
}
