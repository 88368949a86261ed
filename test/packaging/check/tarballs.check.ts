import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from './run.js';

const packed = inject('packed');
const root = inject('root');
const scratch = inject('scratch');
const tool = (name: string, ...args: string[]) => run(join(root, 'node_modules', '.bin', name), args, root);
const installed = (name: string) => join(scratch, 'node_modules', ...name.split('/'));

beforeAll(async () => {
  for (const { name, tarball } of packed) {
    mkdirSync(installed(name), { recursive: true });
    await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed(name)], scratch);
  }
});

it('there are packages', () => {
  expect(packed.map(({ name }) => name)).toEqual([
    '@cognest/local',
    '@cognest/nest',
    '@cognest/testing',
    '@cognest/verifier',
  ]);
});

describe.each(packed)('$name', ({ name, version, bin, entries, tarball, files }) => {
  it('holds what it should, and nothing else', () => {
    const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'];
    expect(files).toEqual(expect.arrayContaining(needed));
    expect(files.filter((file) => /(^|\/)(test|scripts)\/|\.tsbuildinfo$|\.(db|sqlite)/.test(file))).toEqual(
      [],
    );
  });

  it('passes publint', async () => {
    expect((await tool('publint', '--strict', tarball)).stdout).toContain('All good!');
  });

  it('passes attw', async () => {
    const { stdout } = await tool('attw', tarball, '--profile', 'esm-only', '--no-color');
    expect(stdout).toContain('🟢 (ESM)');
  });

  it.each(
    entries.flatMap((entry) => [
      [entry, 'import', 'esm.mjs', `import * as it from '${entry}';`],
      [entry, 'require', 'cjs.cjs', `const it = require('${entry}');`],
    ]),
  )('loads: %s with %s', async (_entry, _way, file, load) => {
    const metadata = file.endsWith('.mjs') ? "import 'reflect-metadata';" : "require('reflect-metadata');";
    writeFileSync(join(scratch, file), `${metadata} ${load} console.log(Object.keys(it).length > 0);`);
    expect((await run(process.execPath, [file], scratch)).stdout).toBe('true\n');
  });

  it.each(Object.entries(bin))('runs %s', async (_command, path) => {
    const { stdout } = await run(process.execPath, [join(installed(name), path), '--version'], scratch);
    expect(stdout.trim()).toBe(version);
  });
});
