import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { generate } from '../../scripts/generate-model.mjs';
import { readFacts } from '../../scripts/read-facts.mjs';
import { operationModel, operationNames } from '../../src/model/model.js';

const facts = readFacts();

describe('the generated model', () => {
  it('is current: run "npm run generate -w @cognest/local" when this fails', () => {
    const file = readFileSync(new URL('../../src/model/generated/model.ts', import.meta.url), 'utf8');
    expect(generate() === file).toBe(true);
  });

  it('has every operation that the installed SDK can call', () => {
    const callable = Object.keys(sdk)
      .filter((name) => /^[A-Z]\w+Command$/.test(name))
      .map((name) => name.replace(/Command$/, ''));
    expect(callable.length).toBeGreaterThanOrEqual(140);
    expect([...operationNames].sort()).toEqual(callable.sort());
  });

  it.each(Object.entries(facts.operations))(
    '%s: input, output and signature as in the facts',
    (name, fact) => {
      expect(operationModel(name)).toEqual({
        input: fact.input,
        ...(fact.output === 'Unit' ? { unit: true } : {}),
        ...(fact.auth === 'none' ? { unsigned: true } : {}),
      });
    },
  );

  it('does not find names that objects inherit', () => {
    for (const name of ['constructor', '__proto__', 'toString', ''])
      expect(operationModel(name)).toBeUndefined();
  });
});
