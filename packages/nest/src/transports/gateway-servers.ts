// Metadata keys of @nestjs/websockets, which an app may lack.
const GATEWAY_OPTIONS = 'websockets:gateway_options';
const GATEWAY_PORT = 'port';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a class is exactly any function
type AnyFunction = Function;

interface ServerOptions {
  readonly namespace?: unknown;
  readonly path?: unknown;
}

/** Which socket server a gateway is on: gateways of one port, path and namespace share one. */
export function serverOfGateway(cls: AnyFunction): string {
  const options = (Reflect.getMetadata(GATEWAY_OPTIONS, cls) ?? {}) as ServerOptions;
  return serverOf((Reflect.getMetadata(GATEWAY_PORT, cls) as number | undefined) ?? 0, options);
}

export function serverOf(port: number, { namespace, path }: ServerOptions): string {
  // Nest adds the slash to a namespace, and an empty one is none.
  const name = namespace instanceof RegExp ? `${namespace}` : String(namespace ?? '').replace(/^\/?/, '/');
  return JSON.stringify([port, name === '/' ? '' : name, path ?? '']);
}
