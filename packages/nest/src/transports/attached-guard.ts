import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { CognitoGlobalGuard } from '../guard/cognito-auth.guard.js';

/**
 * What stands in the metadata of a class whose handlers are guarded: a name for which each app's container holds an
 * {@link AttachedGuard} of its own. An app without this module that uses the same class has nothing to guard with, and
 * gets this.
 */
@Injectable()
export class GuardedByCognito implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/**
 * The module's guard on gateways and message handlers, where Nest leaves global guards out: always on gateways, and on
 * microservices that are connected without `inheritAppConfig`. Where the global guard runs as well, the two decide
 * once.
 */
@Injectable()
export class AttachedGuard implements CanActivate {
  readonly #guard: CognitoGlobalGuard;

  constructor(@Inject(CognitoGlobalGuard) guard: CognitoGlobalGuard) {
    this.#guard = guard;
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    // A class with message patterns may have HTTP routes, too. Nest minds its global guards there.
    return context.getType() === 'http' || this.#guard.canActivate(context);
  }
}
