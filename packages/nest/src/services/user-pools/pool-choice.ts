/** Which pool. Default: the module's. */
export interface PoolChoice {
  userPoolId?: string | undefined;
}

/** Which pool and app client. Default: the module's. */
export interface ClientChoice extends PoolChoice {
  clientId?: string | undefined;
}

/** The most that a page of a list holds, for the lists whose page size the API wants to be told. */
export const MAX_RESULTS = 60;
