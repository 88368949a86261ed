import type { OperationContext } from '../../operation.js';
import type { SignInRecord } from '../../storage/sign-ins.js';
import type { UserRecord } from '../../storage/users.js';
import { postAuthentication } from '../../triggers/post-authentication.js';
import type { TokenGenerationSource, TokenOverrides } from '../../triggers/pre-token-generation.js';
import { accessNow } from '../after-trigger.js';
import { refreshTokenRevoked } from '../tokens/faults.js';
import type { Principal } from '../tokens/principal.js';
import { askForOverrides } from '../tokens/token-overrides.js';
import { userDisabled, userNotFound } from '../users/faults.js';
import type { Parameters, Progress } from './sign-in-progress.js';

/** Whether functions of the pool have a say between the last proof and the tokens. */
export function tokenFunctions({ triggers }: OperationContext, { pool }: Principal): boolean {
  return triggers.has(pool, 'PostAuthentication') || triggers.has(pool, 'PreTokenGeneration');
}

/**
 * Tells PostAuthentication and asks PreTokenGeneration. The errors of either refuse the tokens.
 *
 * @returns the user as the functions left him, and what the tokens shall say.
 */
export async function askFunctions(
  context: OperationContext,
  principal: Principal,
  progress: Progress,
  newDeviceUsed: boolean,
  clientMetadata: Parameters | undefined,
): Promise<{ readonly now: Principal; readonly overrides: TokenOverrides | undefined }> {
  const { pool, client, user } = principal;
  const caller = { clientId: client.id, clientMetadata };
  await postAuthentication(context, pool, user, newDeviceUsed, caller);
  const told = principalNow(context, principal);
  const overrides = await askForOverrides(context, told, sourceOf(progress), clientMetadata);
  return { now: principalNow(context, told), overrides };
}

/**
 * Asks PreTokenGeneration about tokens in place of earlier ones.
 *
 * @throws as `principalNow`; NotAuthorizedException when the sign-in was revoked while the function ran.
 */
export async function askBeforeRefresh(
  context: OperationContext,
  principal: Principal,
  { eventId }: SignInRecord,
  clientMetadata: Parameters | undefined,
): Promise<{ readonly now: Principal; readonly overrides: TokenOverrides | undefined }> {
  if (!context.triggers.has(principal.pool, 'PreTokenGeneration')) {
    return { now: principal, overrides: undefined };
  }
  const source = 'TokenGeneration_RefreshTokens';
  const overrides = await askForOverrides(context, principal, source, clientMetadata);
  if (context.storage.signIns.find(eventId)?.revoked !== false) throw refreshTokenRevoked();
  return { now: principalNow(context, principal), overrides };
}

function sourceOf({ proven }: Progress): TokenGenerationSource {
  if (proven.includes('NEW_PASSWORD_REQUIRED')) return 'TokenGeneration_NewPasswordChallenge';
  if (proven.includes('DEVICE_PASSWORD_VERIFIER')) return 'TokenGeneration_AuthenticateDevice';
  return 'TokenGeneration_Authentication';
}

/** @throws ResourceNotFoundException, UserNotFoundException, NotAuthorizedException when they may no longer. */
export function principalNow(context: OperationContext, principal: Principal): Principal {
  const access = accessNow(context, principal);
  return { ...access, user: userNow(context, principal.user) };
}

function userNow({ storage }: OperationContext, { userPoolId, sub }: UserRecord): UserRecord {
  const user = storage.users.findBySub(userPoolId, sub);
  if (user === undefined) throw userNotFound();
  if (!user.enabled) throw userDisabled();
  return user;
}
