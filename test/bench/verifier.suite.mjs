import { execFile } from 'node:child_process';
import { verify } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cognestVerifier, libraries } from './lib/contestants.mjs';
import { compare, formatRatio, median, printTable } from './lib/measure.mjs';
import { asFromSocket, forge, makeToken, makeTokens, poolKeys, serveKeys, split } from './lib/pool.mjs';

const run = promisify(execFile);
const ROUNDS = 15;
const PER_ROUND = 1_500;
const USERS = 1_000;
const REQUESTS = 50_000;
const VALID = 'the same tokens unforged, cache off';

export default async function verifierSuite() {
  const { privateKey, publicKey, jwks } = poolKeys();
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const server = await serveKeys(jwks);
  try {
    await speed(privateKey, publicKey, pem, server.url);
    await firstVerification(privateKey, pem, server.url);
    await memory();
  } finally {
    server.close();
  }
}

/** @param {import('node:crypto').KeyObject} privateKey @param {import('node:crypto').KeyObject} publicKey @param {string} pem @param {string} url */
async function speed(privateKey, publicKey, pem, url) {
  const raw = {
    name: 'crypto.verify, the limit',
    sync: true,
    run: (/** @type {{ raw: { signed: Buffer, signature: Buffer } }} */ item) =>
      verify('RSA-SHA256', item.raw.signed, publicKey, item.raw.signature),
  };
  const noCache = await cognestVerifier(url, { cache: false });
  const withCache = await cognestVerifier(url);
  const peers = await loadPeers(pem, url);
  /** @param {string} token */
  const item = (token) => ({ token, raw: split(token) });

  console.log(`\nDistinct tokens: ${PER_ROUND} a round, none seen before.`);
  const distinct = await makeTokens(privateKey, PER_ROUND * (ROUNDS + 1));
  /** @type {Map<string, string[]>} */
  const rows = new Map();
  const fill = (/** @type {number} */ column, /** @type {Awaited<ReturnType<typeof compare>>} */ results) => {
    for (const { name, ratio, perSecond } of results) {
      const row = rows.get(name) ?? ['-', '-', '-'];
      row[column] = `${formatRatio(ratio)} (${Math.round(perSecond / 1e3)} k/s)`;
      rows.set(name, row);
    }
  };
  fill(
    0,
    await compare(
      [
        raw,
        { name: '@cognest/verifier, cache off', run: ({ token }) => noCache.verify(token) },
        { name: '@cognest/verifier', run: ({ token }) => withCache.verify(token) },
        ...peers.map((peer) => ({ ...peer, run: (/** @type {any} */ { token }) => peer.verify(token) })),
      ],
      (round) => distinct.slice(round * PER_ROUND, (round + 1) * PER_ROUND).map(item),
      ROUNDS,
    ),
  );

  console.log(`Repeated tokens: ${USERS} users, ${REQUESTS} requests a round, each time another string.`);
  const users = distinct.slice(0, USERS).map((token) => ({ bytes: Buffer.from(token), raw: split(token) }));
  const warm = await cognestVerifier(url);
  for (const { bytes } of users) await warm.verify(asFromSocket(bytes));
  let cold = await cognestVerifier(url);
  fill(
    1,
    await compare(
      [
        // Caches nothing, so that a part of the requests tells its speed.
        { ...raw, share: 0.1 },
        { name: '@cognest/verifier, cache off', share: 0.1, run: ({ token }) => noCache.verify(token) },
        { name: '@cognest/verifier', run: ({ token }) => warm.verify(token) },
        {
          name: '@cognest/verifier, cache empty at first',
          before: async () => {
            cold = await cognestVerifier(url);
          },
          run: ({ token }) => cold.verify(token),
        },
        { name: '@cognest/verifier, verifyCached', sync: true, run: ({ token }) => warm.verifyCached(token) },
        ...peers.map((peer) => ({
          ...peer,
          share: peer.name.includes('its cache') ? 1 : 0.04,
          run: (/** @type {any} */ { token }) => peer.verify(token),
        })),
      ],
      () => zipf(users, REQUESTS).map((user) => ({ token: asFromSocket(user.bytes), raw: user.raw })),
      ROUNDS,
    ),
  );

  console.log(`Forged tokens: ${PER_ROUND} a round, one bit of the signature wrong.`);
  const forgedResults = await compare(
    [
      raw,
      {
        name: VALID,
        run: ({ valid }) => noCache.verify(valid),
      },
      { name: '@cognest/verifier, cache off', refuses: true, run: ({ token }) => noCache.verify(token) },
      { name: '@cognest/verifier', refuses: true, run: ({ token }) => withCache.verify(token) },
      ...peers
        .filter((peer) => !peer.name.includes('its cache'))
        .map((peer) => ({
          ...peer,
          refuses: true,
          run: (/** @type {any} */ { token }) => peer.verify(token),
        })),
    ],
    (round) =>
      distinct
        .slice(round * PER_ROUND, (round + 1) * PER_ROUND)
        .map((valid) => ({ valid, ...item(forge(valid)) })),
    ROUNDS,
  );
  fill(2, forgedResults);

  console.log(
    '\nTimes the speed of crypto.verify on the same bytes in the same round, median of the rounds (and how many a second).\n',
  );
  printTable(
    ['', 'distinct', 'repeated', 'forged'],
    [...rows].map(([name, cells]) => [name, ...cells]),
  );
}

/** @param {string} pem @param {string} url */
async function loadPeers(pem, url) {
  const peers = [];
  for (const [name, load] of Object.entries(libraries)) {
    if (name === '@cognest/verifier') continue;
    const slow = name.includes('jwks-rsa') ? { share: 0.2 } : {};
    const verifyOne = await load(url, pem);
    peers.push({ name, verify: verifyOne, ...slow });
    if (name === 'jose') peers.push({ name: 'jose, 64 at once', verify: verifyOne, atOnce: 64 });
  }
  return peers;
}

/** Few users with many requests, many with few. @template Item @param {Item[]} items @param {number} count @returns {Item[]} */
function zipf(items, count) {
  /** @type {number[]} */
  const sums = [];
  for (const [rank] of items.entries()) sums.push((sums.at(-1) ?? 0) + 1 / (rank + 1));
  const total = sums.at(-1) ?? 0;
  return Array.from({ length: count }, () => {
    const point = Math.random() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < point) low = middle + 1;
      else high = middle;
    }
    return /** @type {Item} */ (items[low]);
  });
}

/** @param {import('node:crypto').KeyObject} privateKey @param {string} pem @param {string} url */
async function firstVerification(privateKey, pem, url) {
  console.log('\nImport, keys and first verification in a new process, median of 7, in ms.\n');
  const token = await makeToken(privateKey, 1);
  const script = join(import.meta.dirname, 'verifier-first.mjs');
  /** @type {Map<string, number[]>} */
  const times = new Map();
  for (let round = 0; round < 7; round++) {
    for (const name of Object.keys(libraries)) {
      const { stdout } = await run(process.execPath, [script, name, url, pem, token]);
      times.set(name, [...(times.get(name) ?? []), Number(stdout)]);
    }
  }
  printTable(
    ['', 'ms'],
    Array.from(times, ([name, own]) => [name, median(own).toFixed(0)]),
  );
}

async function memory() {
  console.log(
    '\nMemory that remembered tokens take (@cognest/verifier, tokens of about 1,080 characters).\n',
  );
  const script = join(import.meta.dirname, 'verifier-memory.mjs');
  const rows = [];
  for (const count of [10_000, 100_000]) {
    const { stdout } = await run(process.execPath, ['--expose-gc', script, String(count)]);
    const bytes = Number(stdout);
    rows.push([count.toLocaleString('en'), (bytes / 1e6).toFixed(0), (bytes / count / 1e3).toFixed(2)]);
  }
  printTable(['tokens', 'MB', 'kB each'], rows);
}
