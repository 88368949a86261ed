import type { PoolIds } from '../seed/pool-ids.js';
import type { Cognito } from '../start-cognito.js';

/**
 * What would lead the command's SDK to real credentials, or past the endpoint, is taken out. A profile is
 * even preferred to keys in the environment.
 */
const REMOVED = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_CREDENTIAL_SCOPE',
  'AWS_ACCOUNT_ID',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
];

/** Ids and secrets of other pools, beside which those of this server would be wrong, and tokens for AWS. */
const REMOVED_PATTERN = /^(COGNITO_(\w+_)?(USER_POOL_ID|CLIENT_ID|CLIENT_SECRET)|AWS_BEARER_TOKEN_\w+)$/;

/** The caller's environment, so changed that an AWS SDK in it calls this server and nothing else does. */
export function childEnvironment(
  inherited: NodeJS.ProcessEnv,
  { endpoint, region, pools }: Pick<Cognito, 'endpoint' | 'region' | 'pools'>,
): NodeJS.ProcessEnv {
  const environment = { ...inherited };
  for (const name of Object.keys(environment)) {
    if (REMOVED.includes(name) || REMOVED_PATTERN.test(name)) delete environment[name];
  }
  return {
    ...environment,
    ...poolVariables(pools),
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/**
 * `COGNITO_USER_POOL_ID`, `COGNITO_CLIENT_ID` and `COGNITO_CLIENT_SECRET` of the first pool's first client;
 * the same of every pool as `COGNITO_<POOL>_…`, and of every client as `COGNITO_<POOL>_<CLIENT>_CLIENT_ID`
 * and `…_CLIENT_SECRET`. Names in capitals, with `_` for what is no letter or digit; the first of two
 * pools or clients whose names come out the same has the variable.
 */
function poolVariables(pools: readonly PoolIds[]): Record<string, string> {
  const variables: Record<string, string> = {};
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined) variables[name] ??= value;
  };
  const seen = new Set<string>();
  const setClient = (prefix: string, client: PoolIds['clients'][number] | undefined) => {
    // Never the id of one client beside the secret of another.
    if (!client || seen.has(prefix)) return;
    seen.add(prefix);
    set(`${prefix}_CLIENT_ID`, client.clientId);
    set(`${prefix}_CLIENT_SECRET`, client.clientSecret);
  };
  for (const [index, pool] of pools.entries()) {
    const prefix = `COGNITO_${shout(pool.name)}`;
    for (const scope of index === 0 ? ['COGNITO', prefix] : [prefix]) {
      if (variables[`${scope}_USER_POOL_ID`] !== undefined) continue;
      set(`${scope}_USER_POOL_ID`, pool.userPoolId);
      setClient(scope, pool.clients[0]);
    }
    if (variables[`${prefix}_USER_POOL_ID`] !== pool.userPoolId) continue;
    for (const client of pool.clients) setClient(`${prefix}_${shout(client.name)}`, client);
  }
  return variables;
}

const shout = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
