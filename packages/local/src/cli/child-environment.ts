import type { ClientIds, PoolIds } from '../seed/pool-ids.js';
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
 * and `…_CLIENT_SECRET`. Names in capitals, with `_` for what is no letter or digit.
 */
function poolVariables(pools: readonly PoolIds[]): Record<string, string> {
  const variables: Record<string, string> = {};
  const set = (prefix: string, { userPoolId, client }: Scope) => {
    if (userPoolId !== undefined) variables[`${prefix}_USER_POOL_ID`] = userPoolId;
    if (client === undefined) return;
    variables[`${prefix}_CLIENT_ID`] = client.clientId;
    if (client.clientSecret !== undefined) variables[`${prefix}_CLIENT_SECRET`] = client.clientSecret;
  };
  const [first] = pools;
  if (first) set('COGNITO', { userPoolId: first.userPoolId, client: first.clients[0] });
  for (const { prefix, ...scope } of variableScopes(pools)) set(prefix, scope);
  return variables;
}

/** What the variables that begin alike stand for. */
interface Scope {
  readonly userPoolId?: string;
  readonly client: ClientIds | undefined;
}

/** Variables that begin otherwise than the name of their pool or client would have it. */
export interface RenamedVariables {
  readonly what: string;
  readonly prefix: string;
}

/** The pools and clients whose names come out like those of others, and how their variables begin instead. */
export function renamedVariables(pools: readonly PoolIds[]): RenamedVariables[] {
  return variableScopes(pools)
    .filter(({ prefix, wanted }) => prefix !== wanted)
    .map(({ prefix, what }) => ({ prefix, what }));
}

/**
 * How the variables of each pool and client begin. Where names come out alike, the first has the plain form, pools
 * before clients, and the others are numbered: `COGNITO_MAIN_2`.
 */
function variableScopes(pools: readonly PoolIds[]) {
  const poolScopes = distinct(
    pools.map((pool) => ({
      wanted: `COGNITO_${shout(pool.name)}`,
      what: `pool "${pool.name}" (${pool.userPoolId})`,
      userPoolId: pool.userPoolId,
      client: pool.clients[0],
      clients: pool.clients,
    })),
    [],
  );
  const clientScopes = poolScopes.flatMap(({ prefix, what, clients }) =>
    clients.map((client) => ({
      wanted: `${prefix}_${shout(client.name)}`,
      what: `client "${client.name}" (${client.clientId}) of the ${what}`,
      client,
    })),
  );
  const taken = poolScopes.map(({ prefix }) => prefix);
  return [...poolScopes.map(({ clients: _, ...scope }) => scope), ...distinct(clientScopes, taken)];
}

function distinct<T extends { readonly wanted: string }>(
  scopes: readonly T[],
  taken: readonly string[],
): (T & { readonly prefix: string })[] {
  const used = new Set(taken);
  const plain = new Map<string, T>();
  for (const scope of scopes) {
    if (used.has(scope.wanted) || plain.has(scope.wanted)) continue;
    plain.set(scope.wanted, scope);
  }
  // Nobody is numbered into a name that another has by right.
  for (const wanted of plain.keys()) used.add(wanted);
  return scopes.map((scope) => {
    if (plain.get(scope.wanted) === scope) return { ...scope, prefix: scope.wanted };
    let number = 2;
    while (used.has(`${scope.wanted}_${number}`)) number++;
    const prefix = `${scope.wanted}_${number}`;
    used.add(prefix);
    return { ...scope, prefix };
  });
}

const shout = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
