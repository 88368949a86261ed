export { openStorage, type StorageLocation } from './open-storage.js';
export type { Storage } from './storage.js';
