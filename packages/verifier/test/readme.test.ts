import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createVerifier, VerifierError } from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** What the first column of the tables names. */
const named = new Set(
  [...readme.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  ),
);

/** The options that a mistaken call is told about. */
function optionsOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof VerifierError)
      return error.message.match(/the options are ([^"]*), got/)?.[1]?.split(', ') ?? [];
  }
  return [];
}

describe('the README', () => {
  it('names every option', () => {
    const good = { userPoolId: 'eu-west-1_a', clientId: 'x', tokenUse: 'access' } as const;
    const options = optionsOf(() => createVerifier({ ...good, nonsense: 1 } as never)).filter(
      (name) => name !== 'keys',
    );
    const keys = optionsOf(() => createVerifier({ ...good, keys: { nonsense: 1 } as never }));
    expect(options.length).toBeGreaterThan(15);
    expect(keys.length).toBeGreaterThan(7);
    for (const name of [...options, ...keys.map((key) => `keys.${key}`)]) expect([...named]).toContain(name);
  });

  it('names every error code with its kind', () => {
    const source = readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/^ {2}(\w+): '(\w+)',$/gm)];
    expect(codes.length).toBeGreaterThan(15);
    for (const [, code = '', kind = ''] of codes) {
      expect(readme).toMatch(new RegExp(`^\\|[^|]*\`${code}\`[^|]*\\| \`${kind}\` +\\|`, 'm'));
    }
  });
});
