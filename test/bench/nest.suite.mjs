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
/** @typedef {{ name: string, port: number }} Server */

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
      servers.push({ name, port });
    }
    const cold = await compare(servers, COLD_ROUNDS, (round, { port }) => {
      const tokens = strangers.slice(round * COLD_PER_ROUND, (round + 1) * COLD_PER_ROUND);
      return ask(load, { port, tokens, count: tokens.length });
    });
    for (const { port } of servers) await ask(load, { port, tokens: users, count: users.length });
    const warm = await compare(servers, ROUNDS, (_round, { port }) =>
      ask(load, { port, tokens: users, durationMs: ROUND_MS }),
    );
    print(platform, servers, warm, cold);
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
}

/**
 * Requests a second, by contestant and round. All take their turns in each round, so that what slows the machine down
 * slows all of them; the first round is for warming up.
 *
 * @param {Server[]} servers @param {number} rounds @param {(round: number, server: Server) => Promise<number>} run
 * @returns {Promise<number[][]>}
 */
async function compare(servers, rounds, run) {
  /** @type {number[][]} */
  const perSecond = servers.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      // Another one begins in each round: who comes first has the quietest machine, or the least warm one.
      const index = (turn + round) % servers.length;
      const speed = await run(round, /** @type {Server} */ (servers[index]));
      if (round > 0) perSecond[index]?.push(speed);
    }
  }
  return perSecond;
}

/** @param {Child} load @param {object} job @returns {Promise<number>} requests a second */
async function ask(load, job) {
  load.send({ connections: CONNECTIONS, ...job });
  const { error, requests, elapsedMs } = /** @type {any} */ (await answerOf(load));
  if (error !== undefined) throw new Error(error);
  return (requests / elapsedMs) * 1e3;
}

/** @param {string} platform @param {Server[]} servers @param {number[][]} warm @param {number[][]} cold */
function print(platform, servers, warm, cold) {
  /** The median of the ratios to another contestant in the same round. @param {number[][]} all @param {number} index @param {number} other */
  const ratio = (all, index, other) =>
    formatRatio(median((all[index] ?? []).map((speed, round) => speed / (all[other]?.[round] ?? 1))));
  const ours = CONTESTANTS.indexOf('@cognest/nest');
  const speeds = (/** @type {number[]} */ own) => Math.round(median(own)).toLocaleString('en');
  console.log(`\n${platform}, ${USERS} rotating tokens, ${CONNECTIONS} connections:\n`);
  printTable(
    [
      '',
      'seen before, a second',
      'of unguarded',
      '@cognest/nest is faster',
      'new tokens, a second',
      '@cognest/nest is faster',
    ],
    servers.map(({ name }, index) => [
      name,
      speeds(warm[index] ?? []),
      ratio(warm, index, 0),
      index === 0 || index === ours ? '' : `${ratio(warm, ours, index)}x`,
      index === 0 ? '' : speeds(cold[index] ?? []),
      index === 0 || index === ours ? '' : `${ratio(cold, ours, index)}x`,
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
