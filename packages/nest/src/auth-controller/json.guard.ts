import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { mediaTypeUnsupported } from './platform-refusals.js';

/** RFC 9110 section 8.3.1, and RFC 6839 section 3.1: `application/json`, `application/vnd.api+json`. */
const JSON_TYPE = /^[ \t]*application\/(?:[\w.-]+\+)?json[ \t]*(?:;|$)/i;

interface BodyRequest {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: unknown;
}

/**
 * A body of anything but JSON is refused: the platforms read forms too, which a page of any other site can make a browser
 * send without asking first, in its visitors' names and from their addresses. A body that the platform leaves unread is
 * refused no less: an empty one in its place would be blamed for what it lacks.
 */
@Injectable()
export class JsonGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<BodyRequest>();
    if (hasBody(request) && !JSON_TYPE.test(request.headers?.['content-type'] ?? '')) {
      throw mediaTypeUnsupported();
    }
    return true;
  }
}

/** Whether something was sent (RFC 9112 section 6.3), or read: HTTP/2 announces no length. */
function hasBody({ headers = {}, body }: BodyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (encoding !== undefined || (length !== undefined && Number(length) !== 0)) return true;
  if (typeof body === 'string') return body !== '';
  return typeof body === 'object' && body !== null && Object.keys(body).length > 0;
}
