import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';

/*
 * Runs the tests of this package and lists, by operation, each failure that a docstring documents and each member of the
 * input, marked where a test has met it: at the embedded Cognito, or at a server that answers so.
 */

const root = new URL('../', import.meta.url);
const services = new URL('src/services/', root);

const commands = new Map(
  Object.entries(sdk).map(([name, Command]) => [name.replace(/Command$/, ''), Command]),
);

/** Operations with what the docstrings of their methods document. */
const documented = new Map();
for (const file of readdirSync(services, { recursive: true }).filter((name) => name.endsWith('.ts'))) {
  const source = readFileSync(new URL(file, services), 'utf8');
  for (const [, docstring] of source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}(?:async )?\w+[(<]/g)) {
    const [summary, ...tags] = docstring.split(/^ *\* @/m);
    const operations = [...summary.matchAll(/`([A-Z][A-Za-z]+)`/g)]
      .map(([, name]) => name)
      .filter((name) => `${name}Command` in sdk);
    const failures = tags
      .filter((tag) => tag.startsWith('throws'))
      .flatMap((tag) => [...tag.matchAll(/`(\w+Exception)`/g)].map(([, name]) => name));
    // A method of several operations throws each of its failures from one of them.
    if (operations.length > 0) documented.set(operations.join(), { operations, failures });
  }
}

const log = mkdtempSync(join(tmpdir(), 'cognest-operations-'));
try {
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'nest', '--reporter', 'dot'], {
    cwd: new URL('../../', root),
    env: { ...process.env, COGNEST_OPERATION_LOG: log },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The tests fail: npx vitest run --project nest');
  const calls = readdirSync(log)
    .flatMap((file) => readFileSync(join(log, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line));
  report(calls);
} finally {
  rmSync(log, { recursive: true });
}

function report(calls) {
  const missing = [];
  const mark = (what, met) => {
    if (!met) missing.push(what);
    return met ? 'x' : ' ';
  };
  for (const { operations, failures } of documented.values()) {
    const own = calls.filter(({ operation }) => operations.includes(operation));
    console.log(`\n${operations.join(', ')}`);
    for (const failure of failures) {
      const met = own.some((call) => call.failure === failure);
      console.log(`  [${mark(`${operations[0]} throws ${failure}`, met)}] throws ${failure}`);
    }
    for (const operation of operations) {
      const [, , , , input] = new (commands.get(operation))({}).schema;
      for (const member of input()[4]) {
        const met = own.some((call) => call.operation === operation && call.members.includes(member));
        console.log(
          `  [${mark(`${operation} takes ${member}`, met)}] ${operations.length > 1 ? `${operation} ` : ''}${member}`,
        );
      }
    }
  }
  console.log(
    missing.length === 0
      ? '\nAll met.'
      : `\nMet by no test:\n${[...new Set(missing)].map((one) => `  ${one}`).join('\n')}`,
  );
}
