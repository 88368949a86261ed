import {
  AdminConfirmSignUpCommand,
  type AdminConfirmSignUpCommandInput,
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  type AdminDeleteUserCommandInput,
  AdminDisableUserCommand,
  type AdminDisableUserCommandInput,
  AdminEnableUserCommand,
  type AdminEnableUserCommandInput,
  AdminGetUserCommand,
  type AdminGetUserCommandInput,
  type AdminGetUserCommandOutput,
  AdminSetUserPasswordCommand,
  type AdminSetUserPasswordCommandInput,
  AdminUserGlobalSignOutCommand,
  type AdminUserGlobalSignOutCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import type { Camel, Input } from './casing.js';
import { CognitoApi } from './cognito-api.js';
import type { UserAttributes } from './user-attributes.js';

type Filled = 'UserPoolId';

export type CreateUserInput = Input<AdminCreateUserCommandInput, Filled>;
export type SetUserPasswordInput = Input<AdminSetUserPasswordCommandInput, Filled>;
export type GetUserByNameInput = Input<AdminGetUserCommandInput, Filled>;
export type ConfirmUserSignUpInput = Input<AdminConfirmSignUpCommandInput, Filled>;
export type DisableUserInput = Input<AdminDisableUserCommandInput, Filled>;
export type EnableUserInput = Input<AdminEnableUserCommandInput, Filled>;
export type DeleteUserInput = Input<AdminDeleteUserCommandInput, Filled>;
export type SignOutUserInput = Input<AdminUserGlobalSignOutCommandInput, Filled>;

/** A user as an administrator sees them. */
export type UserRecord = Omit<Camel<Omit<AdminGetUserCommandOutput, '$metadata'>>, 'userAttributes'> & {
  userAttributes: UserAttributes;
};

/**
 * What an administrator does with users. The pool's id is filled in. Every call is signed with AWS credentials, from
 * the SDK's own provider chain.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer.
 */
@Injectable()
export class CognitoUsersService {
  readonly #api: CognitoApi;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    this.#api = api;
  }

  /**
   * Creates a user with a temporary password and sends the invitation (`AdminCreateUser`).
   *
   * @example `await users.create({ username: 'ada', userAttributes: { email, email_verified: true } })`
   * @throws `UsernameExistsException`, `InvalidPasswordException`, `InvalidParameterException`,
   *   `UnsupportedUserStateException` (`messageAction: 'RESEND'` for a user who has signed in).
   */
  async create(input: CreateUserInput): Promise<UserRecord> {
    const { user = {} } = await this.#api.run(
      AdminCreateUserCommand,
      'AdminCreateUser',
      input,
      this.#api.inPool,
    );
    const { attributes = {}, username = input.username, ...rest } = user;
    return { ...rest, username, userAttributes: attributes };
  }

  /**
   * Sets a user's password: for good with `permanent: true`, else to be replaced at the next sign-in
   * (`AdminSetUserPassword`).
   *
   * @throws `InvalidPasswordException`, `UserNotFoundException`.
   */
  async setPassword(input: SetUserPasswordInput): Promise<void> {
    await this.#api.run(AdminSetUserPasswordCommand, 'AdminSetUserPassword', input, this.#api.inPool);
  }

  /**
   * A user by name or alias (`AdminGetUser`).
   *
   * @throws `UserNotFoundException`.
   */
  async get(input: GetUserByNameInput): Promise<UserRecord> {
    const output = await this.#api.run(AdminGetUserCommand, 'AdminGetUser', input, this.#api.inPool);
    const { userAttributes = {}, ...rest } = output;
    return { ...rest, userAttributes };
  }

  /**
   * Confirms a sign-up without its code; e-mail address and phone number stay unverified (`AdminConfirmSignUp`).
   *
   * @throws `NotAuthorizedException` (confirmed already), `UserNotFoundException`.
   */
  async confirmSignUp(input: ConfirmUserSignUpInput): Promise<void> {
    await this.#api.run(AdminConfirmSignUpCommand, 'AdminConfirmSignUp', input, this.#api.inPool);
  }

  /**
   * Ends every session of a user (`AdminUserGlobalSignOut`). Guards go on accepting access tokens issued before until
   * these expire.
   *
   * @throws `UserNotFoundException`.
   */
  async globalSignOut(input: SignOutUserInput): Promise<void> {
    await this.#api.run(AdminUserGlobalSignOutCommand, 'AdminUserGlobalSignOut', input, this.#api.inPool);
  }

  /**
   * Keeps a user from signing in, and ends their sessions (`AdminDisableUser`). Guards go on accepting access tokens
   * issued before until these expire.
   *
   * @throws `UserNotFoundException`.
   */
  async disable(input: DisableUserInput): Promise<void> {
    await this.#api.run(AdminDisableUserCommand, 'AdminDisableUser', input, this.#api.inPool);
  }

  /**
   * Lets a disabled user sign in again; sessions from before stay ended (`AdminEnableUser`).
   *
   * @throws `UserNotFoundException`.
   */
  async enable(input: EnableUserInput): Promise<void> {
    await this.#api.run(AdminEnableUserCommand, 'AdminEnableUser', input, this.#api.inPool);
  }

  /**
   * Deletes a user for good (`AdminDeleteUser`). Guards go on accepting access tokens issued before until these expire.
   *
   * @throws `UserNotFoundException`.
   */
  async delete(input: DeleteUserInput): Promise<void> {
    await this.#api.run(AdminDeleteUserCommand, 'AdminDeleteUser', input, this.#api.inPool);
  }
}
