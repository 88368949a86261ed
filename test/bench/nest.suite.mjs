import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatRatio, median, printTable } from './lib/measure.mjs';
import { forge, makeTokens, poolKeys, serveKeys } from './lib/pool.mjs';

// Each contestant is started anew so often: where a process has settled when it is warm (how large a young generation its
// heap has, what of a request outlives it) is luck, and twice the price at times.
const GENERATIONS = 3;
const ROUNDS = 4;
const ROUND_MS = 1_000;
const USERS = 1_000;
const WARM_UP = 10_000;
const CONNECTIONS = 50;
const COLD_PER_ROUND = 2_000;
const OPEN = ['unguarded', 'a guard that does nothing'];
const PLATFORMS = ['Express', 'Fastify'];
const CONTESTANTS = [
  'unguarded',
  'a guard that does nothing',
  '@cognest/nest',
  '@nestjs-cognito/auth',
  'passport-jwt + jwks-rsa',
  'jose by hand',
];

/** @typedef {import('node:child_process').ChildProcess} Child */
/** @typedef {{ name: string, port: number, child: Child }} Server */
/**
 * Requests a second of time, and a second of the server's processor time; the part of the time in which the load was at
 * work itself.
 *
 * @typedef {{ wall: number, processor: number, load: number }} Speed
 */

const EXPLANATION = `
"Processor time" is that of all threads of the server. jose verifies on those beside the event loop, so that it has more
than one core to itself. Where the load is at work nearly all of the time, requests a second are as many as it can
ask for: the servers are further apart than that column says, and the processor time is what to go by.`;

export default async function nestSuite() {
  installPeers();
  const { privateKey, jwks } = poolKeys();
  const keys = await serveKeys(jwks);
  const load = start('nest-load.mjs');
  try {
    const users = await makeTokens(privateKey, USERS);
    const strangers = await makeTokens(privateKey, COLD_PER_ROUND * GENERATIONS * (ROUNDS + 1));
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
  /** @type {Speed[][]} */
  const warm = CONTESTANTS.map(() => []);
  /** @type {Speed[][]} */
  const cold = CONTESTANTS.map(() => []);
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const servers = await startServers(platform, keysUrl);
    try {
      await checkAnswers(servers, /** @type {string} */ (users[0]));
      for (const server of servers) await ask(load, server, { tokens: users, count: WARM_UP });
      await compare(servers, warm, (_round, server) =>
        ask(load, server, { tokens: users, durationMs: ROUND_MS }),
      );
      // After the others, so that all servers are warm: what a compiler of V8 does meanwhile is no part of a token's price.
      await compare(servers, cold, (round, server) => {
        const from = (generation * (ROUNDS + 1) + round) * COLD_PER_ROUND;
        return ask(load, server, {
          tokens: strangers.slice(from, from + COLD_PER_ROUND),
          count: COLD_PER_ROUND,
        });
      });
    } finally {
      for (const { child } of servers) if (child.connected) child.disconnect();
    }
  }
  print(`${platform}, ${USERS} rotating tokens that were seen before`, warm);
  print(`${platform}, new tokens`, cold);
  console.log(EXPLANATION);
}

/** @param {string} platform @param {string} keysUrl @returns {Promise<Server[]>} */
async function startServers(platform, keysUrl) {
  /** @type {Server[]} */
  const servers = [];
  for (const name of CONTESTANTS) {
    const child = start('nest-server.mjs', platform, name, keysUrl);
    servers.push({ name, port: /** @type {number} */ (await answerOf(child)), child });
  }
  return servers;
}

/**
 * Whether all do the same job: the same answer, byte for byte, and none without a good token.
 *
 * @param {Server[]} servers @param {string} token
 */
async function checkAnswers(servers, token) {
  /** @param {Server} server @param {string} [given] */
  const answerTo = async ({ port }, given) => {
    const headers = /** @type {Record<string, string>} */ (given ? { authorization: `Bearer ${given}` } : {});
    const response = await fetch(`http://127.0.0.1:${port}/ping`, { headers });
    const sent = [...response.headers].filter(([name]) => name !== 'date');
    return { status: response.status, all: JSON.stringify([response.status, sent, await response.text()]) };
  };
  const expected = await answerTo(/** @type {Server} */ (servers[0]), token);
  for (const server of servers) {
    const { all } = await answerTo(server, token);
    if (all !== expected.all) throw new Error(`${server.name} answers ${all}, not ${expected.all}`);
    if (OPEN.includes(server.name)) continue;
    for (const given of [undefined, forge(token)]) {
      const { status } = await answerTo(server, given);
      if (status !== 401) throw new Error(`${server.name} answers ${status} to a bad token, not 401`);
    }
  }
}

/**
 * Adds the speeds of a few rounds to those of each contestant. All take their turns in each round, so that what slows the
 * machine down slows all of them; the first round is for warming up.
 *
 * @param {Server[]} servers @param {Speed[][]} speeds @param {(round: number, server: Server) => Promise<Speed>} run
 */
async function compare(servers, speeds, run) {
  for (let round = 0; round <= ROUNDS; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      // Another one begins in each round: who comes first has the quietest machine, or the least warm one.
      const index = (turn + round) % servers.length;
      const speed = await run(round, /** @type {Server} */ (servers[index]));
      if (round > 0) speeds[index]?.push(speed);
    }
  }
}

/** @param {Child} load @param {Server} server @param {object} job @returns {Promise<Speed>} */
async function ask(load, server, job) {
  const beforeUs = await processorTimeUs(server);
  load.send({ port: server.port, connections: CONNECTIONS, ...job });
  const { error, requests, elapsedMs, busyMs } = /** @type {any} */ (await answerOf(load));
  if (error !== undefined) throw new Error(error);
  const processor = (requests / ((await processorTimeUs(server)) - beforeUs)) * 1e6;
  return { wall: (requests / elapsedMs) * 1e3, processor, load: busyMs / elapsedMs };
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
  const faster = (index, by) =>
    OPEN.includes(CONTESTANTS[index] ?? '') || index === ours ? '' : `${ratio(ours, index, by)}x`;
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
      'load at work',
    ],
    CONTESTANTS.map((name, index) => [
      name,
      Math.round(medianOf(speeds[index] ?? [], 'wall')).toLocaleString('en'),
      ratio(index, 0, 'wall'),
      faster(index, 'wall'),
      (1e6 / medianOf(speeds[index] ?? [], 'processor')).toFixed(1),
      ratio(index, 0, 'processor'),
      faster(index, 'processor'),
      `${Math.round(medianOf(speeds[index] ?? [], 'load') * 100)} %`,
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
