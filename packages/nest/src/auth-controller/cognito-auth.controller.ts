import { ProblemException } from '../errors/problem.exception.js';
import type { SignInInput, SignUpOutput } from '../services/auth/auth-types.js';
import type { AnswerTo } from '../services/auth/challenge-answers.js';
import type { CognitoChallenge } from '../services/auth/challenges.js';
import {
  ACCEPTED_SCHEMA,
  REFRESHED_SCHEMA,
  SIGN_IN_SCHEMA,
  SIGN_UP_SCHEMA,
  TOTP_SETUP_SCHEMA,
} from './answers.js';
import type { AuthExchange, SignedInAnswer } from './auth-exchange.js';
import {
  ChallengeBody,
  type ChallengeRequest,
  ConfirmBody,
  type ConfirmRequest,
  RefreshBody,
  type RefreshRequest,
  ResetPasswordBody,
  type ResetPasswordRequest,
  SealedBody,
  type SealedRequest,
  SignInBody,
  type SignInRequest,
  SignOutBody,
  type SignOutRequest,
  SignUpBody,
  type SignUpRequest,
  UsernameBody,
  type UsernameRequest,
} from './bodies.js';
import { type ChallengeAnswer, readAnswer } from './challenge-exchange.js';
import { CheckedBody, Endpoint, type Exchange, HttpExchange, requestInvalid } from './endpoint.decorator.js';
import { GUESSED, INVALID, OwnAccountController } from './own-account.controller.js';
import { alike, silently } from './uniform-answers.js';

/** What public endpoints answer that tell nothing. */
export interface Accepted {
  readonly status: 'accepted';
}

/** What an authenticator app is set up with, and the challenge that its first code answers. All of it is secret. */
export interface TotpSetup extends ChallengeAnswer {
  /** For users who type it in: Base32. */
  readonly secretCode: string;
  /** For a QR code. */
  readonly otpauthUri: string;
}

/**
 * Ready-made endpoints for everything that users do with their accounts. `CognitoAuthModule.forRoot()` mounts it.
 *
 * To do something otherwise, extend it, override the method, and name the class in `CognitoAuthModule.forRoot({ controller
 * })`: the method keeps its route, its policy, its checks and its documentation, unless you decorate it anew.
 * Dependencies of yours are injected as ever: this class needs none in its constructor.
 */
export class CognitoAuthController extends OwnAccountController {
  @Endpoint({
    part: 'sign-up',
    route: 'post sign-up',
    access: 'public',
    status: 202,
    summary: 'Signs a user up, who is sent a code to confirm with.',
    body: SignUpBody,
    answer: SIGN_UP_SCHEMA,
    refusals: {
      400: INVALID,
      409: 'The name is taken. Not with uniform answers.',
      422: 'The password is too weak.',
      429: GUESSED,
    },
  })
  async signUp(
    @CheckedBody(SignUpBody) { username, password, attributes }: SignUpRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<Accepted & Partial<Pick<SignUpOutput, 'userConfirmed'>>> {
    const userAttributes = this.writable('attributes', attributes);
    const signUp = () => this.auth.signUp({ username, password, userAttributes });
    if (this.options.uniformAnswers) {
      // Of the address alone: that a name was tried before says nothing about it, and must not.
      await this.attempts.sending(exchange, undefined, () => silently('SignUp', signUp));
      return { status: 'accepted' };
    }
    const { userConfirmed } = await this.attempts.sending(exchange, undefined, signUp);
    return { status: 'accepted', userConfirmed };
  }

  @Endpoint({
    part: 'sign-up',
    route: 'post sign-up/confirm',
    access: 'public',
    status: 204,
    summary: 'Confirms a sign-up with the code that was sent.',
    body: ConfirmBody,
    refusals: {
      400: INVALID,
      409: 'Another account has the address.',
      422: 'The code is no good.',
      429: GUESSED,
    },
  })
  async confirmSignUp(
    @CheckedBody(ConfirmBody) { username, code }: ConfirmRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.guessing(exchange, username, 'confirmSignUp', () =>
      this.auth.confirmSignUp({ username, confirmationCode: code }),
    );
  }

  @Endpoint({
    part: 'sign-up',
    route: 'post sign-up/resend',
    access: 'public',
    status: 202,
    summary: 'Sends the code of a sign-up again, if there is a sign-up to confirm.',
    body: UsernameBody,
    answer: ACCEPTED_SCHEMA,
    refusals: { 400: INVALID, 429: 'Too many messages.' },
  })
  async resendCode(
    @CheckedBody(UsernameBody) { username }: UsernameRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<Accepted> {
    return this.sending(exchange, username, 'ResendConfirmationCode', () =>
      this.auth.resendConfirmationCode({ username }),
    );
  }

  @Endpoint({
    part: 'sign-in',
    route: 'post sign-in',
    access: 'public',
    status: 200,
    summary: 'Signs a user in, or answers with what is asked for first.',
    body: SignInBody,
    answer: SIGN_IN_SCHEMA,
    refusals: { 400: INVALID, 401: 'User name and password do not open an account.', 429: GUESSED },
  })
  async signIn(
    @CheckedBody(SignInBody) { username, password, preferredChallenge, device: given }: SignInRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<SignedInAnswer | ChallengeAnswer> {
    const guess = (input: SignInInput) =>
      this.guessing(exchange, username, 'signIn', () => this.auth.signIn(input));
    if (password === undefined && this.options.signInByChoice) {
      return this.exchange.signIn(given, exchange, (device) =>
        // It may send a code.
        this.attempts.starting(exchange, username, () =>
          guess({ username, authFlow: 'USER_AUTH', preferredChallenge, device }),
        ),
      );
    }
    if (password === undefined) throw requestInvalid([{ path: ['password'], message: 'is missing' }]);
    if (preferredChallenge !== undefined) {
      throw requestInvalid([{ path: ['preferredChallenge'], message: 'goes without "password"' }]);
    }
    return this.exchange.signIn(given, exchange, async (device) => ({
      result: await guess({ username, password, device }),
    }));
  }

  @Endpoint({
    part: 'sign-in',
    route: 'post challenge',
    access: 'public',
    status: 200,
    summary: 'Answers what a sign-in asked for; something else may follow.',
    body: ChallengeBody,
    answer: SIGN_IN_SCHEMA,
    refusals: {
      400: INVALID,
      401: 'The challenge is used up, has expired, or is not one of this app: sign in anew.',
      422: 'The answer is wrong, or the password too weak.',
      429: GUESSED,
    },
  })
  async answerChallenge(
    @CheckedBody(ChallengeBody) { challenge: sealed, answer }: ChallengeRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<SignedInAnswer | ChallengeAnswer> {
    const { challenge, underWay } = await this.unseal(sealed, exchange);
    const given = readAnswer(challenge, answer);
    if (given === undefined) {
      throw new ProblemException(
        501,
        'challenge_unsupported',
        `${challenge.name} is not answered from a browser.`,
      );
    }
    const { userAttributes } = given as { userAttributes?: Record<string, string> };
    const writable = this.writable('answer.userAttributes', userAttributes);
    const checked = { ...given, userAttributes: writable, device: underWay.device };
    const answered = await this.exchange.respond(underWay, exchange, () =>
      this.guessing(exchange, challenge.username, 'challenge', () =>
        // The answer was checked against the schema of exactly this challenge.
        this.auth.respondToChallenge(challenge, checked as AnswerTo<CognitoChallenge>),
      ),
    );
    if (answered.status === 'signed-in') await this.attempts.giveBack(underWay.taken);
    return answered;
  }

  @Endpoint({
    part: 'sign-in',
    route: 'post challenge/totp',
    access: 'public',
    status: 200,
    summary:
      'What an authenticator app is set up with, for the challenge MFA_SETUP, and the challenge to answer then.',
    body: SealedBody,
    answer: TOTP_SETUP_SCHEMA,
    refusals: {
      400: INVALID,
      401: 'The challenge is used up, has expired, or is not one of this app: sign in anew.',
      409: 'The challenge is another one.',
      429: GUESSED,
    },
  })
  async setUpTotp(
    @CheckedBody(SealedBody) { challenge: sealed }: SealedRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<TotpSetup> {
    const { challenge, underWay } = await this.unseal(sealed, exchange);
    if (challenge.name !== 'MFA_SETUP') {
      throw new ProblemException(
        409,
        'challenge_other',
        `The challenge is ${challenge.name}, not MFA_SETUP.`,
      );
    }
    const setup = await this.guessing(exchange, challenge.username, 'challenge', () =>
      this.auth.setUpSoftwareToken(challenge, { issuer: this.options.issuer }),
    );
    const asked = { status: 'challenge', challenge: setup.challenge } as const;
    const next = await this.exchange.answer(asked, exchange, underWay);
    return { ...(next as ChallengeAnswer), secretCode: setup.secretCode, otpauthUri: setup.otpauthUri };
  }

  @Endpoint({
    part: 'session',
    route: 'post refresh',
    access: 'public',
    status: 200,
    summary: 'New tokens. With a cookie session, the body is empty.',
    body: RefreshBody,
    bodyInSession: false,
    answer: REFRESHED_SCHEMA,
    refusals: { 400: INVALID, 401: 'The refresh token is no good: sign in anew.' },
  })
  async refresh(
    @CheckedBody(RefreshBody) given: RefreshRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<SignedInAnswer> {
    return this.exchange.refresh(given, exchange);
  }

  @Endpoint({
    part: 'session',
    route: 'post sign-out',
    access: 'public',
    status: 204,
    summary: 'Ends this session. With a cookie session, the body is empty.',
    body: SignOutBody,
    bodyInSession: false,
    refusals: { 400: INVALID },
  })
  async signOut(
    @CheckedBody(SignOutBody) given: SignOutRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.exchange.signOut(given, exchange);
  }

  @Endpoint({
    part: 'forgot-password',
    route: 'post forgot-password',
    access: 'public',
    status: 202,
    summary: 'Sends a code to set a new password with, if there is an account to send it to.',
    body: UsernameBody,
    answer: ACCEPTED_SCHEMA,
    refusals: { 400: INVALID, 429: 'Too many messages.' },
  })
  async forgotPassword(
    @CheckedBody(UsernameBody) { username }: UsernameRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<Accepted> {
    return this.sending(exchange, username, 'ForgotPassword', () => this.auth.forgotPassword({ username }));
  }

  @Endpoint({
    part: 'forgot-password',
    route: 'post forgot-password/confirm',
    access: 'public',
    status: 204,
    summary: 'Sets a new password with the code that was sent.',
    body: ResetPasswordBody,
    refusals: { 400: INVALID, 422: 'The code is no good, or the password.', 429: GUESSED },
  })
  async resetPassword(
    @CheckedBody(ResetPasswordBody) { username, code, newPassword }: ResetPasswordRequest,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.guessing(exchange, username, 'resetPassword', () =>
      this.auth.confirmForgotPassword({ username, confirmationCode: code, password: newPassword }),
    );
  }

  /** What was sealed for this app: who sends anything else is guessing. */
  protected unseal(sealed: string, exchange: Exchange): ReturnType<AuthExchange['open']> {
    return this.attempts.guessing(exchange, undefined, () => this.exchange.open(sealed));
  }

  /** Runs what somebody may be guessing at, answered alike for accounts that exist and others. */
  protected guessing<Result>(
    exchange: Exchange,
    account: string,
    what: Parameters<typeof alike>[0],
    act: () => Promise<Result>,
  ): Promise<Result> {
    return this.attempts.guessing(exchange, account, () =>
      this.options.uniformAnswers ? alike(what, act) : act(),
    );
  }

  /** Runs what sends a message, answered alike for accounts that exist and others. */
  protected async sending(
    exchange: Exchange,
    account: string,
    operation: Parameters<typeof silently>[0],
    act: () => Promise<unknown>,
  ): Promise<Accepted> {
    await this.attempts.sending(exchange, account, () =>
      this.options.uniformAnswers ? silently(operation, act) : act(),
    );
    return { status: 'accepted' };
  }
}
