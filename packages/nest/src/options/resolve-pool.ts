import { createVerifier, type PoolOptions, VerifierError } from '@cognest/verifier';
import { CognestError, configInvalid, refuseUnknownKeys, show } from '../errors/cognest-error.js';
import {
  codeOrEnv,
  type Environment,
  LONGEST_TIMER_MS,
  oneOf,
  refuseNonObject,
  wholeNumber,
} from './checks.js';
import { checkClientSettings } from './client-settings.js';
import { checkClientValues, checkHandlerValues } from './client-values.js';
import type { CognitoPoolOptions, ResolvedPool } from './cognito-options.js';

/** The names of a pool's options, in the order of the documentation. */
export const POOL_OPTIONS = [
  'userPoolId',
  'clientId',
  'clientSecret',
  'trustedClientIds',
  'region',
  'endpoint',
  'authFlow',
  'challengeKeys',
  'preventUserExistenceErrors',
  'requestTimeoutMs',
  'client',
] as const satisfies readonly (keyof CognitoPoolOptions)[];

/** Of the verifier's options those that are about one pool. */
export const POOL_VERIFIER_OPTIONS = [
  'allowInsecureEndpoint',
  'issuerForm',
  'replicaRegions',
  'jwks',
] as const satisfies readonly (keyof NonNullable<CognitoPoolOptions['verifier']>)[];

/** A pool's options, and where they stand. */
interface Source {
  readonly options: CognitoPoolOptions;
  readonly env: Environment;
  /** The name of an option as messages quote it. */
  readonly quoted: (option: string) => string;
  /** The variables that stand for an option of this pool. */
  readonly variables: (...names: string[]) => string[];
}

const POOL_ID = /^[\w-]+_[0-9A-Za-z]+$/;
const CLIENT_ID = /^[\w+]{1,128}$/;
const AWS_REGION = /^[a-z]+(-[a-z]+)+-\d{1,2}$/;
const AWS_HOST = /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** What the pool at top level is called. */
export const DEFAULT_POOL = 'default';

/**
 * One pool with the environment and the defaults filled in.
 *
 * @param name - {@link DEFAULT_POOL} for the one at top level, which alone takes its ids from the environment: with the
 *   same ids for every pool there would be one pool.
 * @throws {CognestError} `config_invalid`.
 */
export function resolvePool(name: string, options: CognitoPoolOptions, env: Environment): ResolvedPool {
  const named = name !== DEFAULT_POOL;
  const source: Source = {
    options,
    env,
    quoted: (option) => (named ? `"pools.${name}.${option}"` : `"${option}"`),
    variables: (...names) => (named ? [] : names),
  };
  const endpoint = readEndpoint(source);
  const isEmulator = endpoint !== undefined && !AWS_HOST.test(new URL(endpoint).hostname);
  const userPoolId = readUserPoolId(source, isEmulator);
  const clientId = readClientId(source);
  const acceptedClientIds = Object.freeze([...new Set([clientId, ...readTrustedClientIds(source)])]);
  const pool = Object.freeze({
    name,
    userPoolId,
    clientId,
    clientSecret: readClientSecret(source),
    region: readRegion(source, userPoolId, isEmulator),
    endpoint,
    authFlow: oneOf(
      source.quoted('authFlow'),
      options.authFlow,
      ['USER_PASSWORD_AUTH', 'USER_SRP_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
      'USER_PASSWORD_AUTH',
    ),
    challengeKeys: readChallengeKeys(source),
    preventUserExistenceErrors: oneOf(
      source.quoted('preventUserExistenceErrors'),
      options.preventUserExistenceErrors,
      ['ENABLED', 'LEGACY'],
      'ENABLED',
    ),
    requestTimeoutMs: wholeNumber(
      source.quoted('requestTimeoutMs'),
      options.requestTimeoutMs,
      10_000,
      1,
      LONGEST_TIMER_MS,
    ),
    client: readClient(source),
    acceptedClientIds,
    verifier: Object.freeze({
      ...poolPart(options.verifier ?? {}),
      userPoolId,
      clientId: acceptedClientIds,
      tokenUse: null,
      ...(isEmulator && { endpoint }),
    } satisfies PoolOptions<null>),
  });
  tryVerifier(source, pool.verifier);
  return pool;
}

/** The members that are about one pool, out of the options of a verifier. */
function poolPart(verifier: NonNullable<CognitoPoolOptions['verifier']>): typeof verifier {
  return Object.fromEntries(
    POOL_VERIFIER_OPTIONS.filter((option) => Object.hasOwn(verifier, option)).map((option) => [
      option,
      verifier[option],
    ]),
  );
}

/** The verifier's own complaint says neither which pool nor where. */
function tryVerifier({ quoted }: Source, verifier: PoolOptions<null>): void {
  try {
    createVerifier(verifier);
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error;
    throw new CognestError('config_invalid', `${quoted('verifier')}: ${error.message}`, { cause: error });
  }
}

function readUserPoolId({ options, env, quoted, variables }: Source, isEmulator: boolean): string {
  const { value, from } = codeOrEnv(options.userPoolId, env, ...variables('COGNITO_USER_POOL_ID'));
  const region = typeof value === 'string' ? value.slice(0, value.lastIndexOf('_')) : '';
  if (
    typeof value !== 'string' ||
    value.length > 55 ||
    !POOL_ID.test(value) ||
    !(isEmulator || AWS_REGION.test(region))
  ) {
    throw configInvalid(quoted('userPoolId'), 'like <region>_<id>, as eu-central-1_8LxAFhQ8D', value, from);
  }
  return value;
}

function readClientId({ options, env, quoted, variables }: Source): string {
  const { value, from } = codeOrEnv(options.clientId, env, ...variables('COGNITO_CLIENT_ID'));
  if (typeof value !== 'string' || !CLIENT_ID.test(value)) {
    throw configInvalid(
      quoted('clientId'),
      'the id of an app client, as 4k04k2henjhmhu5dacfkphli5',
      value,
      from,
    );
  }
  return value;
}

function readClientSecret({ options, env, quoted, variables }: Source): string | undefined {
  const { value, from } = codeOrEnv(options.clientSecret, env, ...variables('COGNITO_CLIENT_SECRET'));
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[\w+]{1,128}$/.test(value)) {
    // What was given is a secret, or close to one.
    const given = value === '' ? 'an empty string' : `a ${typeof value} of another form`;
    throw new CognestError(
      'config_invalid',
      `${quoted('clientSecret')} must be letters, digits, "_" and "+", got ${given}${from}; leave it out for a client without secret`,
    );
  }
  return value;
}

function readChallengeKeys({ options, quoted }: Source): readonly Uint8Array[] {
  if (options.challengeKeys === undefined) return Object.freeze([]);
  const given: unknown = options.challengeKeys;
  const texts: unknown[] = Array.isArray(given) ? given : [];
  // Base64url, too.
  const keys = texts.map((text) =>
    typeof text === 'string' && /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined,
  );
  if (!keys.every((key) => key?.length === 32) || keys.length > 10 || keys.length === 0) {
    // What was given is a secret, or close to one.
    throw new CognestError(
      'config_invalid',
      `${quoted('challengeKeys')} must be a list of 1 to 10 keys, each of 32 bytes in Base64: openssl rand -base64 32`,
    );
  }
  // A placeholder, which everybody can guess.
  if (keys.some((key) => key?.every((byte) => byte === key[0]))) {
    throw new CognestError(
      'config_invalid',
      `${quoted('challengeKeys')} has a key whose bytes are all alike: make a random one with openssl rand -base64 32`,
    );
  }
  return Object.freeze(keys as Uint8Array[]);
}

function readTrustedClientIds({ options, quoted }: Source): readonly string[] {
  const list = options.trustedClientIds;
  if (list === undefined) return [];
  if (!Array.isArray(list) || !list.every((id) => typeof id === 'string' && CLIENT_ID.test(id))) {
    throw configInvalid(quoted('trustedClientIds'), 'a list of app client ids', list);
  }
  return list;
}

function readEndpoint({ options, env, quoted }: Source): string | undefined {
  const ignoreEnv = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true';
  const { value, from } = codeOrEnv(
    options.endpoint,
    ignoreEnv ? {} : env,
    'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
    'AWS_ENDPOINT_URL',
  );
  if (value === undefined) return undefined;
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.username || url?.password) {
    throw new CognestError(
      'config_invalid',
      `${quoted('endpoint')} must be a URL without credentials${from}`,
    );
  }
  if ((url?.protocol !== 'http:' && url?.protocol !== 'https:') || url.search !== '' || url.hash !== '') {
    throw configInvalid(quoted('endpoint'), 'an http or https URL, as http://127.0.0.1:9229', value, from);
  }
  return url.href.replace(/\/+$/, '');
}

function readRegion({ options, env, quoted }: Source, userPoolId: string, isEmulator: boolean): string {
  const ofPool = userPoolId.slice(0, userPoolId.lastIndexOf('_'));
  const { region } = options;
  if (region !== undefined && (typeof region !== 'string' || !/^[a-z0-9-]+$/.test(region))) {
    throw configInvalid(quoted('region'), 'an AWS region, as eu-central-1', region);
  }
  if (region === undefined) {
    if (AWS_REGION.test(ofPool)) return ofPool;
    return codeOrEnv(undefined, env, 'AWS_REGION', 'AWS_DEFAULT_REGION').value ?? ofPool;
  }
  const isReplica = options.verifier?.replicaRegions?.includes(region) ?? false;
  if (region !== ofPool && !isEmulator && !isReplica) {
    throw new CognestError(
      'config_invalid',
      `${quoted('region')} is ${show(region)}, but the pool ${show(userPoolId)} lives in ${show(ofPool)}: leave ` +
        `"region" out, or name a replica of the pool in ${quoted('verifier.replicaRegions')}`,
    );
  }
  return region;
}

function readClient({ options, quoted }: Source): ResolvedPool['client'] {
  const { client = {} } = options;
  refuseNonObject(quoted('client'), 'a CognitoIdentityProviderClient or its configuration', client);
  if (isClient(client)) {
    for (const option of ['region', 'requestTimeoutMs'] as const) {
      if (options[option] !== undefined) {
        throw new CognestError(
          'config_invalid',
          `${quoted(option)} and a ready-made "client" contradict each other: configure the client, or leave it out`,
        );
      }
    }
    return client;
  }
  readCredentials(client.credentials, quoted('client.credentials'));
  const { maxAttempts, requestHandler } = client;
  if (typeof maxAttempts !== 'function') wholeNumber(quoted('client.maxAttempts'), maxAttempts, 3, 1);
  if (requestHandler !== undefined && !isObject(requestHandler)) {
    throw configInvalid(quoted('client.requestHandler'), 'a handler or options for one', requestHandler);
  }
  for (const option of ['region', 'endpoint'] as const) {
    if (Object.hasOwn(client, option)) {
      throw new CognestError(
        'config_invalid',
        `${quoted(`client.${option}`)}: use the option ${quoted(option)} of the module`,
      );
    }
  }
  const ofClient = (member: string) => quoted(`client.${member}`);
  checkClientSettings(client, 'client', ofClient);
  checkClientValues(client, ofClient);
  if (isObject(requestHandler) && !('handle' in requestHandler)) {
    const ofHandler = (member: string) => quoted(`client.requestHandler.${member}`);
    checkClientSettings(requestHandler, 'requestHandler', ofHandler);
    checkHandlerValues(requestHandler, ofHandler);
  }
  return client;
}

/** What was given is a secret, or close to one: no message shows it. */
function readCredentials(credentials: unknown, quoted: string): void {
  if (credentials === undefined || typeof credentials === 'function') return;
  const missing = isObject(credentials)
    ? ['accessKeyId', 'secretAccessKey'].filter(
        (member) => typeof (credentials as Record<string, unknown>)[member] !== 'string',
      )
    : undefined;
  if (missing?.length === 0) return;
  const got =
    missing === undefined ? `a ${typeof credentials}` : `an object without ${missing.join(' and ')}`;
  throw new CognestError(
    'config_invalid',
    `${quoted} must be { accessKeyId, secretAccessKey } or a function that gives them, got ${got}; left out, they ` +
      "come from the SDK's own provider chain",
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether `client` is the SDK's client rather than configuration for one. */
export function isClient(
  client: ResolvedPool['client'],
): client is Extract<ResolvedPool['client'], { send: unknown }> {
  return 'send' in client && typeof client.send === 'function';
}

/** The options of a pool under `pools`, each of which exists. */
export function refuseUnknownPoolOptions(name: string, options: CognitoPoolOptions): void {
  const what = `"pools.${name}"`;
  refuseNonObject(what, 'the options of a pool: { userPoolId, clientId, ... }', options);
  refuseUnknownKeys(what, options, [...POOL_OPTIONS, 'verifier']);
  const { verifier = {} } = options;
  refuseNonObject(`"pools.${name}.verifier"`, 'an object', verifier);
  refuseUnknownKeys(`"pools.${name}.verifier"`, verifier, POOL_VERIFIER_OPTIONS);
}
