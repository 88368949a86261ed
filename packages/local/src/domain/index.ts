export { seededRandom, withRandomSource } from './random.js';
export { jwks, prepareSigningKeys } from './signing-keys.js';
export { importLog } from './user-import/log.js';
export { createImportRunner, dropLeftovers } from './user-import/runner.js';
export { receiveUpload } from './user-import/upload.js';
export { createUserPoolClient } from './user-pool-client.js';
export { finishDeletions } from './user-pool-deletion.js';
