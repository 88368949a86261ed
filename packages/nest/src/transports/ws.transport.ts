import { stateOf } from '../guard/request-state.js';
import { messageOf } from '../handlers/handler-kinds.js';
import { handshakeCarrier, keeperOf, keepersOf } from './sockets.js';
import { refusalBody, type Transport } from './transport.js';

/** WebSocket gateways, on socket.io and ws: the token is that of the handshake, and is checked at each message. */
export const wsTransport: Transport = {
  type: 'ws',
  carrierOf: (context, sources) => handshakeCarrier(context.switchToWs().getClient(), sources),
  keeperOf: (context) => keeperOf(context.switchToWs().getClient(), context.getHandler()),
  isAuthenticated(host) {
    const ws = host.switchToWs();
    return [...keepersOf(ws.getClient())].some(
      ([handler, keeper]) =>
        messageOf(handler) === ws.getPattern() && stateOf(keeper)?.decision?.admitted === true,
    );
  },
  async refuse(exception) {
    const { WsException } = await import('@nestjs/websockets');
    return new WsException(refusalBody(exception));
  },
};
