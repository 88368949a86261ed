import { readFileSync, writeFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { CognitoAuthService, type CognitoErrorMapping, cognitoErrorTable } from '../src/index.js';
import { OPTIONS } from '../src/options/resolve-options.js';
import { documentedMethods } from './support/documented-methods.js';

// The snippets are compiled by test/docs, with those of all other documents.

const file = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const services = file('docs/services.md');
const options = file('docs/options.md');
const errors = file('docs/errors.md');

/** Aligned as the formatter aligns tables. */
function alignedTable([head = [], ...body]: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

describe('the guide', () => {
  it('lists every method of every service with its operation, as its docstring names it', () => {
    const methods = documentedMethods();
    for (const { service, method, declaredIn, docstring, operations } of methods) {
      const name = `${service.name}.${method}`;
      // Those of auth/ that act on challenges alone call nothing.
      if (declaredIn !== 'CognitoAuthService') expect(operations, name).toHaveLength(1);
      expect(docstring, name).toMatch(/@throws/);
      expect(docstring, name).toMatch(/@example/);
      for (const operation of operations) expect(sdk, name).toHaveProperty(`${operation}Command`);
    }

    const rows = methods.map(({ service, method, operations }) => {
      const name = `\`${service.name}.${method}\``;
      if (operations.length === 0) return [name, 'none', 'not at all'];
      const either = operations.some((operation) => operation.startsWith('Admin'));
      const own = either ? 'as `authFlow` says' : 'unsigned';
      const called = service === CognitoAuthService ? own : 'signed';
      return [name, operations.map((operation) => `\`${operation}\``).join(', '), called];
    });
    const [before = '', rest = ''] = services.split('<!-- methods:start -->');
    const [, after = ''] = rest.split('<!-- methods:end -->');
    const table = alignedTable([['method', 'operation', 'called'], ...rows]);
    const expected = `${before}<!-- methods:start -->\n${table}\n<!-- methods:end -->${after}`;
    // `UPDATE_DOCS=1 npx vitest run --project nest test/guide.test.ts` brings it up to date.
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(new URL('../docs/services.md', import.meta.url), expected);
    } else expect(services).toBe(expected);
  });

  it('lists every option', () => {
    const table = options.slice(0, options.indexOf('## Several pools'));
    expect([...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, option]) => option)).toEqual([...OPTIONS]);
  });

  it('lists the table of errors as it is', () => {
    const section = errors.slice(
      errors.indexOf('<!-- errors:start -->'),
      errors.indexOf('<!-- errors:end -->'),
    );
    const listed = [...section.matchAll(/^\| `([\w:]+)` +\| (\d+) +\| `(\w+)` +\| (?:`([\w:]+)`)? *\|$/gm)];
    const expected = Object.entries<CognitoErrorMapping>(cognitoErrorTable).map(
      ([key, { status, code, unauthenticated }]) => [key, String(status), code, unauthenticated],
    );
    expect(listed.map((row) => row.slice(1))).toEqual(expected);
  });
});
