import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { CookieSession, SessionRefresh } from '../cookie-session/cookie-session.js';
import { RefreshedSessions } from '../cookie-session/refreshed-sessions.js';
import { ProblemException } from '../errors/problem.exception.js';
import { CognitoAuthException } from '../guard/cognito-auth.exception.js';
import { CREDENTIALS_MISSING } from '../guard/refusal.js';
import type { SignedIn, SignInResult, Tokens } from '../services/auth/auth-types.js';
import { SealedChallengeError } from '../services/auth/challenge-seal.js';
import type { CognitoChallenge } from '../services/auth/challenges.js';
import type { CognitoAuthService } from '../services/auth/cognito-auth.service.js';
import { isUnknownDevice, type RememberedDevice } from '../services/auth/devices.js';
import { AccessSession } from './access-session.js';
import { AUTH_CONTROLLER_OPTIONS, AUTH_SERVICE, type ResolvedAuthOptions } from './auth-options.js';
import type { ConfirmDeviceRequest, RefreshRequest, SignOutRequest } from './bodies.js';
import type { TakenAttempts } from './booked-attempts.js';
import { type ChallengeAnswer, showChallenge } from './challenge-exchange.js';
import type { Exchange } from './endpoint.decorator.js';

/** What every step of a sign-in must know of it, sealed with each of its challenges. */
export interface SignInUnderWay {
  /** That the sign-in names: each answer must, too. */
  readonly device?: RememberedDevice | undefined;
  /** What it is given back when it succeeds. */
  readonly taken?: TakenAttempts | undefined;
}

/** How a sign-in has begun. */
export interface SignInStart {
  readonly result: SignInResult;
  readonly taken?: TakenAttempts | undefined;
}

type SealedChallenge = CognitoChallenge &
  SignInUnderWay & {
    /** The path of the controller that the sign-in began at; none for one that the app sealed by itself. */
    readonly at?: string | undefined;
  };

/** A sign-in as it is answered. With a cookie session the tokens are in the cookies, and not here. */
export interface SignedInAnswer {
  readonly status: 'signed-in';
  readonly username: string;
  /** When the access token expires. */
  readonly expiresAt: Date;
  /** The device is a new one to the pool: `POST devices` makes it known. */
  readonly newDevice?: true;
  readonly tokens?: Tokens;
}

/** A device that was confirmed. */
export interface ConfirmedOwnDevice {
  /** Whether it is remembered; if not, `PUT devices/:deviceKey` says so later. */
  readonly remembered: boolean;
  /** To be kept as a password is, and sent with each sign-in. With a cookie session all but the key is in a cookie. */
  readonly device: { readonly deviceKey: string } & Partial<RememberedDevice>;
}

/** Tokens on their way to the user and back: in bodies, or in the cookies of a session. */
@Injectable()
export class AuthExchange {
  readonly #auth: CognitoAuthService;
  readonly #options: ResolvedAuthOptions;
  readonly #adapterHost: HttpAdapterHost;
  readonly #accessSession: AccessSession;
  readonly #refreshed = new RefreshedSessions();

  constructor(
    @Inject(AUTH_SERVICE) auth: CognitoAuthService,
    @Inject(AUTH_CONTROLLER_OPTIONS) options: ResolvedAuthOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(AccessSession) accessSession: AccessSession,
  ) {
    this.#auth = auth;
    this.#options = options;
    this.#adapterHost = adapterHost;
    this.#accessSession = accessSession;
  }

  /**
   * Signs in with the device of the body or of the cookie, or as a new device where the user does not have it any more, or
   * never had: a browser has more than one user.
   *
   * @param signIn - called twice at most.
   * @throws {ProblemException} 400 `request_invalid`
   */
  async signIn(
    given: RememberedDevice | undefined,
    exchange: Exchange,
    signIn: (device: RememberedDevice | undefined) => Promise<SignInStart>,
  ): Promise<SignedInAnswer | ChallengeAnswer> {
    const device = this.#deviceOf(given, exchange);
    if (device === undefined) {
      const { result, taken } = await signIn(undefined);
      return this.answer(result, exchange, { taken });
    }
    const { username: owner, ...known } = device;
    try {
      const { result, taken } = await signIn(known);
      return await this.answer(result, exchange, { device: known, taken });
    } catch (error) {
      if (!isUnknownDevice(error)) throw error;
    }
    const { result, taken } = await signIn(undefined);
    const username = result.status === 'signed-in' ? result.username : result.challenge.username;
    // Not for somebody else's sign-in: the device is still its own user's.
    if (username === owner) this.#setCookies(exchange, this.#options.session?.clearDevice(exchange.request));
    return this.answer(result, exchange, { taken });
  }

  async answer(
    result: SignInResult,
    exchange: Exchange,
    { device, taken }: SignInUnderWay = {},
  ): Promise<SignedInAnswer | ChallengeAnswer> {
    if (result.status === 'signed-in') return this.#signedIn(result, exchange, { device });
    const challenge: SealedChallenge = {
      ...result.challenge,
      at: this.#options.path,
      ...(device !== undefined && { device }),
      ...(taken !== undefined && { taken }),
    };
    return showChallenge(challenge, await this.#auth.sealChallenge(challenge));
  }

  /**
   * A challenge that {@link answer} has sealed, here: a sign-in that began at another controller, which may let others
   * begin or otherwise, ends there.
   *
   * @throws {SealedChallengeError}
   */
  async open(sealed: string): Promise<{ challenge: CognitoChallenge; underWay: SignInUnderWay }> {
    const { at, device, taken, ...challenge } = (await this.#auth.openChallenge(sealed)) as SealedChallenge;
    if (at !== undefined && at !== this.#options.path) throw new SealedChallengeError();
    return { challenge: challenge as CognitoChallenge, underWay: { device, taken } };
  }

  /**
   * Answers a challenge of a sign-in.
   *
   * @throws {ProblemException} 401 `not_authorized`: the device was forgotten meanwhile.
   */
  async respond(
    underWay: SignInUnderWay,
    exchange: Exchange,
    respond: () => Promise<SignInResult>,
  ): Promise<SignedInAnswer | ChallengeAnswer> {
    const { device } = underWay;
    try {
      return await this.answer(await respond(), exchange, underWay);
    } catch (error) {
      if (device === undefined || !isUnknownDevice(error)) throw error;
      this.#setCookies(exchange, this.#clearDevice(device.deviceKey, exchange));
      throw new ProblemException(
        401,
        'not_authorized',
        'The device was forgotten: sign in anew, without it.',
        {
          cause: error,
          headers: { 'WWW-Authenticate': 'Bearer' },
        },
      );
    }
  }

  /**
   * Makes known the device that a sign-in has named.
   *
   * @throws {ProblemException} 400 `request_invalid`; 409 `device_unnamed`: the session has named none.
   */
  async confirmDevice(
    given: ConfirmDeviceRequest,
    accessToken: string,
    exchange: Exchange,
  ): Promise<ConfirmedOwnDevice> {
    const { deviceKey, deviceGroupKey, name: deviceName, remembered: remember } = given;
    const { session } = this.#options;
    const confirm = async (newDeviceMetadata: { deviceKey: string; deviceGroupKey: string }) => {
      const confirmed = await this.#auth.confirmDevice({
        accessToken,
        newDeviceMetadata,
        deviceName,
        remember,
      });
      return { device: confirmed.device, remembered: !confirmed.userConfirmationNecessary };
    };
    if (session === undefined) {
      if (deviceKey === undefined || deviceGroupKey === undefined) {
        throw new ProblemException(
          400,
          'request_invalid',
          'The body needs "deviceKey" and "deviceGroupKey": the "newDeviceMetadata" of the sign-in.',
        );
      }
      return confirm({ deviceKey, deviceGroupKey });
    }
    this.#refuseInSession(
      deviceKey ?? deviceGroupKey,
      'The device is in the session cookie: send none in the body.',
    );
    const kept = session.readRefresh(exchange.request);
    if (kept?.deviceKey === undefined || kept.deviceGroupKey === undefined) {
      throw new ProblemException(
        409,
        'device_unnamed',
        'This session has named no device to confirm: sign in anew, in a pool that remembers devices.',
      );
    }
    const { deviceKey: named, deviceGroupKey: group, username } = kept;
    const { device, remembered } = await confirm({ deviceKey: named, deviceGroupKey: group });
    if (username !== undefined) this.#setCookies(exchange, session.writeDevice({ username, ...device }));
    return { remembered, device: { deviceKey: device.deviceKey } };
  }

  /** Forgets a device, in the browser too where it is that one. */
  async forgetDevice(deviceKey: string, exchange: Exchange, forget: () => Promise<void>): Promise<void> {
    // Before: what is wrong with the cookies is said while nothing has been done.
    const cookies = this.#clearDevice(deviceKey, exchange);
    await forget();
    this.#setCookies(exchange, cookies);
  }

  /** New tokens, for the refresh token of the body or of the session. */
  async refresh(given: RefreshRequest, exchange: Exchange): Promise<SignedInAnswer> {
    const { session } = this.#options;
    if (session === undefined) {
      const refreshToken = this.#tokenOfBody(given);
      const { username, deviceKey } = given;
      const result = await this.#auth.refresh({ refreshToken, username, deviceKey });
      return this.#signedIn(result, exchange);
    }
    this.#refuseTokenOfBody(given);
    this.#refuseInSession(
      given.deviceKey,
      'The device is in the session cookie: send no "deviceKey" in the body.',
    );
    const kept = session.readRefresh(exchange.request);
    // The cookies stay: another tab may have got new ones just now, and this answer would take them away again.
    if (kept === undefined) throw new CognitoAuthException(CREDENTIALS_MISSING);
    const { refreshToken, username, deviceKey } = kept;
    const result = await this.#refreshed.refresh(refreshToken, () =>
      this.#auth.refresh({ refreshToken, username, deviceKey }),
    );
    return this.#signedIn(result, exchange, { before: kept });
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
    try {
      const kept = session.readRefresh(exchange.request);
      if (kept === undefined) return;
      this.#refreshed.end(kept.refreshToken);
      await this.#auth.revokeToken({ token: kept.refreshToken });
    } finally {
      // The refresh cookie may be missing, or say nothing of the session: who signs out is out all the same.
      const accessToken = accessTokenOf(session, exchange);
      if (accessToken !== undefined) await this.#accessSession.revoke(accessToken);
    }
  }

  /** Ends the session in the browser. */
  forget(exchange: Exchange): void {
    this.#setCookies(exchange, this.#options.session?.clear(exchange.request));
  }

  #signedIn(
    result: SignedIn,
    exchange: Exchange,
    { before, device }: { before?: SessionRefresh; device?: RememberedDevice | undefined } = {},
  ): SignedInAnswer {
    const { status, username, tokens } = result;
    const { newDeviceMetadata: named } = tokens;
    const answer = {
      status,
      username,
      expiresAt: tokens.expiresAt,
      ...(named !== undefined && { newDevice: true as const }),
    };
    const { session } = this.#options;
    if (session === undefined) return { ...answer, tokens };
    const refreshToken = tokens.refreshToken ?? before?.refreshToken;
    // Cognito gives one with every sign-in.
    if (refreshToken === undefined)
      throw new ProblemException(502, 'cognito_failed', 'There is no refresh token.');
    // That of this sign-in; a refresh goes on with what the session has.
    const known = device && { deviceKey: device.deviceKey, deviceGroupKey: undefined };
    const { deviceKey, deviceGroupKey } = named ?? known ?? before ?? {};
    this.#setCookies(
      exchange,
      session.write(tokens.accessToken, { refreshToken, username, deviceKey, deviceGroupKey }),
    );
    // Counted anew from each use.
    if (device !== undefined) this.#setCookies(exchange, session.writeDevice({ ...device, username }));
    return answer;
  }

  /** @throws {ProblemException} 400 `request_invalid` for a device in the body, where the cookie has it. */
  #deviceOf(
    given: RememberedDevice | undefined,
    { request }: Exchange,
  ): (RememberedDevice & { readonly username?: string }) | undefined {
    const { session } = this.#options;
    if (session === undefined) return given;
    this.#refuseInSession(given, 'The device is in its cookie: send no "device" in the body.');
    return session.readDevice(request);
  }

  /** The cookies with which the browser is a device no more, if it is that one. */
  #clearDevice(deviceKey: string, { request }: Exchange): string[] {
    const { session } = this.#options;
    return session?.readDevice(request)?.deviceKey === deviceKey ? session.clearDevice(request) : [];
  }

  #tokenOfBody({ refreshToken }: { refreshToken?: string | undefined }): string {
    if (refreshToken !== undefined) return refreshToken;
    throw new ProblemException(400, 'request_invalid', 'The body needs "refreshToken".');
  }

  #refuseTokenOfBody({ refreshToken }: { refreshToken?: string | undefined }): void {
    this.#refuseInSession(refreshToken, 'The refresh token is in the session cookie: send none in the body.');
  }

  #refuseInSession(given: unknown, detail: string): void {
    if (given !== undefined) throw new ProblemException(400, 'request_invalid', detail);
  }

  #setCookies({ response }: Exchange, cookies: readonly string[] = []): void {
    for (const cookie of cookies) this.#adapterHost.httpAdapter.appendHeader(response, 'Set-Cookie', cookie);
  }
}

/** None where the cookie came twice: no guard would take it either. */
function accessTokenOf(session: CookieSession, { request }: Exchange): string | undefined {
  try {
    return session.read(request);
  } catch (error) {
    if (error instanceof CognitoAuthException) return undefined;
    throw error;
  }
}
