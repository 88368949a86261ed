import { createHash } from 'node:crypto';
import {
  GetTokensFromRefreshTokenCommand,
  NotAuthorizedException,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognestError } from '../../errors/cognest-error.js';
import { noteOrigin } from '../../errors/failed-operation.js';
import type { CognitoApi } from '../cognito-api.js';
import { type MembersOf, refuseOtherMembers } from '../input-members.js';
import { type AuthOutput, deviceKeyOf, readTokens, usernameOf } from './auth-output.js';
import type { RefreshInput, SignedIn, Tokens } from './auth-types.js';
import { isSecretRefused, type SecretCheck } from './secret-check.js';
import type { SignInExchange } from './sign-in-exchange.js';
import { text } from './write-answer.js';

/** The tokens of a sign-in may be given as they are, though three of them are of use. */
const REFRESH: MembersOf<RefreshInput | Tokens> = {
  refreshToken: true,
  username: true,
  accessToken: true,
  idToken: true,
  deviceKey: true,
  clientMetadata: true,
  authFlow: true,
  signed: true,
  analyticsMetadata: true,
  userContextData: true,
  contextData: true,
  tokenType: true,
  expiresIn: true,
  expiresAt: true,
  newDeviceMetadata: true,
};

/** New tokens for old ones, by the operation that the app client takes. */
export class TokenRefresher {
  readonly #api: CognitoApi;
  readonly #exchange: SignInExchange;
  readonly #secret: SecretCheck;
  /** By hash of refresh token and device key. An entry is gone when its call is over. */
  readonly #underWay = new Map<string, Promise<SignedIn>>();
  /** What the service said it does not do for this client: one word, as there is one client. */
  #refused: 'GetTokensFromRefreshToken' | 'REFRESH_TOKEN_AUTH' | undefined;

  constructor(api: CognitoApi, exchange: SignInExchange, secret: SecretCheck) {
    this.#api = api;
    this.#exchange = exchange;
    this.#secret = secret;
  }

  /**
   * A rotating refresh token is good once: those who ask at the same time get the answer to one call, whatever else they
   * say. Who holds the token could have asked without saying it.
   */
  async refresh(input: RefreshInput): Promise<SignedIn> {
    refuseOtherMembers('The input of refresh()', input, REFRESH);
    text({ ...input }, 'refreshToken');
    for (const member of ['username', 'accessToken', 'idToken', 'deviceKey'] as const) {
      if (input[member] !== undefined) text({ ...input }, member);
    }
    if (input.authFlow === undefined && carriesContext(input)) {
      throw new CognestError(
        'argument_invalid',
        'refresh() carries data about the request only with "authFlow": "REFRESH_TOKEN_AUTH"',
      );
    }
    for (const token of [input.accessToken, input.idToken]) this.#api.refuseForeign('refresh()', token);
    const key = createHash('sha256')
      .update(JSON.stringify([input.refreshToken, deviceOf(input)]))
      .digest('base64');
    let call = this.#underWay.get(key);
    if (call === undefined) {
      call = this.#refresh(input).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, call);
    }
    const { tokens, ...rest } = await call;
    // Nobody changes what others have got.
    return { ...rest, tokens: { ...tokens } };
  }

  async #refresh(input: RefreshInput): Promise<SignedIn> {
    const asSignIn =
      input.authFlow === 'REFRESH_TOKEN_AUTH'
        ? this.#refused !== 'REFRESH_TOKEN_AUTH' || carriesContext(input)
        : this.#refused === 'GetTokensFromRefreshToken';
    const first = asSignIn ? 'REFRESH_TOKEN_AUTH' : 'GetTokensFromRefreshToken';
    try {
      return this.#read(input, await this.#call(first, input));
    } catch (error) {
      if (!isRefused(first, error) || carriesContext(input)) throw error;
      this.#refused = first;
      const other = asSignIn ? 'GetTokensFromRefreshToken' : 'REFRESH_TOKEN_AUTH';
      return this.#read(input, await this.#call(other, input));
    }
  }

  #call(
    operation: 'GetTokensFromRefreshToken' | 'REFRESH_TOKEN_AUTH',
    input: RefreshInput,
  ): Promise<AuthOutput> {
    const { refreshToken, clientMetadata } = input;
    const deviceKey = deviceOf(input);
    if (operation === 'GetTokensFromRefreshToken') {
      return this.#api.run(
        GetTokensFromRefreshTokenCommand,
        operation,
        { refreshToken, deviceKey, clientMetadata },
        this.#api.asClient,
      );
    }
    const { analyticsMetadata, contextData, userContextData, signed } = (
      input.authFlow === undefined ? {} : input
    ) as Extract<RefreshInput, { authFlow: string }>;
    const step = {
      // Of no use but for SECRET_HASH.
      username: this.#api.hasSecret ? this.#realName(input) : '',
      signed: signed ?? this.#api.authFlow === 'ADMIN_USER_PASSWORD_AUTH',
      context: { analyticsMetadata, clientMetadata, contextData, userContextData },
      device: deviceKey === undefined ? undefined : { deviceKey },
    };
    return this.#asSignIn(step, refreshToken);
  }

  async #asSignIn(
    step: Parameters<SignInExchange['initiate']>[0],
    refreshToken: string,
  ): Promise<AuthOutput> {
    try {
      return await this.#exchange.initiate(step, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: refreshToken });
    } catch (error) {
      if (!isSecretRefused(error)) throw error;
      // SECRET_HASH is made of the caller's name and of our secret: one of the two is wrong. Where there is no secret to
      // make it of, it is not the name.
      const isOurs = (await this.#secret.refusal()) !== undefined || !this.#api.hasSecret;
      if (isOurs) throw error;
      const refused = new NotAuthorizedException({
        message: 'The refresh token is not of this user: "username" must be the real user name, not an alias',
        $metadata: error.$metadata,
      });
      refused.cause = error;
      noteOrigin(refused, {
        operation: step.signed ? 'AdminInitiateAuth' : 'InitiateAuth',
        hidesUsers: true,
      });
      throw refused;
    }
  }

  #realName({ username, accessToken, idToken }: RefreshInput): string {
    const name = username ?? usernameOf(accessToken ?? '') ?? usernameOf(idToken ?? '');
    if (name !== undefined) return name;
    throw new CognestError(
      'argument_invalid',
      'refresh() by REFRESH_TOKEN_AUTH needs "username" because the app client has a secret: the real user name, not ' +
        'an alias; "accessToken" or "idToken" of the same session serve as well',
    );
  }

  #read({ username }: RefreshInput, output: AuthOutput): SignedIn {
    if (output.challengeName !== undefined) {
      throw new CognestError('cognito_response_invalid', 'Cognito answered a refresh with a challenge');
    }
    const tokens = readTokens(output.authenticationResult);
    const name = usernameOf(tokens.accessToken) ?? usernameOf(tokens.idToken) ?? username;
    if (name === undefined) {
      throw new CognestError(
        'cognito_response_invalid',
        'Cognito answered a refresh with tokens that name no user',
      );
    }
    return { status: 'signed-in', username: name, tokens };
  }
}

/** Whether it was the operation that was refused, and not the token. */
function isRefused(operation: string, error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return operation === 'REFRESH_TOKEN_AUTH'
    ? // The client rotates its refresh tokens.
      name === 'UnsupportedOperationException'
    : // An emulator that is older than the operation.
      name === 'UnknownOperationException';
}

/** What only a refresh as a sign-in can carry. */
function carriesContext(input: RefreshInput): boolean {
  return (['analyticsMetadata', 'contextData', 'userContextData'] as const).some(
    (member) => (input as Extract<RefreshInput, { authFlow: string }>)[member] !== undefined,
  );
}

/** The device that a refresh is for: the one that is named, else that of the access token. */
function deviceOf({ deviceKey, accessToken }: RefreshInput): string | undefined {
  return deviceKey ?? deviceKeyOf(accessToken ?? '');
}
