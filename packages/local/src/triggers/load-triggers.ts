import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkTriggers, type Triggers } from './trigger-options.js';

/**
 * The triggers that a module exports: as its default export, or each under its name.
 *
 * @throws Error when it cannot be loaded or exports something else.
 */
export async function loadTriggers(path: string): Promise<Triggers> {
  const file = resolve(path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new Error(`The triggers ${path} cannot be loaded: there is no such file.`);
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const place = cause instanceof SyntaxError ? `${placeOf(file) ?? path}: ` : '';
    throw new Error(`The triggers ${path} cannot be loaded: ${place}${reason}`, { cause });
  }
  const { default: whole, ...named } = module;
  const triggers = (typeof whole === 'object' && whole !== null ? whole : named) as Triggers;
  if (Object.keys(triggers).length === 0) {
    throw new Error(`${path} exports no trigger: export functions such as preSignUp, or an object of them.`);
  }
  try {
    checkTriggers(triggers);
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
  return triggers;
}

/** The line of a mistake in the file itself, which Node tells when it reports the error, and not with the error. */
function placeOf(file: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 });
  const line = /^[^\n]*:(\d+)\r?\n/.exec(stderr ?? '')?.[1];
  return line === undefined ? undefined : `${file}:${line}`;
}
