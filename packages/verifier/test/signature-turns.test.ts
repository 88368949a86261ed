import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVerifier, type VerifierOptions } from '../src/index.js';
import { signatureTurns } from '../src/lib/signature-turns.js';
import { Clock } from './support/clock.js';
import { usedBytes } from './support/heap.js';
import { accessClaims, CLIENT_ID, JWKS, KEY_A, KEY_B, NOW_S, POOL_ID, sign } from './support/pool.js';

function setup(options: VerifierOptions = {}) {
  const clock = new Clock();
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    jwks: JWKS,
    now: clock.now,
    ...options,
  });
  return { clock, verifier };
}

describe('signatures', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function turnsTaken(
    tokens: string[],
    verifier: ReturnType<typeof setup>['verifier'],
  ): Promise<number> {
    let turn = 0;
    let running = true;
    const count = () => {
      turn++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const turns = new Set<number>();
    await Promise.all(tokens.map((token) => verifier.verify(token).then(() => turns.add(turn))));
    running = false;
    return turns.size;
  }

  it('of a burst take one turn of the event loop each', async () => {
    const tokens = await Promise.all(Array.from({ length: 40 }, () => sign(accessClaims())));
    expect(await turnsTaken(tokens, setup().verifier)).toBe(40);
  });

  it('of callers who all waited for the keys take one turn each, too', async () => {
    const tokens = await Promise.all(Array.from({ length: 40 }, () => sign(accessClaims())));
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      now: () => NOW_S * 1_000,
      fetch: async () => Response.json(JWKS),
    });
    expect(await turnsTaken(tokens, verifier)).toBe(40);
  });

  it('of one token in a burst are checked once', async () => {
    const [other, token] = [await sign(accessClaims()), await sign(accessClaims())];
    const { verifier } = setup();
    // The other one goes first, so that all of these wait for their turn.
    const [, ...all] = await Promise.all(
      [other, ...Array<string>(20).fill(token)].map((t) => verifier.verify(t)),
    );
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(1);
  });

  it('are not checked with a key that was withdrawn while they waited', async () => {
    const clock = new Clock();
    let keys = [KEY_A.jwk];
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      now: clock.now,
      fetch: async () => Response.json({ keys }),
    });
    await verifier.verify(await sign(accessClaims()));
    const tokens = await Promise.all(Array.from({ length: 200 }, () => sign(accessClaims())));
    keys = [KEY_B.jwk];
    // The first of these starts a fetch in the background, which is done long before the last has its turn.
    clock.advance(600_000);
    const outcomes = await Promise.allSettled(tokens.map((token) => verifier.verify(token)));
    expect(outcomes[0]?.status).toBe('fulfilled');
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'key_unknown' } });
  });

  it('do not wait when asked for one after the other', async () => {
    const { verifier } = setup({ cache: false });
    const tokens = await Promise.all(Array.from({ length: 10 }, () => sign(accessClaims())));
    let turn = 0;
    setImmediate(() => turn++);
    for (const token of tokens) await verifier.verify(token);
    expect(turn).toBe(0);
  });

  it('of callers without end leave nothing behind, though the queue never empties', async () => {
    const TURNS = 60_000;
    let taken = 0;
    let before = 0;
    const worker = async () => {
      while (taken < TURNS) {
        if (!signatureTurns.tryTake()) await signatureTurns.take();
        if (taken++ === 5_000) before = usedBytes();
      }
    };
    const workers = Array.from({ length: 64 }, worker);
    await Promise.race(workers);
    const grown = usedBytes() - before;
    await Promise.all(workers);
    // It was some 9 MB.
    expect(grown).toBeLessThan(2_000_000);
  });

  it('go on under fake timers', async () => {
    vi.useFakeTimers();
    const { verifier } = setup();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => sign(accessClaims())));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
  });
});
