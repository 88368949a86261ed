import { createHmac } from 'node:crypto';
import {
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import { noteOperation } from '../errors/failed-operation.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { isClient } from '../options/resolve-options.js';
import { COGNITO_CLIENT, RESOLVED_OPTIONS } from '../tokens.js';

/** The client that the options describe, or the one that they hold. */
export function createClient(options: ResolvedCognitoOptions): CognitoIdentityProviderClient {
  if (isClient(options.client)) return options.client;
  const { region, endpoint, requestTimeoutMs } = options;
  return new CognitoIdentityProviderClient({
    requestHandler: {
      connectionTimeout: Math.min(3_000, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...options.client,
    region,
    ...(endpoint !== undefined && { endpoint }),
  });
}

/** How the services reach Cognito: the ids they fill in, and what becomes of errors. */
@Injectable()
export class CognitoApi {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly authFlow: ResolvedCognitoOptions['authFlow'];
  readonly #clientSecret: string | undefined;
  readonly #client: CognitoIdentityProviderClient;

  constructor(
    @Inject(COGNITO_CLIENT) client: CognitoIdentityProviderClient,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
  ) {
    this.#client = client;
    this.#clientSecret = options.clientSecret;
    this.userPoolId = options.userPoolId;
    this.clientId = options.clientId;
    this.authFlow = options.authFlow;
  }

  get hasSecret(): boolean {
    return this.#clientSecret !== undefined;
  }

  /** Base64 of HMAC-SHA256 over user name and client id; `undefined` for a client without secret. */
  secretHash(username: string): string | undefined {
    if (this.#clientSecret === undefined) return undefined;
    return createHmac('sha256', this.#clientSecret).update(`${username}${this.clientId}`).digest('base64');
  }

  /**
   * Runs one operation. Cognito's exceptions pass unchanged.
   *
   * @throws {CognestError} `cognito_timeout`, `cognito_unreachable` or `cognito_response_invalid`.
   */
  async call<Output>(
    operation: string,
    send: (client: CognitoIdentityProviderClient) => Promise<Output>,
  ): Promise<Output> {
    try {
      return await send(this.#client);
    } catch (error) {
      const translated = translate(error, operation);
      noteOperation(translated, operation);
      throw translated;
    }
  }
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'UND_ERR_SOCKET',
]);

function translate(error: unknown, operation: string): unknown {
  if (!(error instanceof Error) || error instanceof CognitoIdentityProviderServiceException) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.name === 'TimeoutError' || error.name === 'AbortError' || code === 'ETIMEDOUT') {
    return new CognestError('cognito_timeout', `Cognito did not answer ${operation} in time`, {
      cause: error,
    });
  }
  if (NETWORK_CODES.has(code)) {
    return new CognestError('cognito_unreachable', `No connection to Cognito for ${operation}: ${code}`, {
      cause: error,
    });
  }
  // The SDK attaches the response to an error that it made of one.
  if ('$response' in error || error instanceof SyntaxError) {
    return new CognestError('cognito_response_invalid', `The answer to ${operation} is not Cognito's`, {
      cause: error,
    });
  }
  return error;
}
