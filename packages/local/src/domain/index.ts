export { jwks, prepareSigningKeys } from './signing-keys.js';
export { createUserPool } from './user-pool.js';
export { createUserPoolClient } from './user-pool-client.js';
export { finishDeletions } from './user-pool-deletion.js';
