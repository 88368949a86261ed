import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as nest from '@cognest/nest';
import { expect, it } from 'vitest';
import * as served from '../../packages/local/src/operations/index.js';
import { read, root } from './documents.js';

/** Which methods of `@cognest/nest` call an operation, as its guide says; a test there holds that against the code. */
const callers = new Map<string, string[]>();
for (const [, method = '', operations = ''] of read('packages/nest/docs/services.md').matchAll(
  /^\| (`Cognito\w+Service\.\w+`) +\| ([^|]+?) +\|/gm,
)) {
  for (const [, operation = ''] of operations.matchAll(/`(\w+)`/g)) {
    // The iterator calls what the page calls.
    if (/\.iterate/.test(method)) continue;
    callers.set(operation, [...(callers.get(operation) ?? []), method]);
  }
}

const START = '<!-- operations:start -->';
const END = '<!-- operations:end -->';

/** Aligned as the formatter aligns tables. */
function table(): string {
  const rows = Object.keys(served)
    .sort()
    .map((name) => [name, callers.get(name)?.join(', ') ?? 'the SDK client, for now']);
  const all = [['operation', 'method'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

it('the methods are there, on the services that the package exports', () => {
  const methods = [...callers.values()].flat();
  expect(methods.length).toBeGreaterThan(Object.keys(served).length / 2);
  for (const name of methods) {
    const [service = '', method = ''] = name.replaceAll('`', '').split('.');
    const Service = (nest as Record<string, unknown>)[service] as { prototype: object };
    expect(Service.prototype, name).toHaveProperty(method);
  }
});

it('the README lists every operation that the embedded Cognito serves, with the method that calls it', () => {
  const readme = read('README.md');
  const [before = '', rest = ''] = readme.split(START);
  const [, after = ''] = rest.split(END);
  const expected = `${before}${START}\n\n${table()}\n\n${END}${after}`;
  // `UPDATE_DOCS=1 npx vitest run --project docs` brings it up to date.
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(root, 'README.md'), expected);
  else expect(readme).toBe(expected);
});
