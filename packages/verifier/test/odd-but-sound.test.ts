import { sign as signRaw } from 'node:crypto';
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

  it('is refused for its bytes: a header or payload that is not UTF-8, though signed', async () => {
    const note = Buffer.from('"note":"\xff\xfe"', 'latin1');
    const withNote = (value: unknown) => {
      const text = Buffer.from(JSON.stringify(value));
      return Buffer.concat([text.subarray(0, -1), Buffer.from(','), note, Buffer.from('}')]);
    };
    expect(await codeOf(verifier.verify(await signBytes(withNote(accessClaims()))))).toBe('token_malformed');
    const input = [withNote(GOOD_HEADER), Buffer.from(JSON.stringify(accessClaims()))]
      .map((part) => part.toString('base64url'))
      .join('.');
    const signature = signRaw('sha256', Buffer.from(input), KEY_A.privateKey).toString('base64url');
    expect(await codeOf(verifier.verify(`${input}.${signature}`))).toBe('token_malformed');
  });
});
