import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { type Checkpoint, createCheckpoints } from './checkpoints/checkpoints.js';
import { UnderWay } from './checkpoints/under-way.js';
import { type Clock, createServerClock, type ServerClock, systemClock } from './clock.js';
import {
  createImportRunner,
  dropLeftovers,
  finishDeletions,
  forgetAllSigningKeys,
  importLog,
  jwks,
  prepareSigningKeys,
  receiveUpload,
  seededRandom,
  withRandomSource,
} from './domain/index.js';
import type { OperationContext } from './operation.js';
import * as operations from './operations/index.js';
import type { OutgoingMessage } from './outbox/outbox.js';
import { createStoredOutbox } from './outbox/stored-outbox.js';
import type { Registry } from './protocol/api.js';
import { hostnameOf, isLoopback } from './protocol/host-check.js';
import { type Log, quietLog } from './protocol/log.js';
import { createServer } from './protocol/server.js';
import { applySeed } from './seed/apply-seed.js';
import { find, type PoolIds, poolIds, pools } from './seed/pool-ids.js';
import { type CheckedSeed, readSeed, SeedError } from './seed/read-seed.js';
import type { Seed } from './seed/seed.js';
import { openStorage } from './storage/index.js';
import type { MessageFilter } from './storage/messages.js';
import { checkTriggers, type Triggers } from './triggers/trigger-options.js';
import { createTriggerRunner } from './triggers/trigger-runner.js';

export interface CognitoOptions {
  /** The port to listen on; 0 for any free one. Default 9229. */
  readonly port?: number;
  /**
   * The address to listen on. Default `127.0.0.1`: whoever reaches the server is served as an
   * administrator, so any other address opens it to the network.
   */
  readonly host?: string;
  /** The directory that keeps pools, users and keys. Default `.cognest` in the working directory. */
  readonly data?: string;
  /** Keep nothing on disk. Excludes `data`. Default `false`. */
  readonly memory?: boolean;
  /** Pools, clients, groups and users to have, or the path of a JSON or YAML file with them. */
  readonly seed?: Seed | string;
  /** The region in pool ids and ARNs. Default: that of the seed's first fixed pool id, else `us-east-1`. */
  readonly region?: string;
  /** The twelve digits in ARNs. Default `000000000000`. */
  readonly accountId?: string;
  /** Where the time comes from, which `cognito.clock` can then move. Default: the system's clock. */
  readonly clock?: Clock;
  /**
   * Makes ids, codes and generated passwords foreseeable, for snapshots: the same ones for the same text and
   * the same requests in the same order. Keys, and what they sign, still differ. Whoever knows the text
   * knows every code and secret: `memory` only, and warned of at start. Default: they are random.
   */
  readonly seededIds?: string;
  /** Where messages, warnings and bugs are written. Default: bugs to the standard error, nothing else. */
  readonly log?: Log;
  /** Further names to answer to when called by them in `Host`, e.g. `host.docker.internal`. Default none. */
  readonly allowedHosts?: readonly string[];
  /**
   * Origins of web pages that may call signed operations and read the outbox, e.g.
   * `http://localhost:5173`. Unsigned operations are open to every origin, as on AWS. Default none.
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * Functions that run where AWS would run a pool's Lambda functions: for all pools, for one, or by the ARN
   * in its LambdaConfig. Default none.
   */
  readonly triggers?: Triggers;
}

/** A running server. */
export interface Cognito {
  /** Its address without a trailing slash, e.g. `http://127.0.0.1:9229`. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  /** The time of this server, which a test can move: `cognito.clock.advance('1h')`. */
  readonly clock: ServerClock;
  /** The pools with the ids of their clients: those of the seed in its order, then others, oldest first. */
  readonly pools: readonly PoolIds[];
  /** The pool of that name; without a name the first. @throws Error when there is none. */
  pool(name?: string): PoolIds;
  /** Codes and invitations, oldest first. */
  messages(filter?: MessageFilter): OutgoingMessage[];
  /** Adds what is missing; what is there stays as it is. */
  seed(seed: Seed | string): Promise<void>;
  /**
   * Remembers all that there is: pools, clients, users, sessions, codes, messages, the time. Needs `memory`. The first
   * is kept, and of the others the 29 that were made or gone back to last.
   *
   * @throws Error without `memory`.
   */
  checkpoint(): Promise<Checkpoint>;
  /**
   * Goes back to a checkpoint, as often as you like, in a few milliseconds. Waits for what is under way; tokens that
   * were issued since are still signed rightly, but their sign-ins are unknown.
   *
   * @throws TypeError when it is not a checkpoint of this server, or is not kept any more.
   */
  reset(to: Checkpoint): Promise<void>;
  /** Answers what is under way, ends all connections, and lets go of the data. May be called twice. */
  close(): Promise<void>;
}

const DATA_FILE = 'cognest.db';

/**
 * Starts the embedded Cognito.
 *
 * @throws Error when an option is wrong, the port or the data directory is in use, or the seed does not fit;
 * the message says which and what to do.
 */
export async function startCognito(options: CognitoOptions = {}): Promise<Cognito> {
  const { host, port, accountId } = checkOptions(options);
  const { log = quietLog } = options;
  const clock = createServerClock(options.clock ?? systemClock);
  const seed = options.seed === undefined ? undefined : await readSeed(options.seed);
  const region = options.region ?? regionOf(seed) ?? 'us-east-1';
  const storage = openStorage(
    options.memory ? { memory: true } : { file: dataFile(log, options.data) },
    (message) => log.error(message),
  );
  const outbox = createStoredOutbox(storage, log);
  const triggers = createTriggerRunner({ triggers: options.triggers ?? {}, log });
  let endpoint = '';
  const context = (): Omit<OperationContext, 'requestId'> => ({
    region,
    accountId,
    endpoint,
    clock,
    storage,
    outbox,
    triggers,
    imports,
  });
  const startImports = () =>
    createImportRunner(context, (error) =>
      log.error(`A user import failed: ${error instanceof Error ? error.stack : String(error)}`),
    );
  let imports = startImports();

  const { seededIds } = options;
  const source = seededIds === undefined ? undefined : seededRandom(seededIds);
  const requestIds = seededIds === undefined ? undefined : seededRandom(`requests of ${seededIds}`);
  const underWay = new UnderWay();
  const seeding = <T>(work: () => T): T => (source ? withRandomSource(source, work) : work());
  const registry = Object.fromEntries(
    Object.entries(operations as unknown as Registry).map(([name, operation]) => [
      name,
      (input: object, on: OperationContext) => underWay.track(() => seeding(() => operation(input, on))),
    ]),
  );

  let setReady = () => {};
  const ready = new Promise<void>((resolve) => {
    setReady = resolve;
  });
  const server = createServer({
    operations: registry,
    ...(requestIds && { newRequestId: requestIds.uuid }),
    context,
    log,
    host,
    allowedHosts: options.allowedHosts ?? [],
    allowedOrigins: options.allowedOrigins ?? [],
    ready,
    endpoint: () => endpoint,
    keySet: (userPoolId) => jwks({ storage }, userPoolId),
    messages: storage.messages.page,
    clock,
    receiveImportFile: (address, body) =>
      underWay.track(() => receiveUpload({ storage, clock }, address, body)),
    importLog: (jobId) => importLog(storage, jobId),
  });
  let closing: Promise<void> | undefined;
  // The seeds' pools come first, in their order; then the others, oldest first.
  let seeded: string[] = [];
  const listPools = () => {
    const records = pools(storage);
    const first = seeded.flatMap((id) => records.filter((record) => record.id === id));
    const rest = records.filter((record) => !seeded.includes(record.id));
    return [...first, ...rest].map((record) => poolIds(storage, record));
  };
  // One at a time: two seeds with the same pool must not both find it missing, and no reset comes in between.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  const plant = (checked: CheckedSeed, file?: string): Promise<void> =>
    inTurn(async () => {
      const ids = await seeding(() => applySeed(checked, context())).catch((error: unknown) => {
        throw file !== undefined && error instanceof SeedError ? error.in(file) : error;
      });
      for (const id of ids) {
        if (!seeded.includes(id)) seeded.push(id);
      }
    });
  const checkpoints = createCheckpoints({
    snapshot: storage.snapshot,
    marks: [
      clock.mark,
      ...(source ? [source.mark] : []),
      ...(requestIds ? [requestIds.mark] : []),
      () => {
        const then = [...seeded];
        return () => {
          seeded = [...then];
          forgetAllSigningKeys(storage);
        };
      },
    ],
    underWay,
    now: clock.now,
    pause: async () => {
      if (closing !== undefined) throw new Error('The server has been closed.');
      await imports.close();
      return async () => {
        imports = startImports();
        imports.wake();
        await finishDeletions(storage);
      };
    },
  });

  const close = async () => {
    setReady();
    await server.close();
    await last;
    await imports.close();
    storage.close();
  };

  try {
    await server.app.listen({ host, port, listenTextResolver: () => '' }).catch((error: unknown) => {
      throw explainListenError(error, host, port);
    });
    const bound = (server.app.server.address() as AddressInfo).port;
    endpoint = endpointOf(host, bound);
    if (!isLoopback(host)) {
      log.warn(
        `Listening on ${host}: everyone who reaches port ${bound} can administer these pools and read every code. This server is for development only.`,
      );
    }
    if (seededIds !== undefined) {
      log.warn(
        'Ids, codes, secrets and generated passwords are foreseeable, because of seededIds: for snapshots in tests only.',
      );
    }
    await finishDeletions(storage);
    await dropLeftovers({ storage });
    if (seed) await plant(seed, fileOf(options.seed));
    for (const pool of pools(storage)) triggers.warnOfMissing(pool);
    triggers.warnOfUnknown(pools(storage));
    setReady();
    prepareSigningKeys();
    imports.wake();
    return {
      endpoint,
      clock,
      port: bound,
      region,
      get pools() {
        return listPools();
      },
      pool: (name) => find(listPools(), name, 'user pool'),
      messages: (filter) => storage.messages.list(filter),
      seed: async (added) => plant(await readSeed(added), fileOf(added)),
      checkpoint: () =>
        inTurn(async () => {
          if (options.memory) return checkpoints.make();
          throw new Error(
            'checkpoint() needs a server with { memory: true }: what is on disk is kept, and not put back.',
          );
        }),
      reset: (to) => inTurn(() => checkpoints.reset(to)),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const fileOf = (seed: Seed | string | undefined) => (typeof seed === 'string' ? seed : undefined);

function endpointOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return isIPv6(host) ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

/** Private keys and users are nothing to commit, nor for everybody to write to. */
function dataFile(log: Log, directory = '.cognest'): string {
  const path = resolve(directory);
  try {
    return prepareDirectory(log, path);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause) || cause instanceof TypeError) throw cause;
    throw new Error(
      `The data directory ${path} cannot be used (${cause.message}). Make it one that this user may write to, choose another with --data or COGNITO_DATA, or keep nothing on disk with --memory.`,
      { cause },
    );
  }
}

function prepareDirectory(log: Log, path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new TypeError(`"data" must be a directory, ${path} is a file.`);
  }
  const isNew = mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined;
  const gitignore = join(path, '.gitignore');
  if (!existsSync(gitignore)) writeFileSync(gitignore, isNew ? '*\n' : `${DATA_FILE}*\n`);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o002) !== 0) {
    log.warn(`Everybody on this machine may write to the data directory ${path}: close it with chmod o-w.`);
  }
  return join(path, DATA_FILE);
}

function explainListenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const options = { cause: error };
  if (code === 'EADDRINUSE') {
    const inspector = port === 9229 ? " 9229 is also the port of Node's inspector (node --inspect)." : '';
    return new Error(
      `Port ${port} on ${host} is in use: stop what listens there, or choose another port with --port or COGNITO_PORT.${inspector}`,
      options,
    );
  }
  if (code === 'EACCES') {
    return new Error(
      `Port ${port} needs privileges: choose one above 1023 with --port or COGNITO_PORT.`,
      options,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Error(`"host" must be an address of this machine, got "${host}".`, options);
  }
  return error;
}

/** A seed with the ids of pools on AWS is served as it stands. */
function regionOf(seed: CheckedSeed | undefined): string | undefined {
  const fixed = seed?.pools.find(({ id }) => id !== undefined)?.id;
  const region = fixed?.slice(0, fixed.lastIndexOf('_'));
  return region !== undefined && REGION.test(region) ? region : undefined;
}

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

function checkOptions(options: CognitoOptions) {
  const { port = 9229, host = '127.0.0.1', region, accountId = '000000000000' } = options;
  for (const key of Object.keys(options)) {
    if (!KNOWN_OPTIONS.has(key)) throw new TypeError(`Unknown option "${key}" of startCognito.`);
  }
  check(Number.isInteger(port) && port >= 0 && port <= 65_535, 'port', 'an integer from 0 to 65535', port);
  check(typeof host === 'string' && host !== '' && !/[\s/[\]]/.test(host), 'host', 'an address', host);
  check(
    region === undefined || (typeof region === 'string' && REGION.test(region)),
    'region',
    'an AWS region',
    region,
  );
  check(/^\d{12}$/.test(accountId), 'accountId', 'twelve digits', accountId);
  const { data, memory } = options;
  check(memory === undefined || typeof memory === 'boolean', 'memory', 'true or false', memory);
  check(data === undefined || (typeof data === 'string' && data !== ''), 'data', 'a directory', data);
  const { seededIds } = options;
  check(
    seededIds === undefined || (typeof seededIds === 'string' && seededIds !== ''),
    'seededIds',
    'a text',
    seededIds,
  );
  if (seededIds !== undefined && !memory) {
    throw new TypeError('"seededIds" needs "memory": over data that is kept, the same ids would come again.');
  }
  if (memory && data !== undefined) throw new TypeError('"data" and "memory" exclude each other: give one.');
  for (const name of ['allowedHosts', 'allowedOrigins'] as const) {
    const list = options[name];
    check(
      list === undefined || (Array.isArray(list) && list.every((entry) => typeof entry === 'string')),
      name,
      'a list of strings',
      list,
    );
  }
  if (options.triggers !== undefined) checkTriggers(options.triggers);
  for (const name of options.allowedHosts ?? []) {
    check(
      hostnameOf(name) === name.toLowerCase(),
      'allowedHosts',
      'host names such as host.docker.internal',
      name,
    );
  }
  for (const origin of options.allowedOrigins ?? []) {
    check(isOrigin(origin), 'allowedOrigins', 'origins such as http://localhost:5173', origin);
  }
  return { port, host, accountId };
}

const KNOWN_OPTIONS = new Set<string>([
  'port',
  'host',
  'data',
  'memory',
  'seed',
  'region',
  'accountId',
  'clock',
  'seededIds',
  'log',
  'allowedHosts',
  'allowedOrigins',
  'triggers',
] satisfies (keyof CognitoOptions)[]);

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function check(ok: boolean, option: string, expected: string, given: unknown): void {
  if (!ok) throw new TypeError(`"${option}" must be ${expected}, got ${JSON.stringify(given)}.`);
}
