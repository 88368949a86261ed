/** Knows whether any work is under way, and does something else in a moment in which none is. */
export class UnderWay {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  /** Runs `work`, which counts as under way until its promise has settled. */
  async track<T>(work: () => T | Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
      // All of them at once, as they do not wait: nothing can come in between.
      if (this.#count === 0) for (const run of this.#waiting.splice(0)) run();
    }
  }

  /** Runs `work`, which must not wait for anything, as soon as nothing is under way. */
  whenIdle<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      if (this.#count === 0) run();
      else this.#waiting.push(run);
    });
  }
}
