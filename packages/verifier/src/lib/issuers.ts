import { configInvalid } from './check-options.js';

/** A pool's issuer URLs, to the letter; the keys of each are at `<issuer>/.well-known/jwks.json`. */
export type Issuers = readonly [string, ...string[]];

// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
const DNS_SUFFIX_BY_REGION_PREFIX: readonly (readonly [prefix: string, dnsSuffix: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-gov-', 'amazonaws.com'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-isof-', 'csp.hci.ic.gov'],
];

/** The issuers that AWS signs as for a pool in its own region. */
export function awsIssuers(
  userPoolId: string,
  form: 'original' | 'updated' | undefined,
  replicaRegions: readonly string[],
): Issuers {
  const region = userPoolId.slice(0, userPoolId.indexOf('_'));
  const original = `https://cognito-idp.${region}.${dnsSuffix(region)}/${userPoolId}`;
  const updated = `https://issuer-cognito-idp.${region}.${dnsSuffix(region)}/${userPoolId}`;
  if (form === 'updated') return [updated];
  const replicas = replicaRegions.map((r) => `https://cognito-idp.${r}.${dnsSuffix(r)}/${userPoolId}`);
  return form === 'original' ? [original, ...replicas] : [original, updated, ...replicas];
}

/** The issuer of a pool behind a custom endpoint. */
export function endpointIssuers(userPoolId: string, endpoint: string, allowInsecure: boolean): Issuers {
  const base = endpoint.endsWith('/') ? endpoint.slice(0, -1) : endpoint;
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw configInvalid('endpoint', 'an http or https URL', endpoint);
  }
  if (url.username !== '' || url.password !== '') {
    // The value holds a secret, so the error does not.
    throw configInvalid('endpoint', 'a URL without user name and password', url.host);
  }
  // Issuers are compared letter by letter, so only the one spelling that servers use can ever match.
  const normal = `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
  if (base !== normal) throw configInvalid('endpoint', `written as ${JSON.stringify(normal)}`, endpoint);
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url.hostname)) {
    throw configInvalid(
      'endpoint',
      'https, or http on a loopback host ("allowInsecureEndpoint: true" overrides)',
      endpoint,
    );
  }
  return [`${base}/${userPoolId}`];
}

/** Checks a pool id. Behind an endpoint the part before `_` need not be a region of AWS. */
export function checkPoolId(userPoolId: unknown, behindEndpoint: boolean): asserts userPoolId is string {
  const expected = 'like <region>_<id> (at most 55 characters), as "eu-central-1_8LxAFhQ8D"';
  if (typeof userPoolId !== 'string' || userPoolId.length > 55) {
    throw configInvalid('userPoolId', expected, userPoolId);
  }
  const parts = userPoolId.split('_');
  const id = parts.pop() ?? '';
  const region = parts.join('_');
  const good = behindEndpoint ? /^[\w-]+$/.test(region) : isRegion(region);
  if (!good || !/^[0-9A-Za-z]+$/.test(id)) throw configInvalid('userPoolId', expected, userPoolId);
}

/** Whether `text` looks like a region of any partition, present or future: `eu-central-1`, `eusc-de-east-1`. */
export function isRegion(text: string): boolean {
  if (text.length > 32) return false;
  const parts = text.split('-');
  const number = parts.pop() ?? '';
  return parts.length >= 2 && parts.every((part) => /^[a-z]+$/.test(part)) && /^[0-9]{1,2}$/.test(number);
}

function dnsSuffix(region: string): string {
  return DNS_SUFFIX_BY_REGION_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com';
}

// `hostname` comes out of the URL parser, which turns every spelling of an IPv4 address into four decimals.
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
