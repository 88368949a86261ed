import { resolve } from 'node:path';
import { dataOf, startServer } from './server.js';
import type { ServerFlags } from './server-flags.js';

/** `cognest-local start`: until Ctrl-C or SIGTERM. */
export async function start(flags: ServerFlags, version: string): Promise<void> {
  const cognito = await startServer(flags, process.stdout);
  const lines = [
    `@cognest/local ${version} listens on ${cognito.endpoint}`,
    `  data      ${flags.memory ? 'in memory' : resolve(dataOf(flags).data ?? '.cognest')}`,
    `  messages  ${cognito.endpoint}/_cognest/messages`,
  ];
  for (const pool of cognito.pools) {
    lines.push(`  pool      ${pool.name}: ${pool.userPoolId}`);
    for (const client of pool.clients) lines.push(`    client  ${client.name}: ${client.clientId}`);
  }
  if (cognito.pools.length === 0) lines.push('  pool      none yet: give --seed, or call CreateUserPool');
  lines.push('  For development only: credentials are not checked.');

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // A second Ctrl-C does not wait for requests under way.
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    await cognito.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  // Last: who reads it may stop the server at once.
  process.stdout.write(`${lines.join('\n')}\n`);
}
