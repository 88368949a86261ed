import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser sent the request on behalf of a page of another site. Such a page may call what AWS lets
 * anyone call unsigned, and nothing else: no credentials are checked here, so a signed operation or the
 * outbox would be open to every page that a developer visits.
 *
 * Clients that are no browsers send neither header.
 */
export function createCrossSiteCheck(allowedOrigins: readonly string[]) {
  const allowed = new Set(allowedOrigins);
  return (headers: IncomingHttpHeaders): boolean => {
    const { origin } = headers;
    if (origin !== undefined) {
      return !allowed.has(origin) && origin !== `http://${headers.host}`;
    }
    const site = headers['sec-fetch-site'];
    return site !== undefined && site !== 'same-origin' && site !== 'none';
  };
}
