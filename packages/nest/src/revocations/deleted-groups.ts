import { type CognitoClaims, createRevocations, type RevocationList, userPoolIdOf } from '@cognest/verifier';

/** A list that is told of deleted groups, too. */
export interface GroupRevocations extends RevocationList {
  /** Revokes all tokens, issued before now, that name a group of a pool. */
  revokeGroup(userPoolId: string, groupName: string): void;
}

/** Groups that are no more, in memory: tokens from before go on naming them. */
export class DeletedGroups {
  // Bounded and forgotten as users are. What stands for a user there is a group here.
  readonly #list: RevocationList;
  #some = false;

  constructor(now: (() => number) | undefined) {
    this.#list = createRevocations({ now });
  }

  add(userPoolId: string, groupName: string): void {
    this.#some = true;
    this.#list.revokeUser(keyOf(userPoolId, groupName));
  }

  /** Whether a token names a group that was deleted after its issue. */
  isNamedBy(claims: CognitoClaims): boolean {
    if (!this.#some) return false;
    return (claims['cognito:groups'] ?? []).some((name) =>
      this.#list.isRevoked({ iat: claims.iat, sub: keyOf(userPoolIdOf(claims), name) } as CognitoClaims),
    );
  }
}

/** A list of the app's own, which has no word for groups: those that are deleted here are kept beside it. */
export class ListWithGroups implements GroupRevocations {
  // What a list answers may be a promise, for which the caller waits.
  readonly revokeToken: RevocationList['revokeToken'] = (...args) => this.#list.revokeToken(...args);
  readonly revokeSession: RevocationList['revokeSession'] = (...args) => this.#list.revokeSession(...args);
  readonly revokeUser: RevocationList['revokeUser'] = (...args) => this.#list.revokeUser(...args);
  readonly #list: RevocationList;
  readonly #groups: DeletedGroups;

  constructor(list: RevocationList, now: (() => number) | undefined) {
    this.#list = list;
    this.#groups = new DeletedGroups(now);
  }

  isRevoked(claims: CognitoClaims): boolean {
    return this.#groups.isNamedBy(claims) || this.#list.isRevoked(claims);
  }

  revokeGroup(userPoolId: string, groupName: string): void {
    this.#groups.add(userPoolId, groupName);
  }
}

function keyOf(userPoolId: string, groupName: string): string {
  // No pool's id has a colon.
  return `${userPoolId}:${groupName}`;
}
