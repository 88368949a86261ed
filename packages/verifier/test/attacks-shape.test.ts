import {
  type Attack,
  b64,
  describeAttacks,
  forge,
  GOOD_HEADER,
  header,
  parts,
  payload,
  signature,
  token,
  victim,
} from './support/attack.js';

/** Turns one of the bits that a base64url character carries in vain. */
function flipLastBit(segment: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(segment.at(-1) ?? '');
  return segment.slice(0, -1) + alphabet[last ^ 1];
}

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

describeAttacks('shapes', SHAPES);
