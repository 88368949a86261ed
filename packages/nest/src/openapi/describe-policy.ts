import type { Policy } from '../policy/policy.js';

/** The parts of a policy that are no secret, for `x-cognito-policy`; `undefined` when there are none. */
export function documentedPolicy(policy: Policy): object | undefined {
  const { groups, scopes, tokenUse, maxAuthAgeS } = policy;
  const parts = {
    ...(groups !== undefined && { groups }),
    ...(scopes !== undefined && { scopes }),
    ...(tokenUse === 'id' && { tokenUse }),
    ...(maxAuthAgeS !== undefined && { maxAuthAgeS }),
  };
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** Whether somebody with a valid token may be refused with a 403. */
export function refusesUsers({ groups, scopes, clientId, pool, check }: Policy): boolean {
  return [groups, scopes, clientId, pool, check].some((part) => part !== undefined);
}

/** What a policy asks of a user, in sentences. */
export function describePolicy({ groups, scopes, clientId, pool, check }: Policy): string[] {
  return [
    ...(groups?.any ? [`Groups: any of ${list(groups.any)}.`] : []),
    ...(groups?.all ? [`Groups: all of ${list(groups.all)}.`] : []),
    ...(groups?.none ? [`Groups: none of ${list(groups.none)}.`] : []),
    ...(scopes?.any ? [`Scopes: any of ${list(scopes.any)}.`] : []),
    ...(scopes?.all ? [`Scopes: all of ${list(scopes.all)}.`] : []),
    ...(clientId ? ['A token of certain app clients.'] : []),
    ...(pool ? [`A user of ${list(pool)}.`] : []),
    ...(check ? ["A condition of the app's own."] : []),
  ];
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
