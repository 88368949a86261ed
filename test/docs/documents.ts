import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** One fenced block of a document. */
export interface Snippet {
  /** Path of the document from the root. */
  readonly document: string;
  /** The line that the block's first line stands on, from 1. */
  readonly line: number;
  /** What stands behind the opening fence: `ts`, `yaml`, `sh`, ... */
  readonly language: string;
  readonly text: string;
}

/** Every Markdown document that git knows or would take in, by its path from the root. */
export function documents(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => path !== '' && !path.startsWith('.changeset/'));
}

export function read(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

export function snippets(document: string): Snippet[] {
  const found: Snippet[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, text] of read(document).split('\n').entries()) {
    const fence = /^```(\w*)/.exec(text);
    if (fence === null) {
      open?.lines.push(text);
    } else if (open === undefined) {
      open = { language: fence[1] ?? '', line: index + 2, lines: [] };
    } else {
      found.push({ document, line: open.line, language: open.language, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  return found;
}
