import { createHmac } from 'node:crypto';
import {
  type $Command,
  type CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientResolvedConfig,
  CognitoIdentityProviderServiceException,
  NotAuthorizedException,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import { BoundedLog } from '../errors/bounded-log.js';
import { CognestError } from '../errors/cognest-error.js';
import { type NamedIds, noteOrigin } from '../errors/failed-operation.js';
import { isDeliveryFault, tellsByOutcome, tellsOfUser, UniformAnswers } from '../errors/user-existence.js';
import { wireText } from '../errors/wire-text.js';
import type { ResolvedPool } from '../options/cognito-options.js';
import { isClient } from '../options/resolve-pool.js';
import { createClient } from '../pools/create-client.js';
import { answerFault } from './answer-shape.js';
import { translateFault } from './call-faults.js';
import { fromApi, type Input, type Output, toApi } from './casing.js';
import { signsInByChoice } from './choice-question.js';
import { watchExchange } from './exchange.js';
import { foreignToken } from './foreign-token.js';
import { inputOf, refuseUnknownMembers, type Structure } from './input-members.js';

/** A command of the SDK's client, by its class. */
type CommandClass<Request extends ServiceInputTypes, Response extends ServiceOutputTypes> = new (
  request: Request,
) => $Command<
  Request,
  Response,
  CognitoIdentityProviderClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

/**
 * Is told of a call after Cognito has done what was asked, before the caller is. The caller waits for a promise, and
 * gets the error if it fails, although the call has succeeded.
 *
 * `request` and `response` are in the API's words, and hold passwords and tokens: log neither.
 */
export type CallObserver = (operation: string, request: object, response: object) => void | Promise<void>;

/** Is told of a call before it is made, and can keep what will be gone afterwards. It fails as an observer does. */
export type CallPreparation = (operation: string, request: object) => void | Promise<void>;

/** The ids of the options. */
interface Ids {
  readonly userPoolId: string;
  readonly clientId: string;
}

/** How the services of one pool reach Cognito: the ids they fill in, and what becomes of errors. */
export class CognitoApi {
  /** What the pool is called in the options. */
  readonly poolName: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly authFlow: ResolvedPool['authFlow'];
  readonly client: CognitoIdentityProviderClient;
  readonly #clientSecret: string | undefined;
  readonly #challengeKeys: ResolvedPool['challengeKeys'];
  readonly #acceptedClientIds: ResolvedPool['acceptedClientIds'];
  readonly #ownsClient: boolean;
  readonly #observers = new Set<CallObserver>();
  readonly #preparations = new Set<CallPreparation>();
  /** None where the pool may tell who exists. */
  readonly #uniform: UniformAnswers | undefined;
  readonly #simulated = new WeakSet<object>();
  readonly #inputs = new WeakMap<object, Structure | undefined>();
  readonly #logger = new Logger(CognitoApi.name);
  readonly #bounded = new BoundedLog(CognitoApi.name);

  constructor(pool: ResolvedPool) {
    const ask = () => signsInByChoice(this.client, this.clientId, (username) => this.secretHash(username));
    // An emulator has no users to protect, and its tests no time to lose.
    const floorMs = pool.verifier.endpoint === undefined ? undefined : 0;
    this.#uniform =
      pool.preventUserExistenceErrors === 'ENABLED' ? new UniformAnswers(ask, floorMs) : undefined;
    this.poolName = pool.name;
    this.userPoolId = pool.userPoolId;
    this.clientId = pool.clientId;
    this.authFlow = pool.authFlow;
    this.#challengeKeys = pool.challengeKeys;
    this.#acceptedClientIds = pool.acceptedClientIds;
    this.client = createClient(pool);
    this.#clientSecret = pool.clientSecret;
    this.#ownsClient = !isClient(pool.client);
  }

  /** Closes the client's connections, unless it was handed in: it may have other users then. */
  destroy(): void {
    if (this.#ownsClient) this.client.destroy();
  }

  /** The pool's id as requests carry it: what {@link run} fills in for most operations that an administrator calls. */
  get inPool(): { UserPoolId: string } {
    return { UserPoolId: this.userPoolId };
  }

  get hasSecret(): boolean {
    return this.#clientSecret !== undefined;
  }

  /** What challenges are sealed with; empty when the options say nothing. */
  get challengeKeys(): ResolvedPool['challengeKeys'] {
    return this.#challengeKeys;
  }

  /** The client's id and secret, as the operations carry them that take the secret itself and no hash. */
  get asClient(): { ClientId: string; ClientSecret: string | undefined } {
    return { ClientId: this.clientId, ClientSecret: this.#clientSecret };
  }

  /** The pool and the app client, for administrators' operations on the client itself. */
  get inClient(): { UserPoolId: string; ClientId: string } {
    return { UserPoolId: this.userPoolId, ClientId: this.clientId };
  }

  /**
   * Base64 of HMAC-SHA256 over user name and client id; `undefined` for a client without secret. What is no name is
   * refused elsewhere.
   */
  secretHash(username: unknown): string | undefined {
    if (this.#clientSecret === undefined) return undefined;
    const name = typeof username === 'string' ? username : '';
    return createHmac('sha256', this.#clientSecret).update(`${name}${this.clientId}`).digest('base64');
  }

  /**
   * Tells `observer` of every call that succeeds, and `before` of every call with the same request, until the function
   * that is returned is called.
   */
  observe(observer: CallObserver, before?: CallPreparation): () => void {
    this.#observers.add(observer);
    if (before !== undefined) this.#preparations.add(before);
    return () => {
      this.#observers.delete(observer);
      if (before !== undefined) this.#preparations.delete(before);
    };
  }

  /**
   * Runs one operation with a caller's input, and gives its output, both in this package's words.
   *
   * @param Command - the SDK's class.
   * @param operation - its name on the wire, for errors and observers; a bundler may have changed the name of the class.
   * @param filledIn - what the service knows, in the API's words. An input that holds any of it at run time is refused:
   *   it may be a request body that a caller has spread in.
   * @throws as {@link call}, and {@link CognestError} `argument_invalid` for an input that is no object, or has a member
   *   that the operation does not take.
   */
  async run<
    Request extends ServiceInputTypes,
    Response extends ServiceOutputTypes,
    FilledIn extends keyof Request = never,
  >(
    Command: CommandClass<Request, Response>,
    operation: string,
    input: Input<Request, FilledIn>,
    filledIn: Pick<Request, FilledIn>,
  ): Promise<Output<Response>> {
    const structure = this.#inputOf(Command, operation);
    refuseUnknownMembers(operation, input, structure, filledIn);
    return this.#run(Command, operation, { ...toApi(input, structure), ...filledIn } as unknown as Request);
  }

  /**
   * As {@link run}, where the input may say otherwise than the service.
   *
   * @param defaults - what the service knows, in the API's words.
   * @throws as {@link run}.
   */
  async runWithDefaults<
    Request extends ServiceInputTypes,
    Response extends ServiceOutputTypes,
    Default extends keyof Request,
  >(
    Command: CommandClass<Request, Response>,
    operation: string,
    input: Input<Request, Default>,
    defaults: Pick<Request, Default>,
  ): Promise<Output<Response>> {
    const structure = this.#inputOf(Command, operation);
    refuseUnknownMembers(operation, input, structure);
    return this.#run(Command, operation, { ...defaults, ...toApi(input, structure) } as unknown as Request);
  }

  async #run<Request extends ServiceInputTypes, Response extends ServiceOutputTypes>(
    Command: CommandClass<Request, Response>,
    operation: string,
    request: Request,
  ): Promise<Output<Response>> {
    if ('AccessToken' in request) this.refuseForeign(operation, request.AccessToken);
    const command = new Command(request);
    const send = async (client: CognitoIdentityProviderClient) => {
      const exchange = watchExchange(command, client);
      const response = await client.send(command).catch((error: unknown) => {
        throw translateFault(error, { operation, isUnsent: exchange.isUnsent });
      });
      const fault = answerFault((command as { schema?: unknown }).schema, response, exchange.body);
      if (fault === undefined) return response;
      throw new CognestError(
        'cognito_response_invalid',
        `The answer to ${operation} is not Cognito's: ${fault}`,
      );
    };
    return fromApi(await this.call(operation, send, request));
  }

  /**
   * Refuses an access token of another pool or of an app client whose tokens do not get in here, before anything is sent:
   * Cognito takes those of any pool in its region, and acts on that pool's user. It reads, and does not verify: what is no
   * token is left to Cognito.
   *
   * @throws `NotAuthorizedException`, as Cognito does for an access token that it does not take.
   */
  refuseForeign(operation: string, token: unknown): void {
    const why = foreignToken(token, this.userPoolId, this.#acceptedClientIds);
    if (why === undefined) return;
    const error = new NotAuthorizedException({
      message: `Access Token is ${why} (the pool "${this.poolName}", ${operation})`,
      $metadata: {},
    });
    noteOrigin(error, { operation, hidesUsers: this.#uniform !== undefined });
    throw error;
  }

  /** What an operation takes, which the SDK's class says only of an instance. */
  #inputOf(Command: new (request: never) => object, operation: string): Structure | undefined {
    let structure = this.#inputs.get(Command);
    if (structure === undefined && !this.#inputs.has(Command)) {
      const { schema } = new Command({} as never) as { schema?: unknown };
      structure = inputOf(schema);
      if (structure === undefined) {
        this.#logger.warn(
          `The AWS SDK that is installed does not tell what ${operation} takes: misspelt members go unnoticed`,
        );
      }
      this.#inputs.set(Command, structure);
    }
    return structure;
  }

  /**
   * Runs one operation. Cognito's exceptions pass unchanged, but where `preventUserExistenceErrors` makes one look like a
   * success; whatever else the SDK rejects with becomes an error of this package.
   *
   * @param request - what is sent, in the API's words, for observers; a call without it is not observed.
   * @throws {CognestError} `cognito_timeout`, `cognito_unreachable`, `cognito_response_invalid` or
   *   `credentials_unavailable`.
   */
  async call<Output extends object>(
    operation: string,
    send: (client: CognitoIdentityProviderClient) => Promise<Output>,
    request?: object,
  ): Promise<Output> {
    if (request !== undefined) for (const prepare of this.#preparations) await prepare(operation, request);
    const startedAtMs = performance.now();
    const response = await this.#send(operation, send, request);
    // Nothing was done where the answer is made up.
    if (request !== undefined && !this.#simulated.has(response))
      for (const observe of this.#observers) await observe(operation, request, response);
    // Last, since observers take their time over real answers only.
    if (tellsByOutcome(operation)) await this.#uniform?.hold(operation, startedAtMs);
    return response;
  }

  async #send<Output extends object>(
    operation: string,
    send: (client: CognitoIdentityProviderClient) => Promise<Output>,
    request: object | undefined,
  ): Promise<Output> {
    let response: Output;
    try {
      response = await send(this.client);
    } catch (error) {
      const translated = translateFault(error, { operation, isUnsent: false });
      const named = namedIn(request, this);
      noteOrigin(translated, { operation, hidesUsers: this.#uniform !== undefined, named });
      if (this.#uniform === undefined || !tellsOfUser(operation, translated)) throw translated;
      this.#log(operation, translated);
      const simulated = await this.#uniform.simulate(operation);
      this.#simulated.add(simulated);
      return simulated as Output;
    }
    if (tellsByOutcome(operation)) this.#uniform?.strip(operation, response);
    return response;
  }

  /** Nobody else hears of it. Cognito's message may quote the input, so it stays out of the log. */
  #log(operation: string, exception: CognitoIdentityProviderServiceException): void {
    const { name, $metadata } = exception;
    const requestId = wireText($metadata.requestId ?? 'unknown');
    const what = `${name} from ${operation}, request ${requestId}: answered like a success`;
    if (isDeliveryFault(exception)) this.#bounded.error(`${name} ${operation}`, what);
    else this.#logger.debug(what);
  }
}

/** Which of the options' ids a request says otherwise than they do. */
function namedIn(request: object | undefined, { userPoolId, clientId }: Ids): NamedIds {
  const { UserPoolId, ClientId, ResourceArn } = (request ?? {}) as Readonly<Record<string, unknown>>;
  const isOtherArn = typeof ResourceArn === 'string' && !ResourceArn.endsWith(`/${userPoolId}`);
  return {
    pool: isOtherArn || (UserPoolId !== undefined && UserPoolId !== userPoolId),
    client: ClientId !== undefined && ClientId !== clientId,
  };
}
