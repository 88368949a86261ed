import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CognitoClientConfig, CognitoModuleOptions } from '../../src/index.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { OwnRevocations } from '../../src/revocations/own-revocations.js';

const POOL = 'eu-central-1_Test12345';
const given = { userPoolId: POOL, clientId: 'client1' };
const resolve = (options: object = given, env: Record<string, string> = {}) =>
  resolveOptions(options as CognitoModuleOptions, env);
/** The pool at top level. */
const resolvePool = (...given: Parameters<typeof resolve>) => resolve(...given).pools[0];

class Strategy {
  acquireInitialRetryToken() {}
  refreshRetryTokenForRetry() {}
  recordSuccess() {}
}

describe('defaults', () => {
  it('are closed ones', () => {
    expect(resolve()).toMatchObject({
      protect: 'all',
      tokenUse: 'access',
      clockToleranceS: 5,
      resolvePool: undefined,
      acceptedClientIds: ['client1'],
    });
    expect(resolve().pools).toEqual([
      {
        name: 'default',
        userPoolId: POOL,
        clientId: 'client1',
        clientSecret: undefined,
        region: 'eu-central-1',
        endpoint: undefined,
        authFlow: 'USER_PASSWORD_AUTH',
        challengeKeys: [],
        preventUserExistenceErrors: 'ENABLED',
        requestTimeoutMs: 10_000,
        client: {},
        acceptedClientIds: ['client1'],
        verifier: { userPoolId: POOL, clientId: ['client1'], tokenUse: null },
      },
    ]);
    expect(resolve().verifier).toEqual({ clockToleranceS: 5, revocations: expect.any(OwnRevocations) });
  });
});

describe('the environment', () => {
  const env = {
    COGNITO_USER_POOL_ID: 'us-east-1_FromEnv',
    COGNITO_CLIENT_ID: 'env1',
    COGNITO_CLIENT_SECRET: 'secret1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'http://127.0.0.1:9229/',
  };

  it('fills in what code leaves out', () => {
    expect(resolvePool({}, env)).toMatchObject({
      userPoolId: 'us-east-1_FromEnv',
      clientId: 'env1',
      clientSecret: 'secret1',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9229',
    });
  });

  it('gives way to code', () => {
    const options = { ...given, clientSecret: 'other', endpoint: 'http://localhost:5' };
    expect(resolvePool(options, env)).toMatchObject({ ...options, region: 'eu-central-1' });
  });

  it('has a general endpoint, and a switch that turns both off', () => {
    const { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: _, ...general } = env;
    expect(resolvePool({}, general).endpoint).toBe('http://127.0.0.1:1');
    expect(resolvePool({}, { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }).endpoint).toBeUndefined();
  });

  it('takes a variable that is set to nothing for unset', () => {
    expect(() => resolve({ clientId: 'a' }, { COGNITO_USER_POOL_ID: '' })).toThrow(
      '"userPoolId" must be like <region>_<id>, as eu-central-1_8LxAFhQ8D, got nothing (COGNITO_USER_POOL_ID empty or not set)',
    );
  });

  it('is named in a complaint about it', () => {
    expect(() => resolve({}, { ...env, COGNITO_USER_POOL_ID: 'eu-west-1' })).toThrow(
      'got "eu-west-1" (from COGNITO_USER_POOL_ID)',
    );
  });

  it('gives the region only to a pool that does not name one of AWS’s', () => {
    expect(resolvePool({ ...given }, { AWS_REGION: 'us-west-2' }).region).toBe('eu-central-1');
    const local = { ...given, userPoolId: 'local_abc', endpoint: 'http://127.0.0.1:9' };
    expect(resolvePool(local, { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'x-1' }).region).toBe(
      'us-west-2',
    );
    expect(resolvePool(local, { AWS_DEFAULT_REGION: 'us-west-1' }).region).toBe('us-west-1');
    expect(resolvePool(local).region).toBe('local');
  });
});

describe('the issuer', () => {
  it.each([
    'https://vpce-0a1b2c3d.cognito-idp.eu-central-1.vpce.amazonaws.com',
    'https://cognito-idp-fips.us-east-1.amazonaws.com',
    'https://cognito-idp.cn-north-1.amazonaws.com.cn',
    'https://cognito-idp.eusc-de-east-1.amazonaws.eu',
    'https://cognito-idp.us-east-1.api.aws',
  ])('stays AWS’s behind AWS’s own host %s', (endpoint) => {
    const options = resolvePool({ ...given, endpoint });
    expect(options.endpoint).toBe(endpoint);
    expect(options.verifier).not.toHaveProperty('endpoint');
  });

  it.each([
    'http://127.0.0.1:9229',
    'https://amazonaws.com.evil.example',
    'https://evilamazonaws.com',
    'https://cognito.example',
  ])('is the emulator’s behind %s', (endpoint) => {
    expect(resolvePool({ ...given, endpoint }).verifier).toMatchObject({ endpoint });
  });
});

describe('an option that is wrong', () => {
  it.each([
    [{}, '"userPoolId" must be like <region>_<id>'],
    [{ ...given, userPoolId: 'eu-west-1' }, 'got "eu-west-1"'],
    [{ ...given, userPoolId: 'local_abc' }, '"userPoolId" must be like'],
    [{ ...given, userPoolId: 7 }, '"userPoolId" must be like'],
    [
      { userPoolId: POOL },
      '"clientId" must be the id of an app client, as 4k04k2henjhmhu5dacfkphli5, got nothing',
    ],
    [{ ...given, clientId: ['a'] }, '"clientId" must be'],
    [{ ...given, clientId: 'a b' }, '"clientId" must be'],
    [{ ...given, clientID: 'a' }, 'CognitoModule: the options have no member "clientID"; there are'],
    [{ ...given, trustedClientIds: 'a' }, '"trustedClientIds" must be a list of app client ids, got "a"'],
    [{ ...given, protect: 'none' }, '"protect" must be "all" or "decorated", got "none"'],
    [{ ...given, tokenUse: 'both' }, '"tokenUse" must be "access" or "id", got "both"'],
    [
      { ...given, authFlow: 'CUSTOM_AUTH' },
      '"authFlow" must be "USER_PASSWORD_AUTH" or "USER_SRP_AUTH" or "ADMIN_USER_PASSWORD_AUTH"',
    ],
    [{ ...given, challengeKeys: ['c2hvcnQ='] }, '"challengeKeys" must be a list of 1 to 10 keys'],
    [{ ...given, challengeKeys: [] }, '"challengeKeys" must be a list of 1 to 10 keys'],
    [{ ...given, challengeKeys: ['A'.repeat(43)] }, 'a key whose bytes are all alike'],
    [{ ...given, challengeKeys: [`${Buffer.alloc(32, 7).toString('base64')}`] }, 'bytes are all alike'],
    [{ ...given, challengeKeys: [`${'A'.repeat(42)}!`] }, '"challengeKeys" must be'],
    [{ ...given, challengeKeys: 'A'.repeat(43) }, '"challengeKeys" must be'],
    [{ ...given, challengeKeys: Array(11).fill('A'.repeat(43)) }, '"challengeKeys" must be'],
    [
      { ...given, preventUserExistenceErrors: true },
      '"preventUserExistenceErrors" must be "ENABLED" or "LEGACY", got true',
    ],
    [{ ...given, clockToleranceS: -1 }, '"clockToleranceS" must be a whole number of at least 0, got -1'],
    [
      { ...given, requestTimeoutMs: 0 },
      '"requestTimeoutMs" must be a whole number of at least 1 and at most 2147483647, got 0',
    ],
    [{ ...given, requestTimeoutMs: Number.NaN }, 'and at most 2147483647, got NaN'],
    // A timer that overflows ends at once.
    [{ ...given, requestTimeoutMs: 2 ** 31 }, '"requestTimeoutMs" must be a whole number'],
    [
      { ...given, client: { credentials: 'AKIDEXAMPLE' } },
      '"client.credentials" must be { accessKeyId, secretAccessKey } or a function that gives them, got a string',
    ],
    [{ ...given, endpoint: 'localhost:9229' }, '"endpoint" must be an http or https URL'],
    [{ ...given, endpoint: 'http://h/?a=b' }, '"endpoint" must be an http or https URL'],
    [{ ...given, endpoint: 'http://user:pw@h/' }, '"endpoint" must be a URL without credentials'],
    [{ ...given, region: 'eu west' }, '"region" must be an AWS region'],
    [
      { ...given, region: 'us-east-1' },
      '"region" is "us-east-1", but the pool "eu-central-1_Test12345" lives in "eu-central-1"',
    ],
    [
      { ...given, client: { maxAttemps: 5 } },
      '"client.maxAttemps" is no setting of the AWS SDK\'s client; did you mean "maxAttempts"?',
    ],
    [{ ...given, client: { maxattempts: 5 } }, 'did you mean "maxAttempts"?'],
    [{ ...given, client: { credentails: {} } }, 'did you mean "credentials"?'],
    [{ ...given, client: { reqestHandler: {} } }, 'did you mean "requestHandler"?'],
    [{ ...given, client: { proflie: 'x' } }, 'did you mean "profile"?'],
    [{ ...given, client: { retryMod: 'adaptive' } }, 'did you mean "retryMode"?'],
    [{ ...given, client: { loger: console } }, 'did you mean "logger"?'],
    [
      { ...given, client: { requestHandler: { requestTimout: 5 } } },
      '"client.requestHandler.requestTimout" is no setting of the AWS SDK\'s client; did you mean "requestTimeout"?',
    ],
    [{ ...given, client: { requestHandler: { httpAgents: {} } } }, 'did you mean "httpAgent"?'],
    [
      { ...given, client: ['x'] },
      '"client" must be a CognitoIdentityProviderClient or its configuration, got a list',
    ],
    [
      { ...given, client: new Map() },
      '"client" must be a CognitoIdentityProviderClient or its configuration, got a Map',
    ],
    [
      { ...given, client: { credentials: { accessKey: 'AKIDEXAMPLE', secretAccessKey: 's' } } },
      'or a function that gives them, got an object without accessKeyId; left out',
    ],
    [{ ...given, client: { credentials: {} } }, 'got an object without accessKeyId and secretAccessKey'],
    [
      { ...given, client: { maxAttempts: 'x' } },
      '"client.maxAttempts" must be a whole number of at least 1, got "x"',
    ],
    [
      { ...given, client: { maxAttempts: 0 } },
      '"client.maxAttempts" must be a whole number of at least 1, got 0',
    ],
    ...['x', -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, null, 2 ** 31].flatMap((value) =>
      ['requestTimeout', 'connectionTimeout', 'socketTimeout', 'socketAcquisitionWarningTimeout'].map(
        (timer) =>
          [
            { ...given, client: { requestHandler: { [timer]: value } } },
            `"client.requestHandler.${timer}" must be a whole number of at least 0 and at most 2147483647, got `,
          ] as [object, string],
      ),
    ),
    ...['foo', '', null, 5].map(
      (retryMode) =>
        [
          { ...given, client: { retryMode } },
          `"client.retryMode" must be "standard" or "adaptive", got ${JSON.stringify(retryMode)}`,
        ] as [object, string],
    ),
    ...[{}, null, 'x', () => ({}), { acquireInitialRetryToken() {} }].map(
      (retryStrategy) =>
        [
          { ...given, client: { retryStrategy } },
          '"client.retryStrategy" must be a retry strategy of the SDK\'s, with the methods acquireInitialRetryToken,',
        ] as [object, string],
    ),
    ...[{}, null, 'x', { warn() {}, error() {} }].flatMap((logger) =>
      [{ logger }, { requestHandler: { logger } }].map(
        (client) =>
          [
            { ...given, client },
            'logger" must be a logger as console is, with the methods debug, info, warn, error, got ',
          ] as [object, string],
      ),
    ),
    [
      { ...given, client: { requestHandler: null } },
      '"client.requestHandler" must be a handler or options for one',
    ],
    [
      { ...given, client: { requestHandler: 'x' } },
      '"client.requestHandler" must be a handler or options for one',
    ],
    [
      { ...given, errors: [] },
      '"errors" must be an object of entries by the names of exceptions, got a list',
    ],
    [
      { ...given, errors: new Map([['a', 1]]) },
      '"errors" must be an object of entries by the names of exceptions, got a',
    ],
    [
      { ...given, errors: { GroupExistsException: [] } },
      '"errors.GroupExistsException" must be an object: { status',
    ],
    ...(
      [
        [{ detail: 5 }, 'detail must be a text for people, got 5'],
        [{ retryAfterS: 'soon' }, 'retryAfterS must be a whole number of at least 0, got "soon"'],
        [{ retryAfterS: -1 }, 'retryAfterS must be a whole number of at least 0, got -1'],
        [{ unauthenticated: 'Nope' }, 'unauthenticated must be the key of an entry of the table, got "Nope"'],
        [
          { unauthenticated: 'toString' },
          'unauthenticated must be the key of an entry of the table, got "toString"',
        ],
        [{ unauthenticated: null }, 'unauthenticated must be the key of an entry of the table, got null'],
      ] as const
    ).map(([more, message]): [object, string] => [
      { ...given, errors: { GroupExistsException: { status: 409, code: 'x', ...more } } },
      `"errors.GroupExistsException".${message}`,
    ]),
    [{ ...given, verifier: [] }, '"verifier" must be an object, got a list'],
    [{ ...given, pools: new Map([['a', given]]) }, 'or left out, got a Map'],
    [new Map(Object.entries(given)), 'CognitoModule: the options must be an object, got a Map'],
    [{ ...given, client: 'x' }, '"client" must be a CognitoIdentityProviderClient or its configuration'],
    [{ ...given, client: { region: 'x' } }, '"client.region": use the option "region" of the module'],
    [{ ...given, client: { endpoint: 'x' } }, '"client.endpoint": use the option "endpoint" of the module'],
    [{ ...given, verifier: { cach: false } }, '"verifier" has no member "cach"'],
    [{ ...given, verifier: { clockToleranceS: 1 } }, '"verifier" has no member "clockToleranceS"'],
    [
      { ...given, errors: { CodeMismatchException: { status: 200, code: 'x' } } },
      '"errors.CodeMismatchException".status must be an HTTP error status, got 200',
    ],
    [
      { ...given, errors: { 'SignUp:CodeMismatchException': { status: 400 } } },
      '"errors.SignUp:CodeMismatchException".code must be a code',
    ],
    [
      { ...given, errors: { UnknownException: { status: 400, code: 'x', detial: '' } } },
      '"errors.UnknownException" has no member "detial"',
    ],
    [
      { ...given, errors: { 'a b': { status: 400, code: 'x' } } },
      'an exception\'s name, or <Operation>:<Exception>, as the SDK spells them, got "a b"',
    ],
    [
      { ...given, errors: { UsernameExistException: { status: 400, code: 'x' } } },
      'The key "errors.UsernameExistException" must be an exception\'s name',
    ],
    [
      { ...given, errors: { 'SignUpp:UsernameExistsException': { status: 400, code: 'x' } } },
      'The key "errors.SignUpp:UsernameExistsException" must be an exception\'s name',
    ],
    [[], 'CognitoModule: the options must be an object'],
  ])('%j is refused', (options, message) => {
    expect(() => resolve(options)).toThrow(
      expect.objectContaining({ name: 'CognestError', code: 'config_invalid' }),
    );
    expect(() => resolve(options)).toThrow(message);
  });

  it('never shows a secret, nor the credentials in a URL', () => {
    const message = (options: object, env = {}) => {
      try {
        resolve(options, env);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error('accepted');
    };
    expect(message({ ...given, clientSecret: 'hush hush' })).not.toContain('hush');
    expect(message(given, { COGNITO_CLIENT_SECRET: 'hush hush' })).not.toContain('hush');
    expect(message({ ...given, endpoint: 'http://user:hush@h' })).not.toContain('hush');
  });

  describe('for the SDK’s client', () => {
    // Every setting that the SDK's types have: the compiler sees to it.
    const SETTINGS: Readonly<Record<Exclude<keyof CognitoClientConfig, `__${string}`>, true>> = {
      apiVersion: true,
      authSchemePreference: true,
      base64Decoder: true,
      base64Encoder: true,
      bodyLengthChecker: true,
      cacheMiddleware: true,
      credentialDefaultProvider: true,
      credentials: true,
      customUserAgent: true,
      defaultsMode: true,
      defaultUserAgentProvider: true,
      disableClockSkewCorrection: true,
      disableHostPrefix: true,
      endpointProvider: true,
      extensions: true,
      httpAuthSchemeProvider: true,
      httpAuthSchemes: true,
      ignoreConfiguredEndpointUrls: true,
      logger: true,
      maxAttempts: true,
      profile: true,
      protocol: true,
      protocolSettings: true,
      requestHandler: true,
      retryMode: true,
      retryStrategy: true,
      runtime: true,
      serviceConfiguredEndpoint: true,
      serviceId: true,
      sha256: true,
      signer: true,
      signerConstructor: true,
      signingEscapePath: true,
      signingRegion: true,
      streamCollector: true,
      systemClockOffset: true,
      tls: true,
      urlParser: true,
      useDualstackEndpoint: true,
      useFipsEndpoint: true,
      userAgentAppId: true,
      utf8Decoder: true,
      utf8Encoder: true,
    };
    const warnings = () => vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it.each(Object.keys(SETTINGS))('"client.%s" is none that is misspelt', (name) => {
      warnings();
      const values: Readonly<Record<string, unknown>> = {
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        logger: console,
        maxAttempts: async () => 5,
        requestHandler: {},
        retryMode: 'adaptive',
        retryStrategy: new Strategy(),
      };
      const value = values[name] ?? 'x';
      expect(resolvePool({ ...given, client: { [name]: value } }).client).toHaveProperty(name);
    });

    it.each([
      'requestTimeout',
      'connectionTimeout',
      'socketTimeout',
      'httpAgent',
      'httpsAgent',
      'throwOnRequestTimeout',
    ])('"client.requestHandler.%s" is one of the SDK’s', (name) => {
      const warn = warnings();
      resolvePool({ ...given, client: { requestHandler: { [name]: 1 } } });
      expect(warn).not.toHaveBeenCalled();
    });

    it('are those of a later SDK, or a plug-in, with a warning', () => {
      const warn = warnings();
      resolvePool({
        ...given,
        client: { maxAttempts: 2, maxRetries: 5, undefinedSetting: undefined } as never,
      });
      expect(warn.mock.calls).toEqual([[expect.stringContaining('"client.maxRetries" is no setting that')]]);
    });

    it('may be functions, an older kind of strategy, and time-outs of nothing', () => {
      const client = {
        retryMode: async () => 'adaptive',
        retryStrategy: { mode: 'standard', retry: async () => undefined },
        requestHandler: { requestTimeout: 0, connectionTimeout: 2 ** 31 - 1, logger: console },
      };
      expect(resolvePool({ ...given, client: client as never }).client).toBe(client);
      const retryStrategy = Promise.resolve(new Strategy());
      expect(resolvePool({ ...given, client: { retryStrategy } as never }).client).toEqual({ retryStrategy });
    });

    it('are left alone in what is ready-made', () => {
      const warn = warnings();
      const handler = { handle: () => Promise.reject(new Error('x')), requestTimout: 5 };
      resolvePool({ ...given, client: { requestHandler: handler } as never });
      resolvePool({ ...given, client: { send: () => undefined, maxAttemps: 5 } as never });
      expect(warn).not.toHaveBeenCalled();
    });
  });

  it('contradicts a ready-made client', () => {
    const client = new CognitoIdentityProviderClient({ region: 'eu-central-1' });
    expect(() => resolve({ ...given, client, requestTimeoutMs: 5 })).toThrow('contradict each other');
    expect(() => resolve({ ...given, client, region: 'eu-central-1' })).toThrow('contradict each other');
    expect(resolvePool({ ...given, client }).client).toBe(client);
  });

  it('region: a replica of the pool may be called', () => {
    const options = { ...given, region: 'eu-west-1', verifier: { replicaRegions: ['eu-west-1'] } };
    expect(resolvePool(options).region).toBe('eu-west-1');
  });
});

describe('pools', () => {
  const partners = { userPoolId: 'us-east-1_Partners', clientId: 'portal' };
  const third = { userPoolId: 'us-west-2_Third', clientId: 'app', trustedClientIds: ['client1', 'x'] };

  it('stand after the one at top level, in order, and inherit nothing of it', () => {
    const top = {
      ...given,
      clientSecret: 'secret1',
      trustedClientIds: ['a'],
      endpoint: 'http://127.0.0.1:9229',
      authFlow: 'ADMIN_USER_PASSWORD_AUTH',
      requestTimeoutMs: 5,
      client: { maxAttempts: 1 },
      verifier: { issuerForm: undefined, allowInsecureEndpoint: true },
    };
    const { pools, acceptedClientIds } = resolve({ ...top, pools: { third, partners } });
    expect(pools.map(({ name }) => name)).toEqual(['default', 'third', 'partners']);
    expect(pools[2]).toEqual(resolve({ pools: { partners } }).pools[0]);
    expect(pools[2]).toEqual({ ...resolvePool(partners), name: 'partners' });
    expect(acceptedClientIds).toEqual(['client1', 'a', 'app', 'x', 'portal']);
  });

  it('may be all there are', () => {
    expect(resolve({ pools: { partners, third } }).pools.map(({ name }) => name)).toEqual([
      'partners',
      'third',
    ]);
  });

  it('take the endpoint from the environment, and no ids', () => {
    const env = {
      COGNITO_CLIENT_SECRET: 's',
      COGNITO_CLIENT_ID: 'c',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    };
    expect(resolve({ pools: { partners } }, env).pools).toMatchObject([
      { endpoint: 'http://127.0.0.1:1', clientId: 'portal', clientSecret: undefined },
    ]);
    expect(() => resolve({ pools: { partners: { userPoolId: partners.userPoolId } } }, env)).toThrow(
      /"pools\.partners\.clientId" must be .*, got nothing$/,
    );
  });

  it('beside one at top level leave what it lacks to the environment', () => {
    const env = { COGNITO_CLIENT_ID: 'fromenv' };
    const { pools } = resolve({ userPoolId: POOL, pools: { partners } }, env);
    expect(pools.map(({ clientId }) => clientId)).toEqual(['fromenv', 'portal']);
  });

  it('without one at top level must hold the one that the environment names', () => {
    expect(() => resolve({ pools: { partners } }, { COGNITO_USER_POOL_ID: POOL })).toThrow(
      `COGNITO_USER_POOL_ID is "${POOL}", which is none of "pools" (partners)`,
    );
    const env = { COGNITO_USER_POOL_ID: partners.userPoolId };
    expect(resolve({ pools: { third, partners } }, env).pools[0].name).toBe('third');
  });

  it.each([
    [{}, '"pools" must be an object with one pool at least'],
    [
      [partners],
      '"pools" must be an object with one pool at least, as { partners: { userPoolId, clientId } }, or left out, got a list',
    ],
    [{ 'part-ners': partners }, 'A name in "pools" must be an identifier'],
    [{ ['__proto__']: partners }, 'not "__proto__", got "__proto__"'],
    [{ '1st': partners }, 'got "1st"'],
    [{ '': partners }, 'got ""'],
    [{ ['p'.repeat(65)]: partners }, 'at most 64'],
    [{ default: partners }, '"pools.default": "default" is the pool at top level'],
    [
      { partners: 'x' },
      '"pools.partners" must be the options of a pool: { userPoolId, clientId, ... }, got a string',
    ],
    [{ partners: null }, 'got null'],
    [
      { partners: { ...partners, protect: 'all' } },
      '"pools.partners" has no member "protect"; there are userPoolId,',
    ],
    [
      { partners: { ...partners, verifier: { cache: false } } },
      '"pools.partners.verifier" has no member "cache"',
    ],
    [
      { partners: { ...partners, verifier: { issuerForm: 'new' } } },
      '"pools.partners.verifier": "issuerForm" must be',
    ],
    [{ partners: { ...partners, authFlow: 'x' } }, '"pools.partners.authFlow" must be'],
    [{ partners: { ...partners, region: 'eu-west-1' } }, '"pools.partners.region" is "eu-west-1"'],
    [
      { partners: { ...partners, client: { region: 'x' } } },
      'use the option "pools.partners.region" of the module',
    ],
    [
      { partners, twin: { ...partners, clientId: 'other' } },
      '"userPoolId" of the pools "partners" and "twin" is the same, "us-east-1_Partners"',
    ],
    [{ twin: given }, '"userPoolId" of the pools "default" and "twin" is the same'],
  ])('%j is refused', (pools, message) => {
    expect(() => resolve({ ...given, pools })).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('without one at top level leave no room for what is about one pool', () => {
    expect(() => resolve({ pools: { partners }, verifier: { jwks: { keys: [] } } })).toThrow(
      '"verifier.jwks" is about one pool, and none stands at top level; put it under "pools.partners.verifier"',
    );
  });

  it('never show a secret', () => {
    const hush = { ...partners, clientSecret: 'hush-hush' };
    for (const pools of [{ partners: hush }, [hush], { partners: [hush] }, 'hush']) {
      expect(() => resolve({ pools })).toThrow(
        expect.objectContaining({ code: 'config_invalid', message: expect.not.stringContaining('hush') }),
      );
    }
    expect(() => resolve([hush] as object)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') }),
    );
  });

  it('resolvePool is a function', () => {
    expect(() => resolve({ ...given, resolvePool: 'x-tenant' })).toThrow(
      '"resolvePool" must be a function from a request to the name of a pool, got "x-tenant"',
    );
  });
});
