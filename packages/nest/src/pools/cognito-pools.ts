import { CognestError, show } from '../errors/cognest-error.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import type { CognitoApi } from '../services/cognito-api.js';
import { type CognitoPool, createPool } from './cognito-pool.js';

/** The configured pools, by name or by request. Inject it where the pool is not known when the code is written. */
export class CognitoPools {
  readonly #pools: ReadonlyMap<string, CognitoPool>;
  readonly #resolve: ResolvedCognitoOptions['resolvePool'];
  /** The pool that services act on when nothing is said: the one at top level, else the first under `pools`. */
  readonly default: CognitoPool;
  /** In the order of the options, the default pool's first. */
  readonly names: readonly string[];

  /** Made by the module. */
  constructor(apis: readonly CognitoApi[], resolvePool: ResolvedCognitoOptions['resolvePool']) {
    this.#pools = new Map(apis.map((api) => [api.poolName, createPool(api)]));
    this.#resolve = resolvePool;
    this.names = Object.freeze([...this.#pools.keys()]);
    this.default = [...this.#pools.values()][0] as CognitoPool;
  }

  /**
   * @throws {CognestError} `pool_unknown` for a name that is not configured. It need not be asked for beforehand: a name
   *   that comes from a request is safe here.
   */
  get(name: string): CognitoPool {
    const pool = this.#pools.get(name);
    if (pool !== undefined) return pool;
    throw new CognestError(
      'pool_unknown',
      `No pool is named ${show(name)}; the option "pools" has ${this.names.join(', ')}`,
    );
  }

  /**
   * The pool that a request is about, as the option `resolvePool` says. Whose token the request carries is another
   * matter: say in the handler's policy which pools' users get in.
   *
   * @throws {CognestError} `pool_unknown` when the resolver gives a name that is not configured; `config_invalid` when
   *   there is no resolver. Whatever the resolver throws passes unchanged.
   */
  async forRequest(request: object): Promise<CognitoPool> {
    if (this.#resolve === undefined) {
      throw new CognestError(
        'config_invalid',
        'CognitoPools.forRequest() needs the option "resolvePool": (request) => the name of one of ' +
          this.names.join(', '),
      );
    }
    return this.get(await this.#resolve(request));
  }
}
