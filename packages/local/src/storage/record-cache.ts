import type { Connection } from './sqlite.js';

const MAX_RECORDS = 1000;

/**
 * Parsed records that nearly every request reads and hardly any writes (pools, clients, whoever signs in again
 * and again). It stays true because one process owns the file: a write forgets the record, a rollback forgets
 * them all.
 *
 * That there is none is not remembered, unless `T` has a value for it.
 */
export class RecordCache<T> {
  readonly #records = new Map<string, T>();

  constructor(connection: Connection) {
    connection.onForget(() => this.#records.clear());
  }

  get(id: string, load: () => T): T {
    // SQLite looks no further than a U+0000, and half a surrogate pair becomes U+FFFD: as the id of a record such
    // a text is another one's, whose writes would not forget it.
    if (id.includes('\0') || /\p{Cs}/u.test(id)) return load();
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const loaded = load();
    if (loaded === undefined) return loaded;
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
