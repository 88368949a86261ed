import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { supportedOperations, withOperations } from '../../scripts/generate-readme.mjs';
import { operationNames } from '../../src/model/model.js';
import * as operations from '../../src/operations/index.js';

describe('the README', () => {
  it('lists the operations that are served: run "npm run generate -w @cognest/local" when this fails', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(withOperations(readme)).toBe(readme);
    for (const name of operationNames) expect(readme).toContain(`\`${name}\``);
  });

  it('knows the registry, which holds nothing that AWS does not have', () => {
    expect(supportedOperations()).toEqual(Object.keys(operations).sort());
    expect(operationNames).toEqual(expect.arrayContaining(Object.keys(operations)));
  });
});
