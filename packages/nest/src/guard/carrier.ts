/** What a transport hands over for a decision: every credential that the message carries, unread. */
export interface Carrier {
  /** All `Authorization` values, in order. */
  readonly authorization: readonly string[];
  /** Bare tokens from other places: cookies, sources of the app's own. */
  readonly tokens?: readonly string[];
}

/** The part of an HTTP request that is looked at: Node's, Express's, or an adapter's that resembles them. */
export interface HttpRequestLike {
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders?: readonly string[];
  /** Fastify keeps Node's request here. */
  readonly raw?: { readonly rawHeaders?: readonly string[] };
}

const NAME = 'authorization';

/**
 * The carrier of an HTTP request. Node keeps only the first of several `Authorization` headers in `headers`, so that a
 * second one would go unseen: the raw list is what counts.
 */
export function httpCarrier(request: HttpRequestLike): Carrier {
  const raw = request.rawHeaders ?? request.raw?.rawHeaders;
  const authorization: string[] = [];
  if (raw !== undefined) {
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = raw[i] as string;
      if (name.length === NAME.length && name.toLowerCase() === NAME)
        authorization.push(raw[i + 1] as string);
    }
  }
  if (authorization.length === 0) {
    // Requests made up by serverless adapters have no raw list.
    const value = request.headers?.[NAME];
    if (typeof value === 'string') authorization.push(value);
    else if (Array.isArray(value)) authorization.push(...value);
  }
  return { authorization };
}
