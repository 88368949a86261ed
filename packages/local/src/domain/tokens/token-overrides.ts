import type { OperationContext } from '../../operation.js';
import type { GroupRecord } from '../../storage/groups.js';
import type { Caller } from '../../triggers/event.js';
import { unrecognizableLambdaOutput } from '../../triggers/faults.js';
import {
  type ClaimsOverride,
  type GroupConfiguration,
  preTokenGeneration,
  type TokenGenerationSource,
  type TokenOverrides,
} from '../../triggers/pre-token-generation.js';
import { MAX_GROUPS_PER_USER } from '../users/groups.js';
import type { Principal } from './principal.js';

/** The scope of every token that the API, rather than a hosted page, hands out. */
export const API_SCOPE = 'aws.cognito.signin.user.admin';

/** Groups and roles as tokens say them. */
export interface TokenGroups {
  readonly names: readonly string[];
  readonly roles: readonly string[];
  readonly preferredRole: string | undefined;
}

const NO_GROUPS: TokenGroups = { names: [], roles: [], preferredRole: undefined };

/**
 * `cognito:preferred_role` is the role of the strongest group that has both a precedence and a role, if
 * the strongest agree on one.
 */
export function groupsOf(context: OperationContext, { pool, user }: Principal): TokenGroups {
  const groups = context.storage.groups.ofUser(pool.id, user.sub, MAX_GROUPS_PER_USER);
  if (groups.length === 0) return NO_GROUPS;
  const names = groups.map(({ name }) => name);
  const roles = [...new Set(groups.flatMap(({ roleArn }) => roleArn ?? []))];
  const isRanked = (group: GroupRecord) => group.roleArn !== undefined && group.precedence !== undefined;
  const ranked = groups.filter(isRanked);
  const strongest = Math.min(...ranked.map(({ precedence }) => precedence as number));
  const preferred = new Set(
    ranked.filter(({ precedence }) => precedence === strongest).map(({ roleArn }) => roleArn),
  );
  return { names, roles, preferredRole: preferred.size === 1 ? [...preferred][0] : undefined };
}

/**
 * Asks the pool's PreTokenGeneration function what the tokens shall say; `undefined` where there is none.
 * Never in a transaction; what follows is to be read again.
 */
export async function askForOverrides(
  context: OperationContext,
  principal: Principal,
  source: TokenGenerationSource,
  clientMetadata: Caller['clientMetadata'],
): Promise<TokenOverrides | undefined> {
  const { pool, client, user } = principal;
  if (!context.triggers.has(pool, 'PreTokenGeneration')) return undefined;
  const { names, roles, preferredRole } = groupsOf(context, principal);
  const groups: GroupConfiguration = {
    groupsToOverride: [...names],
    iamRolesToOverride: [...roles],
    ...(preferredRole !== undefined && { preferredRole }),
  };
  const caller = { clientId: client.id, clientMetadata };
  const given = { groups, scopes: [API_SCOPE] };
  const overrides = await preTokenGeneration(context, pool, user, source, given, caller);
  if (overrides?.scopesToAdd.some((scope) => !SCOPE.test(scope))) throw unrecognizableLambdaOutput();
  return overrides;
}

/** As RFC 6749 has it: a space would make two of one. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The function's groups replace the user's. */
export function overriddenGroups(groups: TokenGroups, overrides: TokenOverrides | undefined): TokenGroups {
  if (overrides?.groups === undefined) return groups;
  const { groupsToOverride = [], iamRolesToOverride = [], preferredRole } = overrides.groups;
  return { names: groupsToOverride, roles: iamRolesToOverride, preferredRole };
}

export function overriddenScope(overrides: TokenOverrides | undefined): string {
  if (overrides === undefined) return API_SCOPE;
  const { scopesToAdd = [], scopesToSuppress = [] } = overrides;
  const scopes = new Set([API_SCOPE, ...scopesToAdd]);
  return [...scopes].filter((scope) => !scopesToSuppress.includes(scope)).join(' ');
}

/** What no function may change. */
const PROTECTED = [
  'acr',
  'amr',
  'aud',
  'at_hash',
  'auth_time',
  'azp',
  'cognito:username',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
];
const PROTECTED_IN_ID_TOKEN = new Set(PROTECTED);
/** The scope has members of its own. */
const PROTECTED_IN_ACCESS_TOKEN = new Set([
  ...PROTECTED,
  'client_id',
  'device_key',
  'event_id',
  'scope',
  'username',
  'version',
]);

export function overriddenClaims(
  tokenUse: 'access' | 'id',
  claims: Readonly<Record<string, unknown>>,
  override?: ClaimsOverride,
): Readonly<Record<string, unknown>> {
  if (override === undefined) return claims;
  const { add, suppress } = override;
  const fixed = tokenUse === 'id' ? PROTECTED_IN_ID_TOKEN : PROTECTED_IN_ACCESS_TOKEN;
  const added = Object.entries(add).filter(([name, value]) => value !== null && !fixed.has(name));
  const all = { ...claims, ...Object.fromEntries(added) };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => fixed.has(name) || !suppress.includes(name)),
  );
}
