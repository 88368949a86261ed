import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AUTH_CONTROLLER_OPTIONS, type ResolvedAuthOptions } from './auth-options.js';

/**
 * With a cookie session, every request to the controller must be the own page's doing: signing somebody in is an
 * attack too, when it is the attacker's account that they then use.
 */
@Injectable()
export class GenuineGuard implements CanActivate {
  readonly #options: ResolvedAuthOptions;

  constructor(@Inject(AUTH_CONTROLLER_OPTIONS) options: ResolvedAuthOptions) {
    this.#options = options;
  }

  canActivate(context: ExecutionContext): boolean {
    this.#options.session?.assertGenuine(context.switchToHttp().getRequest());
    return true;
  }
}
