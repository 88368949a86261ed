import { isCookieSession } from '../cookie-session/cookie-session.js';
import type { TokenSource } from '../guard/token-sources.js';

/**
 * The security scheme of each token source, any one of which lets in. A source of the app's own has none: nobody but
 * the app knows what it reads.
 */
export function securitySchemes(
  sources: readonly TokenSource[],
  name: string,
): { schemes: Record<string, object>; csrf: boolean } {
  const schemes: Record<string, object> = {};
  let csrf = false;
  for (const source of sources) {
    if (source === 'header') {
      schemes[name] = {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A token of Amazon Cognito.',
      };
    } else if (isCookieSession(source)) {
      schemes[`${name}-session`] = {
        type: 'apiKey',
        in: 'cookie',
        name: source.accessCookie,
        description: `The session cookie that signing in sets. Requests that change something also need the header "${source.csrfHeader}".`,
      };
      csrf = true;
    } else if ('cookie' in source) {
      schemes[`${name}-cookie-${source.cookie}`] = { type: 'apiKey', in: 'cookie', name: source.cookie };
    }
  }
  return { schemes, csrf };
}
