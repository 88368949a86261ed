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
import { type Camel, fromApi, type Input, toApi } from './casing.js';
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
    const command = new AdminCreateUserCommand(this.#named<AdminCreateUserCommandInput>(input));
    const { User = {} } = await this.#api.call('AdminCreateUser', (client) => client.send(command));
    const { attributes = {}, username = input.username, ...rest } = fromApi(User);
    return { ...rest, username, userAttributes: attributes };
  }

  /**
   * Sets a user's password: for good with `permanent: true`, else to be replaced at the next sign-in
   * (`AdminSetUserPassword`).
   *
   * @throws `InvalidPasswordException`, `UserNotFoundException`.
   */
  async setPassword(input: SetUserPasswordInput): Promise<void> {
    const command = new AdminSetUserPasswordCommand(this.#named<AdminSetUserPasswordCommandInput>(input));
    await this.#api.call('AdminSetUserPassword', (client) => client.send(command));
  }

  /**
   * A user by name or alias (`AdminGetUser`).
   *
   * @throws `UserNotFoundException`.
   */
  async get(input: GetUserByNameInput): Promise<UserRecord> {
    const command = new AdminGetUserCommand(this.#named<AdminGetUserCommandInput>(input));
    const output = await this.#api.call('AdminGetUser', (client) => client.send(command));
    const { userAttributes = {}, ...rest } = fromApi(output);
    return { ...rest, userAttributes };
  }

  /**
   * Confirms a sign-up without its code; e-mail address and phone number stay unverified (`AdminConfirmSignUp`).
   *
   * @throws `NotAuthorizedException` (confirmed already), `UserNotFoundException`.
   */
  async confirmSignUp(input: ConfirmUserSignUpInput): Promise<void> {
    const command = new AdminConfirmSignUpCommand(this.#named<AdminConfirmSignUpCommandInput>(input));
    await this.#api.call('AdminConfirmSignUp', (client) => client.send(command));
  }

  /**
   * Ends every session of a user (`AdminUserGlobalSignOut`). Guards go on accepting access tokens issued before until
   * these expire.
   *
   * @throws `UserNotFoundException`.
   */
  async globalSignOut(input: SignOutUserInput): Promise<void> {
    const command = new AdminUserGlobalSignOutCommand(this.#named<AdminUserGlobalSignOutCommandInput>(input));
    await this.#api.call('AdminUserGlobalSignOut', (client) => client.send(command));
  }

  /**
   * Keeps a user from signing in, and ends their sessions (`AdminDisableUser`). Guards go on accepting access tokens
   * issued before until these expire.
   *
   * @throws `UserNotFoundException`.
   */
  async disable(input: DisableUserInput): Promise<void> {
    const command = new AdminDisableUserCommand(this.#named<AdminDisableUserCommandInput>(input));
    await this.#api.call('AdminDisableUser', (client) => client.send(command));
  }

  /**
   * Lets a disabled user sign in again; sessions from before stay ended (`AdminEnableUser`).
   *
   * @throws `UserNotFoundException`.
   */
  async enable(input: EnableUserInput): Promise<void> {
    const command = new AdminEnableUserCommand(this.#named<AdminEnableUserCommandInput>(input));
    await this.#api.call('AdminEnableUser', (client) => client.send(command));
  }

  /**
   * Deletes a user for good (`AdminDeleteUser`). Guards go on accepting access tokens issued before until these expire.
   *
   * @throws `UserNotFoundException`.
   */
  async delete(input: DeleteUserInput): Promise<void> {
    const command = new AdminDeleteUserCommand(this.#named<AdminDeleteUserCommandInput>(input));
    await this.#api.call('AdminDeleteUser', (client) => client.send(command));
  }

  #named<Request>(input: object): Request & { UserPoolId: string } {
    return { ...toApi(input), UserPoolId: this.#api.userPoolId } as Request & { UserPoolId: string };
  }
}
