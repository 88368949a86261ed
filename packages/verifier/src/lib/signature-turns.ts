// Taken at import, so that a test with fake timers does not stop verification.
import { setImmediate } from 'node:timers';

/**
 * Lets one signature at a time onto the event loop. Checking one blocks the loop for some 20 microseconds; hundreds
 * of callers released by one event (keys that arrive, a burst of messages) would block it for as long as all of them
 * take together. So the first one in a turn of the loop goes at once, and each other one gets a turn of its own, in
 * order, with input and output handled in between.
 */
export class SignatureTurns {
  readonly #waiting: (() => void)[] = [];
  #next = 0;
  #taken = false;

  /** `undefined` when the turn is free, else what to wait for. */
  take(): Promise<void> | undefined {
    if (this.#taken) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    setImmediate(this.#release);
    return undefined;
  }

  readonly #release = (): void => {
    const resolve = this.#waiting[this.#next];
    if (resolve === undefined) {
      this.#taken = false;
      return;
    }
    this.#next++;
    if (this.#next === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#next = 0;
    }
    setImmediate(this.#release);
    resolve();
  };
}

/** One for the process: there is one event loop, however many verifiers. */
export const signatureTurns = new SignatureTurns();
