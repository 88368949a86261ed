import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { ClosedWithoutCognito } from './closed-without-cognito.guard.js';
import { CognitoAuthGuard } from './cognito-auth.guard.js';

/** Whether a guard is the module's own, or a class that extends it. */
export function isOwnGuard(guard: unknown): boolean {
  return (
    guard instanceof CognitoAuthGuard ||
    guard === CognitoAuthGuard ||
    (typeof guard === 'function' && guard.prototype instanceof CognitoAuthGuard)
  );
}

/** Whether a guard of the module's has hooks of its own that decide who is let in where any user will do. */
export function decidesItself(guard: unknown): boolean {
  const target: unknown = typeof guard === 'function' ? guard.prototype : guard;
  if (!(target instanceof CognitoAuthGuard)) return false;
  const { canActivate, handleRequest } = CognitoAuthGuard.prototype;
  return target.canActivate !== canActivate || target.handleRequest !== handleRequest;
}

/** What `@UseGuards()` puts on a class and on a handler of it. What decorators of this package put there is not among it. */
// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
export function guardsOn(...targets: readonly Function[]): unknown[] {
  return targets.flatMap(allGuardsOn).filter((guard) => guard !== ClosedWithoutCognito);
}

/** All that Nest finds on a class or a handler, in its order. */
// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
export function allGuardsOn(target: Function): unknown[] {
  return (Reflect.getMetadata(GUARDS_METADATA, target) ?? []) as unknown[];
}
