import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createRevocations, createVerifier, VerifierError } from '../src/index.js';
import { CLIENT_ID, JWKS, KEY_A, makeKey, POOL_ID, toJwk } from './support/pool.js';

const good = { userPoolId: POOL_ID, clientId: CLIENT_ID, tokenUse: 'access', jwks: JWKS } as const;

function configError(make: () => unknown): VerifierError {
  try {
    make();
  } catch (error) {
    if (error instanceof VerifierError && error.code === 'config_invalid') return error;
    throw error;
  }
  throw new Error('expected a configuration error');
}

// What JavaScript lets through although the types do not.
function makeLoosely(overrides: Record<string, unknown>) {
  return createVerifier({ ...good, ...overrides } as never);
}

describe('a pool id', () => {
  it.each([
    'us-east-1_8LxAFhQ8D',
    'eusc-de-east-1_abc',
    'us-gov-west-1_Ab1',
    'cn-northwest-1_Ab1',
    'us-isob-east-1_Ab1',
    'ap-southeast-7_Ab1',
  ])('is accepted: %s', (userPoolId) => {
    expect(() => makeLoosely({ userPoolId })).not.toThrow();
  });

  it.each([
    'eu-west-1',
    'eu-west-1_',
    '_abc',
    'eu-west-1_a-b',
    'eu-west-1_a_b',
    'eu_west-1_ab',
    'EU-west-1_ab',
    'evil.example/_ab',
    'eu-west-1.evil.example_ab',
    'eu-west-1_ab/../eu-west-1_cd',
    'eu-west-1_ab\n',
    'eu--1_ab',
    'euwest1_ab',
    `eu-west-1_${'a'.repeat(46)}`,
    `${'a-'.repeat(500_000)}1_ab`,
    '',
    null,
    undefined,
    7,
    ['eu-west-1_ab'],
  ])('is refused: %s', (userPoolId) => {
    const error = configError(() => makeLoosely({ userPoolId }));
    expect(error.message).toMatch(/^"userPoolId" must be like <region>_<id>/);
    expect(error.message.length).toBeLessThan(300);
  });

  it('need not be in a region of AWS behind an endpoint, but is a plain word all the same', () => {
    const endpoint = 'http://127.0.0.1:9229';
    expect(() => makeLoosely({ userPoolId: 'local_abc', endpoint })).not.toThrow();
    for (const userPoolId of ['lo/cal_abc', 'local_a/bc', '../x_abc', 'local', 'local_abc?']) {
      configError(() => makeLoosely({ userPoolId, endpoint }));
    }
  });
});

describe('an endpoint', () => {
  it.each([
    'http://127.0.0.1:9229',
    'http://127.8.9.1:9229/',
    'http://localhost:9229',
    'http://[::1]:9229',
    'https://cognito.test.example',
    'https://cognito.test.example/some/path',
  ])('is accepted: %s', (endpoint) => {
    expect(() => makeLoosely({ endpoint })).not.toThrow();
  });

  it.each([
    ['http://10.0.0.1:9229', 'loopback'],
    ['http://127.0.0.1.evil.example', 'loopback'],
    ['http://localhost.evil.example', 'loopback'],
    ['http://0.0.0.0:9229', 'loopback'],
    ['http://[::2]', 'loopback'],
    ['ftp://127.0.0.1', 'http or https'],
    ['file:///etc', 'http or https'],
    ['127.0.0.1:9229', 'http or https'],
    ['', 'http or https'],
    [9229, 'http or https'],
    ['https://cognito.test.example/?a=b', 'written as'],
    ['https://cognito.test.example/#a', 'written as'],
    ['https://cognito.test.example:443', 'written as'],
    ['https://Cognito.test.example', 'written as'],
    ['http://127.1:9229', 'written as'],
    ['http://0x7f000001', 'written as'],
    ['https://cognito.test.example//', 'written as'],
  ])('is refused: %s', (endpoint, reason) => {
    const error = configError(() => makeLoosely({ endpoint }));
    expect(error.message).toContain('"endpoint"');
    expect(error.message).toContain(reason);
  });

  it('on another host may be plain http when that is said aloud', () => {
    const endpoint = 'http://cognito.internal:9229';
    expect(() => makeLoosely({ endpoint, allowInsecureEndpoint: true })).not.toThrow();
    configError(() => makeLoosely({ endpoint, allowInsecureEndpoint: false }));
    configError(() => makeLoosely({ endpoint, allowInsecureEndpoint: 'yes' }));
    configError(() => makeLoosely({ allowInsecureEndpoint: true }));
  });

  it('does not repeat a password that was put into it', () => {
    const error = configError(() => makeLoosely({ endpoint: 'https://me:hunter2@cognito.test.example' }));
    expect(JSON.stringify([error, error.message, error.actual])).not.toContain('hunter2');
  });
});

describe('options', () => {
  it.each([
    ['clientId', undefined],
    ['clientId', ''],
    ['clientId', []],
    ['clientId', ['']],
    ['clientId', [null]],
    ['clientId', 7],
    ['tokenUse', undefined],
    ['tokenUse', 'refresh'],
    ['tokenUse', []],
    ['tokenUse', ['access', 'refresh']],
    ['jwks', { keys: [] }],
    ['jwks', {}],
    ['jwks', null],
    ['jwks', 'keys'],
    ['jwks', { keys: [KEY_A.jwk, KEY_A.jwk] }],
    ['jwks', { keys: [KEY_A.jwk], more: true }],
    ['groups', ['admin']],
    ['groups', ''],
    ['groups', {}],
    ['groups', { any: [] }],
    ['groups', { all: [''] }],
    ['groups', { none: ['admin'] }],
    ['groups', { any: 'admin' }],
    ['scopes', { any: [7] }],
    ['maxAuthAgeS', -1],
    ['maxAuthAgeS', Number.NaN],
    ['maxAuthAgeS', '60'],
    ['check', true],
    ['issuerForm', 'both'],
    ['replicaRegions', 'us-west-2'],
    ['replicaRegions', ['evil.example/']],
    ['replicaRegions', ['eu-central-1']],
    ['replicaRegions', ['eu-west-1', 'eu-west-1']],
    ['clientId', 'abc\n'],
    ['clientId', ' abc '],
    ['clientId', ['abc', 'a\tc']],
    ['clockToleranceS', 1e9],
    ['keys', { timeoutMs: 2 ** 31 }],
    ['keys', { timeoutMs: Number.POSITIVE_INFINITY }],
    ['keys', { maxUnknownKids: 2 ** 40 }],
    ['keys', { refreshAfterMs: 7 * 86_400_000 }],
    ['keys', { expireAfterMs: 2 * 86_400_000 }],
    ['keys', { minFetchIntervalMs: 601_000 }],
    ['cache', { maxTokens: 2 ** 40 }],
    ['cache', new Map([['maxTokens', 5]])],
    ['keys', Promise.resolve({})],
    ['clockToleranceS', -1],
    ['clockToleranceS', 1.5],
    ['clockToleranceS', Number.POSITIVE_INFINITY],
    ['clockToleranceS', '5'],
    ['maxTokenLength', 0],
    ['cache', true],
    ['cache', null],
    ['cache', { maxTokens: 0 }],
    ['cache', { max: 5 }],
    ['cache', { copyTokens: 'no' }],
    ['cache', { copyTokens: null }],
    ['revocations', {}],
    ['revocations', null],
    ['keys', null],
    ['keys', { timeout: 5 }],
    ['keys', { timeoutMs: 0 }],
    ['keys', { maxBytes: 0.5 }],
    ['keys', { refreshAfterMs: 1_000 }],
    ['keys', { expireAfterMs: 1_000 }],
    ['keys', { maxStaleMs: 1_000 }],
    ['fetch', 'https://proxy.example'],
    ['now', 1_800_000_000],
    ['client', CLIENT_ID],
    ['groupss', 'admin'],
  ])('refuse %s: %j', (option, value) => {
    const error = configError(() => makeLoosely({ [option]: value }));
    expect(error.message).toContain(option);
    expect(error.message).toMatch(/must be .+, got /s);
    expect(error).toMatchObject({ code: 'config_invalid', kind: 'config' });
    expect(error.expected).toBeTypeOf('string');
  });

  it('refuse contradictions', () => {
    configError(() => makeLoosely({ endpoint: 'http://127.0.0.1', issuerForm: 'original' }));
    configError(() => makeLoosely({ endpoint: 'http://127.0.0.1', replicaRegions: ['us-west-2'] }));
    configError(() => makeLoosely({ issuerForm: 'updated', replicaRegions: ['us-west-2'] }));
    configError(() => createVerifier([good, good]));
    configError(() => createVerifier([]));
    configError(() => createVerifier([good], { jwks: JWKS } as never));
    configError(() => createVerifier([{ ...good, cache: false } as never]));
    configError(() => createVerifier(undefined as never));
    configError(() => createVerifier(good as never, { clockToleranceS: 0 }));
    configError(() => createVerifier(good as never, null as never));
    configError(() => createVerifier([good], null as never));
    configError(() => createVerifier([good], [] as never));
    configError(() => createVerifier(new Map(Object.entries(good)) as never));
    configError(() => createVerifier([null as never]));
  });

  it.each([
    ['jwks', { keys: [] }, '"jwks.keys" must be a list of at least one key, got []'],
    ['keys', { timeoutMs: Number.POSITIVE_INFINITY }, 'got Infinity'],
    ['keys', { timeoutMs: Number.NaN }, 'got NaN'],
    [
      'keys',
      { refreshAfterMs: 3_600_001 },
      '"keys.refreshAfterMs" must be at most "keys.expireAfterMs", which is 3600000',
    ],
    [
      'keys',
      { maxStaleMs: 1 },
      '"keys.maxStaleMs" must be at least "keys.expireAfterMs", which is 3600000, got 1',
    ],
    ['replicaRegions', ['eu-central-1'], '"replicaRegions" must be regions other than eu-central-1'],
    ['clientId', 7n, 'got a bigint'],
    ['tokenUse', { use: 'id' }, 'got an object'],
  ])('say of %s: %o what is wrong', (option, value, message) => {
    expect(configError(() => makeLoosely({ [option]: value })).message).toContain(message);
  });

  it('that cannot be read are refused for that', () => {
    const cause = new Error('locked');
    const locked = () => {
      throw cause;
    };
    const error = configError(() =>
      createVerifier(Object.defineProperty({ ...good }, 'groups', { get: locked })),
    );
    expect(error).toMatchObject({ code: 'config_invalid', cause });
    configError(() => createVerifier(new Proxy(good, { ownKeys: locked })));
    configError(() =>
      createRevocations(Object.defineProperty({}, 'ttlS', { get: locked, enumerable: true })),
    );
  });

  it('may be of a class, of another realm or of a module', () => {
    class Settings {
      userPoolId = POOL_ID;
      clientId = CLIENT_ID;
      tokenUse = 'access' as const;
      jwks = JWKS;
    }
    expect(() => createVerifier(new Settings())).not.toThrow();
    expect(() => makeLoosely({ keys: runInNewContext('({ timeoutMs: 5 })') })).not.toThrow();
    expect(() => makeLoosely({ keys: Object.assign(Object.create(null), { timeoutMs: 5 }) })).not.toThrow();
    const namespace = { [Symbol.toStringTag]: 'Module', timeoutMs: 5 };
    expect(() => makeLoosely({ keys: namespace })).not.toThrow();
  });

  it.each([
    ['another type', { ...KEY_A.jwk, kty: 'EC' }],
    ['another algorithm', { ...KEY_A.jwk, alg: 'RS512' }],
    ['no algorithm', { ...KEY_A.jwk, alg: undefined }],
    ['for encryption', { ...KEY_A.jwk, use: 'enc' }],
    ['for signing only', { ...KEY_A.jwk, key_ops: ['sign'] }],
    ['without id', { ...KEY_A.jwk, kid: '' }],
    ['1024 bits', makeKey('short', 1_024).jwk],
    ['exponent 1', { ...KEY_A.jwk, e: 'AQ' }],
    ['even exponent', { ...KEY_A.jwk, e: 'Ag' }],
    ['padded modulus', { ...KEY_A.jwk, n: `${KEY_A.jwk.n}==` }],
    ['no modulus', { ...KEY_A.jwk, n: '' }],
    ['private', KEY_A.privateKey.export({ format: 'jwk' })],
    ['private in full', { ...KEY_A.jwk, ...KEY_A.privateKey.export({ format: 'jwk' }) }],
    ['nothing', null],
  ])('refuse a key given by hand: %s', (_name, jwk) => {
    const error = configError(() => makeLoosely({ jwks: { keys: [jwk] } }));
    expect(error.message).toMatch(/^"jwks.keys\[0\]" must be an RS256 public key/);
  });

  it('accept keys of 2048 to 8192 bits', () => {
    const { jwk } = makeKey('long', 3_072);
    expect(() => makeLoosely({ jwks: { keys: [jwk] } })).not.toThrow();
    expect(toJwk('x', makeKey('x').privateKey as never)).toBeDefined();
  });

  it('of revocations are checked too', () => {
    for (const options of [{ maxEntries: 0 }, { ttlS: 0 }, { now: 5 }, { max: 5 }]) {
      configError(() => createRevocations(options as never));
    }
    configError(() => createRevocations().revokeToken(''));
    configError(() => createRevocations().revokeSession(undefined as never));
    configError(() => createRevocations().revokeUser('sub', Number.NaN));
  });
});

describe('requirements of one call', () => {
  it('are refused at the call', async () => {
    const verifier = createVerifier(good);
    for (const requirements of [
      { groups: ['admin'] },
      { group: 'admin' },
      'admin',
      null,
      { maxAuthAgeS: -1 },
      Promise.resolve({ groups: 'admin' }),
      new Map([['groups', 'admin']]),
      new Set(['admin']),
      [],
      new Date(),
      /admin/,
      new (class Context {})(),
      Object.defineProperty({}, 'groups', {
        get: () => {
          throw new Error('locked');
        },
      }),
    ]) {
      await expect(verifier.verify('token', requirements as never)).rejects.toMatchObject({
        code: 'config_invalid',
      });
      expect(() => verifier.verifyCached('token', requirements as never)).toThrow(VerifierError);
    }
  });
});
