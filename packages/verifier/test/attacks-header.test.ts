import {
  type Attack,
  describeAttacks,
  forge,
  GOOD_HEADER,
  payload,
  signature,
  victim,
} from './support/attack.js';
import { KEY_A } from './support/pool.js';

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
  [
    'alg twice, with a desert before the colon',
    forge(`{"alg"${' '.repeat(300)}:"none","kid":${JSON.stringify(KEY_A.kid)},"alg":"RS256"}`, victim),
    'token_malformed',
  ],
  ['header longer than is read', forge({ ...GOOD_HEADER, x: 'x'.repeat(800) }, victim), 'token_malformed'],
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

describeAttacks('headers', HEADERS);
