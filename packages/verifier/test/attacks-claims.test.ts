import { ATTACKER, type Attack, describeAttacks, forge, GOOD_HEADER, victim } from './support/attack.js';
import { CLIENT_ID, ISSUER, idClaims, NOW_S } from './support/pool.js';

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

describeAttacks('claims', CLAIMS);
