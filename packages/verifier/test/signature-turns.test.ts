import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVerifier, type VerifierOptions } from '../src/index.js';
import { Clock } from './support/clock.js';
import { accessClaims, CLIENT_ID, JWKS, NOW_S, POOL_ID, sign } from './support/pool.js';

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
    const token = await sign(accessClaims());
    const { verifier } = setup();
    const all = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(new Set(all).size).toBe(1);
  });

  it('do not wait when asked for one after the other', async () => {
    const { verifier } = setup({ cache: false });
    const tokens = await Promise.all(Array.from({ length: 10 }, () => sign(accessClaims())));
    let turn = 0;
    setImmediate(() => turn++);
    for (const token of tokens) await verifier.verify(token);
    expect(turn).toBe(0);
  });

  it('go on under fake timers', async () => {
    vi.useFakeTimers();
    const { verifier } = setup();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => sign(accessClaims())));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
  });
});
