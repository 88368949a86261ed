import { CognitoAuthGuard } from './cognito-auth.guard.js';

/** Whether a guard is the module's own, or a class that extends it. */
export function isOwnGuard(guard: unknown): boolean {
  return (
    guard instanceof CognitoAuthGuard ||
    guard === CognitoAuthGuard ||
    (typeof guard === 'function' && guard.prototype instanceof CognitoAuthGuard)
  );
}
