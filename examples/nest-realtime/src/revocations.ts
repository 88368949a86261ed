import { createRevocations } from '@cognest/nest';

/**
 * Whose tokens have been ended early. The auction's endpoints write it, and both of its readers are in this process. A
 * ledger in a process of its own needs a list that both share, in Redis say: the option `revocations` takes one.
 */
export const revocations = createRevocations();
