import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CognitoClaims, createVerifier, VerifierError, type VerifierErrorCode } from '../src/index.js';
import { makeToken, tamper } from './support/mutate.js';
import { CLIENT_ID, ISSUER, JWKS, NOW_S, POOL_ID } from './support/pool.js';
import { Random } from './support/random.js';

const SIGNED = 25_000;
const TAMPERED_PER_SIGNED = 3;
const TOLERANCE_S = 5;

function ours() {
  return createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: 'access',
    jwks: JWKS,
    clockToleranceS: TOLERANCE_S,
    now: () => NOW_S * 1_000,
    // In use, so that a mistaken identity would show.
    cache: { maxTokens: 1_000 },
  });
}

const localKeys = createLocalJWKSet(JWKS);

/** What jose makes of a token, with the two checks that are Cognito's own done by hand; `undefined` is a refusal. */
async function oracle(token: string): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, localKeys, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(NOW_S * 1_000),
      requiredClaims: ['exp'],
    });
    const good = payload['token_use'] === 'access' && payload['client_id'] === CLIENT_ID;
    return good ? payload : undefined;
  } catch {
    return undefined;
  }
}

type Verdict = { claims: CognitoClaims } | { code: VerifierErrorCode };

async function verdictOf(verifier: ReturnType<typeof ours>, token: string): Promise<Verdict> {
  try {
    return { claims: await verifier.verify(token) };
  } catch (error) {
    if (error instanceof VerifierError) return { code: error.code };
    throw error;
  }
}

/** Everything in which this verifier is stricter than jose on purpose. What fits none of these is a bug in one of them. */
const EXPLANATIONS: [
  name: string,
  code: VerifierErrorCode,
  applies: (token: string, payload: JWTPayload) => boolean,
][] = [
  ['a segment is not canonical base64url', 'token_malformed', (token) => !isCanonical(token)],
  ['a header member appears twice', 'token_malformed', (token) => hasTwins(headerOf(token).text)],
  ['header or payload begins with a byte order mark', 'token_malformed', (token) => hasOddBytes(token)],
  [
    'aud is neither text nor texts',
    'claim_invalid',
    (_token, payload) => isOddText(payload.aud) && isOddList(payload.aud),
  ],
  ['there is a crit', 'header_not_allowed', (token) => 'crit' in headerOf(token).value],
  ['typ is not JWT', 'header_not_allowed', (token) => !isPlainType(headerOf(token).value['typ'])],
  ['sub is missing', 'claim_missing', (_token, payload) => payload.sub === undefined],
  ['iat is missing', 'claim_missing', (_token, payload) => payload.iat === undefined],
  [
    'a date is no whole number',
    'claim_invalid',
    (_token, payload) => DATES.some((c) => isOddDate(payload[c])),
  ],
  ['a text is no string', 'claim_invalid', (_token, payload) => TEXTS.some((c) => isOddText(payload[c]))],
  ['sub is empty or no string', 'claim_invalid', (_token, payload) => !isText(payload.sub)],
  [
    'groups are no list of strings',
    'claim_invalid',
    (_token, payload) => isOddList(payload['cognito:groups']),
  ],
  [
    'iat is in the future',
    'token_not_yet_valid',
    (_token, payload) => (payload.iat ?? 0) > NOW_S + TOLERANCE_S,
  ],
];

const DATES = ['exp', 'iat', 'nbf', 'auth_time'];
const TEXTS = ['jti', 'origin_jti', 'username', 'scope'];
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isOddText = (value: unknown) => value !== undefined && typeof value !== 'string';
const isOddDate = (value: unknown) =>
  value !== undefined &&
  !(typeof value === 'number' && value >= 0 && value < 2 ** 53 && value === Math.floor(value));
const isOddList = (value: unknown) =>
  value !== undefined && !(Array.isArray(value) && value.every((item) => typeof item === 'string'));
const isPlainType = (value: unknown) =>
  value === undefined || (isText(value) && /^jwt$/i.test(value as string));

function isCanonical(token: string): boolean {
  // Not the way in which the verifier does it: by alphabet, length and the bits left over.
  return token.split('.').every((segment) => {
    if (!/^[\w-]+$/.test(segment) || segment.length % 4 === 1) return false;
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(
      segment.at(-1) ?? '',
    );
    return segment.length % 4 === 0 || last % (segment.length % 4 === 2 ? 16 : 4) === 0;
  });
}

function headerOf(token: string): { text: string; value: Record<string, unknown> } {
  const text = new TextDecoder().decode(Buffer.from(token.split('.')[0] ?? '', 'base64'));
  return { text, value: JSON.parse(text) };
}

/** By counting: a doubled member is lost when the text is parsed. The generator doubles at the top level only. */
function hasTwins(text: string): boolean {
  const names = text.match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g) ?? [];
  const nested = JSON.stringify(JSON.parse(text)).match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g) ?? [];
  return names.length > nested.length;
}

function hasOddBytes(token: string): boolean {
  return token.split('.', 2).some((segment) => {
    const bytes = Buffer.from(segment, 'base64');
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).startsWith('\ufeff');
    } catch {
      return true;
    }
  });
}

function* tokens(signed: number, seed: number): Generator<string> {
  const random = new Random(seed);
  let other = makeToken(random);
  for (let n = 0; n < signed; n++) {
    const token = makeToken(random);
    yield token;
    for (let t = 0; t < TAMPERED_PER_SIGNED; t++) yield tamper(token, other, random);
    other = token;
  }
}

describe('beside jose', () => {
  it(`${SIGNED * (1 + TAMPERED_PER_SIGNED)} mutated tokens: every disagreement has its reason`, async () => {
    const verifier = ours();
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    const unexplained: unknown[] = [];
    const judge = async (token: string) => {
      const [verdict, payload] = await Promise.all([verdictOf(verifier, token), oracle(token)]);
      if ('claims' in verdict) {
        if (payload === undefined) unexplained.push({ token, problem: 'accepted here, refused by jose' });
        else expect(verdict.claims).toEqual(payload);
        count('both accept');
      } else if (payload === undefined) {
        count(`both refuse: ${verdict.code}`);
      } else {
        const reason = EXPLANATIONS.find(
          ([, code, applies]) => code === verdict.code && applies(token, payload),
        );
        if (reason === undefined) unexplained.push({ token, code: verdict.code, payload });
        count(`stricter: ${reason?.[0]}`);
      }
    };
    let total = 0;
    let batch: Promise<void>[] = [];
    for (const token of tokens(SIGNED, 3)) {
      total++;
      batch.push(judge(token));
      if (batch.length < 64) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
    expect(unexplained.slice(0, 3)).toEqual([]);
    expect(total).toBeGreaterThanOrEqual(100_000);
    expect(seen.get('both accept')).toBeGreaterThan(5_000);
    // Each reason was needed, and each refusal was reached: otherwise this test shows less than it says.
    for (const [name] of EXPLANATIONS) expect([...seen.keys()]).toContain(`stricter: ${name}`);
    for (const code of [
      'signature_invalid',
      'key_unknown',
      'issuer_unknown',
      'token_expired',
      'client_mismatch',
    ]) {
      expect([...seen.keys()]).toContain(`both refuse: ${code}`);
    }
  }, 240_000);
});

describe('beside aws-jwt-verify', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('accepts nothing that it refuses', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW_S * 1_000 });
    const theirs = CognitoJwtVerifier.create({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      graceSeconds: TOLERANCE_S,
    });
    theirs.cacheJwks(JWKS as never);
    const verifier = ours();
    let accepted = 0;
    for (const token of tokens(2_500, 5)) {
      const verdict = await verdictOf(verifier, token);
      if (!('claims' in verdict)) continue;
      // Its own reader drops some members, so the claims are compared beside jose only.
      expect(theirs.verifySync(token).sub).toBe(verdict.claims.sub);
      accepted++;
    }
    expect(accepted).toBeGreaterThan(500);
  }, 60_000);
});
