/** What a transport hands over for a decision: every credential that the message carries, unread. */
export interface Carrier {
  /** All `Authorization` values, in order. */
  readonly authorization: readonly string[];
  /** Bare tokens from other places: cookies, sources of the app's own. */
  readonly tokens?: readonly string[];
  /** Whether there may be more headers than were seen. */
  readonly cut?: boolean;
}

/** The part of an HTTP request that is looked at: Node's, Express's, or an adapter's that resembles them. */
export interface HttpRequestLike {
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders?: readonly string[];
  /** Fastify keeps Node's request here. */
  readonly raw?: { readonly rawHeaders?: readonly string[] };
}

const NAME = 'authorization';

/** Node drops, without a word, what comes behind 1,000 headers: names and values, in one list. */
const MOST_RAW_HEADERS = 2_000;

/**
 * The carrier of an HTTP request. Node keeps only the first of several `Authorization` headers in `headers`, so that a
 * second one would go unseen: the raw list is what counts.
 */
export function httpCarrier(request: HttpRequestLike): Carrier {
  const raw = request.rawHeaders ?? request.raw?.rawHeaders;
  const authorization: string[] = [];
  if (raw !== undefined) {
    if (raw.length >= MOST_RAW_HEADERS) return { authorization, cut: true };
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

/** Whether Node may have dropped headers of a request: nothing that depends on a header's absence can be known then. */
export function isCut({ rawHeaders, raw }: HttpRequestLike): boolean {
  return (rawHeaders ?? raw?.rawHeaders ?? []).length >= MOST_RAW_HEADERS;
}
