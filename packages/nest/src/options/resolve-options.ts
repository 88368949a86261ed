import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import type { PoolOptions, VerifierOptions } from '@cognest/verifier';
import { CognestError, configInvalid, refuseUnknownKeys, show } from '../errors/cognest-error.js';
import { type CognitoErrorMapping, cognitoErrorTable } from '../errors/cognito-error-table.js';
import { readTokenSources } from '../guard/token-sources.js';
import type { CognitoModuleOptions, ResolvedCognitoOptions } from './cognito-options.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The names of the options, in the order of the documentation. */
export const OPTIONS = [
  'userPoolId',
  'clientId',
  'clientSecret',
  'trustedClientIds',
  'region',
  'endpoint',
  'protect',
  'tokenUse',
  'tokenSources',
  'clockToleranceS',
  'authFlow',
  'requestTimeoutMs',
  'client',
  'verifier',
  'errors',
] as const satisfies readonly (keyof CognitoModuleOptions)[];

const VERIFIER_OPTIONS = [
  'maxTokenLength',
  'cache',
  'revocations',
  'keys',
  'fetch',
  'now',
  'allowInsecureEndpoint',
  'issuerForm',
  'replicaRegions',
  'jwks',
] as const satisfies readonly (keyof NonNullable<CognitoModuleOptions['verifier']>)[];

const POOL_ID = /^[\w-]+_[0-9A-Za-z]+$/;
const CLIENT_ID = /^[\w+]{1,128}$/;
const AWS_REGION = /^[a-z]+(-[a-z]+)+-\d{1,2}$/;
const AWS_HOST = /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/**
 * The options with the environment and the defaults filled in.
 *
 * @throws {CognestError} `config_invalid`: which option, what was given, what is expected. Never shows the secret.
 */
export function resolveOptions(
  options: CognitoModuleOptions = {},
  env: Environment = process.env,
): ResolvedCognitoOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw configInvalid('The options of CognitoModule', 'an object', options);
  }
  refuseUnknownKeys('The options of CognitoModule', options, OPTIONS);

  const endpoint = readEndpoint(options, env);
  const isEmulator = endpoint !== undefined && !AWS_HOST.test(new URL(endpoint).hostname);
  const userPoolId = readUserPoolId(options, env, isEmulator);
  const clientId = readClientId(options, env);
  const acceptedClientIds = [...new Set([clientId, ...readTrustedClientIds(options)])];
  const tokenUse = oneOf('tokenUse', options.tokenUse, ['access', 'id'], 'access');
  const clockToleranceS = number('clockToleranceS', options.clockToleranceS, 5, 0);
  const verifier = readVerifier(options);

  return Object.freeze({
    userPoolId,
    clientId,
    clientSecret: readClientSecret(options, env),
    region: readRegion(options, env, userPoolId, isEmulator),
    endpoint,
    protect: oneOf('protect', options.protect, ['all', 'decorated'], 'all'),
    tokenUse,
    tokenSources: readTokenSources(options.tokenSources),
    clockToleranceS,
    authFlow: oneOf(
      'authFlow',
      options.authFlow,
      ['USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
      'USER_PASSWORD_AUTH',
    ),
    requestTimeoutMs: number('requestTimeoutMs', options.requestTimeoutMs, 10_000, 1),
    client: readClient(options),
    verifier: Object.freeze({
      ...verifier,
      userPoolId,
      clientId: acceptedClientIds,
      tokenUse: null,
      clockToleranceS,
      ...(isEmulator && { endpoint }),
    } satisfies PoolOptions<null> & VerifierOptions),
    errors: Object.freeze({ ...cognitoErrorTable, ...readErrors(options) }),
    acceptedClientIds,
  });
}

/** A value from code, else from the first variable that is set; and where it came from, for the message. */
function codeOrEnv(
  given: string | undefined,
  env: Environment,
  ...variables: string[]
): { value: string | undefined; from: string } {
  if (given !== undefined) return { value: given, from: '' };
  // A variable set to nothing is as good as unset.
  const variable = variables.find((name) => env[name] !== undefined && env[name] !== '');
  return variable === undefined
    ? { value: undefined, from: ` (${variables.join(' and ')} not set either)` }
    : { value: env[variable], from: ` (from ${variable})` };
}

function readUserPoolId(options: CognitoModuleOptions, env: Environment, isEmulator: boolean): string {
  const { value, from } = codeOrEnv(options.userPoolId, env, 'COGNITO_USER_POOL_ID');
  const region = typeof value === 'string' ? value.slice(0, value.lastIndexOf('_')) : '';
  if (
    typeof value !== 'string' ||
    value.length > 55 ||
    !POOL_ID.test(value) ||
    !(isEmulator || AWS_REGION.test(region))
  ) {
    throw configInvalid('"userPoolId"', 'like <region>_<id>, as eu-central-1_8LxAFhQ8D', value, from);
  }
  return value;
}

function readClientId(options: CognitoModuleOptions, env: Environment): string {
  const { value, from } = codeOrEnv(options.clientId, env, 'COGNITO_CLIENT_ID');
  if (typeof value !== 'string' || !CLIENT_ID.test(value)) {
    throw configInvalid('"clientId"', 'the id of an app client, as 4k04k2henjhmhu5dacfkphli5', value, from);
  }
  return value;
}

function readClientSecret(options: CognitoModuleOptions, env: Environment): string | undefined {
  const { value, from } = codeOrEnv(options.clientSecret, env, 'COGNITO_CLIENT_SECRET');
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[\w+]{1,128}$/.test(value)) {
    // What was given is a secret, or close to one.
    const given = value === '' ? 'an empty string' : `a ${typeof value} of another form`;
    throw new CognestError(
      'config_invalid',
      `"clientSecret" must be letters, digits, "_" and "+", got ${given}${from}; leave it out for a client without secret`,
    );
  }
  return value;
}

function readTrustedClientIds(options: CognitoModuleOptions): readonly string[] {
  const list = options.trustedClientIds;
  if (list === undefined) return [];
  if (!Array.isArray(list) || !list.every((id) => typeof id === 'string' && CLIENT_ID.test(id))) {
    throw configInvalid('"trustedClientIds"', 'a list of app client ids', list);
  }
  return list;
}

function readEndpoint(options: CognitoModuleOptions, env: Environment): string | undefined {
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
    throw new CognestError('config_invalid', `"endpoint" must be a URL without credentials${from}`);
  }
  if ((url?.protocol !== 'http:' && url?.protocol !== 'https:') || url.search !== '' || url.hash !== '') {
    throw configInvalid('"endpoint"', 'an http or https URL, as http://127.0.0.1:9229', value, from);
  }
  return url.href.replace(/\/+$/, '');
}

function readRegion(
  options: CognitoModuleOptions,
  env: Environment,
  userPoolId: string,
  isEmulator: boolean,
): string {
  const ofPool = userPoolId.slice(0, userPoolId.lastIndexOf('_'));
  const { region } = options;
  if (region !== undefined && (typeof region !== 'string' || !/^[a-z0-9-]+$/.test(region))) {
    throw configInvalid('"region"', 'an AWS region, as eu-central-1', region);
  }
  if (region === undefined) {
    if (AWS_REGION.test(ofPool)) return ofPool;
    return codeOrEnv(undefined, env, 'AWS_REGION', 'AWS_DEFAULT_REGION').value ?? ofPool;
  }
  const isReplica = options.verifier?.replicaRegions?.includes(region) ?? false;
  if (region !== ofPool && !isEmulator && !isReplica) {
    throw new CognestError(
      'config_invalid',
      `"region" is ${show(region)}, but the pool ${show(userPoolId)} lives in ${show(ofPool)}: leave "region" out, ` +
        'or name a replica of the pool in "verifier.replicaRegions"',
    );
  }
  return region;
}

function readClient(options: CognitoModuleOptions): ResolvedCognitoOptions['client'] {
  const { client = {} } = options;
  if (typeof client !== 'object' || client === null) {
    throw configInvalid('"client"', 'a CognitoIdentityProviderClient or its configuration', client);
  }
  if (isClient(client)) {
    for (const option of ['region', 'requestTimeoutMs'] as const) {
      if (options[option] !== undefined) {
        throw new CognestError(
          'config_invalid',
          `"${option}" and a ready-made "client" contradict each other: configure the client, or leave it out`,
        );
      }
    }
    return client;
  }
  for (const option of ['region', 'endpoint'] as const) {
    if (Object.hasOwn(client, option)) {
      throw new CognestError(
        'config_invalid',
        `"client.${option}": use the option "${option}" of the module`,
      );
    }
  }
  return client;
}

/** Whether `client` is the SDK's client rather than configuration for one. */
export function isClient(
  client: ResolvedCognitoOptions['client'],
): client is Extract<ResolvedCognitoOptions['client'], { send: unknown }> {
  return 'send' in client && typeof client.send === 'function';
}

function readVerifier(options: CognitoModuleOptions): NonNullable<CognitoModuleOptions['verifier']> {
  const { verifier = {} } = options;
  if (typeof verifier !== 'object' || verifier === null)
    throw configInvalid('"verifier"', 'an object', verifier);
  refuseUnknownKeys('"verifier"', verifier, VERIFIER_OPTIONS);
  return verifier;
}

function readErrors(options: CognitoModuleOptions): Readonly<Record<string, CognitoErrorMapping>> {
  const { errors = {} } = options;
  if (typeof errors !== 'object' || errors === null) throw configInvalid('"errors"', 'an object', errors);
  for (const [key, entry] of Object.entries(errors)) {
    const what = `"errors.${key}"`;
    if (!isErrorKey(key)) {
      const expected = "an exception's name, or <Operation>:<Exception>, as the SDK spells them";
      throw configInvalid(`The key ${what}`, expected, key);
    }
    if (typeof entry !== 'object' || entry === null) throw configInvalid(what, 'an object', entry);
    refuseUnknownKeys(what, entry, ['status', 'code', 'detail', 'retryAfterS', 'unauthenticated']);
    if (!Number.isInteger(entry.status) || entry.status < 400 || entry.status > 599) {
      throw configInvalid(`${what}.status`, 'an HTTP error status', entry.status);
    }
    if (typeof entry.code !== 'string' || entry.code === '')
      throw configInvalid(`${what}.code`, 'a code', entry.code);
  }
  return errors;
}

/** Of the table, or of the SDK: a misspelt key would never be looked up. */
function isErrorKey(key: string): boolean {
  if (Object.hasOwn(cognitoErrorTable, key)) return true;
  const [exception = '', operation, ...others] = key.split(':').reverse();
  const known = (name: string) => Object.hasOwn(sdk, name);
  return (
    others.length === 0 &&
    (Object.hasOwn(cognitoErrorTable, exception) || (exception.endsWith('Exception') && known(exception))) &&
    (operation === undefined || known(`${operation}Command`))
  );
}

function oneOf<const Value extends string>(
  option: string,
  given: Value | undefined,
  values: readonly Value[],
  fallback: Value,
): Value {
  if (given === undefined) return fallback;
  if (!values.includes(given)) {
    throw configInvalid(`"${option}"`, values.map((value) => `"${value}"`).join(' or '), given);
  }
  return given;
}

function number(option: string, given: number | undefined, fallback: number, least: number): number {
  if (given === undefined) return fallback;
  if (!Number.isSafeInteger(given) || given < least) {
    throw configInvalid(`"${option}"`, `a whole number of at least ${least}`, given);
  }
  return given;
}
