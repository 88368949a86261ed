import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CognitoAuthService,
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
const rows = (pattern: RegExp) => [...readme.matchAll(pattern)].map((match) => match.slice(1) as string[]);

describe('the README', () => {
  it('lists every method of every service with its operation, as its docstring names it', () => {
    const services = {
      CognitoAuthService,
      CognitoUsersService,
      CognitoGroupsService,
      CognitoUserPoolsService,
    };
    const methods = Object.entries(services).flatMap(([name, service]) =>
      Object.getOwnPropertyNames(service.prototype)
        .filter((method) => method !== 'constructor')
        .map((method) => `${name}.${method}`),
    );
    const listed = rows(
      /^\| `(Cognito\w+Service)\.(\w+)` +\| ([^|]+?) +\| (?:(?:un)?signed|as|not at all)/gm,
    );
    expect(listed.map(([service, method]) => `${service}.${method}`)).toEqual(methods);

    for (const [service = '', method = '', operations = ''] of listed) {
      const kebab = service
        .replace(/Service$/, '')
        .replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`)
        .toLowerCase();
      const room = service === 'CognitoAuthService' ? 'auth/' : '';
      const source = file(`src/services/${room}${kebab}.service.ts`);
      const at = source.search(new RegExp(`^  (?:async )?${method}[(<]`, 'm'));
      const docstring = source.slice(source.lastIndexOf('/**', at), at);
      const named = operations === 'none' ? [] : operations.split(', ');
      for (const operation of named) expect(docstring, method).toContain(operation);
      expect(docstring, method).toMatch(/@throws/);
    }
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
