import { createTestIssuer, createTestingCognito } from '@cognest/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { statuses } from '../app.mjs';

const issuer = createTestIssuer();
let cognito;
beforeAll(async () => {
  cognito = await createTestingCognito();
});
beforeEach(() => cognito.reset());
afterAll(() => cognito.close());

it('guards an app with the tokens of an issuer', async () => {
  const tokens = [issuer.accessToken({ groups: ['admin'] }), issuer.accessToken(), 'none'];
  expect(await statuses(issuer, tokens)).toEqual([200, 403, 401]);
});

it.each(['first', 'second'])('starts anew: the %s time', async () => {
  const ana = await cognito.createUser({ username: 'ana', groups: ['admin'] });
  const bob = await cognito.createUser({ username: 'bob' });
  expect(await statuses(cognito, [ana.accessToken, bob.accessToken])).toEqual([200, 403]);
});
