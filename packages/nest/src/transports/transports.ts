import { graphqlTransport } from './graphql.transport.js';
import { httpTransport } from './http.transport.js';
import { rpcTransport } from './rpc.transport.js';
import type { Transport } from './transport.js';
import { wsTransport } from './ws.transport.js';

// A transport is one file, and one line here.
const TRANSPORTS: readonly Transport[] = [httpTransport, graphqlTransport, wsTransport, rpcTransport];

const byType: ReadonlyMap<string, Transport> = new Map(
  TRANSPORTS.map((transport) => [transport.type, transport]),
);

/** The transport that Nest names so, or `undefined` for one that is not known here. */
export function transportOf(type: string): Transport | undefined {
  return byType.get(type);
}
