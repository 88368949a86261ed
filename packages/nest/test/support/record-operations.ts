import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { CognitoApi } from '../../src/services/cognito-api.js';
import type { Met } from './operation-coverage.js';

/*
 * Set up by the tests of this package: notes down what the calls of its services hold, and how they fail, for the list of
 * what no test does (operation-coverage.ts).
 */

const log = join(inject('operationLog'), `${process.pid}.jsonl`);
const met = new Set<string>();
const { call } = CognitoApi.prototype;

/** The embedded Cognito gives each answer an id, as AWS does; what stands in for it elsewhere gives none like it. */
const REQUEST_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

interface Answer {
  readonly name?: string;
  readonly $metadata?: { readonly requestId?: string | undefined };
}

CognitoApi.prototype.call = async function (this: CognitoApi, operation, send, request) {
  const note = ({ $metadata }: Answer, failure?: string) => {
    const isEmbedded = REQUEST_ID.test($metadata?.requestId ?? '');
    const paths = isEmbedded ? pathsOf(request) : [];
    const all: Met[] = paths.map((member) => ({ operation, member }));
    if (failure !== undefined) all.push({ operation, failure });
    for (const one of all) met.add(JSON.stringify(one));
  };
  try {
    const response = await call.call(this, operation, send, request);
    note(response as Answer);
    return response as never;
  } catch (error) {
    note(error as Answer, (error as Error).name);
    throw error;
  }
};

/** The members of a request, each with those that it is in: `Policies.PasswordPolicy.MinimumLength`. */
function pathsOf(value: unknown, path = ''): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return [path, ...value.flatMap((element) => pathsOf(element, path))];
  if (typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return [path];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    pathsOf(member, path === '' ? name : `${path}.${name}`),
  );
  return path === '' ? inner : [path, ...inner];
}

afterAll(() => {
  if (met.size > 0) appendFileSync(log, `${[...met].join('\n')}\n`);
  met.clear();
});
