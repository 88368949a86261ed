// Starts the main example by the README's command, on free ports and throw-away data, does with it what the
// printed notes say to try, and stops it with Ctrl-C's signal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const data = mkdtempSync(join(tmpdir(), 'cognest-smoke-'));
const startedAt = performance.now();
const example = spawn('npm', ['start'], {
  cwd: root,
  detached: true,
  env: { ...process.env, PORT: '0', COGNITO_PORT: '0', COGNITO_DATA: data },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const closed = once(example, 'close');

/** The commands of the notes, each under the status that it is to show. */
const commands = new Map();
try {
  let expected;
  for await (const line of createInterface({ input: example.stdout })) {
    console.log(line);
    expected = /^\s*# (\d{3}):/.exec(line)?.[1] ?? expected;
    if (expected !== undefined && /^\s*(TOKEN=|curl )/.test(line)) {
      commands.set(expected, `${commands.get(expected) ?? ''}${line.trim()}\n`);
    }
    if (line.startsWith('Ctrl-C stops')) break;
  }
  if (commands.size !== 3)
    throw new Error(`Expected commands for three statuses, saw ${[...commands.keys()]}`);
  console.log(`Up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);

  for (const [status, command] of commands) {
    const shell = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    let answer = '';
    for await (const chunk of shell.stdout) answer += chunk;
    if (!answer.startsWith(`HTTP/1.1 ${status} `)) {
      throw new Error(`Expected ${status}, got "${answer.split('\r\n')[0]}" from\n${command}`);
    }
    console.log(`ok    ${status} as promised`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  try {
    process.kill(-example.pid, 'SIGINT');
  } catch {
    // It has ended by itself.
  }
  example.stdout.resume();
  await closed;
  rmSync(data, { recursive: true, force: true });
}
