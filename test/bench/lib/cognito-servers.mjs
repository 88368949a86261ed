import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

// As users start it.
const cognest = join(
  dirname(fileURLToPath(import.meta.resolve('@cognest/local/package.json'))),
  'bin/cognest-local.js',
);
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

/** No Cognito, and answers every operation with two tokens. @type {Kind} */
export const TWO_SIGNATURES = {
  name: 'two signatures over HTTP',
  command: (port) => [fileURLToPath(import.meta.resolve('./two-signatures.mjs')), String(port)],
  env: () => ({}),
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
  /** A lean client: it shares the cores with what it measures. @type {Pool | undefined} */
  #pool;
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
    const port = await freePort();
    this.#pool = new Pool(`http://127.0.0.1:${port}`, { pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });
    const startNs = process.hrtime.bigint();
    this.#child = spawn(process.execPath, this.#kind.command(port), {
      cwd: this.#directory,
      env: { ...process.env, ...this.#kind.env(port) },
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
    await this.#pool?.destroy();
  }

  async remove() {
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Resident memory. */
  memoryMb() {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  /** @param {string} operation @param {object} input @returns {Promise<any>} */
  async call(operation, input) {
    const headers = { ...SIGNED, 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` };
    const text = await this.#send('POST', '/', headers, JSON.stringify(input));
    return text === '' ? {} : JSON.parse(text);
  }

  /** @param {string} url @param {string} body */
  put(url, body) {
    const { pathname, search } = new URL(url);
    return this.#send('PUT', pathname + search, {}, body);
  }

  /** @param {'POST' | 'PUT'} method @param {string} path @param {Record<string, string>} headers @param {string} body */
  async #send(method, path, headers, body) {
    if (this.#pool === undefined) throw new Error(`${this.name} has not been started`);
    const response = await this.#pool.request({ method, path, headers, body });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}: ${text}`);
    return text;
  }
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
