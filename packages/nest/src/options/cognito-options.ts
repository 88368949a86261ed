import type {
  CognitoIdentityProviderClient,
  CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PoolOptions, RevocationList, Revocations, TokenUse, VerifierOptions } from '@cognest/verifier';
import type { AuditMode } from '../audit/audit-mode.js';
import type { CognitoErrorMapping } from '../errors/cognito-error-table.js';
import type { TokenSource } from '../guard/token-sources.js';
import type { MessageToken } from '../transports/transport.js';

/** What becomes of a handler about which nothing is said: it is closed, or it is left alone. */
export type ProtectMode = 'all' | 'decorated';

/**
 * How `signIn` hands the password to Cognito. `USER_PASSWORD_AUTH` and `USER_SRP_AUTH` need no AWS credentials;
 * `USER_SRP_AUTH` proves the password and does not send it. `ADMIN_USER_PASSWORD_AUTH` is signed with AWS credentials, so
 * that the client can be closed to everybody else.
 */
export type PasswordAuthFlow = 'USER_PASSWORD_AUTH' | 'USER_SRP_AUTH' | 'ADMIN_USER_PASSWORD_AUTH';

/** Cognito's own words for whether errors tell who exists. */
export type PreventUserExistenceErrors = 'ENABLED' | 'LEGACY';

/** The options of `@cognest/verifier` about one pool that this module does not set itself. */
export type PoolVerifierPassThrough = Pick<
  PoolOptions,
  'allowInsecureEndpoint' | 'issuerForm' | 'replicaRegions' | 'jwks'
>;

/** The options of `@cognest/verifier` that this module does not set itself. */
export type VerifierPassThrough = Omit<VerifierOptions, 'clockToleranceS' | 'revocations'> &
  PoolVerifierPassThrough;

/** The SDK client's configuration but for what has an option of its own here. */
export type CognitoClientConfig = Omit<CognitoIdentityProviderClientConfig, 'region' | 'endpoint'>;

/** One user pool: which it is, whose tokens are taken, how it is called. */
export interface CognitoPoolOptions {
  /** `<region>_<id>`. Environment, for the pool at top level: `COGNITO_USER_POOL_ID`. Required. */
  userPoolId?: string | undefined;
  /** The app client that the services act as. Environment, for the pool at top level: `COGNITO_CLIENT_ID`. Required. */
  clientId?: string | undefined;
  /** That client's secret, if it has one. Environment, for the pool at top level: `COGNITO_CLIENT_SECRET`. */
  clientSecret?: string | undefined;
  /** Further app clients of the pool whose tokens the guard takes. Default: none. */
  trustedClientIds?: readonly string[] | undefined;
  /**
   * Where calls go. Default: the region in `userPoolId`, since a pool lives in one region; where that is none of AWS's
   * (an emulator), `AWS_REGION` or `AWS_DEFAULT_REGION`.
   */
  region?: string | undefined;
  /**
   * Another address than AWS's public one. Environment: `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`, else
   * `AWS_ENDPOINT_URL`. A host of AWS's own (a VPC endpoint, FIPS) changes where calls go and nothing else. Any other
   * host is an emulator: tokens are then accepted from the issuer `<endpoint>/<userPoolId>`, and not from AWS.
   */
  endpoint?: string | undefined;
  /** How `signIn` hands over the password unless the call says otherwise. Default `'USER_PASSWORD_AUTH'`. */
  authFlow?: PasswordAuthFlow | undefined;
  /**
   * Keys for `sealChallenge`, 32 random bytes each in Base64 (`openssl rand -base64 32`). The first seals; each opens, so
   * that one can take the place of another. Default: one made at boot, with a warning once it seals.
   */
  challengeKeys?: readonly string[] | undefined;
  /**
   * Whether who has no valid token is kept from learning who has an account. With `'ENABLED'`, `signUp`,
   * `forgotPassword` and `resendConfirmationCode` answer alike whether or not there is the user, and the exception filter
   * answers sign-ins and confirmations alike. The three take as long as the slowest of them of late, and 300 ms at least,
   * but for an emulator's (see `endpoint`). `'LEGACY'` tells as Cognito itself does. Default `'ENABLED'`.
   *
   * It is named as the setting of the app client, which works inside Cognito: set both.
   */
  preventUserExistenceErrors?: PreventUserExistenceErrors | undefined;
  /**
   * How long one request to Cognito may take until its answer is read, in milliseconds; the SDK may try again. Default
   * 10_000. A ready-made `client`, or a ready-made `requestHandler` in its configuration, has its own.
   */
  requestTimeoutMs?: number | undefined;
  /** A ready-made SDK client, which stays yours to destroy; or configuration for the module's own. */
  client?: CognitoIdentityProviderClient | CognitoClientConfig | undefined;
  /** Further options of the verifier about this pool: issuers, keys given by hand. */
  verifier?: PoolVerifierPassThrough | undefined;
}

/**
 * How the module is set up. Whatever is left out comes from the environment where a variable is named, else from the
 * default. An option of the wrong form, or one that does not exist, stops the boot.
 *
 * The pool that stands at top level is named `default`. It may be left out where `pools` names one at least; the first
 * of these is then the one that services act on when nothing is said.
 */
export interface CognitoModuleOptions extends CognitoPoolOptions {
  /**
   * Further pools, or all of them, by name: letters, digits and `_`, not starting with a digit. A pool inherits nothing
   * from top level; of the environment, the endpoint and the region count for it, too. Default: none.
   */
  pools?: Readonly<Record<string, CognitoPoolOptions>> | undefined;
  /**
   * The name of the pool that a request is about, for `CognitoPools.forRequest`. It must be a configured one. Default:
   * none, and `forRequest` refuses.
   */
  resolvePool?(request: object): string | Promise<string>;
  /** `'all'` closes every handler that is not `@Public()`; `'decorated'` guards just what is decorated. Default `'all'`. */
  protect?: ProtectMode | undefined;
  /**
   * What becomes of the list of all handlers and who gets in: `'log'` shows it at boot; `'enforce'` refuses to start,
   * too, while nothing is said about a handler that `protect: 'decorated'` leaves alone; `false` does neither.
   * Default `'log'`.
   */
  audit?: AuditMode | undefined;
  /** The kind of token that handlers take unless their policy says otherwise. Default `'access'`. */
  tokenUse?: TokenUse | undefined;
  /**
   * Where a request may bring its token, in the order in which they are looked at. More than one token in one request
   * is refused. Default `['header']`.
   */
  tokenSources?: readonly TokenSource[] | undefined;
  /**
   * Finds the token of a microservice's message: bare, unchecked; `undefined` when there is none. Default: the
   * `authorization: Bearer <token>` of transports that have metadata (NATS, gRPC, RabbitMQ, Kafka, MQTT). TCP and Redis
   * have none, so that every guarded message is refused there until this says where to look.
   */
  messageToken?: MessageToken | undefined;
  /** Tolerated difference between our clock and AWS's, in seconds. Default 5. */
  clockToleranceS?: number | undefined;
  /**
   * Asked about every token at every request; and told, if it is a `RevocationList`, what the services end: sign-outs,
   * disabled and deleted users, users taken out of a group, deleted groups. What has `isRevoked` alone is asked, and a
   * list in memory beside it; of a list without `revokeGroup`, groups are kept so. `false` switches it off. Default: a list in memory, for this process.
   */
  revocations?: Revocations | false | undefined;
  /**
   * Further options of the verifier: cache, keys, `fetch`, for all pools together; issuers, for the pool at
   * top level.
   */
  verifier?: VerifierPassThrough | undefined;
  /**
   * Entries that replace those of {@link cognitoErrorTable}, by key. One that leaves out `detail` or `unauthenticated` keeps
   * the table's.
   */
  errors?: Readonly<Record<string, CognitoErrorMapping>> | undefined;
}

/** For `useClass` and `useExisting` of `CognitoModule.forRootAsync`. */
export interface CognitoOptionsFactory {
  createCognitoOptions(): CognitoModuleOptions | Promise<CognitoModuleOptions>;
}

/** A pool after the environment, the defaults and the checks. */
export interface ResolvedPool {
  readonly name: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly authFlow: PasswordAuthFlow;
  /** Of 32 bytes each. */
  readonly challengeKeys: readonly Uint8Array[];
  readonly preventUserExistenceErrors: PreventUserExistenceErrors;
  readonly requestTimeoutMs: number;
  readonly client: CognitoIdentityProviderClient | CognitoClientConfig;
  /** Every app client of the pool whose tokens are accepted. */
  readonly acceptedClientIds: readonly string[];
  readonly verifier: PoolOptions<null>;
}

/** The options after the environment, the defaults and the checks. */
export interface ResolvedCognitoOptions {
  /** The first is the one that services act on when nothing is said. */
  readonly pools: readonly [ResolvedPool, ...ResolvedPool[]];
  readonly resolvePool: ((request: object) => string | Promise<string>) | undefined;
  readonly protect: ProtectMode;
  readonly audit: AuditMode;
  readonly tokenUse: TokenUse;
  readonly tokenSources: readonly TokenSource[];
  readonly messageToken: MessageToken | undefined;
  readonly clockToleranceS: number;
  /** What the verifier asks, and where the services record what they end. */
  readonly revocations: RevocationList | undefined;
  /** What is common to all pools. */
  readonly verifier: VerifierOptions;
  readonly errors: Readonly<Record<string, CognitoErrorMapping>>;
  /** Every app client whose tokens are accepted, of whichever pool. */
  readonly acceptedClientIds: readonly string[];
}
