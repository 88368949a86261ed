import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** An example, started in its own process by its README's own command. */
export class RunningExample {
  readonly #process: ChildProcess;
  #output = '';

  private constructor(process: ChildProcess) {
    this.#process = process;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += stripVTControlCharacters(text);
        process.emit('printed');
      });
    }
  }

  /** `npm start` (or npm with other `args`) in the root, on free ports unless `env` says otherwise. */
  static spawn(env: Record<string, string>, args = ['start']): RunningExample {
    const { NODE_OPTIONS: _, VITEST: __, NODE_ENV: ___, ...inherited } = process.env;
    const child = spawn('npm', args, {
      cwd: root,
      // A group of its own, as a terminal gives it: Ctrl-C then reaches every process in it.
      detached: true,
      env: { ...inherited, PORT: '0', COGNITO_PORT: '0', NX_DAEMON: 'false', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new RunningExample(child);
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until the output matches; fails with the output when the process ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        throw new Error(`Ended before printing ${pattern}:\n${this.#output}`);
      }
      const settled = new AbortController();
      const event = (name: string) => once(this.#process, name, { signal: settled.signal });
      try {
        await Promise.race([event('printed'), event('close')]);
      } finally {
        settled.abort();
      }
    }
  }

  /** The addresses of the API and of Cognito, once both answer. */
  async addresses(): Promise<{ api: string; cognito: string }> {
    const [, api = ''] = await this.printed(/API listening on (\S+),/);
    const [, cognito = ''] = await this.printed(/Cognito listens on (\S+)\s/);
    return { api, cognito };
  }

  /** What Ctrl-C does in a terminal. Resolves once every process has let go of its output. */
  async ctrlC(): Promise<void> {
    this.#signal('SIGINT');
    await this.ended();
  }

  /** Resolves to the exit code once every process of the example has ended. */
  async ended(): Promise<number | null> {
    if (!this.#process.stdout?.closed) await once(this.#process, 'close');
    return this.#process.exitCode;
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  /** To every process of the group, as a terminal does it. */
  #signal(signal: NodeJS.Signals): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, signal);
    } catch (error) {
      // Nobody is left in the group.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** A folder for Cognito's data that is gone after `remove()`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'cognest-example-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
