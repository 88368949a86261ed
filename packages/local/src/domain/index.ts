export { createUserPoolClient } from './clients/user-pool-client.js';
export { finishDeletions } from './pools/user-pool-deletion.js';
export { seededRandom, withRandomSource } from './random.js';
export { forgetAllSigningKeys, jwks, prepareSigningKeys } from './tokens/signing-keys.js';
export { importLog } from './user-import/log.js';
export { createImportRunner, dropLeftovers } from './user-import/runner.js';
export { receiveUpload } from './user-import/upload.js';
