/** A stock of what takes long to make. */
export interface KeyStock<Key> {
  /** First come, first served: from the stock, or as soon as one is made. */
  take(): Promise<Key>;
  /**
   * Fills the stock ahead of need. Keeps no process alive and starts only when the event loop has nothing better
   * to do.
   */
  prepare(): void;
}

interface Waiter<Key> {
  resolve(key: Key): void;
  reject(error: unknown): void;
}

/**
 * Makes one key at a time, however many are asked for: generation keeps a thread of Node's pool busy, and
 * signing needs the others.
 *
 * @param size How many are kept ready.
 */
export function createKeyStock<Key>(generate: () => Promise<Key>, size: number): KeyStock<Key> {
  const ready: Key[] = [];
  const waiting: Waiter<Key>[] = [];
  let isGenerating = false;
  let refill: NodeJS.Timeout | undefined;

  async function generateOne(): Promise<void> {
    if (isGenerating) return;
    isGenerating = true;
    try {
      const key = await generate();
      const first = waiting.shift();
      if (first === undefined) ready.push(key);
      else first.resolve(key);
    } catch (error) {
      // Without anybody to tell, the next one who asks finds out.
      waiting.shift()?.reject(error);
      return;
    } finally {
      isGenerating = false;
      if (waiting.length > 0) void generateOne();
    }
    prepare();
  }

  function prepare(): void {
    if (refill !== undefined || isGenerating || ready.length >= size) return;
    refill = setTimeout(() => {
      refill = undefined;
      if (ready.length < size) void generateOne();
    }, 0);
    refill.unref();
  }

  return {
    take: () => {
      const key = ready.shift();
      if (key !== undefined) {
        prepare();
        return Promise.resolve(key);
      }
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        void generateOne();
      });
    },
    prepare,
  };
}
