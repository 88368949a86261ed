// A process of its own: verifies as many tokens as it is told, each a new one, and says how much memory the cache
// holds then, in bytes.
import { createVerifier } from '@cognest/verifier';
import { CLIENT_ID, makeToken, POOL_ID, poolKeys } from './lib/pool.mjs';

const count = Number(process.argv[2]);
const { privateKey, jwks } = poolKeys();

/** @param {false | { maxTokens: number }} cache @param {number} tokens */
async function heldBy(cache, tokens) {
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    jwks,
    cache,
  });
  let claims = await verifier.verify(await makeToken(privateKey, 0));
  const before = used();
  for (let n = 0; n < tokens; n += 50) {
    // The token arrives as a part of a larger string.
    const some = await Promise.all(Array.from({ length: 50 }, (_, i) => makeToken(privateKey, n + i)));
    for (const token of some) claims = await verifier.verify(`Bearer ${token}`.slice(7));
  }
  const held = used() - before;
  // Used once more, so that nothing of it is collected too early.
  return verifier.verifyCached('') === undefined && claims.token_use === 'access' ? held : Number.NaN;
}

function used() {
  for (let n = 0; n < 4; n++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// What verifying leaves behind by itself.
const base = await heldBy(false, 1_000);
console.log((await heldBy({ maxTokens: count }, count)) - base);
