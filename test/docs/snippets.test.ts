import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documents, root, type Snippet, snippets } from './documents.js';

const all = documents().flatMap(snippets);
const ofLanguage = (...languages: string[]) => all.filter(({ language }) => languages.includes(language));

// Inside the workspace, so that imports resolve as they do for the packages' own code.
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true });
const scratch = mkdtempSync(join(root, 'node_modules', '.cache', 'snippets-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Optional companions of `@cognest/nest`, which npm may keep in that package's own folder. */
const companions = ['@nestjs/swagger', '@nestjs/throttler', '@nestjs/graphql', '@nestjs/apollo'];
const requireFromNest = createRequire(join(root, 'packages', 'nest', 'package.json'));

describe('TypeScript in the documents', () => {
  const typed = ofLanguage('ts', 'typescript');

  it('is there to be compiled', () => {
    expect(typed.length).toBeGreaterThan(0);
  });

  it('compiles as it stands', () => {
    expect(compile(typed)).toEqual([]);
  });

  it('is really compiled: a mistake would show', () => {
    const wrong: Snippet = { document: 'none.md', line: 7, language: 'ts', text: 'const n: number = "one";' };
    expect(compile([wrong])).toEqual([expect.stringContaining('none.md:7: error TS2322')]);
  });
});

/** Type-checks each snippet as a module of its own; what the compiler says, by document and line. */
function compile(typed: Snippet[]): string[] {
  const folder = mkdtempSync(join(scratch, 'ts-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        paths: Object.fromEntries(
          companions.map((name) => [name, [requireFromNest.resolve(name).replace(/\.js$/, '.d.ts')]]),
        ),
      },
      include: ['*.ts'],
    }),
  );
  for (const [index, { text }] of typed.entries()) writeFileSync(join(folder, `${index}.ts`), text);

  try {
    execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder, '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return stdout
      .split('\n')
      .filter((line) => line.includes('error TS'))
      .map((line) =>
        line.replace(/^(\d+)\.ts\((\d+),\d+\)/, (_, file: string, at: string) => {
          const snippet = typed[Number(file)];
          return snippet ? `${snippet.document}:${snippet.line + Number(at) - 1}` : line;
        }),
      );
  }
}
