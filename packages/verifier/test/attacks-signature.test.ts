import { createHmac, generateKeyPairSync, sign as signRaw } from 'node:crypto';
import {
  ATTACKER,
  type Attack,
  b64,
  describeAttacks,
  forge,
  GOOD_HEADER,
  header,
  PUBLIC_PEM,
  payload,
  signature,
  victim,
} from './support/attack.js';
import { KEY_A, KEY_B } from './support/pool.js';

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

describeAttacks('algorithms', ALGORITHMS);
describeAttacks('keys', KEYS);
