import { describe, expect, it } from 'vitest';
import { createVerifier } from '../src/index.js';
import { forge, GOOD_HEADER, victim } from './support/attack.js';
import { accessClaims, CLIENT_ID, KEY_A, NOW_S, POOL_ID, sign, signBytes } from './support/pool.js';
import { codeOf } from './support/refusal.js';

describe('what is odd but sound', () => {
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    jwks: { keys: [KEY_A.jwk] },
    now: () => NOW_S * 1_000,
  });

  it.each([
    [
      'slashes escaped as AWS does',
      forge(
        JSON.stringify(GOOD_HEADER).replaceAll('/', '\\/'),
        JSON.stringify(victim).replaceAll('/', '\\/'),
      ),
    ],
    ['white space in the header', forge(JSON.stringify(GOOD_HEADER, null, 2), victim)],
    ['typ JWT', forge({ ...GOOD_HEADER, typ: 'JWT' }, victim)],
    ['a member of no consequence', forge({ ...GOOD_HEADER, 'x-note': 'hello' }, victim)],
    [
      'names and groups of all the world',
      forge(GOOD_HEADER, { ...victim, username: 'Ζωή 👩‍💻', 'cognito:groups': ['администраторы'] }),
    ],
    [
      'a member name that looks like text',
      forge(`{"kid":${JSON.stringify(KEY_A.kid)},"alg":"RS256","a":"alg\\":","b":"\\\\"}`, victim),
    ],
  ])('is accepted: %s', async (_name, odd) => {
    expect((await verifier.verify(odd)).sub).toBe(victim['sub']);
  });

  it('is accepted: the longest token that fits', async () => {
    const filler = 'x'.repeat(10_000);
    const long = await sign(accessClaims({ filler }));
    expect((await verifier.verify(long))['filler']).toBe(filler);
    const exact = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      jwks: { keys: [KEY_A.jwk] },
      now: () => NOW_S * 1_000,
      maxTokenLength: long.length,
    });
    expect(await exact.verify(long)).toBeDefined();
    expect(await codeOf(exact.verify(`${long}A`))).toBe('token_too_long');
  });

  it('is accepted: a token larger than the room that is kept for reading', async () => {
    const roomy = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      jwks: { keys: [KEY_A.jwk] },
      now: () => NOW_S * 1_000,
      maxTokenLength: 1_000_000,
    });
    const huge = await sign(accessClaims({ filler: 'x'.repeat(200_000) }));
    expect(await roomy.verify(huge)).toBeDefined();
    expect(await codeOf(roomy.verify(`${huge.slice(0, -3)}AAA`))).toMatch(
      /signature_invalid|token_malformed/,
    );
  });

  it('is refused for its bytes: a payload that is not UTF-8, though signed', async () => {
    expect(await codeOf(verifier.verify(await signBytes(Buffer.from([0x7b, 0xff, 0x7d]))))).toBe(
      'token_malformed',
    );
  });
});
