import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cognest = join(dirname(fileURLToPath(import.meta.resolve('@cognest/local'))), 'cli.js');
const peer = fileURLToPath(import.meta.resolve('cognito-local/lib/bin/start.js'));

/**
 * How a server is started on a port, with its data in the directory that it is started in.
 *
 * @typedef {{ name: string, command: (port: number) => string[], env: (port: number) => Record<string, string> }} Kind
 */

/** @type {Kind} */
export const OURS = {
  name: '@cognest/local',
  command: (port) => [cognest, 'start', '--port', String(port), '--data', 'data'],
  env: () => ({}),
};

/** @type {Kind} */
export const COGNITO_LOCAL = {
  name: 'cognito-local',
  command: () => [peer],
  env: (port) => ({ PORT: String(port), HOST: '127.0.0.1' }),
};

const SIGNED = {
  'content-type': 'application/x-amz-json-1.1',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host;x-amz-date, Signature=00',
  'x-amz-date': '20260101T000000Z',
};

/** A server in a process of its own. */
export class CognitoServer {
  #kind;
  #directory = mkdtempSync(join(tmpdir(), 'cognest-bench-'));
  #agent = new Agent({ keepAlive: true });
  #port = 0;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /** @param {Kind} kind */
  constructor(kind) {
    this.#kind = kind;
  }

  get name() {
    return this.#kind.name;
  }

  /** @returns {Promise<number>} milliseconds from the start of the process to its first answer */
  async start() {
    this.#port = await freePort();
    const startNs = process.hrtime.bigint();
    this.#child = spawn(process.execPath, this.#kind.command(this.#port), {
      cwd: this.#directory,
      env: { ...process.env, ...this.#kind.env(this.#port) },
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 10_000; tries++) {
      try {
        await this.call('ListUserPools', { MaxResults: 1 });
        return Number(process.hrtime.bigint() - startNs) / 1e6;
      } catch {
        await delay(2);
      }
    }
    throw new Error(`${this.name} does not answer`);
  }

  async stop() {
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    this.#child = undefined;
  }

  async remove() {
    await this.stop();
    this.#agent.destroy();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Resident memory. */
  memoryMb() {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  /** @param {string} operation @param {object} input @returns {Promise<any>} */
  call(operation, input) {
    return send(
      { port: this.#port, path: '/', method: 'POST', agent: this.#agent },
      { ...SIGNED, 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
      JSON.stringify(input),
    ).then((text) => (text === '' ? {} : JSON.parse(text)));
  }

  /** @param {string} url @param {string} body */
  put(url, body) {
    const { pathname, search } = new URL(url);
    return send({ port: this.#port, path: pathname + search, method: 'PUT', agent: this.#agent }, {}, body);
  }
}

/** @param {object} options @param {Record<string, string>} headers @param {string} body @returns {Promise<string>} */
function send(options, headers, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', ...options, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`status ${response.statusCode}: ${text}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
