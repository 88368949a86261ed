import 'reflect-metadata';

const HOME_POOL = 'cognest:home-pool';

/**
 * The pool that a class acts on: its guarded handlers are for the users of that one, unless a handler's own policy names
 * pools.
 */
export interface HomePool {
  /** By its configured name; `undefined` for the default one, whose name the module's options give. */
  readonly pool: string | undefined;
}

export function setHomePool(cls: object, home: HomePool): void {
  Reflect.defineMetadata(HOME_POOL, home, cls);
}

export function homePoolOf(cls: object): HomePool | undefined {
  return Reflect.getMetadata(HOME_POOL, cls) as HomePool | undefined;
}
