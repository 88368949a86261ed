import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('runners', import.meta.url));
const { resolve } = createRequire(import.meta.url);
const jest = join(dirname(resolve('jest/package.json')), 'bin', 'jest.js');
const vitest = join(dirname(resolve('vitest/package.json')), 'vitest.mjs');

// Each runs the same three tests, as a user's own command would, on the built packages.
it.each<[string, string, string[], RegExp]>([
  ['Vitest', 'vitest', [vitest, 'run'], /Tests +3 passed \(3\)/],
  ['node:test', 'node', ['--test', 'app.runner.mjs'], /^(?:#|ℹ) pass 3$/m],
  ['Jest with ES modules', 'jest-esm', ['--experimental-vm-modules', jest], /^Tests: +3 passed, 3 total$/m],
  ['Jest with CommonJS', 'jest-commonjs', [jest], /^Tests: +3 passed, 3 total$/m],
])(
  'works in %s',
  async (_, name, command, passed) => {
    const { NODE_OPTIONS: _options, VITEST: _vitest, NODE_ENV: _env, ...env } = process.env;
    const { stdout, stderr } = await run(process.execPath, command, {
      cwd: join(folder, name),
      env: { ...env, NO_COLOR: '1' },
    });
    expect(stdout + stderr).toMatch(passed);
  },
  120_000,
);
