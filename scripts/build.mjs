// `nx`, one at a time in this working copy: a build clears the folders that another one, of a second example that is
// started at once, reads and writes. Who comes second waits; and leaves alone what is built already, which may be running:
// nx would put the same files there anew.
import { spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules', '.cache');
const lock = join(cache, 'cognest-build.lock');
/** As old as the beginning of the build that built a package last. */
const stampOf = (name) => join(cache, `cognest-build.${name}.stamp`);
const LOOK_MS = 100;
/** The holder says so often that it is alive. */
const ALIVE_MS = 1_000;
const STALE_MS = 30_000;

mkdirSync(cache, { recursive: true });
await taken();
const began = new Date();
process.on('exit', () => rmSync(lock, { force: true }));
setInterval(() => touch(), ALIVE_MS).unref();

const require = createRequire(import.meta.url);
const nx = join(dirname(require.resolve('nx/package.json')), require('nx/package.json').bin.nx);
const one = process.argv[2] === 'build';
const packages = one ? packagesUnder(process.cwd()) : new Set(readdirSync(join(root, 'packages')));
const own = one && [...packages].every(isBuilt) ? ['--exclude-task-dependencies'] : [];
const build = spawn(process.execPath, [nx, ...process.argv.slice(2), ...own], { stdio: 'inherit' });
// A terminal sends these to nx as well, and the lock is given back when that has ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => build.kill(signal));
build.on('exit', (code, signal) => {
  process.exitCode = code ?? 1;
  if (code !== 0 || own.length > 0) return;
  for (const stamp of [...packages].map(stampOf)) {
    writeFileSync(stamp, '');
    utimesSync(stamp, began, began);
  }
  if (signal !== null) console.error(`The build was ended by ${signal}.`);
});

async function taken() {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const left = leftBehind();
    if (left !== undefined) takeAway(left);
    else {
      if (!told) console.error('Another build is running in this working copy; waiting for its end.');
      await wait(LOOK_MS);
    }
  }
}

/** What is in the lock, if the process that made it is no more. */
function leftBehind() {
  let holder;
  try {
    holder = readFileSync(lock, 'utf8');
    if (Date.now() - statSync(lock).mtimeMs > STALE_MS) return holder;
    // Empty: it was made this moment.
    if (holder !== '') process.kill(Number(holder), 0);
  } catch (error) {
    if (error.code === 'ESRCH') return holder;
  }
  return undefined;
}

/** Of several who find it left behind, one can move it. The others may have moved that one's own, and give it back. */
function takeAway(left) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== left) linkSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

/** The packages of this repository that a workspace is built on, by their folders' names. */
function packagesUnder(folder, found = new Set()) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const [, short] = /^@cognest\/(.+)$/.exec(name) ?? [];
    if (short === undefined || found.has(short)) continue;
    packagesUnder(join(root, 'packages', short), found.add(short));
  }
  return found;
}

/** Whether nothing that goes into a package has changed since it was built. */
function isBuilt(name) {
  const folder = join(root, 'packages', name);
  if (!existsSync(stampOf(name)) || !existsSync(join(folder, 'dist', 'index.js'))) return false;
  const builtMs = statSync(stampOf(name)).mtimeMs;
  const shared = ['package-lock.json', 'tsconfig.base.json'].map((file) => join(root, file));
  return [...shared, folder].every((path) => newestMs(path) < builtMs);
}

/** When a file, or anything in a folder that goes into a build, was changed last. A file that is gone changes its folder. */
function newestMs(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const inside = readdirSync(path).filter((name) => !['dist', 'node_modules', 'test', 'docs'].includes(name));
  // A package's own folder changes with its `dist`.
  const isPackage = inside.includes('package.json');
  return Math.max(isPackage ? 0 : mtimeMs, ...inside.map((name) => newestMs(join(path, name))));
}

function touch() {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // Somebody has taken it away by hand.
  }
}
