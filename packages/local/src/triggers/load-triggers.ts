import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkTriggers, type Triggers } from './trigger-options.js';

/**
 * The triggers that a module exports: as its default export, or each under its name.
 *
 * @throws Error when it cannot be loaded or exports something else.
 */
export async function loadTriggers(path: string): Promise<Triggers> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as typeof module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The triggers ${path} cannot be loaded: ${reason}`, { cause });
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
