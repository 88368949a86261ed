import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signRaw,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVerifier, type VerifierErrorCode } from '../src/index.js';
import { Clock } from './support/clock.js';
import { startKeyServer } from './support/key-server.js';
import {
  accessClaims,
  CLIENT_ID,
  type Claims,
  ISSUER,
  idClaims,
  KEY_A,
  KEY_B,
  makeKey,
  NOW_S,
  POOL_ID,
  sign,
  signBytes,
  type TestKey,
} from './support/pool.js';
import { codeOf } from './support/refusal.js';

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const GOOD_HEADER = { kid: KEY_A.kid, alg: 'RS256' };
const ATTACKER = makeKey(KEY_A.kid);

/** A token of exactly these texts, signed with whatever key and hash. */
function forge(
  header: unknown,
  claims: unknown,
  privateKey: KeyObject = KEY_A.privateKey,
  hash = 'sha256',
): string {
  const input = `${b64(header)}.${b64(claims)}`;
  return `${input}.${signRaw(hash, Buffer.from(input), privateKey).toString('base64url')}`;
}

function parts(token: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

/** Turns one of the bits that a base64url character carries in vain. */
function flipLastBit(segment: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(segment.at(-1) ?? '');
  return segment.slice(0, -1) + alphabet[last ^ 1];
}

const PUBLIC_PEM = createPublicKey(KEY_A.privateKey).export({ type: 'spki', format: 'pem' });
const victim: Claims = accessClaims({ username: 'mallory' });
const token = await sign(accessClaims());
const [header, payload, signature] = parts(token);

type Attack = [name: string, token: unknown, code: VerifierErrorCode];

const ALGORITHMS: Attack[] = [
  ['alg none, no signature', `${b64({ alg: 'none' })}.${b64(victim)}.`, 'header_not_allowed'],
  ['alg none with the kid', `${b64({ ...GOOD_HEADER, alg: 'none' })}.${payload}.`, 'header_not_allowed'],
  ['alg nOnE', `${b64({ ...GOOD_HEADER, alg: 'nOnE' })}.${payload}.`, 'header_not_allowed'],
  [
    'alg none, the old signature',
    `${b64({ ...GOOD_HEADER, alg: 'none' })}.${payload}.${signature}`,
    'header_not_allowed',
  ],
  ['no alg', forge({ kid: KEY_A.kid }, victim), 'header_not_allowed'],
  ['alg null', forge({ ...GOOD_HEADER, alg: null }, victim), 'header_not_allowed'],
  ['alg in a list', forge({ ...GOOD_HEADER, alg: ['RS256'] }, victim), 'header_not_allowed'],
  ['alg in lower case', forge({ ...GOOD_HEADER, alg: 'rs256' }, victim), 'header_not_allowed'],
  ['alg with a space', forge({ ...GOOD_HEADER, alg: 'RS256 ' }, victim), 'header_not_allowed'],
  [
    'RS512 with the right key',
    forge({ ...GOOD_HEADER, alg: 'RS512' }, victim, KEY_A.privateKey, 'sha512'),
    'header_not_allowed',
  ],
  ['RS256 by name, SHA-1 in fact', forge(GOOD_HEADER, victim, KEY_A.privateKey, 'sha1'), 'signature_invalid'],
  [
    'RS256 by name, SHA-512 in fact',
    forge(GOOD_HEADER, victim, KEY_A.privateKey, 'sha512'),
    'signature_invalid',
  ],
  [
    'HS256 keyed with the public key (key confusion)',
    (() => {
      const input = `${b64({ ...GOOD_HEADER, alg: 'HS256' })}.${b64(victim)}`;
      return `${input}.${createHmac('sha256', PUBLIC_PEM).update(input).digest('base64url')}`;
    })(),
    'header_not_allowed',
  ],
  [
    'RS256 by name, an HMAC keyed with the public key in fact',
    (() => {
      const input = `${b64(GOOD_HEADER)}.${b64(victim)}`;
      return `${input}.${createHmac('sha256', PUBLIC_PEM).update(input).digest('base64url')}`;
    })(),
    'signature_invalid',
  ],
  [
    'ES256 with a key of the attacker',
    (() => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return forge({ ...GOOD_HEADER, alg: 'ES256' }, victim, privateKey);
    })(),
    'header_not_allowed',
  ],
  [
    'PSS padding under the name RS256',
    (() => {
      const input = `${b64(GOOD_HEADER)}.${b64(victim)}`;
      const pss = signRaw('sha256', Buffer.from(input), {
        key: KEY_A.privateKey,
        padding: 6,
        saltLength: 32,
      });
      return `${input}.${pss.toString('base64url')}`;
    })(),
    'signature_invalid',
  ],
  ['psychic signature, all zeros', `${header}.${payload}.${'A'.repeat(342)}`, 'signature_invalid'],
];

const KEYS: Attack[] = [
  [
    'signed by the attacker under the kid of the pool',
    forge(GOOD_HEADER, victim, ATTACKER.privateKey),
    'signature_invalid',
  ],
  [
    'signed by the other key of the pool',
    forge({ ...GOOD_HEADER, kid: KEY_B.kid }, victim),
    'signature_invalid',
  ],
  ['an unknown kid', forge({ ...GOOD_HEADER, kid: 'other' }, victim), 'key_unknown'],
  ['no kid', forge({ alg: 'RS256' }, victim), 'token_malformed'],
  ['an empty kid', forge({ ...GOOD_HEADER, kid: '' }, victim), 'token_malformed'],
  ['kid null', forge({ ...GOOD_HEADER, kid: null }, victim), 'token_malformed'],
  ['kid a number', forge({ ...GOOD_HEADER, kid: 0 }, victim), 'token_malformed'],
  ['kid an object', forge({ ...GOOD_HEADER, kid: { toString: KEY_A.kid } }, victim), 'token_malformed'],
  ['kid in a list', forge({ ...GOOD_HEADER, kid: [KEY_A.kid] }, victim), 'token_malformed'],
  ['a kid without end', forge({ ...GOOD_HEADER, kid: 'k'.repeat(5_000) }, victim), 'token_malformed'],
  [
    'kid in other base64 letters',
    forge({ ...GOOD_HEADER, kid: KEY_A.kid.replace('=', '') }, victim),
    'key_unknown',
  ],
  ['kid __proto__', forge('{"alg":"RS256","kid":"__proto__"}', victim), 'key_unknown'],
  ['kid constructor', forge({ ...GOOD_HEADER, kid: 'constructor' }, victim), 'key_unknown'],
  ['kid a path', forge({ ...GOOD_HEADER, kid: '../../../../dev/null' }, victim), 'key_unknown'],
  ['kid an SQL fragment', forge({ ...GOOD_HEADER, kid: "x' UNION SELECT 'key" }, victim), 'key_unknown'],
  ['kid a shell command', forge({ ...GOOD_HEADER, kid: '| whoami' }, victim), 'key_unknown'],
  ['kid a URL', forge({ ...GOOD_HEADER, kid: 'https://evil.example/key' }, victim), 'key_unknown'],
  [
    '__proto__ lends a kid',
    forge(`{"alg":"RS256","__proto__":{"kid":${JSON.stringify(KEY_A.kid)}}}`, victim),
    'token_malformed',
  ],
  [
    '__proto__ lends an alg',
    forge(`{"kid":${JSON.stringify(KEY_A.kid)},"__proto__":{"alg":"RS256"}}`, victim),
    'header_not_allowed',
  ],
];

const HEADERS: Attack[] = [
  ['crit b64', forge({ ...GOOD_HEADER, crit: ['b64'], b64: false }, victim), 'header_not_allowed'],
  [
    'crit of an unknown extension',
    forge({ ...GOOD_HEADER, crit: ['x'], x: 1 }, victim),
    'header_not_allowed',
  ],
  ['crit of a known member', forge({ ...GOOD_HEADER, crit: ['alg'] }, victim), 'header_not_allowed'],
  ['crit empty', forge({ ...GOOD_HEADER, crit: [] }, victim), 'header_not_allowed'],
  ['crit null', forge({ ...GOOD_HEADER, crit: null }, victim), 'header_not_allowed'],
  ['typ of another kind of token', forge({ ...GOOD_HEADER, typ: 'dpop+jwt' }, victim), 'header_not_allowed'],
  ['typ a logout token', forge({ ...GOOD_HEADER, typ: 'logout+jwt' }, victim), 'header_not_allowed'],
  ['typ a number', forge({ ...GOOD_HEADER, typ: 1 }, victim), 'header_not_allowed'],
  [
    'alg twice, none last',
    forge(`{"alg":"RS256","kid":${JSON.stringify(KEY_A.kid)},"alg":"none"}`, victim),
    'token_malformed',
  ],
  [
    'alg twice, none first',
    forge(`{"alg":"none","kid":${JSON.stringify(KEY_A.kid)},"alg":"RS256"}`, victim),
    'token_malformed',
  ],
  [
    'alg twice, once escaped',
    forge(`{"\\u0061lg":"none","kid":${JSON.stringify(KEY_A.kid)},"alg":"RS256"}`, victim),
    'token_malformed',
  ],
  [
    'kid twice',
    forge(`{"kid":"x","alg":"RS256","kid":${JSON.stringify(KEY_A.kid)}}`, victim),
    'token_malformed',
  ],
  [
    'a nested member twice',
    forge(`{"kid":${JSON.stringify(KEY_A.kid)},"alg":"RS256","x":[{"a":1,"a":2}]}`, victim),
    'token_malformed',
  ],
  ['header a list', forge([GOOD_HEADER], victim), 'token_malformed'],
  ['header a string', forge('"RS256"', victim), 'token_malformed'],
  ['header null', forge('null', victim), 'token_malformed'],
  ['header with something after it', forge(`${JSON.stringify(GOOD_HEADER)}x`, victim), 'token_malformed'],
  ['header with a byte order mark', forge(`\uFEFF${JSON.stringify(GOOD_HEADER)}`, victim), 'token_malformed'],
  [
    'header not UTF-8',
    `${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${payload}.${signature}`,
    'token_malformed',
  ],
  [
    'header deep as a well',
    forge(`{"x":${'['.repeat(4_000)}${']'.repeat(4_000)},"alg":"RS256"}`, victim),
    'token_malformed',
  ],
];

const SHAPES: Attack[] = [
  ['nothing', '', 'token_malformed'],
  ['undefined', undefined, 'token_malformed'],
  ['null', null, 'token_malformed'],
  ['a number', 7, 'token_malformed'],
  ['a list with a token', [token], 'token_malformed'],
  [
    'an object that calls itself a token',
    { toString: () => token, length: 10, slice: () => token },
    'token_malformed',
  ],
  ['a String object', Object(token), 'token_malformed'],
  ['dots', '..', 'token_malformed'],
  ['a lot of dots', '.'.repeat(16_000), 'token_malformed'],
  ['one segment', header, 'token_malformed'],
  ['two segments', `${header}.${payload}`, 'token_malformed'],
  ['two segments and a dot', `${header}.${payload}.`, 'token_malformed'],
  ['four segments', `${token}.${signature}`, 'token_malformed'],
  ['five segments (a JWE)', `${token}.${signature}.${signature}`, 'token_malformed'],
  ['no header', `.${payload}.${signature}`, 'token_malformed'],
  ['no payload', `${header}..${signature}`, 'token_malformed'],
  [
    'flattened JSON serialisation',
    JSON.stringify({ protected: header, payload, signature }),
    'token_malformed',
  ],
  ['the scheme still before it', `Bearer ${token}`, 'token_malformed'],
  ['white space before', ` ${token}`, 'token_malformed'],
  ['a line break after', `${token}\n`, 'token_malformed'],
  ['a NUL after', `${token}\0`, 'token_malformed'],
  [
    'white space within the signature',
    `${header}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`,
    'token_malformed',
  ],
  ['padding', `${token}==`, 'token_malformed'],
  ['padding of the header', `${header}=.${payload}.${signature}`, 'token_malformed'],
  ['a bit left over in the signature', `${header}.${payload}.${flipLastBit(signature)}`, 'token_malformed'],
  ['a letter of the other alphabet', `${header}.${payload}.+${signature.slice(1)}`, 'token_malformed'],
  ['a slash of the other alphabet', `${header}.${payload}./${signature.slice(1)}`, 'token_malformed'],
  [
    'a wide letter whose low byte is right',
    `${header}.${payload}.${String.fromCharCode(0x100 + signature.charCodeAt(0))}${signature.slice(1)}`,
    'token_malformed',
  ],
  ['a letter too few', token.slice(0, -1), 'token_malformed'],
  [
    'a signature one byte short',
    `${header}.${payload}.${Buffer.from(signature, 'base64url').subarray(1).toString('base64url')}`,
    'signature_invalid',
  ],
  [
    'a signature one byte long',
    `${header}.${payload}.${Buffer.from(`\0${Buffer.from(signature, 'base64url').toString('latin1')}`, 'latin1').toString('base64url')}`,
    'signature_invalid',
  ],
  ['another payload', `${header}.${b64(victim)}.${signature}`, 'signature_invalid'],
  [
    'the signature of another token',
    `${token.slice(0, token.lastIndexOf('.'))}.${parts(forge(GOOD_HEADER, victim))[2]}`,
    'signature_invalid',
  ],
  ['payload a list', forge(GOOD_HEADER, [victim]), 'token_malformed'],
  ['payload null', forge(GOOD_HEADER, 'null'), 'token_malformed'],
  ['payload text', forge(GOOD_HEADER, 'hello'), 'token_malformed'],
  ['payload without end', `${header}.${'A'.repeat(16_384)}.${signature}`, 'token_too_long'],
  ['just too long', token.padEnd(16_385, 'A'), 'token_too_long'],
];

const CLAIMS: Attack[] = [
  ['of another pool', forge(GOOD_HEADER, { ...victim, iss: `${ISSUER}x` }), 'issuer_unknown'],
  ['issuer with a slash more', forge(GOOD_HEADER, { ...victim, iss: `${ISSUER}/` }), 'issuer_unknown'],
  ['issuer in capitals', forge(GOOD_HEADER, { ...victim, iss: ISSUER.toUpperCase() }), 'issuer_unknown'],
  [
    'issuer over http',
    forge(GOOD_HEADER, { ...victim, iss: ISSUER.replace('https', 'http') }),
    'issuer_unknown',
  ],
  [
    'issuer with a port',
    forge(GOOD_HEADER, { ...victim, iss: ISSUER.replace('.com', '.com:443') }),
    'issuer_unknown',
  ],
  [
    'issuer of the attacker',
    forge(GOOD_HEADER, { ...victim, iss: 'https://evil.example' }, ATTACKER.privateKey),
    'issuer_unknown',
  ],
  [
    'issuer a look-alike',
    forge(GOOD_HEADER, { ...victim, iss: ISSUER.replace('amazonaws.com', 'amazonaws.com.evil.example') }),
    'issuer_unknown',
  ],
  [
    'issuer in another partition',
    forge(GOOD_HEADER, { ...victim, iss: ISSUER.replace('.com', '.com.cn') }),
    'issuer_unknown',
  ],
  ['issuer in a list', forge(GOOD_HEADER, { ...victim, iss: [ISSUER] }), 'issuer_unknown'],
  ['issuer null', forge(GOOD_HEADER, { ...victim, iss: null }), 'issuer_unknown'],
  [
    'issuer lent by __proto__',
    forge(
      GOOD_HEADER,
      JSON.stringify({ ...victim, iss: undefined }).replace('{', `{"__proto__":{"iss":"${ISSUER}"},`),
    ),
    'issuer_unknown',
  ],
  ['an ID token for an access token', forge(GOOD_HEADER, idClaims()), 'token_use_mismatch'],
  [
    'an ID token with the client in client_id',
    forge(GOOD_HEADER, idClaims({ client_id: CLIENT_ID })),
    'token_use_mismatch',
  ],
  [
    'a refresh token by its own account',
    forge(GOOD_HEADER, { ...victim, token_use: 'refresh' }),
    'token_use_mismatch',
  ],
  ['of another client', forge(GOOD_HEADER, { ...victim, client_id: 'other' }), 'client_mismatch'],
  [
    'of another client, ours in aud',
    forge(GOOD_HEADER, { ...victim, client_id: 'other', aud: CLIENT_ID }),
    'client_mismatch',
  ],
  [
    'without client, ours in aud',
    forge(GOOD_HEADER, { ...victim, client_id: undefined, aud: CLIENT_ID }),
    'claim_missing',
  ],
  [
    'claims lent by __proto__',
    forge(GOOD_HEADER, `{"iss":"${ISSUER}","__proto__":${JSON.stringify(victim)}}`),
    'claim_missing',
  ],
  ['expired', forge(GOOD_HEADER, { ...victim, exp: NOW_S - 60 }), 'token_expired'],
  ['expiry as text', forge(GOOD_HEADER, { ...victim, exp: '99999999999' }), 'claim_invalid'],
  [
    'expiry beyond numbers',
    forge(GOOD_HEADER, JSON.stringify(victim).replace(/"exp":\d+/, '"exp":1e999')),
    'claim_invalid',
  ],
  ['never expiring', forge(GOOD_HEADER, { ...victim, exp: undefined }), 'claim_missing'],
  [
    'expiry twice',
    forge(
      GOOD_HEADER,
      JSON.stringify(victim)
        .replace('{', '{"exp":9999999999,')
        .replace(/"exp":18\d+/, '"exp":1'),
    ),
    'token_expired',
  ],
  ['not yet valid', forge(GOOD_HEADER, { ...victim, nbf: NOW_S + 60 }), 'token_not_yet_valid'],
  [
    'issued tomorrow',
    forge(GOOD_HEADER, { ...victim, iat: NOW_S + 86_400, exp: NOW_S + 90_000 }),
    'token_not_yet_valid',
  ],
];

describe.each([
  ['algorithms', ALGORITHMS],
  ['keys', KEYS],
  ['headers', HEADERS],
  ['shapes', SHAPES],
  ['claims', CLAIMS],
])('attacks on %s', (_name, attacks) => {
  const verifier = createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    jwks: { keys: [KEY_A.jwk, KEY_B.jwk] },
    now: () => NOW_S * 1_000,
  });

  it.each(attacks)('%s', async (_attack, attack, code) => {
    // With the token that was tampered with in memory, where it could be mistaken for this one.
    await verifier.verify(token);
    expect(verifier.verifyCached(attack as string)).toBeUndefined();
    expect(await codeOf(verifier.verify(attack as string))).toBe(code);
    expect(await codeOf(verifier.verify(attack as string))).toBe(code);
    expect(verifier.verifyCached(attack as string)).toBeUndefined();
  });
});

describe('attacks on the choice of keys', () => {
  async function setup() {
    const trap = await startKeyServer({ keys: [ATTACKER.jwk] });
    const server = await startKeyServer({ keys: [KEY_A.jwk] });
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      endpoint: server.endpoint,
      now: new Clock().now,
    });
    return { trap, server, verifier, iss: `${server.endpoint}/${POOL_ID}` };
  }

  it('never fetches what a token points at', async () => {
    const { trap, server, verifier, iss } = await setup();
    const url = `${trap.endpoint}/jwks.json`;
    const claims = accessClaims({ iss });
    for (const extra of [
      { jku: url },
      { x5u: url },
      { jwk: ATTACKER.jwk },
      { x5c: ['MIIB'] },
      { x5t: 'x' },
    ]) {
      for (const kid of [KEY_A.kid, url]) {
        const code = await codeOf(verifier.verify(await sign(claims, ATTACKER, { ...extra, kid } as never)));
        expect(code).toBe(kid === url ? 'key_unknown' : 'signature_invalid');
      }
    }
    for (const issuer of [
      trap.endpoint,
      `${trap.endpoint}/${POOL_ID}`,
      `${iss}@${new URL(trap.endpoint).host}`,
    ]) {
      expect(await codeOf(verifier.verify(await sign(accessClaims({ iss: issuer }), ATTACKER)))).toBe(
        'issuer_unknown',
      );
    }
    expect(trap.requests).toEqual([]);
    expect(new Set(server.requests)).toEqual(new Set([`/${POOL_ID}/.well-known/jwks.json`]));
  });

  it('fetches nothing at all for tokens of strangers, or for junk', async () => {
    const { server, verifier } = await setup();
    for (const junk of [
      '',
      'a.b.c',
      token,
      await sign(accessClaims({ iss: 'https://evil.example' }), ATTACKER),
    ]) {
      await codeOf(verifier.verify(junk));
    }
    expect(server.requests).toEqual([]);
  });

  it('does not let one pool sign for another', async () => {
    const poolOf = (userPoolId: string, key: TestKey) =>
      ({ userPoolId, clientId: null, tokenUse: 'access', jwks: { keys: [key.jwk] } }) as const;
    const verifier = createVerifier([poolOf('eu-west-1_one', KEY_A), poolOf('eu-west-1_two', KEY_B)], {
      now: () => NOW_S * 1_000,
    });
    const one = accessClaims({ iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_one' });
    expect((await verifier.verify(await sign(one, KEY_A))).sub).toBe(one['sub']);
    expect(await codeOf(verifier.verify(await sign(one, KEY_B)))).toBe('key_unknown');
    expect(await codeOf(verifier.verify(await sign(one, KEY_B, { kid: KEY_A.kid })))).toBe(
      'signature_invalid',
    );
  });

  it('does not take claims from a polluted Object.prototype', async () => {
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      jwks: { keys: [KEY_A.jwk] },
      now: () => NOW_S * 1_000,
    });
    const bare = await sign(
      accessClaims({ 'cognito:groups': undefined, scope: undefined, client_id: undefined }),
    );
    const plain = await sign(
      accessClaims({ 'cognito:groups': undefined, scope: undefined, auth_time: undefined }),
    );
    const pollution = { client_id: CLIENT_ID, 'cognito:groups': ['Admin'], scope: 'x', auth_time: NOW_S };
    try {
      for (const [name, value] of Object.entries(pollution)) {
        Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: false });
      }
      expect(await codeOf(verifier.verify(bare))).toBe('claim_missing');
      expect(await codeOf(verifier.verify(plain, { groups: 'Admin' }))).toBe('groups_missing');
      expect(await codeOf(verifier.verify(plain, { scopes: 'x' }))).toBe('scopes_missing');
      expect(await codeOf(verifier.verify(plain, { maxAuthAgeS: 60 }))).toBe('auth_too_old');
    } finally {
      for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});

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
