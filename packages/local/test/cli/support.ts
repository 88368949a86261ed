import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The built command: what a user runs. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Cli {
  readonly child: ChildProcess;
  out: string;
  err: string;
  /** Resolves with the first match in the standard output; rejects when the process ends without it. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cognest-cli-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs the command line in an empty directory, with nothing of the caller's AWS or Cognito settings. */
export async function cli(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; maxFileKiB?: number } = {},
): Promise<Cli> {
  const cwd = options.cwd ?? (await temporaryDirectory());
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|COGNITO_|NODE_|VITEST)/.test(name)),
  );
  const command = [process.execPath, CLI, ...args];
  // As a disk that is full: what makes a file longer fails.
  if (options.maxFileKiB) command.unshift('bash', '-c', `ulimit -f ${options.maxFileKiB}; exec "$@"`, 'bash');
  const [program = '', ...given] = command;
  const child = spawn(program, given, {
    cwd,
    env: { ...inherited, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const running: Cli = {
    child,
    out: '',
    err: '',
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(running.out);
          if (!match) return;
          child.stdout?.off('data', look);
          resolve(match);
        };
        child.stdout?.on('data', look);
        void ended.then(() => reject(new Error(`ended without ${pattern}:\n${running.out}\n${running.err}`)));
        look();
      }),
  };
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    running.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    running.err += text;
  });
  return running;
}

/** The address that a started server prints. */
export async function endpointOf(server: Cli): Promise<string> {
  const [, endpoint = ''] = await server.printed(/listens on (http:\S+)\n/);
  return endpoint;
}
