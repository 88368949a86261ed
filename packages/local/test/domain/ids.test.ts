import { expect, it } from 'vitest';
import {
  newClientId,
  newClientSecret,
  newCode,
  newRefreshToken,
  newSessionToken,
  newSub,
  newUserPoolId,
} from '../../src/domain/ids.js';

it.each([
  ['user pool id', () => newUserPoolId('eu-west-1'), /^eu-west-1_[0-9A-Za-z]{9}$/],
  ['client id', newClientId, /^[0-9a-v]{20,26}$/],
  ['client secret', newClientSecret, /^[0-9a-v]{45,52}$/],
  ['sub', newSub, /^[0-9a-f]{8}-[0-9a-f]{4}-70[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{12}$/],
  ['code', newCode, /^[0-9]{6}$/],
  ['session', newSessionToken, /^AYABe[\w-]{750,850}$/],
  [
    'refresh token',
    newRefreshToken,
    /^eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ(\.[\w-]+){4}$/,
  ],
])('a new %s has the shape that AWS gives it, and is new', (_, make, shape) => {
  const made = Array.from({ length: 200 }, make);
  for (const id of made) expect(id).toMatch(shape);
  expect(new Set(made).size).toBeGreaterThan(190);
});

it('refresh tokens are about as long as those of AWS', () => {
  expect(newRefreshToken().length).toBeGreaterThanOrEqual(1750);
  expect(newRefreshToken().length).toBeLessThanOrEqual(1785);
});
