// Packs every public package as it would be published, lints the tarball (publint, attw), and imports it,
// from ESM and from CommonJS, the way an app would: without the workspace's sources in reach.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const packages = readdirSync(join(root, 'packages'))
  .map((name) => ({ directory: join(root, 'packages', name) }))
  .map((entry) => ({
    ...entry,
    manifest: JSON.parse(readFileSync(join(entry.directory, 'package.json'), 'utf8')),
  }))
  .filter(({ manifest }) => !manifest.private);

const run = (command, args, cwd = root) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const bin = (name) => join(root, 'node_modules', '.bin', name);

// Below the workspace's node_modules, so that third-party dependencies resolve without a download.
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true });
const scratch = mkdtempSync(join(root, 'node_modules', '.cache', 'packaging-'));
let failures = 0;

const attempt = (what, work) => {
  try {
    work();
    console.log(`ok    ${what}`);
  } catch (error) {
    failures += 1;
    console.log(`FAIL  ${what}\n${error.stdout ?? ''}${error.message}`);
  }
};

try {
  for (const { directory, manifest } of packages) {
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', scratch], directory));
    const tarball = join(scratch, basename(packed.filename));
    const files = packed.files.map(({ path }) => path);

    attempt(`${manifest.name}: tarball holds what it should`, () => {
      const missing = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'].filter(
        (file) => !files.includes(file),
      );
      const strays = files.filter((file) => /(^|\/)(test|scripts)\/|\.tsbuildinfo$|\.(db|sqlite)/.test(file));
      if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
      if (strays.length > 0) throw new Error(`does not belong in a package: ${strays.join(', ')}`);
    });
    attempt(`${manifest.name}: publint`, () => run(bin('publint'), ['--strict', tarball]));
    attempt(`${manifest.name}: attw`, () =>
      run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-color']),
    );

    const installed = join(scratch, 'node_modules', ...manifest.name.split('/'));
    mkdirSync(installed, { recursive: true });
    run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  }

  for (const { manifest } of packages) {
    const target = JSON.stringify(manifest.name);
    const load = {
      'esm.mjs': `import 'reflect-metadata'; import * as it from ${target}; if (!Object.keys(it).length) throw new Error('exports nothing');`,
      'cjs.cjs': `require('reflect-metadata'); const it = require(${target}); if (!Object.keys(it).length) throw new Error('exports nothing');`,
    };
    for (const [file, source] of Object.entries(load)) {
      writeFileSync(join(scratch, file), source);
      attempt(`${manifest.name}: loads from ${file.split('.')[0]}`, () => run('node', [file], scratch));
    }
    for (const [name, path] of Object.entries(manifest.bin ?? {})) {
      attempt(`${manifest.name}: ${name} --version`, () => {
        const entry = join(scratch, 'node_modules', ...manifest.name.split('/'), path);
        const printed = run('node', [entry, '--version'], scratch).trim();
        if (printed !== manifest.version)
          throw new Error(`printed "${printed}", expected ${manifest.version}`);
      });
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

process.exitCode = failures === 0 ? 0 : 1;
