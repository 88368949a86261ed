import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import { AccessRules, type EffectiveRule } from '../guard/access-rules.js';
import type { Carrier, HttpRequestLike } from '../guard/carrier.js';
import { CognitoAuthException } from '../guard/cognito-auth.exception.js';
import { CognitoAuthenticator, type Decision } from '../guard/cognito-authenticator.js';
import { isGateway, isSocketMessage } from '../handlers/handler-kinds.js';
import { HandlerWalk } from '../handlers/handler-walk.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import type { CognitoUser } from '../policy/cognito-user.js';
import type { Policy } from '../policy/policy.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { serverOf, serverOfGateway } from './gateway-servers.js';
import { CLOSE_UNAUTHENTICATED, handshakeCarrier, rememberRequest, requestCarrier } from './sockets.js';
import { type LifetimeEnd, TokenLifetimes } from './token-lifetimes.js';
import { refusalBody } from './transport.js';

type Adapter = ReturnType<ApplicationConfig['getIoAdapter']>;

/** Socket.io: a server, or a namespace of one. */
interface SocketIoServer {
  use(middleware: (socket: SocketIoSocket, next: (error?: Error) => void) => void): unknown;
}

interface SocketIoSocket {
  readonly conn: { readonly readyState: string; once(event: 'close', listener: () => void): unknown };
  once(event: 'disconnect', listener: () => void): unknown;
  emit(event: string, data: unknown): unknown;
  disconnect(close: boolean): unknown;
}

/** The `ws` library's server. */
interface PlainServer {
  handleUpgrade(
    request: HttpRequestLike,
    socket: Duplex,
    head: Buffer,
    done: (...args: unknown[]) => void,
  ): void;
}

interface PlainSocket {
  once(event: 'close', listener: () => void): unknown;
  close(code: number, reason: string): unknown;
}

/**
 * Minds the handshakes of gateways. A client gets a socket if it meets the rule of one message at least, or of the
 * class where there are none, since a gateway may send without being asked; it keeps it as long as its token is good.
 *
 * Nest has no place for that: it is put on the servers that the app's adapter makes.
 */
@Injectable()
export class SocketGate {
  readonly #walk: HandlerWalk;
  readonly #rules: AccessRules;
  readonly #authenticator: CognitoAuthenticator;
  readonly #lifetimes: TokenLifetimes;
  readonly #options: ResolvedCognitoOptions;
  readonly #gated = new WeakSet<object>();

  constructor(
    @Inject(HandlerWalk) walk: HandlerWalk,
    @Inject(AccessRules) rules: AccessRules,
    @Inject(CognitoAuthenticator) authenticator: CognitoAuthenticator,
    @Inject(TokenLifetimes) lifetimes: TokenLifetimes,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(ApplicationConfig) config: ApplicationConfig,
  ) {
    this.#walk = walk;
    this.#rules = rules;
    this.#authenticator = authenticator;
    this.#lifetimes = lifetimes;
    this.#options = options;
    const setIoAdapter = config.setIoAdapter.bind(config);
    config.setIoAdapter = (adapter) => setIoAdapter(this.#watched(adapter));
  }

  #watched(adapter: Adapter): Adapter {
    const create = adapter.create.bind(adapter);
    adapter.create = (port: number, options?: { namespace?: unknown; path?: unknown }) => {
      const server: unknown = create(port, options as never);
      const rules = this.#rulesOf(serverOf(port, options ?? {}));
      if (rules.length > 0 && typeof server === 'object' && server !== null) this.#gate(server, rules);
      return server as never;
    };
    return adapter;
  }

  /** The rules of everything that a server's clients can send or, where that is nothing, receive. */
  #rulesOf(server: string): EffectiveRule[] {
    const rules: EffectiveRule[] = [];
    for (const { kind, cls } of this.#walk.classes()) {
      if (kind !== 'provider' || !isGateway(cls) || serverOfGateway(cls) !== server) continue;
      const messages = [...this.#walk.methodsOf(cls.prototype)].filter(({ handler }) =>
        isSocketMessage(handler),
      );
      if (messages.length > 0) {
        rules.push(...messages.map(({ handler }) => this.#rules.for(handler, cls, this.#options.protect)));
        continue;
      }
      const rule = this.#rules.for(cls, cls, this.#options.protect);
      if (rule.access === 'guarded' && rule.policy.check !== undefined) {
        throw new CognestError(
          'config_invalid',
          `${cls.name} has a check and no messages, so that nobody would ever ask it; say it in groups or scopes`,
        );
      }
      rules.push(rule);
    }
    return rules;
  }

  #gate(server: object, rules: readonly EffectiveRule[]): void {
    if (this.#gated.has(server)) return;
    this.#gated.add(server);
    const policies: Policy[] = [];
    let open = false;
    for (const rule of rules) {
      if (rule.access !== 'guarded' || rule.optional) open = true;
      else policies.push(withoutCheck(rule.policy));
    }
    if ('handleUpgrade' in server) this.#gatePlain(server as PlainServer, policies, open);
    else if ('use' in server) this.#gateSocketIo(server as SocketIoServer, policies, open);
    else if (!open) {
      throw new CognestError(
        'config_invalid',
        "The handshakes of the WebSocket adapter's server cannot be guarded: it is neither socket.io's nor ws's. " +
          'Use one of these adapters, or put @Public() on what the gateways offer',
      );
    }
  }

  #gateSocketIo(server: SocketIoServer, policies: readonly Policy[], open: boolean): void {
    server.use((socket, next) => {
      const carrier = () => handshakeCarrier(socket, this.#authenticator);
      this.#decide(carrier, policies, open).then(
        (outcome) => {
          if (outcome instanceof CognitoAuthException) {
            next(Object.assign(new Error(outcome.message), { data: refusalBody(outcome) }));
            return;
          }
          if (outcome !== undefined) this.#endInTime(socket, outcome);
          next();
        },
        () => next(new Error('The handshake failed.')),
      );
    });
  }

  #endInTime(socket: SocketIoSocket, user: CognitoUser): void {
    if (socket.conn.readyState !== 'open') return;
    const forget = this.#lifetimes.watch(user, (why) => {
      socket.emit('exception', endBody(why));
      socket.disconnect(true);
    });
    socket.once('disconnect', forget);
    // A connection that goes before its handshake is through has no `disconnect`.
    socket.conn.once('close', forget);
  }

  #gatePlain(server: PlainServer, policies: readonly Policy[], open: boolean): void {
    const upgrade = server.handleUpgrade.bind(server);
    server.handleUpgrade = (request, socket, head, done) => {
      const destroy = () => socket.destroy();
      socket.on('error', destroy);
      const carrier = () => requestCarrier(request, this.#authenticator);
      this.#decide(carrier, policies, open)
        .then((outcome) => {
          if (outcome instanceof CognitoAuthException) {
            socket.end(httpAnswer(outcome));
            return;
          }
          socket.off('error', destroy);
          upgrade(request, socket, head, (client, ...rest) => {
            rememberRequest(client as object, request);
            if (outcome !== undefined) {
              const plain = client as PlainSocket;
              plain.once(
                'close',
                this.#lifetimes.watch(outcome, (why) => plain.close(CLOSE_UNAUTHENTICATED, why)),
              );
            }
            done(client, ...rest);
          });
        })
        .catch(destroy);
    };
  }

  /** Whose the socket is; `undefined` for nobody's, where that is allowed; or why there is none. */
  async #decide(
    carrier: () => Carrier,
    policies: readonly Policy[],
    open: boolean,
  ): Promise<CognitoUser | undefined | CognitoAuthException> {
    let refused: Decision | undefined;
    for (const policy of policies) {
      const decision = await this.#authenticator.authenticate(carrier(), policy);
      if (decision.admitted) return decision.user;
      refused ??= decision;
    }
    if (open || refused === undefined || refused.admitted) return undefined;
    return new CognitoAuthException(refused.refusal);
  }
}

/** What a policy asks of the one who connects. Its check is about a message. */
function withoutCheck({ check: _, ...policy }: Policy): Policy {
  return policy;
}

function endBody(why: LifetimeEnd): object {
  const message = why === 'token_expired' ? 'The token has expired.' : 'The token is not valid here.';
  return { status: 'error', statusCode: 401, code: why === 'token_expired' ? why : 'token_invalid', message };
}

function httpAnswer(exception: CognitoAuthException): string {
  const status = exception.getStatus();
  const body = JSON.stringify(exception.getResponse());
  const headers = {
    ...exception.getHeaders(),
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
