import { describe, expect, it } from 'vitest';
import { createKeyStock } from '../../src/domain/tokens/key-stock.js';

/** A stock whose keys are numbers, made when the test says so. */
function stockOf(size: number) {
  const underWay: { resolve: (key: number) => void; reject: (error: Error) => void }[] = [];
  let most = 0;
  let made = 0;
  const generate = () =>
    new Promise<number>((resolve, reject) => {
      underWay.push({ resolve, reject });
      most = Math.max(most, underWay.length);
    });
  const stock = createKeyStock(generate, size);
  return {
    stock,
    underWay,
    most: () => most,
    made: () => made,
    finish: () => underWay.shift()?.resolve(++made),
    fail: (message: string) => underWay.shift()?.reject(new Error(message)),
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a stock of keys', () => {
  it('makes one at a time, and serves in the order of asking', async () => {
    const { stock, underWay, most, finish } = stockOf(2);
    const served: number[] = [];
    const taken = Array.from({ length: 20 }, (_, index) => stock.take().then(() => served.push(index)));
    while (served.length < 20) {
      await settle();
      expect(underWay.length).toBeLessThanOrEqual(1);
      finish();
    }
    await Promise.all(taken);
    expect(most()).toBe(1);
    expect(served).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('keeps as many ready as it was told to, and gives them at once', async () => {
    const { stock, underWay, made, finish } = stockOf(2);
    stock.prepare();
    await expect.poll(() => underWay.length).toBe(1);
    finish();
    await expect.poll(() => underWay.length).toBe(1);
    finish();
    await settle();
    expect([made(), underWay.length]).toEqual([2, 0]);
    expect(await Promise.all([stock.take(), stock.take()])).toEqual([1, 2]);
    await expect.poll(() => underWay.length).toBe(1);
  });

  it('gives what is being made ahead of need to who asks meanwhile', async () => {
    const { stock, underWay, most, finish } = stockOf(1);
    stock.prepare();
    await expect.poll(() => underWay.length).toBe(1);
    const key = stock.take();
    finish();
    expect(await key).toBe(1);
    expect(most()).toBe(1);
  });

  it('fails who asked, and goes on with the next', async () => {
    const { stock, fail, finish } = stockOf(0);
    const [first, second] = [stock.take(), stock.take()];
    fail('no entropy');
    await expect(first).rejects.toThrow('no entropy');
    finish();
    expect(await second).toBe(1);
  });
});
