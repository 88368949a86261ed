import { type KeyObject, sign } from 'node:crypto';
import { accessClaims, ISSUER, idClaims, KEY_A, KEY_B, machineClaims, makeKey, NOW_S } from './pool.js';
import type { Random } from './random.js';

const ATTACKER = makeKey(KEY_A.kid);

/** JSON texts that a careless reader takes for something else. */
const VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '0.5',
  '1e3',
  '1E400',
  '-1e400',
  '1e21',
  '1e308',
  '9007199254740993',
  '18446744073709551616',
  '""',
  '" "',
  '"0"',
  '"null"',
  '"access"',
  '"id"',
  '"ACCESS"',
  '"RS256"',
  '"none"',
  '"HS256"',
  '[]',
  '[null]',
  '["access"]',
  '["RS256"]',
  '[[]]',
  '{}',
  '{"a":1}',
  '{"__proto__":{"a":1}}',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"ＲＳ２５６"',
  '"аccess"',
  '"e\\u0301"',
  '"\\/"',
  `"${'x'.repeat(300)}"`,
  '"JWT"',
  '"jwt"',
  '"at+jwt"',
  `${NOW_S}`,
  `${NOW_S}.0`,
  `${NOW_S + 6}`,
  `${NOW_S + 5}`,
  `${NOW_S - 5}`,
  `${NOW_S - 4}`,
  `${NOW_S + 0.5}`,
  `"${NOW_S}"`,
  `${NOW_S / 1e9}e9`,
  '["b64"]',
  '["alg"]',
  '["x"]',
  '"https://evil.example/jwks.json"',
  `"${ISSUER}/"`,
  `["${ISSUER}"]`,
];
const CLAIM_NAMES = [
  'sub',
  'iss',
  'exp',
  'iat',
  'nbf',
  'auth_time',
  'token_use',
  'client_id',
  'aud',
  'scope',
  'username',
  'jti',
  'origin_jti',
  'event_id',
  'cognito:groups',
  'version',
  'cognito:username',
  'extra',
  '__proto__',
  'constructor',
];
const HEADER_NAMES = [
  'alg',
  'kid',
  'typ',
  'cty',
  'crit',
  'b64',
  'jku',
  'jwk',
  'x5u',
  'x5c',
  'x5t',
  'zip',
  'enc',
  '__proto__',
  'extra',
];
const CHARACTERS = [
  '.',
  '=',
  '+',
  '/',
  '-',
  '_',
  ' ',
  '\n',
  '\t',
  '\0',
  'A',
  'a',
  'Q',
  '9',
  '\u00e9',
  '\u0141',
  '\u{1f600}',
  '%',
  '"',
  '\ufeff',
];

/** A JSON object as a list, so that members can be doubled and spelt in odd ways. */
type Members = [name: string, value: string][];

function membersOf(value: Record<string, unknown>): Members {
  return Object.entries(value).map(([name, member]) => [JSON.stringify(name), JSON.stringify(member)]);
}

function textOf(members: Members, random: Random): string {
  const gap = random.chance(0.05) ? random.pick([' ', '\n', '\t  ']) : '';
  return `{${members.map(([name, value]) => `${gap}${name}${gap}:${gap}${value}`).join(',')}${gap}}`;
}

function mutateMembers(members: Members, names: readonly string[], random: Random): void {
  const at = random.below(members.length);
  const member = members[at];
  const name = JSON.stringify(random.pick(names));
  const same = members.find(([other]) => other === name);
  switch (random.below(7)) {
    case 0:
      if (same !== undefined) same[1] = random.pick(VALUES);
      else members.push([name, random.pick(VALUES)]);
      break;
    case 1:
      members.splice(at, 1);
      break;
    case 2:
      if (member !== undefined)
        members.splice(random.below(members.length + 1), 0, [member[0], random.pick(VALUES)]);
      break;
    case 3:
      if (member !== undefined) members.push([...member]);
      break;
    case 4:
      members.reverse();
      break;
    case 5: {
      // The same name, spelt with an escape.
      const code = (member?.[0].charCodeAt(1) ?? 0).toString(16).padStart(4, '0');
      if (member !== undefined) member[0] = `"\\u${code}${member[0].slice(2)}`;
      break;
    }
    default:
      if (member !== undefined)
        member[1] = random.chance(0.5) ? random.pick(VALUES) : member[1].replaceAll('/', '\\/');
  }
}

function bytesOf(text: string, random: Random): Buffer {
  if (random.chance(0.97)) return Buffer.from(text);
  switch (random.below(4)) {
    case 0:
      return Buffer.from(`\ufeff${text}`);
    case 1:
      return Buffer.from(text, 'utf16le');
    case 2:
      return Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"x":"\xff\xfe"}', 'latin1')]);
    default:
      return Buffer.from(`${text}${random.pick(['x', ' ', '\0', '{}', '\n'])}`);
  }
}

/** A token as its issuer would sign it, with none to three changes to header and claims; most are signed well. */
export function makeToken(random: Random): string {
  const header = membersOf({ kid: KEY_A.kid, alg: 'RS256' });
  const claims = membersOf(
    random.pick([accessClaims, accessClaims, accessClaims, machineClaims, idClaims])(),
  );
  for (let n = random.below(3); n > 0; n--) {
    if (random.chance(0.35)) mutateMembers(header, HEADER_NAMES, random);
    else mutateMembers(claims, CLAIM_NAMES, random);
  }
  // Two members that mean something together only (RFC 7797).
  if (random.chance(0.01)) header.push(['"crit"', '["b64"]'], ['"b64"', random.pick(['true', 'false'])]);
  const input = [header, claims]
    .map((members) => bytesOf(textOf(members, random), random).toString('base64url'))
    .join('.');
  const keys: KeyObject[] = [KEY_A.privateKey, ATTACKER.privateKey, KEY_B.privateKey];
  const key = random.chance(0.92) ? keys[0] : random.pick(keys);
  return `${input}.${sign('sha256', Buffer.from(input), key as KeyObject).toString('base64url')}`;
}

/** The same token after one to three changes by somebody who cannot sign. */
export function tamper(token: string, other: string, random: Random): string {
  let result = token;
  for (let n = 1 + random.below(3); n > 0; n--) result = tamperOnce(result, other, random);
  return result;
}

function tamperOnce(token: string, other: string, random: Random): string {
  const at = random.below(token.length);
  const segments = token.split('.');
  const which = random.below(segments.length);
  const segment = segments[which] ?? '';
  switch (random.below(11)) {
    case 0:
      return token.slice(0, at) + random.pick(CHARACTERS) + token.slice(at + 1);
    case 1:
      return token.slice(0, at) + random.pick(CHARACTERS) + token.slice(at);
    case 2:
      return token.slice(0, at) + token.slice(at + 1 + random.below(4));
    case 3:
      segments[which] = `${segment}${random.pick(['=', '==', 'A', '\n', ' '])}`;
      return segments.join('.');
    case 4: {
      const bytes = Buffer.from(segment, 'base64url');
      const bit = random.below(bytes.length);
      bytes[bit] = (bytes[bit] ?? 0) ^ (1 << random.below(8));
      segments[which] = bytes.toString('base64url');
      return segments.join('.');
    }
    case 5:
      segments[which] = other.split('.')[which] ?? '';
      return segments.join('.');
    case 6:
      segments[which] = random.pick([
        '',
        segment.slice(0, -1),
        segment.toLowerCase(),
        segment + segment,
        '..',
      ]);
      return segments.join('.');
    case 7:
      // The last character of a segment may carry bits in vain.
      segments[which] =
        segment.slice(0, -1) + String.fromCharCode(segment.charCodeAt(segment.length - 1) + 1);
      return segments.join('.');
    case 8: {
      // The header or the claims in other words under the old signature.
      const text = Buffer.from(segment, 'base64url').toString();
      segments[which] = Buffer.from(
        random.pick([
          text.replace('RS256', 'none'),
          text.replace('editors', 'admins'),
          `${text} `,
          text.replace('"', ''),
        ]),
      ).toString('base64url');
      return segments.join('.');
    }
    case 9:
      segments[which] = random.chance(0.5) ? segment.replaceAll('-', '+') : segment.replaceAll('_', '/');
      return segments.join('.');
    default:
      segments.reverse();
      return random.chance(0.5) ? segments.join('.') : [...segments, random.pick(segments)].join('.');
  }
}
