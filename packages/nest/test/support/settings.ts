import { afterEach } from 'vitest';
import type {
  CreateUserPoolClientInput,
  CreateUserPoolInput,
  UpdateUserPoolClientInput,
  UpdateUserPoolInput,
} from '../../src/index.js';
import { pool, type Served, servicesOf } from './served.js';
import { ALL_FLOWS } from './sign-in.js';

export type PoolSettings = Omit<UpdateUserPoolInput, 'userPoolId' | 'poolName'>;
export type FixedPoolSettings = Partial<CreateUserPoolInput>;
export type ClientSettings = Omit<UpdateUserPoolClientInput, 'userPoolId' | 'clientId' | 'clientName'>;
export type FixedClientSettings = Partial<CreateUserPoolClientInput>;

const FLOWS: ClientSettings = {
  explicitAuthFlows: [...ALL_FLOWS],
};

export type Made = Awaited<ReturnType<typeof servicesOf>>;

/** The methods by which a pool comes to its settings, for tables: made with them, and made before it has them. */
type PoolWay = readonly [
  operation: string,
  make: (settings: PoolSettings, fixed?: FixedPoolSettings, client?: FixedClientSettings) => Promise<Made>,
  /** The bare call, on one pool for all, for what is refused. */
  call: (settings: PoolSettings) => Promise<unknown>,
];
/** As {@link PoolWay}, for an app client. */
type ClientWay = readonly [
  operation: string,
  make: (settings: ClientSettings, fixed?: FixedClientSettings, ofPool?: FixedPoolSettings) => Promise<Made>,
  call: (settings: ClientSettings) => Promise<unknown>,
];

/** As many as one test needs at a time: to make a pool takes two keys of RSA. */
const SPARE = 3;

/**
 * Pools and app clients on a server that the services of an app make there, and not the SDK. The embedded Cognito goes back
 * to how it is now after each test.
 */
export async function settingsOn(served: Served) {
  const { pools } = await pool(served);

  const client = async (userPoolId: string, settings: FixedClientSettings = {}) => {
    const made = await pools.createClient({ userPoolId, clientName: 'client', ...FLOWS, ...settings });
    return servicesOf(served, { userPoolId, clientId: made.clientId, clientSecret: made.clientSecret });
  };
  const make = async (settings: FixedPoolSettings = {}, ofClient: FixedClientSettings = {}) => {
    const { id } = await pools.create({ poolName: 'made', ...settings });
    return client(id, ofClient);
  };

  const spare: Made[] = [];
  while (spare.length < SPARE) spare.push(await make());
  const goBack = await served.checkpoint();
  let taken = 0;
  afterEach(async () => {
    taken = 0;
    await goBack();
  });
  /** A pool as it comes, with users of its own. */
  const plain = async (ofPool?: FixedPoolSettings): Promise<Made> =>
    ofPool === undefined ? (spare[taken++] ?? (await make())) : make(ofPool);

  const poolWays: readonly PoolWay[] = [
    [
      'CreateUserPool',
      (settings, fixed, ofClient) => make({ ...fixed, ...settings }, ofClient),
      (settings) => pools.create({ poolName: 'made', ...settings }),
    ],
    [
      'UpdateUserPool',
      async (settings, fixed, ofClient) => {
        const made = ofClient === undefined ? await plain(fixed) : await make(fixed, ofClient);
        await made.pools.update(settings);
        return made;
      },
      (settings) => pools.update(settings),
    ],
  ];
  const clientWays: readonly ClientWay[] = [
    [
      'CreateUserPoolClient',
      async (settings, fixed, ofPool) => client((await plain(ofPool)).userPoolId, { ...fixed, ...settings }),
      (settings) => pools.createClient({ clientName: 'client', ...FLOWS, ...settings }),
    ],
    [
      'UpdateUserPoolClient',
      async (settings, fixed, ofPool) => {
        const of = await plain(ofPool);
        const made = fixed === undefined ? of : await client(of.userPoolId, fixed);
        await made.pools.updateClient({ ...FLOWS, ...settings });
        return made;
      },
      (settings) => pools.updateClient({ ...FLOWS, ...settings }),
    ],
  ];
  return { pools, make, client, plain, poolWays, clientWays };
}
