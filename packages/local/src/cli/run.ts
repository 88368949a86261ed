import { spawn } from 'cross-spawn';
import { childEnvironment, renamedVariables } from './child-environment.js';
import { startServer } from './server.js';
import type { ServerFlags } from './server-flags.js';

/**
 * `cognest-local run -- COMMAND`: the command's standard streams are the caller's, so the server writes to
 * the standard error. Ends as the command ends: with its exit code, or by the signal that ended it.
 */
export async function run([command = '', ...args]: readonly string[], flags: ServerFlags): Promise<void> {
  const cognito = await startServer(flags, process.stderr);
  process.stderr.write(
    `cognest-local: Cognito listens on ${cognito.endpoint} (codes and invitations: ${cognito.endpoint}/_cognest/messages)\n`,
  );
  for (const { what, prefix } of renamedVariables(cognito.pools)) {
    process.stderr.write(`cognest-local: the variables of the ${what} begin with ${prefix}_\n`);
  }
  const child = spawn(command, args, { stdio: 'inherit', env: childEnvironment(process.env, cognito) });

  // A terminal sends Ctrl-C to the command as well: passing it on would stop the command twice.
  const interactive = process.stdin.isTTY === true;
  process.on('SIGINT', () => interactive || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));

  const { code, signal } = await new Promise<{ code: number; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      const missing = error.code === 'ENOENT';
      const reason = missing ? 'there is no such command' : error.message;
      process.stderr.write(`cognest-local: cannot run ${command}: ${reason}\n`);
      resolve({ code: missing ? 127 : 126, signal: null });
    });
    child.on('exit', (code, signal) => resolve({ code: code ?? 1, signal }));
  });
  await cognito.close();
  if (signal === null || process.platform === 'win32') process.exit(code);
  for (const forwarded of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(forwarded);
  process.kill(process.pid, signal);
}
