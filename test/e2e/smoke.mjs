// Starts each example by its README's command, on free ports and throw-away data, does with it what the printed notes
// say to try, and stops it with Ctrl-C's signal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @typedef {{ command: string, input?: string, shows: RegExp }} Try */

/** The examples: how they are started, and what their notes are to hold. */
const EXAMPLES = [
  {
    args: ['start'],
    statuses: ['200', '401', '403'],
    /** @param {string} status */
    shows: (status) => new RegExp(`^HTTP/1.1 ${status} `),
  },
  {
    args: ['start', '-w', '@cognest/example-nest-graphql'],
    statuses: ['200', '401', '403', '200'],
    /** @param {string} status GraphQL has it in the error alone. */
    shows: (status) =>
      status === '200' ? /^\{"data":\{(?!.*"errors")/ : new RegExp(`"status":${status}\\b`),
  },
  { args: ['start', '-w', '@cognest/example-nest-realtime'], statuses: [], shows: () => /./, bids: true },
];

for (const example of EXAMPLES) {
  console.log(`\n$ npm ${example.args.join(' ')}`);
  try {
    await run(example);
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}

/** @param {{ args: string[], statuses: string[], shows: (status: string) => RegExp, bids?: boolean }} example */
async function run({ args, statuses, shows, bids = false }) {
  const data = mkdtempSync(join(tmpdir(), 'cognest-smoke-'));
  const startedAt = performance.now();
  const app = spawn('npm', args, {
    cwd: root,
    detached: true,
    env: { ...process.env, PORT: '0', COGNITO_PORT: '0', LEDGER_PORT: '0', COGNITO_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(app, 'close');
  try {
    /** @type {{ status: string, command: string }[]} */
    const found = [];
    /** @type {string | undefined} */
    let bidder;
    for await (const line of createInterface({ input: app.stdout })) {
      console.log(line);
      const status = /^\s*# (\d{3}):/.exec(line)?.[1];
      if (status !== undefined) found.push({ status, command: '' });
      const last = found.at(-1);
      if (last !== undefined && /^\s*(TOKEN=|curl )/.test(line)) last.command += `${line.trim()}\n`;
      bidder ??= /^\s*(npm run --silent bid .*)/.exec(line)?.[1];
      if (/Ctrl-C (here )?stops everything/.test(line)) break;
    }
    console.log(`Up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    const seen = found.map(({ status }) => status);
    if (`${seen}` !== `${statuses}`) throw new Error(`Expected commands for ${statuses}, saw ${seen}`);
    for (const { status, command } of found) await show({ command, shows: shows(status) });
    if (!bids) return;
    if (bidder === undefined) throw new Error('Expected a command that bids');
    await show({ command: bidder, input: 'bid 100\n', shows: /^\w+ bids 100$/m });
  } finally {
    try {
      process.kill(-Number(app.pid), 'SIGINT');
    } catch {
      // It has ended by itself.
    }
    app.stdout.resume();
    await closed;
    rmSync(data, { recursive: true, force: true });
  }
}

/**
 * Runs a command as a shell would, until it shows what it is to show.
 *
 * @param {Try} tried
 */
async function show({ command, input, shows }) {
  const shell = spawn('bash', ['-c', command], {
    cwd: root,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (input === undefined) shell.stdin.end();
  else shell.stdin.write(input);
  let answer = '';
  for await (const chunk of shell.stdout) {
    answer += chunk;
    if (input !== undefined && shows.test(answer)) break;
  }
  try {
    process.kill(-Number(shell.pid), 'SIGINT');
  } catch {
    // It has ended by itself.
  }
  if (!shows.test(answer))
    throw new Error(`Expected ${shows}, got "${answer.split('\r\n')[0]}" from\n${command}`);
  console.log(`ok    ${shows} as promised`);
}
