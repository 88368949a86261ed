import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { CognitoAuthGuard } from './cognito-auth.guard.js';

/** Whether a guard is the module's own, or a class that extends it. */
export function isOwnGuard(guard: unknown): boolean {
  return (
    guard instanceof CognitoAuthGuard ||
    guard === CognitoAuthGuard ||
    (typeof guard === 'function' && guard.prototype instanceof CognitoAuthGuard)
  );
}

/** What `@UseGuards()` puts on a class and on a handler of it. */
// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
export function guardsOn(...targets: readonly Function[]): unknown[] {
  return targets.flatMap((target) => (Reflect.getMetadata(GUARDS_METADATA, target) ?? []) as unknown[]);
}
