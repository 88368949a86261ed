import { handshakeCarrier, keeperOf } from './sockets.js';
import { refusalBody, type Transport } from './transport.js';

/** WebSocket gateways, on socket.io and ws: the token is that of the handshake, and is checked at each message. */
export const wsTransport: Transport = {
  type: 'ws',
  carrierOf: (context, sources) => handshakeCarrier(context.switchToWs().getClient(), sources),
  keeperOf: (context) => keeperOf(context.switchToWs().getClient(), context.getHandler()),
  async refuse(exception) {
    const { WsException } = await import('@nestjs/websockets');
    return new WsException(refusalBody(exception));
  },
};
