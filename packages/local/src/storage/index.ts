export { openStorage } from './open-storage.js';
export type { Storage } from './storage.js';
