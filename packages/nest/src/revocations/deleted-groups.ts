import type { CognitoClaims } from '@cognest/verifier';
import { createRevocations, type RevocationList } from '@cognest/verifier';

/** A list of the app's own that has no word for groups. */
export type ListWithoutGroups = Omit<RevocationList, 'revokeGroup'>;

/** A list that has no word for groups, and those that are revoked here, which are kept beside it in memory. */
export class ListWithGroups implements RevocationList {
  // What a list answers may be a promise, for which the caller waits.
  readonly revokeToken: RevocationList['revokeToken'] = (...args) => this.#list.revokeToken(...args);
  readonly revokeSession: RevocationList['revokeSession'] = (...args) => this.#list.revokeSession(...args);
  readonly revokeUser: RevocationList['revokeUser'] = (...args) => this.#list.revokeUser(...args);
  readonly revokeGroup: RevocationList['revokeGroup'] = (...args) => this.#groups.revokeGroup(...args);
  readonly #list: ListWithoutGroups;
  readonly #groups: RevocationList;

  constructor(list: ListWithoutGroups, now: (() => number) | undefined) {
    this.#list = list;
    this.#groups = createRevocations({ now });
  }

  isRevoked(claims: CognitoClaims): boolean {
    return this.#groups.isRevoked(claims) || this.#list.isRevoked(claims);
  }
}
