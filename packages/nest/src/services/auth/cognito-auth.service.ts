import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  ChangePasswordCommand,
  type ChangePasswordCommandInput,
  ConfirmForgotPasswordCommand,
  type ConfirmForgotPasswordCommandInput,
  ConfirmSignUpCommand,
  type ConfirmSignUpCommandInput,
  ForgotPasswordCommand,
  type ForgotPasswordCommandInput,
  GetUserCommand,
  type GetUserCommandInput,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  type ResendConfirmationCodeCommandInput,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import { CognestError } from '../../errors/cognest-error.js';
import type { PasswordAuthFlow } from '../../options/cognito-options.js';
import { fromApi, toApi } from '../casing.js';
import { CognitoApi } from '../cognito-api.js';
import { type AuthOutput, readTokens, usernameOf } from './auth-output.js';
import type {
  ChangePasswordInput,
  ConfirmForgotPasswordInput,
  ConfirmSignUpInput,
  ConfirmSignUpOutput,
  ForgotPasswordInput,
  ForgotPasswordOutput,
  GetUserInput,
  GetUserOutput,
  GlobalSignOutInput,
  InitiateInput,
  RefreshInput,
  ResendConfirmationCodeInput,
  ResendConfirmationCodeOutput,
  SignedIn,
  SignInInput,
  SignInResult,
  SignUpInput,
  SignUpOutput,
} from './auth-types.js';
import {
  type AnswerableChallenge,
  type AnswerTo,
  type ChallengeAnswers,
  type CognitoChallenge,
  readChallenge,
  writeAnswer,
} from './challenges.js';

/**
 * What a user does: signing up and in, passwords, their own profile. Client id and SECRET_HASH are filled in.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer. No method needs AWS credentials
 * but those called with the flow `ADMIN_USER_PASSWORD_AUTH`.
 */
@Injectable()
export class CognitoAuthService {
  readonly #api: CognitoApi;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    this.#api = api;
  }

  /**
   * Registers a user, who then confirms with the code that Cognito sends (`SignUp`).
   *
   * @example `await auth.signUp({ username, password, userAttributes: { email } })`
   * @throws `UsernameExistsException`, `InvalidPasswordException`, `InvalidParameterException`,
   *   `NotAuthorizedException` (the pool takes no sign-ups, or an attribute may not be written).
   */
  async signUp(input: SignUpInput): Promise<SignUpOutput> {
    const command = new SignUpCommand({
      ...this.#named<SignUpCommandInput>(input),
      ...this.#secretHash(input),
    });
    return fromApi(await this.#api.call('SignUp', (client) => client.send(command)));
  }

  /**
   * Confirms a sign-up with its code (`ConfirmSignUp`).
   *
   * @throws `CodeMismatchException`, `ExpiredCodeException`, `NotAuthorizedException` (confirmed already),
   *   `AliasExistsException`, `UserNotFoundException`.
   */
  async confirmSignUp(input: ConfirmSignUpInput): Promise<ConfirmSignUpOutput> {
    const command = new ConfirmSignUpCommand({
      ...this.#named<ConfirmSignUpCommandInput>(input),
      ...this.#secretHash(input),
    });
    return fromApi(await this.#api.call('ConfirmSignUp', (client) => client.send(command)));
  }

  /**
   * Sends the code of a sign-up once more (`ResendConfirmationCode`).
   *
   * @throws `InvalidParameterException` (confirmed already), `UserNotFoundException`, `LimitExceededException`.
   */
  async resendConfirmationCode(input: ResendConfirmationCodeInput): Promise<ResendConfirmationCodeOutput> {
    const command = new ResendConfirmationCodeCommand({
      ...this.#named<ResendConfirmationCodeCommandInput>(input),
      ...this.#secretHash(input),
    });
    return fromApi(await this.#api.call('ResendConfirmationCode', (client) => client.send(command)));
  }

  /**
   * Signs a user in with their password (`InitiateAuth`, or `AdminInitiateAuth` with the flow
   * `ADMIN_USER_PASSWORD_AUTH`).
   *
   * @example
   * const result = await auth.signIn({ username, password });
   * if (result.status === 'challenge') return result.challenge;
   * return result.tokens;
   * @throws `NotAuthorizedException` (wrong password; no such user), `UserNotFoundException` (where the client reveals
   *   it), `UserNotConfirmedException`, `PasswordResetRequiredException`, {@link UnsupportedChallengeError}.
   */
  async signIn(input: SignInInput): Promise<SignInResult> {
    const { username, password, authFlow = this.#api.authFlow, ...rest } = input;
    const parameters = { USERNAME: username, PASSWORD: password, ...this.#secretHashParameter(username) };
    const output = await this.#initiate(authFlow, authFlow, parameters, rest);
    return this.#signInResult(output, username, authFlow);
  }

  /**
   * Answers a challenge (`RespondToAuthChallenge`, or `AdminRespondToAuthChallenge` where the sign-in was signed).
   * The compiler checks that the answer fits the challenge. Another challenge may follow.
   *
   * @example
   * if (challenge.name === 'NEW_PASSWORD_REQUIRED') {
   *   await auth.respondToChallenge(challenge, { newPassword, userAttributes: { given_name } });
   * }
   * @throws `InvalidPasswordException` (the session stays usable), `NotAuthorizedException` (the session is used up or
   *   expired), `InvalidParameterException` (a required attribute is missing), {@link UnsupportedChallengeError}.
   */
  async respondToChallenge<Given extends AnswerableChallenge>(
    challenge: Given,
    answer: AnswerTo<Given>,
  ): Promise<SignInResult> {
    const { username, session, authFlow = this.#api.authFlow } = challenge;
    const given = answer as ChallengeAnswers[CognitoChallenge['name']];
    const request = {
      ClientId: this.#api.clientId,
      ChallengeName: challenge.name,
      Session: session,
      ChallengeResponses: {
        ...writeAnswer(challenge, given),
        USERNAME: username,
        ...this.#secretHashParameter(username),
      },
      ...(given.clientMetadata !== undefined && { ClientMetadata: { ...given.clientMetadata } }),
    };
    const output =
      authFlow === 'ADMIN_USER_PASSWORD_AUTH'
        ? await this.#api.call(
            'AdminRespondToAuthChallenge',
            (client) =>
              client.send(
                new AdminRespondToAuthChallengeCommand({ ...request, UserPoolId: this.#api.userPoolId }),
              ),
            request,
          )
        : await this.#api.call(
            'RespondToAuthChallenge',
            (client) => client.send(new RespondToAuthChallengeCommand(request)),
            request,
          );
    return this.#signInResult(output, username, authFlow);
  }

  /**
   * New tokens for a refresh token (`InitiateAuth` or `AdminInitiateAuth` with `REFRESH_TOKEN_AUTH`). The user's
   * groups and attributes are read anew; the refresh token stays the same.
   *
   * @throws `NotAuthorizedException` (expired, revoked, of another client), `UnsupportedOperationException` (the client
   *   rotates refresh tokens), {@link CognestError} `argument_invalid` (the client has a secret, so `username` is
   *   needed).
   */
  async refresh(input: RefreshInput): Promise<SignedIn> {
    const { refreshToken, username, deviceKey, authFlow = this.#api.authFlow, ...rest } = input;
    if (username === undefined && this.#api.hasSecret) {
      throw new CognestError(
        'argument_invalid',
        'refresh() needs "username" because the app client has a secret: the real user name, as in the access token, not an alias',
      );
    }
    const parameters = {
      REFRESH_TOKEN: refreshToken,
      ...(deviceKey !== undefined && { DEVICE_KEY: deviceKey }),
      ...(username !== undefined && this.#secretHashParameter(username)),
    };
    const output = await this.#initiate(authFlow, 'REFRESH_TOKEN_AUTH', parameters, rest);
    const result = this.#signInResult(output, username ?? '', authFlow);
    if (result.status === 'signed-in') return result;
    throw new CognestError('cognito_response_invalid', 'Cognito answered a refresh with a challenge');
  }

  /**
   * Sends a code with which a forgotten password can be replaced (`ForgotPassword`).
   *
   * @throws `InvalidParameterException` (no verified address to send it to), `NotAuthorizedException` (disabled or
   *   invited user), `UserNotFoundException` (where the client reveals it), `LimitExceededException`.
   */
  async forgotPassword(input: ForgotPasswordInput): Promise<ForgotPasswordOutput> {
    const command = new ForgotPasswordCommand({
      ...this.#named<ForgotPasswordCommandInput>(input),
      ...this.#secretHash(input),
    });
    return fromApi(await this.#api.call('ForgotPassword', (client) => client.send(command)));
  }

  /**
   * Sets a new password with the code of {@link forgotPassword} (`ConfirmForgotPassword`).
   *
   * @throws `CodeMismatchException`, `ExpiredCodeException`, `InvalidPasswordException`, `UserNotFoundException` (where
   *   the client reveals it), `LimitExceededException`.
   */
  async confirmForgotPassword(input: ConfirmForgotPasswordInput): Promise<void> {
    const command = new ConfirmForgotPasswordCommand({
      ...this.#named<ConfirmForgotPasswordCommandInput>(input),
      ...this.#secretHash(input),
    });
    await this.#api.call('ConfirmForgotPassword', (client) => client.send(command));
  }

  /**
   * Replaces the password of a signed-in user (`ChangePassword`). Tokens stay valid.
   *
   * @throws `NotAuthorizedException` (wrong present password; unusable token), `InvalidPasswordException`,
   *   `LimitExceededException`.
   */
  async changePassword(input: ChangePasswordInput): Promise<void> {
    const command = new ChangePasswordCommand(toApi(input) as unknown as ChangePasswordCommandInput);
    await this.#api.call('ChangePassword', (client) => client.send(command));
  }

  /**
   * The profile of the user whose access token it is (`GetUser`). Unlike the guard, Cognito knows of sign-outs.
   *
   * @throws `NotAuthorizedException` (unusable token), `UserNotFoundException` (deleted meanwhile).
   */
  async getUser(input: GetUserInput): Promise<GetUserOutput> {
    const command = new GetUserCommand(toApi(input) as unknown as GetUserCommandInput);
    const output = await this.#api.call('GetUser', (client) => client.send(command));
    return { ...fromApi(output), userAttributes: fromApi(output).userAttributes ?? {} };
  }

  /**
   * Ends every session of the user whose access token it is (`GlobalSignOut`). Guards of other processes go on accepting
   * tokens issued before until these expire, unless the option `revocations` is a list that they share.
   *
   * @throws `NotAuthorizedException` (unusable token).
   */
  async globalSignOut(input: GlobalSignOutInput): Promise<void> {
    await this.#api.run(GlobalSignOutCommand, 'GlobalSignOut', input, {});
  }

  /** The API's names, and the client id. What the module knows wins over what a caller may have spread in. */
  #named<Request>(input: object): Request & { ClientId: string } {
    return { ...toApi(input), ClientId: this.#api.clientId } as Request & { ClientId: string };
  }

  #secretHash({ username }: { username: string }): { SecretHash?: string } {
    const hash = this.#api.secretHash(username);
    return hash === undefined ? {} : { SecretHash: hash };
  }

  #secretHashParameter(username: string): { SECRET_HASH?: string } {
    const hash = this.#api.secretHash(username);
    return hash === undefined ? {} : { SECRET_HASH: hash };
  }

  #initiate(
    signing: PasswordAuthFlow,
    flow: PasswordAuthFlow | 'REFRESH_TOKEN_AUTH',
    parameters: Record<string, string>,
    rest: InitiateInput,
  ): Promise<AuthOutput> {
    const request = {
      ...toApi(rest),
      ClientId: this.#api.clientId,
      AuthFlow: flow,
      AuthParameters: parameters,
    };
    return signing === 'ADMIN_USER_PASSWORD_AUTH'
      ? this.#api.call(
          'AdminInitiateAuth',
          (client) =>
            client.send(new AdminInitiateAuthCommand({ ...request, UserPoolId: this.#api.userPoolId })),
          request,
        )
      : this.#api.call('InitiateAuth', (client) => client.send(new InitiateAuthCommand(request)), request);
  }

  #signInResult(output: AuthOutput, username: string, authFlow: PasswordAuthFlow): SignInResult {
    if (output.ChallengeName !== undefined) {
      const challenge = readChallenge({
        challengeName: output.ChallengeName,
        session: output.Session,
        parameters: output.ChallengeParameters ?? {},
        username,
        authFlow,
      });
      return { status: 'challenge', challenge };
    }
    const tokens = readTokens(output.AuthenticationResult);
    return { status: 'signed-in', username: usernameOf(tokens.accessToken) ?? username, tokens };
  }
}
