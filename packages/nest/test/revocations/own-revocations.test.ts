import type { CognitoClaims } from '@cognest/verifier';
import { describe, expect, it } from 'vitest';
import { OwnRevocations } from '../../src/revocations/own-revocations.js';

const NOW_MS = 1_800_000_000_400;
const IAT = 1_800_000_000;

const claims = (jti: string, sub = 'ada', originJti = `session of ${jti}`) =>
  ({ sub, iat: IAT, jti, origin_jti: originJti }) as CognitoClaims;

describe('the list of the module’s own', () => {
  const list = () => new OwnRevocations(() => NOW_MS);

  it('accepts what was obtained after a revocation in the same second, and nothing else', () => {
    const revocations = list();
    revocations.revokeUser('ada');
    revocations.accept(claims('new'), revocations.revision);
    expect(['old', 'new'].map((jti) => revocations.isRevoked(claims(jti)))).toEqual([true, false]);
  });

  it('does not when something was revoked while it was being obtained', () => {
    const revocations = list();
    revocations.revokeUser('ada');
    const before = revocations.revision;
    revocations.revokeUser('ada');
    revocations.accept(claims('new'), before);
    expect(revocations.isRevoked(claims('new'))).toBe(true);
  });

  it.each<[string, (revocations: OwnRevocations) => void]>([
    ['its user is revoked', (revocations) => revocations.revokeUser('ada')],
    ['its session is revoked', (revocations) => revocations.revokeSession('session of new')],
    ['it is revoked itself', (revocations) => revocations.revokeToken('new')],
  ])('accepts it no longer when %s', (_, revoke) => {
    const revocations = list();
    revocations.revokeUser('ada');
    revocations.accept(claims('new'), revocations.revision);
    revoke(revocations);
    expect(revocations.isRevoked(claims('new'))).toBe(true);
  });

  it('goes on accepting it when others are revoked', () => {
    const revocations = list();
    revocations.revokeUser('ada');
    revocations.accept(claims('new'), revocations.revision);
    revocations.revokeUser('ben');
    revocations.revokeSession('another');
    revocations.revokeToken('another');
    expect(revocations.isRevoked(claims('new'))).toBe(false);
  });

  it('keeps so many and no more: the others are refused, which is the safe side', () => {
    const revocations = list();
    revocations.revokeUser('ada');
    for (let n = 0; n <= 1_000; n++) revocations.accept(claims(`new ${n}`), revocations.revision);
    const revoked = (n: number) => revocations.isRevoked(claims(`new ${n}`));
    expect([revoked(0), revoked(1), revoked(1_000)]).toEqual([true, false, false]);
  });

  it('cannot be talked into a token without a name of its own', () => {
    const revocations = list();
    revocations.revokeUser('ada');
    const nameless = { sub: 'ada', iat: IAT } as CognitoClaims;
    revocations.accept(nameless, revocations.revision);
    expect(revocations.isRevoked(nameless)).toBe(true);
  });

  it('refuses a deleted group of one pool, in exactly its spelling', () => {
    const revocations = list();
    const member = (group: string, pool = 'eu-central-1_one', iat = IAT) => ({
      ...claims('any'),
      iat,
      iss: `https://cognito-idp.eu-central-1.amazonaws.com/${pool}`,
      'cognito:groups': ['other', group],
    });
    revocations.revokeGroup('eu-central-1_one', 'admin');
    expect(revocations.isRevoked(member('admin'))).toBe(true);
    const others = [
      member('Admin'),
      member('admin', 'eu-central-1_two'),
      member('admin', undefined, IAT + 1),
    ];
    expect(others.map((token) => revocations.isRevoked(token))).toEqual([false, false, false]);
    expect(revocations.isRevoked(claims('without groups'))).toBe(false);
  });
});
