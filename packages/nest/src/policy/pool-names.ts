import type { ResolvedCognitoOptions } from '../options/cognito-options.js';

/** The names that policies call the configured pools by, by user pool id. */
export function poolNamesOf(options: ResolvedCognitoOptions): ReadonlyMap<string, string> {
  return new Map(options.pools.map(({ userPoolId, name }) => [userPoolId, name]));
}
