import {
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  ConfirmDeviceCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UnauthorizedException,
  UpdateDeviceStatusCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import { CognestError, show } from '../../errors/cognest-error.js';
import { CognitoApi } from '../cognito-api.js';
import { kindOf, type MembersOf, refuseOtherMembers, requireObject } from '../input-members.js';
import { SelfService } from '../self-service/self-service.js';
import type {
  ChangePasswordInput,
  ConfirmDeviceInput,
  ConfirmedDevice,
  ConfirmForgotPasswordInput,
  ConfirmSignUpInput,
  ConfirmSignUpOutput,
  ForgotPasswordInput,
  ForgotPasswordOutput,
  GetUserInput,
  GetUserOutput,
  GlobalSignOutInput,
  RefreshInput,
  ResendConfirmationCodeInput,
  ResendConfirmationCodeOutput,
  RevokeTokenInput,
  SignedIn,
  SignInInput,
  SignInResult,
  SignUpInput,
  SignUpOutput,
  SoftwareTokenInput,
  SoftwareTokenSetUp,
  Tokens,
} from './auth-types.js';
import type { AnswerTo } from './challenge-answers.js';
import { ChallengeSeal, type SealOptions } from './challenge-seal.js';
import type { AnswerableChallenge, CognitoChallenge, MfaSetupChallenge } from './challenges.js';
import { newDevicePassword } from './devices.js';
import { checkOtpauthNames, otpauthUri } from './otpauth-uri.js';
import { SecretCheck } from './secret-check.js';
import { SignInExchange } from './sign-in-exchange.js';
import { planSignIn } from './sign-in-plan.js';
import { verifierOf } from './srp.js';
import { TokenRefresher } from './token-refresher.js';

/** The tokens of a sign-in may be given as they are, though not all of them are of use. */
const CONFIRM_DEVICE: MembersOf<ConfirmDeviceInput | Tokens> = {
  accessToken: true,
  newDeviceMetadata: true,
  deviceName: true,
  remember: true,
  idToken: true,
  refreshToken: true,
  tokenType: true,
  expiresIn: true,
  expiresAt: true,
};
const NEW_DEVICE: MembersOf<ConfirmDeviceInput['newDeviceMetadata']> = {
  deviceKey: true,
  deviceGroupKey: true,
};
const SOFTWARE_TOKEN: MembersOf<SoftwareTokenInput> = { issuer: true, accountName: true };
const SEAL_OPTIONS: MembersOf<SealOptions> = { expiresInS: true };

/**
 * What a user does: signing up and in, passwords, their own profile. Client id and SECRET_HASH are filled in.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer. No method needs AWS credentials
 * but those of a signed sign-in.
 */
@Injectable()
export class CognitoAuthService extends SelfService {
  readonly #api: CognitoApi;

  readonly #exchange: SignInExchange;
  readonly #secret: SecretCheck;
  readonly #refresher: TokenRefresher;
  readonly #seal: ChallengeSeal;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    super(api);
    this.#api = api;
    this.#exchange = new SignInExchange(api);
    this.#secret = new SecretCheck(api);
    this.#refresher = new TokenRefresher(api, this.#exchange, this.#secret);
    this.#seal = new ChallengeSeal(api, api.challengeKeys);
  }

  /**
   * Registers a user, who then confirms with the code that Cognito sends (`SignUp`).
   *
   * @example `await auth.signUp({ username, password, userAttributes: { email } })`
   * @throws `UsernameExistsException`, `InvalidPasswordException`, `InvalidParameterException`,
   *   `NotAuthorizedException` (the pool takes no sign-ups, or an attribute may not be written).
   */
  async signUp(input: SignUpInput): Promise<SignUpOutput> {
    return this.#api.run(SignUpCommand, 'SignUp', input, this.#asUser(input));
  }

  /**
   * Confirms a sign-up with its code (`ConfirmSignUp`).
   *
   * @example `await auth.confirmSignUp({ username, confirmationCode })`
   * @throws `CodeMismatchException`, `ExpiredCodeException`, `NotAuthorizedException` (confirmed already),
   *   `AliasExistsException`, `UserNotFoundException`.
   */
  async confirmSignUp(input: ConfirmSignUpInput): Promise<ConfirmSignUpOutput> {
    return this.#api.run(ConfirmSignUpCommand, 'ConfirmSignUp', input, this.#asUser(input));
  }

  /**
   * Sends the code of a sign-up once more (`ResendConfirmationCode`).
   *
   * @example `await auth.resendConfirmationCode({ username })`
   * @throws `InvalidParameterException` (confirmed already), `UserNotFoundException`, `LimitExceededException`.
   */
  async resendConfirmationCode(input: ResendConfirmationCodeInput): Promise<ResendConfirmationCodeOutput> {
    return this.#api.run(ResendConfirmationCodeCommand, 'ResendConfirmationCode', input, this.#asUser(input));
  }

  /**
   * Signs a user in (`InitiateAuth`, or `AdminInitiateAuth` where the sign-in is signed). What takes no asking is answered
   * on the way (`RespondToAuthChallenge`, `AdminRespondToAuthChallenge`): with `USER_SRP_AUTH` the password proves itself
   * and is not sent, and a remembered device does the same.
   *
   * @example
   * const result = await auth.signIn({ username, password });
   * if (result.status === 'challenge') return result.challenge;
   * return result.tokens;
   * @throws `NotAuthorizedException` (wrong password; no such user), `UserNotFoundException` (where the client reveals
   *   it), `UserNotConfirmedException`, `PasswordResetRequiredException`, `InvalidParameterException` (the flow is not
   *   among the client's `ExplicitAuthFlows`), `ResourceNotFoundException` (the device is not known any more: forget it,
   *   and sign in without), {@link UnsupportedChallengeError}, {@link CognestError} `argument_invalid`.
   */
  async signIn(input: SignInInput): Promise<SignInResult> {
    return this.#exchange.begin(planSignIn(input, this.#api.authFlow), input);
  }

  /**
   * Answers a challenge (`RespondToAuthChallenge`, or `AdminRespondToAuthChallenge` where the sign-in was signed). The
   * compiler checks that the answer fits the challenge; at run time a member that the challenge does not take is refused.
   * Another challenge may follow. A set-up of an authenticator app is finished on the way (`VerifySoftwareToken`).
   *
   * @example
   * if (challenge.name === 'NEW_PASSWORD_REQUIRED') {
   *   await auth.respondToChallenge(challenge, { newPassword, userAttributes: { given_name } });
   * }
   * @throws `CodeMismatchException`, `ExpiredCodeException`, `InvalidPasswordException` (each leaves the session good for
   *   another try), `EnableSoftwareTokenMFAException` (wrong code at a set-up), `NotAuthorizedException` (the session is
   *   used up or expired; wrong password or passkey), `InvalidParameterException` (a required attribute is missing),
   *   {@link UnsupportedChallengeError}, {@link CognestError} `argument_invalid`.
   */
  async respondToChallenge<Given extends AnswerableChallenge>(
    challenge: Given,
    answer: AnswerTo<Given>,
  ): Promise<SignInResult> {
    requireObject('The challenge of respondToChallenge()', challenge);
    const { signed = this.#api.authFlow === 'ADMIN_USER_PASSWORD_AUTH' } = challenge;
    if (typeof signed !== 'boolean') {
      throw new CognestError(
        'argument_invalid',
        `"signed" of a challenge must be true or false, got ${kindOf(signed)}`,
      );
    }
    return this.#exchange.answer(challenge, answer, signed);
  }

  /**
   * Begins to set up an authenticator app for a user who must have a second factor (`AssociateSoftwareToken`). Show the
   * URI as a QR code, then answer the challenge that comes back, in place of the one given, with the code that the app
   * shows.
   *
   * @example
   * const setUp = await auth.setUpSoftwareToken(challenge, { issuer: 'Example' });
   * await auth.respondToChallenge(setUp.challenge, { code });
   * @throws `NotAuthorizedException` (the session is used up or expired), `SoftwareTokenMFANotFoundException` (the pool has
   *   no such factor), {@link CognestError} `argument_invalid`.
   */
  async setUpSoftwareToken(
    challenge: AnswerableChallenge<MfaSetupChallenge> & Partial<MfaSetupChallenge>,
    input: SoftwareTokenInput,
  ): Promise<SoftwareTokenSetUp> {
    requireObject('The challenge of setUpSoftwareToken()', challenge);
    refuseOtherMembers('The input of setUpSoftwareToken()', input, SOFTWARE_TOKEN);
    const { issuer, accountName = challenge.username } = input;
    if (challenge.name !== 'MFA_SETUP') {
      throw new CognestError(
        'argument_invalid',
        `setUpSoftwareToken() takes the challenge MFA_SETUP, got ${show(challenge.name)}`,
      );
    }
    // Before the call: one that is refused here leaves the session as it was.
    checkOtpauthNames(issuer, accountName);
    const { secretCode, session } = await this.#api.run(
      AssociateSoftwareTokenCommand,
      'AssociateSoftwareToken',
      {},
      { Session: challenge.session },
    );
    if (secretCode === undefined || session === undefined) {
      throw new CognestError(
        'cognito_response_invalid',
        'Cognito answered AssociateSoftwareToken without a secret or a session',
      );
    }
    return {
      secretCode,
      otpauthUri: otpauthUri({ secretCode, issuer, accountName }),
      challenge: {
        mfaTypes: ['SOFTWARE_TOKEN_MFA'],
        signed: this.#api.authFlow === 'ADMIN_USER_PASSWORD_AUTH',
        ...challenge,
        session,
      },
    };
  }

  /**
   * A challenge as text that can travel through a browser and back, where it can neither be read nor changed: encrypted
   * with the first of the option `challengeKeys`, for this pool and client, for at most 15 minutes.
   *
   * It proves nothing about who brings it back. What it stands for is a sign-in under way, and Cognito takes one right
   * answer.
   *
   * @example `const sealed = await auth.sealChallenge(challenge)`
   * @throws {CognestError} `argument_invalid` for what is no challenge, or more than 16,384 characters when it is sealed.
   */
  async sealChallenge(challenge: CognitoChallenge, options: SealOptions = {}): Promise<string> {
    refuseOtherMembers('The second argument of sealChallenge()', options, SEAL_OPTIONS);
    return this.#seal.seal(challenge, options);
  }

  /**
   * The challenge that {@link sealChallenge} has sealed.
   *
   * @example `const challenge = await auth.openChallenge(sealed)`
   * @throws {SealedChallengeError} for everything else: forged, changed, expired, of another pool, client or key.
   */
  async openChallenge(sealed: string): Promise<CognitoChallenge> {
    return this.#seal.open(sealed);
  }

  /**
   * New tokens for a refresh token (`GetTokensFromRefreshToken`; with `authFlow: 'REFRESH_TOKEN_AUTH'`, `InitiateAuth` or
   * `AdminInitiateAuth`, unless the client rotates its refresh tokens, which is found out once). The user's groups and
   * attributes are read anew. Who refreshes the same token of the same
   * device while a call is under way gets the answer to that call, which carries what the first one said.
   *
   * A client that rotates gives another refresh token, and the one before is no good any more.
   *
   * @example `const { tokens } = await auth.refresh({ refreshToken })`
   * @throws `NotAuthorizedException` (expired, revoked, of another client or device), `RefreshTokenReuseException` (used
   *   before, in a client that rotates), {@link CognestError} `argument_invalid` (`REFRESH_TOKEN_AUTH` for a client with a
   *   secret needs the user's name).
   */
  async refresh(input: RefreshInput): Promise<SignedIn> {
    return this.#refresher.refresh(input);
  }

  /**
   * Ends the session that a refresh token belongs to, with all tokens of it (`RevokeToken`). Guards go on accepting access
   * tokens issued before until these expire.
   *
   * @example `await auth.revokeToken({ token: refreshToken })`
   * @throws `UnsupportedTokenTypeException` (not a refresh token), `UnsupportedOperationException` (the client has no
   *   revocation), `UnauthorizedException` (token of another client), `NotAuthorizedException` (the option `clientSecret`
   *   is wrong, for which `RevokeToken` has no answer of its own).
   */
  async revokeToken(input: RevokeTokenInput): Promise<void> {
    try {
      await this.#api.run(RevokeTokenCommand, 'RevokeToken', input, this.#api.asClient);
    } catch (error) {
      throw (error instanceof UnauthorizedException && (await this.#secret.refusal())) || error;
    }
  }

  /**
   * Makes a device known that a sign-in has named (`ConfirmDevice`), and where `remember` says so, has it remembered
   * (`UpdateDeviceStatus`). Give what comes back to `signIn` and to each answer after it: the device proves itself then,
   * by SRP.
   *
   * @example `const { device } = await auth.confirmDevice({ accessToken, newDeviceMetadata, remember: true })`
   * @throws `DeviceKeyExistsException` (confirmed before), `InvalidParameterException` (not the device of this sign-in; a
   *   challenge was answered under an alias), `NotAuthorizedException` (unusable token), `ResourceNotFoundException`.
   */
  async confirmDevice(input: ConfirmDeviceInput): Promise<ConfirmedDevice> {
    refuseOtherMembers('The input of confirmDevice()', input, CONFIRM_DEVICE);
    const { accessToken, deviceName, remember = false } = input;
    refuseOtherMembers('"newDeviceMetadata"', input.newDeviceMetadata, NEW_DEVICE);
    const { deviceKey, deviceGroupKey } = input.newDeviceMetadata;
    const devicePassword = newDevicePassword();
    const verifier = verifierOf({ realm: deviceGroupKey, name: deviceKey, password: devicePassword });
    const { userConfirmationNecessary = false } = await this.#api.run(
      ConfirmDeviceCommand,
      'ConfirmDevice',
      { accessToken, deviceKey, deviceName, deviceSecretVerifierConfig: verifier },
      {},
    );
    if (remember) {
      await this.#api.run(
        UpdateDeviceStatusCommand,
        'UpdateDeviceStatus',
        { accessToken, deviceKey, deviceRememberedStatus: 'remembered' },
        {},
      );
    }
    return {
      device: { deviceKey, deviceGroupKey, devicePassword },
      userConfirmationNecessary: userConfirmationNecessary && !remember,
    };
  }

  /**
   * Sends a code with which a forgotten password can be replaced (`ForgotPassword`).
   *
   * @example `const { codeDeliveryDetails } = await auth.forgotPassword({ username })`
   * @throws `InvalidParameterException` (no verified address to send it to), `NotAuthorizedException` (disabled or
   *   invited user), `UserNotFoundException` (where the client reveals it), `LimitExceededException`.
   */
  async forgotPassword(input: ForgotPasswordInput): Promise<ForgotPasswordOutput> {
    return this.#api.run(ForgotPasswordCommand, 'ForgotPassword', input, this.#asUser(input));
  }

  /**
   * Sets a new password with the code of {@link forgotPassword} (`ConfirmForgotPassword`).
   *
   * @example `await auth.confirmForgotPassword({ username, confirmationCode, password })`
   * @throws `CodeMismatchException`, `ExpiredCodeException`, `InvalidPasswordException`, `UserNotFoundException` (where
   *   the client reveals it), `LimitExceededException`.
   */
  async confirmForgotPassword(input: ConfirmForgotPasswordInput): Promise<void> {
    await this.#api.run(ConfirmForgotPasswordCommand, 'ConfirmForgotPassword', input, this.#asUser(input));
  }

  /**
   * Replaces the password of a signed-in user (`ChangePassword`). Tokens stay valid.
   *
   * @example `await auth.changePassword({ accessToken, previousPassword, proposedPassword })`
   * @throws `NotAuthorizedException` (wrong present password; unusable token), `InvalidPasswordException`,
   *   `LimitExceededException`.
   */
  async changePassword(input: ChangePasswordInput): Promise<void> {
    await this.#api.run(ChangePasswordCommand, 'ChangePassword', input, {});
  }

  /**
   * The profile of the user whose access token it is (`GetUser`). Unlike the guard, Cognito knows of sign-outs.
   *
   * @example `const { userAttributes } = await auth.getUser({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token), `UserNotFoundException` (deleted meanwhile).
   */
  async getUser(input: GetUserInput): Promise<GetUserOutput> {
    const output = await this.#api.run(GetUserCommand, 'GetUser', input, {});
    return { ...output, userAttributes: output.userAttributes ?? {} };
  }

  /**
   * Ends every session of the user whose access token it is (`GlobalSignOut`). Guards go on accepting tokens issued
   * before until these expire.
   *
   * @example `await auth.globalSignOut({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token).
   */
  async globalSignOut(input: GlobalSignOutInput): Promise<void> {
    await this.#api.run(GlobalSignOutCommand, 'GlobalSignOut', input, {});
  }

  /** What the module knows of the client and the user, for operations of a user who has no token. */
  #asUser(input: { username: string }): { ClientId: string; SecretHash: string | undefined } {
    // What is no object is refused by the call.
    const { username } = input ?? {};
    return { ClientId: this.#api.clientId, SecretHash: this.#api.secretHash(username) };
  }
}
