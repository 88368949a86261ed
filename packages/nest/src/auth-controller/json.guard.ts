import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { mediaTypeUnsupported } from './platform-refusals.js';

/** RFC 9110 section 8.3.1, and RFC 6839 section 3.1: `application/json`, `application/vnd.api+json`. */
const JSON_TYPE = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

interface BodyRequest {
  readonly headers?: { readonly 'content-type'?: string | undefined } | undefined;
  readonly body?: unknown;
}

/**
 * A body that was parsed of anything but JSON is refused: the platforms read forms too, which a page of any other site can
 * make a browser send without asking first, in its visitors' names and from their addresses.
 */
@Injectable()
export class JsonGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, body } = context.switchToHttp().getRequest<BodyRequest>();
    const hasBody = typeof body === 'object' && body !== null && Object.keys(body).length > 0;
    if (hasBody && !JSON_TYPE.test(headers?.['content-type'] ?? '')) throw mediaTypeUnsupported();
    return true;
  }
}
