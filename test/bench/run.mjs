// Runs the suites that are named, or all of them. A suite is a file `<name>.suite.mjs` beside this one, whose default
// export runs it and prints what it found.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';

const suites = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.suite.mjs'))
  .map((file) => file.slice(0, -'.suite.mjs'.length))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !suites.includes(name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.map((name) => `"${name}"`).join(', ')}; there is: ${suites.join(', ')}`);
  process.exitCode = 2;
} else {
  const [cpu] = cpus();
  console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpu?.model ?? 'unknown processor'}`);
  for (const name of asked.length > 0 ? asked : suites) {
    const { default: run } = await import(`./${name}.suite.mjs`);
    console.log(`\n# ${name}`);
    await run();
  }
}
