/** What `start` and `run` share. */
export interface ServerFlags {
  readonly port: number;
  readonly host: string;
  readonly data?: string;
  readonly memory?: true;
  readonly seed?: string;
  readonly triggers?: string;
  readonly region?: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
}
