import { setFlagsFromString } from 'node:v8';
import type { Log } from '../protocol/log.js';
import { type Cognito, startCognito } from '../start-cognito.js';
import { loadTriggers } from '../triggers/load-triggers.js';
import type { ServerFlags } from './server-flags.js';

/** Starts the server for a command; when that fails, says why and ends the process. */
export async function startServer(flags: ServerFlags, out: NodeJS.WritableStream): Promise<Cognito> {
  // Whoever read the output may be gone; that is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const { port, host, data, memory, seed, triggers, region, allowHost, allowOrigin } = flags;
  try {
    // V8 clears away what loading left behind, some 8 MB, before it takes more memory. No request is to wait
    // for that.
    setFlagsFromString('--optimize-for-size');
    const cognito = await startCognito({
      port,
      host,
      ...dataOf({ data, memory }),
      ...(memory === undefined ? {} : { memory }),
      ...(seed === undefined ? {} : { seed }),
      ...(triggers === undefined ? {} : { triggers: await loadTriggers(triggers) }),
      ...(region === undefined ? {} : { region }),
      ...(allowHost === undefined ? {} : { allowedHosts: allowHost }),
      ...(allowOrigin === undefined ? {} : { allowedOrigins: allowOrigin }),
      log: logTo(out),
    });
    setFlagsFromString('--no-optimize-for-size');
    return cognito;
  } catch (error) {
    process.stderr.write(`cognest-local: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** Where the data goes: the flag, else the variable, unless nothing is to be kept. */
export function dataOf({ data, memory }: { data?: string | undefined; memory?: true | undefined }): {
  data?: string;
} {
  const chosen = data ?? (memory ? undefined : process.env['COGNITO_DATA']);
  return chosen === undefined || chosen === '' ? {} : { data: chosen };
}

function logTo(out: NodeJS.WritableStream): Log {
  return {
    info: (text) => out.write(`${text}\n`),
    warn: (text) => process.stderr.write(`cognest-local: ${text}\n`),
    error: (text) => process.stderr.write(`cognest-local: ${text}\n`),
  };
}
