// Metadata keys of optional packages, which are not loaded for them. A test holds them against the packages.
const GATEWAY = 'websockets:is_gateway';
const SOCKET_MESSAGE = 'websockets:message_mapping';
const MESSAGE = 'message';
const MESSAGE_PATTERN = 'microservices:handler_type';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** Whether Nest takes a provider's class for a WebSocket gateway. */
export function isGateway(cls: AnyFunction): boolean {
  return Reflect.hasMetadata(GATEWAY, cls);
}

/** Whether a gateway's method answers a message. */
export function isSocketMessage(handler: AnyFunction): boolean {
  return Reflect.hasMetadata(SOCKET_MESSAGE, handler);
}

/** The message that a gateway's method answers. */
export function messageOf(handler: AnyFunction): unknown {
  return Reflect.getMetadata(MESSAGE, handler);
}

/** Whether a controller's method answers a message pattern or an event pattern. */
export function isMessagePattern(handler: AnyFunction): boolean {
  return Reflect.hasMetadata(MESSAGE_PATTERN, handler);
}
