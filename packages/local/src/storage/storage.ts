/** What operations keep. The one implementation is SQLite; SQL stays in this folder. */
export interface Storage {
  /** Runs `work` atomically: all of its writes are kept or none. Synchronous by design. */
  transaction<T>(work: () => T): T;
  close(): void;
}
