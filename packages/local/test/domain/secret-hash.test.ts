import { expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';

it('makes the hash of the documented vector', () => {
  expect(secretHashOf('examplesecret', 'janedoe', '1example23456789')).toBe(
    'l9FuwIq8qnAsYhHSQMaxZFAVVKct1bW4o07RztyDUZ4=',
  );
});
