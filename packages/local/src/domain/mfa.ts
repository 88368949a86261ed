import type { OperationContext } from '../operation.js';
import type { NextChallenge, Progress } from './sign-in-progress.js';
import type { Principal } from './tokens.js';

/**
 * The factor that the user has still to prove, if any: asked of everyone whose password, code or custom
 * challenge was accepted, but for remembered devices in pools that trust those.
 */
export function nextMfaChallenge(
  _context: OperationContext,
  _principal: Principal,
  _progress: Progress,
): NextChallenge | undefined {
  return undefined;
}
