import type { Connection } from './sqlite.js';

const MAX_RECORDS = 1000;

/**
 * Parsed records that nearly every request reads and hardly any writes (pools, clients). It stays true
 * because one process owns the file: a write forgets the record, a rollback forgets them all.
 */
export class RecordCache<T> {
  readonly #records = new Map<string, T>();

  constructor(connection: Connection) {
    connection.onRollback(() => this.#records.clear());
  }

  get(id: string, load: () => T | undefined): T | undefined {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const loaded = load();
    if (loaded === undefined) return undefined;
    if (this.#records.size >= MAX_RECORDS) this.#records.clear();
    this.#records.set(id, loaded);
    return loaded;
  }

  forget(id: string): void {
    this.#records.delete(id);
  }

  forgetAll(): void {
    this.#records.clear();
  }
}
