import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import {
  CognitoAuthService,
  CognitoDevicesService,
  type CognitoErrorMapping,
  CognitoGroupsService,
  CognitoUserPoolsService,
  CognitoUsersService,
  cognitoErrorTable,
} from '../src/index.js';
import { OPTIONS } from '../src/options/resolve-options.js';

// The snippets are compiled by test/docs, with those of all other documents.

const file = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const readme = file('README.md');

/** Where each class of the services is written down. */
const sources = new Map(
  readdirSync(new URL('../src/services', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => file(`src/services/${name}`))
    .flatMap((source) =>
      [...source.matchAll(/^export (?:abstract )?class (\w+)/gm)].map(
        ([, name = '']) => [name, source] as const,
      ),
    ),
);

interface DocumentedMethod {
  readonly service: string;
  readonly method: string;
  readonly declaredIn: string;
  readonly docstring: string;
  readonly operations: readonly string[];
}

/** Every public method of every service, its own first and those of its base classes after them. */
function documentedMethods() {
  const services = [
    CognitoAuthService,
    CognitoUsersService,
    CognitoGroupsService,
    CognitoDevicesService,
    CognitoUserPoolsService,
  ];
  return services.flatMap((service) => {
    const found: DocumentedMethod[] = [];
    for (
      let prototype = service.prototype;
      prototype !== Object.prototype;
      prototype = Object.getPrototypeOf(prototype)
    ) {
      const declaredIn = prototype.constructor.name;
      const source = sources.get(declaredIn) ?? '';
      for (const method of Object.getOwnPropertyNames(prototype)) {
        if (method === 'constructor' || found.some((other) => other.method === method)) continue;
        const at = source.search(new RegExp(`^  (?:async )?${method}[(<]`, 'm'));
        const docstring = source.slice(source.lastIndexOf('/**', at), at);
        // Before the first tag: an example or an error may name another operation.
        const [summary = ''] = docstring.split(/^ *\* @/m);
        const operations = [...summary.matchAll(/`([A-Z][A-Za-z]+)`/g)]
          .map(([, name = '']) => name)
          .filter((name) => `${name}Command` in sdk);
        found.push({ service: service.name, method, declaredIn, docstring, operations });
      }
    }
    return found;
  });
}

/** Aligned as the formatter aligns tables. */
function alignedTable([head = [], ...body]: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

describe('the README', () => {
  it('lists every method of every service with its operation, as its docstring names it', () => {
    const methods = documentedMethods();
    for (const { service, method, declaredIn, docstring, operations } of methods) {
      const name = `${service}.${method}`;
      // Those of auth/ that act on challenges alone call nothing.
      if (declaredIn !== 'CognitoAuthService') expect(operations, name).toHaveLength(1);
      expect(docstring, name).toMatch(/@throws/);
      expect(docstring, name).toMatch(/@example/);
      for (const operation of operations) expect(sdk, name).toHaveProperty(`${operation}Command`);
    }

    const rows = methods.map(({ service, method, operations }) => {
      const name = `\`${service}.${method}\``;
      if (operations.length === 0) return [name, 'none', 'not at all'];
      const either = operations.some((operation) => operation.startsWith('Admin'));
      const own = either ? 'as `authFlow` says' : 'unsigned';
      const called = service === 'CognitoAuthService' ? own : 'signed';
      return [name, operations.map((operation) => `\`${operation}\``).join(', '), called];
    });
    const [before = '', rest = ''] = readme.split('<!-- methods:start -->');
    const [, after = ''] = rest.split('<!-- methods:end -->');
    const table = alignedTable([['method', 'operation', 'called'], ...rows]);
    const expected = `${before}<!-- methods:start -->\n${table}\n<!-- methods:end -->${after}`;
    // `UPDATE_DOCS=1 npx vitest run --project nest test/readme.test.ts` brings it up to date.
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(new URL('../README.md', import.meta.url), expected);
    } else expect(readme).toBe(expected);
  });

  it('lists every option', () => {
    const table = readme.slice(readme.indexOf('## Options'), readme.indexOf('## Services'));
    expect([...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, option]) => option)).toEqual([...OPTIONS]);
  });

  it('lists the table of errors as it is', () => {
    const section = readme.slice(
      readme.indexOf('<!-- errors:start -->'),
      readme.indexOf('<!-- errors:end -->'),
    );
    const listed = [...section.matchAll(/^\| `([\w:]+)` +\| (\d+) +\| `(\w+)` +\| (?:`([\w:]+)`)? *\|$/gm)];
    const expected = Object.entries<CognitoErrorMapping>(cognitoErrorTable).map(
      ([key, { status, code, unauthenticated }]) => [key, String(status), code, unauthenticated],
    );
    expect(listed.map((row) => row.slice(1))).toEqual(expected);
  });
});
