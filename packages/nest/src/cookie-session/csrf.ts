import type { HttpRequestLike } from '../guard/carrier.js';

/** An HTTP request with the method that it came with. */
export interface SessionRequest extends HttpRequestLike {
  readonly method?: string | undefined;
}

// RFC 9110 section 9.2.1. A handler that changes something on GET is open to forgery, whatever is done here.
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a request may be another site's doing, made by the browser of somebody who is signed in here.
 *
 * Two things tell, and both must: a header that a page of another origin can send only after a CORS preflight, and what
 * the browser itself says of the page (`Sec-Fetch-Site`, else `Origin`), which holds where CORS was opened too far. A
 * token to send along (double submit) would say no more than the first, and needs a cookie that scripts can read and
 * that a subdomain may plant.
 */
export function mayBeForged(
  request: SessionRequest,
  header: string,
  trustedOrigins: ReadonlySet<string>,
): boolean {
  const headers = request.headers ?? {};
  // A WebSocket opens with a GET that no preflight comes before, and with no header of a script's choosing.
  const isSafe = SAFE_METHODS.has((request.method ?? '').toUpperCase());
  // What changes something opens none, whatever it says of an upgrade: it needs the header as ever.
  const opensSocket = headers['upgrade'] !== undefined && (isSafe || request.method === undefined);
  if (!opensSocket && isSafe) return false;
  if (fromElsewhere(headers, trustedOrigins)) return true;
  return !opensSocket && !headers[header];
}

function fromElsewhere(
  headers: NonNullable<HttpRequestLike['headers']>,
  trustedOrigins: ReadonlySet<string>,
): boolean {
  const origin = headers['origin'];
  if (typeof origin === 'string' && trustedOrigins.has(origin)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  // No browser that is in use leaves out both with a request that changes something: what did is no browser, and
  // carries no one else's cookies.
  if (origin === undefined) return false;
  // The scheme is not compared: behind a proxy that ends TLS it is not known. Only who controls the host has the host.
  const host = headers['host'] ?? headers[':authority'];
  return typeof origin !== 'string' || host === undefined || hostOf(origin) !== String(host).toLowerCase();
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
