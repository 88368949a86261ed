import type { UserPoolRecord } from '../../storage/user-pools.js';

/** A row may have this many characters. */
const MAX_ROW_LENGTH = 16_000;

/** The columns of a pool's file: its attributes but `sub`, then two of Cognito's own. */
export function csvHeader({ settings }: UserPoolRecord): string[] {
  const attributes = (settings.SchemaAttributes ?? []).map(({ Name }) => Name as string);
  return [...attributes.filter((name) => name !== 'sub'), 'cognito:mfa_enabled', 'cognito:username'];
}

export interface CsvLine {
  /** From 1. */
  readonly line: number;
  /** `undefined` for one that is too long to be read. */
  readonly text: string | undefined;
}

/**
 * The lines of a file that comes in pieces. No more than one piece and one line are held at a time, however
 * long a line is.
 *
 * @throws TypeError when the file is not UTF-8.
 */
export function* csvLines(pieces: Iterable<Uint8Array>): Generator<CsvLine> {
  // A byte order mark stays, to be refused.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  let rest = '';
  let tooLong = false;
  const take = (text: string): CsvLine => {
    const row = text.replace(/\r$/, '');
    return { line: line++, text: tooLong || row.length > MAX_ROW_LENGTH ? undefined : row };
  };
  const checkLength = (text: string) => {
    if (text.length <= MAX_ROW_LENGTH + 1) return text;
    tooLong = true;
    return '';
  };
  for (const piece of pieces) {
    const parts = decoder.decode(piece, { stream: true }).split('\n');
    for (const [index, part] of parts.entries()) {
      rest = checkLength(rest + part);
      if (index === parts.length - 1) break;
      yield take(rest);
      rest = '';
      tooLong = false;
    }
  }
  rest = checkLength(rest + decoder.decode());
  if (rest !== '' || tooLong) yield take(rest);
}

/**
 * The fields of a row. There is no quoting; a comma that belongs to a field is written `\,`. White space
 * around a field is no part of it.
 */
export function csvFields(text: string): string[] {
  return text.split(/(?<!\\),/).map((field) => field.replaceAll('\\,', ',').trim());
}

/** @returns what is wrong with the file's first row, if anything is. */
export function headerFault(pool: UserPoolRecord, row: string): string | undefined {
  if (row.startsWith('\uFEFF')) {
    return 'The CSV file begins with a byte order mark: save it as UTF-8 without one.';
  }
  if (row.trim() === '') {
    return 'The CSV file is empty, or its first line is: begin with the columns that GetCSVHeader answers.';
  }
  const header = csvFields(row);
  const expected = csvHeader(pool);
  const missing = expected.filter((name) => !header.includes(name));
  if (missing.length > 0) return `The header of the CSV file lacks ${missing.join(', ')}.`;
  const unknown = header.filter((name) => !expected.includes(name));
  if (unknown.length > 0) return 'The header of the CSV file has columns that the user pool does not have.';
  if (header.length !== expected.length) return 'The header of the CSV file has a column twice.';
  return undefined;
}
