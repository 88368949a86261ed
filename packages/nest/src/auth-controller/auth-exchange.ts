import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { SessionRefresh } from '../cookie-session/cookie-session.js';
import { RefreshedSessions } from '../cookie-session/refreshed-sessions.js';
import { ProblemException } from '../errors/problem.exception.js';
import { CognitoAuthException } from '../guard/cognito-auth.exception.js';
import { CREDENTIALS_MISSING } from '../guard/refusal.js';
import type { SignedIn, SignInResult, Tokens } from '../services/auth/auth-types.js';
import type { CognitoAuthService } from '../services/auth/cognito-auth.service.js';
import { AUTH_CONTROLLER_OPTIONS, AUTH_SERVICE, type ResolvedAuthOptions } from './auth-options.js';
import type { RefreshRequest, SignOutRequest } from './bodies.js';
import { type ChallengeAnswer, showChallenge } from './challenge-exchange.js';
import type { Exchange } from './endpoint.decorator.js';

/** A sign-in as it is answered. With a cookie session the tokens are in the cookies, and not here. */
export interface SignedInAnswer {
  readonly status: 'signed-in';
  readonly username: string;
  /** When the access token expires. */
  readonly expiresAt: Date;
  readonly tokens?: Tokens;
}

/** Tokens on their way to the user and back: in bodies, or in the cookies of a session. */
@Injectable()
export class AuthExchange {
  readonly #auth: CognitoAuthService;
  readonly #options: ResolvedAuthOptions;
  readonly #adapterHost: HttpAdapterHost;
  readonly #refreshed = new RefreshedSessions();

  constructor(
    @Inject(AUTH_SERVICE) auth: CognitoAuthService,
    @Inject(AUTH_CONTROLLER_OPTIONS) options: ResolvedAuthOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    this.#auth = auth;
    this.#options = options;
    this.#adapterHost = adapterHost;
  }

  async answer(result: SignInResult, exchange: Exchange): Promise<SignedInAnswer | ChallengeAnswer> {
    if (result.status === 'signed-in') return this.#signedIn(result, exchange, undefined);
    return showChallenge(result.challenge, await this.#auth.sealChallenge(result.challenge));
  }

  /** New tokens, for the refresh token of the body or of the session. */
  async refresh(given: RefreshRequest, exchange: Exchange): Promise<SignedInAnswer> {
    const { session } = this.#options;
    if (session === undefined) {
      const refreshToken = this.#tokenOfBody(given);
      const { username, deviceKey } = given;
      const result = await this.#auth.refresh({ refreshToken, username, deviceKey });
      return this.#signedIn(result, exchange, undefined);
    }
    this.#refuseTokenOfBody(given);
    if (given.deviceKey !== undefined) {
      throw new ProblemException(
        400,
        'request_invalid',
        'The device is in the session cookie: send no "deviceKey" in the body.',
      );
    }
    const kept = session.readRefresh(exchange.request);
    // The cookies stay: another tab may have got new ones just now, and this answer would take them away again.
    if (kept === undefined) throw new CognitoAuthException(CREDENTIALS_MISSING);
    const result = await this.#refreshed.refresh(kept.refreshToken, () => this.#auth.refresh(kept));
    return this.#signedIn(result, exchange, kept);
  }

  /** Ends the session of the request at Cognito, and in the browser whatever Cognito says. */
  async signOut(given: SignOutRequest, exchange: Exchange): Promise<void> {
    const { session } = this.#options;
    if (session === undefined) {
      await this.#auth.revokeToken({ token: this.#tokenOfBody(given) });
      return;
    }
    this.#refuseTokenOfBody(given);
    this.forget(exchange);
    const kept = session.readRefresh(exchange.request);
    if (kept === undefined) return;
    this.#refreshed.end(kept.refreshToken);
    await this.#auth.revokeToken({ token: kept.refreshToken });
  }

  /** Ends the session in the browser. */
  forget({ request, response }: Exchange): void {
    this.#setCookies(response, this.#options.session?.clear(request) ?? []);
  }

  #signedIn(result: SignedIn, { response }: Exchange, before: SessionRefresh | undefined): SignedInAnswer {
    const { status, username, tokens } = result;
    const answer = { status, username, expiresAt: tokens.expiresAt };
    const { session } = this.#options;
    if (session === undefined) return { ...answer, tokens };
    const refreshToken = tokens.refreshToken ?? before?.refreshToken;
    // Cognito gives one with every sign-in.
    if (refreshToken === undefined)
      throw new ProblemException(502, 'cognito_failed', 'There is no refresh token.');
    const deviceKey = tokens.newDeviceMetadata?.deviceKey ?? before?.deviceKey;
    this.#setCookies(response, session.write(tokens.accessToken, { refreshToken, username, deviceKey }));
    return answer;
  }

  #tokenOfBody({ refreshToken }: { refreshToken?: string | undefined }): string {
    if (refreshToken !== undefined) return refreshToken;
    throw new ProblemException(400, 'request_invalid', 'The body needs "refreshToken".');
  }

  #refuseTokenOfBody({ refreshToken }: { refreshToken?: string | undefined }): void {
    if (refreshToken === undefined) return;
    throw new ProblemException(
      400,
      'request_invalid',
      'The refresh token is in the session cookie: send none in the body.',
    );
  }

  #setCookies(response: unknown, cookies: readonly string[]): void {
    for (const cookie of cookies) this.#adapterHost.httpAdapter.appendHeader(response, 'Set-Cookie', cookie);
  }
}
