// Writes the table of operations in README.md from the registry and the model.
//
//   npm run generate -w @cognest/local

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (path) => new URL(`../${path}`, import.meta.url);
const readme = file('README.md');
const START = '<!-- operations: made by "npm run generate -w @cognest/local" -->\n';
const END = '<!-- /operations -->';

/** The README with the table as it should be. */
export function withOperations(text) {
  const [before, rest = ''] = text.split(START);
  const after = rest.slice(rest.indexOf(END));
  if (!after) throw new Error('README.md has no place for the operations');
  return `${before}${START}${table()}${after}`;
}

/** What the registry exports. */
export function supportedOperations() {
  const source = readFileSync(file('src/operations/index.ts'), 'utf8');
  return [...source.matchAll(/^export \{ (\w+) \} from '\.\/\1\.js';$/gm)].map(([, name]) => name).sort();
}

function table() {
  const source = readFileSync(file('src/model/generated/model.ts'), 'utf8');
  const { operations } = JSON.parse(JSON.parse(source.match(/modelJson: string = (.+);\n$/)[1]));
  const supported = supportedOperations();
  const missing = Object.keys(operations).filter((name) => !supported.includes(name));
  const rows = supported.map((name) => [
    `\`${name}\``,
    operations[name].unsigned ? 'no AWS credentials' : 'any AWS credentials',
  ]);
  return [
    `${supported.length} of the ${Object.keys(operations).length} operations of the API are served:`,
    '',
    ...aligned([['operation', 'called with'], ...rows]),
    '',
    `<details><summary>The other ${missing.length} answer <code>NotImplementedException</code> and name themselves</summary>`,
    '',
    missing.map((name) => `\`${name}\``).join(', '),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** As the formatter leaves it. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(readme, withOperations(readFileSync(readme, 'utf8')));
}
