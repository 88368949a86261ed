import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatRatio, median, printTable } from './lib/measure.mjs';
import { makeTokens, poolKeys, serveKeys } from './lib/pool.mjs';

const ROUNDS = 9;
const ROUND_MS = 1_000;
const USERS = 1_000;
const CONNECTIONS = 50;
const COLD_ROUNDS = 7;
const COLD_PER_ROUND = 2_000;
const PLATFORMS = ['Express', 'Fastify'];
const CONTESTANTS = [
  'unguarded',
  '@cognest/nest',
  '@nestjs-cognito/auth',
  'passport-jwt + jwks-rsa',
  'jose by hand',
];

/** @typedef {import('node:child_process').ChildProcess} Child */
/** @typedef {{ name: string, port: number, child: Child }} Server */
/** Requests a second of time, and a second of the server's processor time. @typedef {{ wall: number, processor: number }} Speed */

export default async function nestSuite() {
  installPeers();
  const { privateKey, jwks } = poolKeys();
  const keys = await serveKeys(jwks);
  const load = start('nest-load.mjs');
  try {
    const users = await makeTokens(privateKey, USERS);
    const strangers = await makeTokens(privateKey, COLD_PER_ROUND * (COLD_ROUNDS + 1));
    for (const platform of PLATFORMS) await measure(platform, keys.url, load, users, strangers);
  } finally {
    load.disconnect();
    keys.close();
  }
}

/**
 * One peer asks for older versions of Nest and of the SDK, so that it cannot stand beside the others; it runs on this one
 * all the same.
 */
function installPeers() {
  const cwd = join(import.meta.dirname, 'peers');
  if (existsSync(join(cwd, 'node_modules'))) return;
  console.log('Installing a peer in test/bench/peers ...');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
}

/** @param {string} platform @param {string} keysUrl @param {Child} load @param {string[]} users @param {string[]} strangers */
async function measure(platform, keysUrl, load, users, strangers) {
  /** @type {Child[]} */
  const children = [];
  try {
    /** @type {Server[]} */
    const servers = [];
    for (const name of CONTESTANTS) {
      const child = start('nest-server.mjs', platform, name, keysUrl);
      children.push(child);
      const port = /** @type {number} */ (await answerOf(child));
      servers.push({ name, port, child });
    }
    const cold = await compare(servers, COLD_ROUNDS, (round, server) => {
      const tokens = strangers.slice(round * COLD_PER_ROUND, (round + 1) * COLD_PER_ROUND);
      return ask(load, server, { tokens, count: tokens.length });
    });
    for (const server of servers) await ask(load, server, { tokens: users, count: users.length });
    const warm = await compare(servers, ROUNDS, (_round, server) =>
      ask(load, server, { tokens: users, durationMs: ROUND_MS }),
    );
    print(`${platform}, ${USERS} rotating tokens that were seen before`, warm);
    print(`${platform}, new tokens`, cold);
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
}

/**
 * The speeds by contestant and round. All take their turns in each round, so that what slows the machine down slows all of
 * them; the first round is for warming up.
 *
 * @param {Server[]} servers @param {number} rounds @param {(round: number, server: Server) => Promise<Speed>} run
 * @returns {Promise<Speed[][]>}
 */
async function compare(servers, rounds, run) {
  /** @type {Speed[][]} */
  const speeds = servers.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      // Another one begins in each round: who comes first has the quietest machine, or the least warm one.
      const index = (turn + round) % servers.length;
      const speed = await run(round, /** @type {Server} */ (servers[index]));
      if (round > 0) speeds[index]?.push(speed);
    }
  }
  return speeds;
}

/** @param {Child} load @param {Server} server @param {object} job @returns {Promise<Speed>} */
async function ask(load, server, job) {
  const beforeUs = await processorTimeUs(server);
  load.send({ port: server.port, connections: CONNECTIONS, ...job });
  const { error, requests, elapsedMs } = /** @type {any} */ (await answerOf(load));
  if (error !== undefined) throw new Error(error);
  const processor = (requests / ((await processorTimeUs(server)) - beforeUs)) * 1e6;
  return { wall: (requests / elapsedMs) * 1e3, processor };
}

/** @param {Server} server @returns {Promise<number>} */
async function processorTimeUs({ child }) {
  child.send('time');
  return /** @type {Promise<number>} */ (answerOf(child));
}

/** @param {string} title @param {Speed[][]} speeds - in the order of the contestants. */
function print(title, speeds) {
  /** The median of the ratios to another contestant in the same round. @param {number} index @param {number} other @param {keyof Speed} by */
  const ratio = (index, other, by) =>
    formatRatio(
      median((speeds[index] ?? []).map((speed, round) => speed[by] / (speeds[other]?.[round]?.[by] ?? 1))),
    );
  const ours = CONTESTANTS.indexOf('@cognest/nest');
  /** @param {number} index @param {keyof Speed} by */
  const faster = (index, by) => (index === 0 || index === ours ? '' : `${ratio(ours, index, by)}x`);
  const medianOf = (/** @type {Speed[]} */ own, /** @type {keyof Speed} */ by) =>
    median(own.map((speed) => speed[by]));
  console.log(`\n${title}, ${CONNECTIONS} connections:\n`);
  printTable(
    [
      '',
      'requests a second',
      'of unguarded',
      '@cognest/nest is faster',
      'processor time each, µs',
      'of unguarded',
      '@cognest/nest is faster',
    ],
    CONTESTANTS.map((name, index) => [
      name,
      Math.round(medianOf(speeds[index] ?? [], 'wall')).toLocaleString('en'),
      ratio(index, 0, 'wall'),
      faster(index, 'wall'),
      (1e6 / medianOf(speeds[index] ?? [], 'processor')).toFixed(1),
      ratio(index, 0, 'processor'),
      faster(index, 'processor'),
    ]),
  );
}

/** @param {string} script @param {string[]} args */
function start(script, ...args) {
  return fork(join(import.meta.dirname, script), args, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The next message of a child. @param {Child} child @returns {Promise<unknown>} */
async function answerOf(child) {
  const ended = new AbortController();
  const died = once(child, 'exit', ended).then(([code]) => {
    throw new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', ended), died]);
    return message;
  } finally {
    ended.abort();
    died.catch(() => {});
  }
}
