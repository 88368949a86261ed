import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import type { TestProject } from 'vitest/node';

/*
 * Around the tests of this package: each failure that a docstring of the services documents must be met by one of them, at
 * the embedded Cognito or at a server that answers so, and each member of each input must be given by one of them to the
 * embedded Cognito. A run of all tests fails otherwise; `npm run coverage:operations` lists the whole.
 */

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests write down what they meet. */
    operationLog: string;
  }
}

/** What a test has met: a member that it gave, or a failure. */
export interface Met {
  readonly operation: string;
  readonly member?: string;
  readonly failure?: string;
}

export default function setup(project: TestProject): () => Promise<void> {
  const log = mkdtempSync(join(tmpdir(), 'cognest-operations-'));
  project.provide('operationLog', log);
  return async () => {
    try {
      const lists = process.env['COGNEST_OPERATIONS'] === 'list';
      if (lists || (await isWhole(project))) report(project, read(log), lists);
    } finally {
      rmSync(log, { recursive: true });
    }
  };
}

/** Whether every test of the project has run, here and now, against the embedded Cognito. */
async function isWhole(project: TestProject): Promise<boolean> {
  const { vitest } = project;
  if (process.env['COGNEST_CONFORMANCE_ENDPOINT'] !== undefined) return false;
  if (vitest.config.watch || vitest.config.shard || vitest.config.testNamePattern) return false;
  const ran = vitest.state.getTestModules().filter((module) => module.project === project);
  if (ran.some((module) => !module.ok())) return false;
  const files = new Set(ran.map(({ moduleId }) => moduleId));
  const { testFiles } = await project.globTestFiles();
  return testFiles.every((file) => files.has(file));
}

function read(log: string): ReadonlySet<string> {
  return new Set(
    readdirSync(log)
      .flatMap((file) => readFileSync(join(log, file), 'utf8').trim().split('\n'))
      .map((line) => keyOf(JSON.parse(line) as Met)),
  );
}

function keyOf({ operation, member, failure }: Met): string {
  return failure === undefined ? `${operation} takes ${member}` : `${operation} throws ${failure}`;
}

function report(project: TestProject, met: ReadonlySet<string>, lists: boolean): void {
  const missing: string[] = [];
  for (const { operations, failures } of documented()) {
    const lines = [
      ...failures.map((failure) => ({
        one: `${operations.join(' or ')} throws ${failure}`,
        // A method of several operations throws each of its failures from one of them.
        isMet: operations.some((operation) => met.has(keyOf({ operation, failure }))),
      })),
      ...operations.flatMap((operation) =>
        membersOf(operation).map((member) => {
          const one = keyOf({ operation, member });
          return { one, isMet: met.has(one) };
        }),
      ),
    ];
    if (lists) for (const { one, isMet } of lines) project.vitest.logger.log(`[${isMet ? 'x' : ' '}] ${one}`);
    missing.push(...lines.filter(({ isMet }) => !isMet).map(({ one }) => one));
  }
  const unmet = [...new Set(missing)];
  if (unmet.length === 0) {
    if (lists) project.vitest.logger.log('Nothing is unmet.');
    return;
  }
  project.vitest.logger.error(
    `No test of the services meets:\n${unmet.map((one) => `  ${one}`).join('\n')}\n` +
      'Give the member, or provoke the failure, in packages/nest/test/services.',
  );
  process.exitCode = 1;
}

/** Operations with what the docstrings of their methods document. */
function documented() {
  const services = new URL('../../src/services/', import.meta.url);
  const found = new Map<string, { operations: string[]; failures: string[] }>();
  for (const file of readdirSync(services, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(new URL(file, services), 'utf8');
    const methods = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}(?:async )?\w+[(<]/g);
    for (const [, docstring = ''] of methods) {
      const [summary = '', ...tags] = docstring.split(/^ *\* @/m);
      const operations = [...summary.matchAll(/`([A-Z][A-Za-z]+)`/g)]
        .map(([, name = '']) => name)
        .filter((name) => `${name}Command` in sdk);
      const failures = tags
        .filter((tag) => tag.startsWith('throws'))
        .flatMap((tag) => [...tag.matchAll(/`(\w+Exception)`/g)].map(([, name = '']) => name));
      if (operations.length > 0) found.set(`${file} ${operations.join()}`, { operations, failures });
    }
  }
  return found.values();
}

/** The innermost members of an operation's input, by the SDK's schema of it. Those of maps have names that are free. */
function membersOf(operation: string): string[] {
  const Command = (sdk as unknown as Record<string, new (input: object) => { schema: readonly unknown[] }>)[
    `${operation}Command`
  ];
  if (Command === undefined) throw new Error(`the SDK has no ${operation}`);
  return leaves(new Command({}).schema[4], '', []);
}

function leaves(reference: unknown, path: string, inside: readonly unknown[]): string[] {
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (!Array.isArray(schema) || inside.includes(schema)) return [path];
  // A member that has traits beside its schema.
  if (schema.length === 2) return leaves(schema[0], path, inside);
  const [kind, , , , first, second] = schema as readonly unknown[];
  if (kind === 0 || kind === 1) return leaves(first, path, inside);
  if (kind !== 3 && kind !== 4) return [path];
  const names = first as readonly string[];
  // An attribute's name and value.
  if (names.join() === 'Name,Value') return [path];
  return names.flatMap((name, index) =>
    leaves((second as readonly unknown[])[index], path === '' ? name : `${path}.${name}`, [
      ...inside,
      schema,
    ]),
  );
}
