import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';

/** Who signs in, or has: a user, at a client of his pool. */
export interface Principal {
  readonly pool: UserPoolRecord;
  readonly client: UserPoolClientRecord;
  readonly user: UserRecord;
}
