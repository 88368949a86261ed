import { isIPv4, isIPv6 } from 'node:net';

/** Without brackets and port, in lower case. `undefined` when it is no host at all. */
export function hostnameOf(hostHeader: string | undefined): string | undefined {
  if (hostHeader === undefined) return undefined;
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/\\@?#\s]+))(?::\d{1,5})?$/i.exec(hostHeader);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

export function isLoopback(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith('127.');
  return hostname === '::1' || hostname === 'localhost' || hostname.endsWith('.localhost');
}

function isWildcard(hostname: string): boolean {
  return hostname === '0.0.0.0' || hostname === '::';
}

/**
 * Which `Host` headers are served. A page of an attacker's domain that resolves to this machine (DNS
 * rebinding) is, for the browser, of the same origin as the server: only the name in `Host` gives it away.
 *
 * Loopback names, the address that the server is bound to, and names allowed by the caller pass; when bound
 * to every address, so does any literal address, since a literal cannot be rebound.
 */
export function createHostCheck(boundHost: string, allowedHosts: readonly string[]) {
  const bound = boundHost.toLowerCase();
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  return (hostHeader: string | undefined): boolean => {
    const hostname = hostnameOf(hostHeader);
    if (hostname === undefined) return false;
    if (isLoopback(hostname) || hostname === bound || allowed.has(hostname)) return true;
    return isWildcard(bound) && (isIPv4(hostname) || isIPv6(hostname));
  };
}
