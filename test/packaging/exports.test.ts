import 'reflect-metadata';
import { describe, expect, it } from 'vitest';

// A name that appears or goes is a change for users: it belongs in a changeset.
describe.each([
  '@cognest/verifier',
  '@cognest/local',
  '@cognest/nest',
  '@cognest/testing',
  '@cognest/testing/nest',
])('%s', (name) => {
  it('exports what it did', async () => {
    const exports = Object.entries(await import(name)).map(([key, value]) => `${key}: ${typeof value}`);
    expect(exports.sort()).toMatchSnapshot();
  });
});
