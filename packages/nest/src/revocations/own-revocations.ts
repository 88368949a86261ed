import { type CognitoClaims, createRevocations, type RevocationList, userPoolIdOf } from '@cognest/verifier';

/** What of a token's claims tells it from others, and which revocations end it. */
export type TokenIdentity = Pick<
  CognitoClaims,
  'iss' | 'sub' | 'iat' | 'jti' | 'origin_jti' | 'cognito:groups'
>;

const MAX_ACCEPTED = 1_000;

/**
 * The list in memory that nobody but this module writes to. Tokens tell the second of their issue only, and a list goes
 * by that: one that is issued right after a sign-out, in the same second, would be refused with those from before. Here
 * it is known which ones the services have obtained since.
 */
export class OwnRevocations implements RevocationList {
  readonly #list: RevocationList;
  readonly #accepted = new Map<string, TokenIdentity>();
  #revision = 0;

  constructor(now: (() => number) | undefined) {
    this.#list = createRevocations({ now });
  }

  /** Another number after each revocation. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Accepts a token that its second alone would refuse.
   *
   * @param revision - that of before the token was asked for. If anything has been revoked since, nobody knows which came
   *   first, and nothing is done.
   */
  accept(token: TokenIdentity, revision: number): void {
    if (token.jti === undefined || revision !== this.#revision) return;
    if (!this.#list.isRevoked(token as CognitoClaims)) return;
    const [oldest] = this.#accepted.keys();
    if (oldest !== undefined && this.#accepted.size >= MAX_ACCEPTED) this.#accepted.delete(oldest);
    this.#accepted.set(token.jti, token);
  }

  isRevoked(claims: CognitoClaims): boolean {
    if (this.#revision === 0) return false;
    if (this.#accepted.size > 0 && claims.jti !== undefined && this.#accepted.has(claims.jti)) return false;
    return this.#list.isRevoked(claims);
  }

  revokeToken(jti: string): void {
    this.#list.revokeToken(jti);
    this.#forget((token) => token.jti === jti);
  }

  revokeSession(originJti: string): void {
    this.#list.revokeSession(originJti);
    this.#forget((token) => token.origin_jti === originJti);
  }

  revokeUser(sub: string, issuedBeforeMs?: number): void {
    this.#list.revokeUser(sub, issuedBeforeMs);
    this.#forget((token) => token.sub === sub);
  }

  revokeGroup(userPoolId: string, groupName: string, issuedBeforeMs?: number): void {
    this.#list.revokeGroup(userPoolId, groupName, issuedBeforeMs);
    this.#forget(
      (token) =>
        token['cognito:groups']?.includes(groupName) === true &&
        userPoolIdOf(token as CognitoClaims) === userPoolId,
    );
  }

  #forget(ends: (token: TokenIdentity) => boolean): void {
    this.#revision += 1;
    for (const [jti, token] of this.#accepted) if (ends(token)) this.#accepted.delete(jti);
  }
}
