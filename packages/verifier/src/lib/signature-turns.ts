// Taken at import, so that a test with fake timers does not stop verification.
import { setImmediate } from 'node:timers';

// Half the price of `queueMicrotask`, which sets up an async resource for each call.
const soon = Promise.resolve();

// Callers who have had their turn are taken off the list this many at a time, or more.
const CUT_AT = 1_024;

/**
 * Lets one signature at a time onto the event loop, never a batch. Checking one blocks the loop for some 20
 * microseconds; hundreds of callers in one go (all those who waited for the keys, a burst of messages) would block it
 * for as long as all of them take together. So the first of them goes at once, and each other one gets a turn of the
 * event loop of its own, in order, with input and output handled in between. A caller who awaits one verification
 * before asking for the next never waits here.
 */
class SignatureTurns {
  readonly #waiting: (() => void)[] = [];
  #next = 0;
  #taken = false;

  /** Whether the caller may go on now. If so, the turn is taken. */
  tryTake(): boolean {
    if (this.#taken) return false;
    this.#taken = true;
    void soon.then(this.#free);
    return true;
  }

  /** Waits for a turn of one's own. */
  take(): Promise<void> {
    if (this.#waiting.length === 0) setImmediate(this.#release);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  // By now the callers of the same moment have asked too, and queue.
  readonly #free = (): void => {
    this.#taken = this.#waiting.length > 0;
  };

  readonly #release = (): void => {
    this.#waiting[this.#next++]?.();
    if (this.#next < this.#waiting.length) {
      // A busy process may never see this list empty, so it is cut on the way: seldom, and by half at least, so that
      // the price per turn does not depend on how many wait.
      if (this.#next >= CUT_AT && this.#next * 2 >= this.#waiting.length) {
        this.#waiting.splice(0, this.#next);
        this.#next = 0;
      }
      setImmediate(this.#release);
      return;
    }
    this.#waiting.length = 0;
    this.#next = 0;
    // Not before the one just released has had its signature.
    void soon.then(this.#free);
  };
}

/** One for the process: there is one event loop, however many verifiers. */
export const signatureTurns = new SignatureTurns();
