import type { Carrier } from './carrier.js';
import { CREDENTIALS_MALFORMED, CREDENTIALS_MISSING, type Refusal } from './refusal.js';

// RFC 6750 section 2.1: "Bearer" 1*SP b64token; the scheme's case does not matter (RFC 9110 section 11.1).
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const BEARER_SCHEME = /^bearer(?:[ \t,]|$)/i;
// RFC 9110 section 11.4: a scheme, and one token68 or a list of parameters (whose values AWS's scheme does not quote).
const PARAMETER = /[!#$%&'*+\-.^_`|~\w]+[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|[^\s",]+)/.source;
const OTHER_CREDENTIAL = new RegExp(
  `^[!#$%&'*+\\-.^_\`|~\\w]+ +(?:[A-Za-z0-9\\-._~+/]+=*|${PARAMETER}(?:[ \\t]*,[ \\t]*${PARAMETER})*)$`,
);
const BLANK = /^[ \t]*$/;

/**
 * The token of the one credential that a message carries, or the refusal: `credentials_missing` for none,
 * `credentials_malformed` for more than one, wherever they are, one that is not well-formed (RFC 6750 section 3.1), or so
 * many headers that another one may have gone unseen.
 */
export function readCredential({ authorization, tokens, cut }: Carrier): string | Refusal {
  if (cut) return CREDENTIALS_MALFORMED;
  const inHeader = readBearer(authorization);
  if (tokens === undefined || tokens.length === 0) return inHeader;
  const [only, ...others] = tokens;
  const alone = inHeader === CREDENTIALS_MISSING && others.length === 0;
  return alone && only !== undefined && TOKEN.test(only) ? only : CREDENTIALS_MALFORMED;
}

/**
 * What follows `Bearer ` where that is the only credential, in its usual spelling. Whether it is well-formed, ask
 * {@link isWellFormed}; a token that can be verified always is.
 */
export function likelyToken({ authorization, tokens, cut }: Carrier): string | undefined {
  const [only] = authorization;
  if (cut || only === undefined || authorization.length > 1 || (tokens !== undefined && tokens.length > 0)) {
    return undefined;
  }
  // A second blank belongs to the credential's spelling, not to the token.
  return only.startsWith('Bearer ') && only.length > 7 && only[7] !== ' ' ? only.slice(7) : undefined;
}

/** Whether it is a `b64token` of RFC 6750. */
export const isWellFormed = (token: string): boolean => TOKEN.test(token);

/**
 * The token of exactly one well-formed Bearer credential, or the refusal. One credential of another scheme is as good as
 * none; two of them, of whatever scheme, are ambiguous, and a token without a scheme is a slip that must not go unseen.
 *
 * @param authorization - every `Authorization` header of the request.
 */
function readBearer(authorization: readonly string[]): string | Refusal {
  const [only, ...others] = authorization;
  if (only === undefined) return CREDENTIALS_MISSING;
  if (others.length > 0) return CREDENTIALS_MALFORMED;
  const token = BEARER.exec(only)?.[1];
  if (token !== undefined) return token;
  if (BEARER_SCHEME.test(only)) return CREDENTIALS_MALFORMED;
  return BLANK.test(only) || OTHER_CREDENTIAL.test(only) ? CREDENTIALS_MISSING : CREDENTIALS_MALFORMED;
}
