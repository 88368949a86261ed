import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { run } from './run.js';

/** A public package, as it would be published. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** Names of commands and their files. */
  readonly bin: Readonly<Record<string, string>>;
  /** What can be imported: the name, and the name with each subpath. */
  readonly entries: readonly string[];
  readonly tarball: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
}

declare module 'vitest' {
  interface ProvidedContext {
    packed: readonly Packed[];
    /** The root of the workspace. */
    root: string;
    /** A directory below the workspace's node_modules, so that other packages are found without a download. */
    scratch: string;
  }
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Packs every public package once, for all files here. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'packaging-'));
  const packed: Packed[] = [];
  for (const folder of readdirSync(join(root, 'packages'))) {
    const directory = join(root, 'packages', folder);
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
    if (manifest.private) continue;
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', scratch], directory);
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    packed.push({
      name: manifest.name,
      version: manifest.version,
      bin: manifest.bin ?? {},
      entries: Object.keys(manifest.exports)
        .filter((path) => !path.endsWith('.json'))
        .map((path) => manifest.name + path.slice(1)),
      tarball: join(scratch, basename(filename)),
      files: files.map(({ path }) => path),
    });
  }
  provide('packed', packed);
  provide('root', root);
  provide('scratch', scratch);
  return () => rmSync(scratch, { recursive: true, force: true });
}
