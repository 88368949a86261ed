import {
  DeleteUserAttributesCommand,
  type DeleteUserAttributesCommandInput,
  DeleteUserCommand,
  type DeleteUserCommandInput,
  GetUserAttributeVerificationCodeCommand,
  type GetUserAttributeVerificationCodeCommandInput,
  type GetUserAttributeVerificationCodeCommandOutput,
  UpdateUserAttributesCommand,
  type UpdateUserAttributesCommandInput,
  type UpdateUserAttributesCommandOutput,
  VerifyUserAttributeCommand,
  type VerifyUserAttributeCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Input, Output } from '../casing.js';
import type { CognitoApi } from '../cognito-api.js';

export type UpdateUserAttributesInput = Input<UpdateUserAttributesCommandInput>;
export type UpdateUserAttributesOutput = Required<Output<UpdateUserAttributesCommandOutput>>;
export type DeleteUserAttributesInput = Input<DeleteUserAttributesCommandInput>;
export type GetUserAttributeVerificationCodeInput = Input<GetUserAttributeVerificationCodeCommandInput>;
export type GetUserAttributeVerificationCodeOutput = Output<GetUserAttributeVerificationCodeCommandOutput>;
export type VerifyUserAttributeInput = Input<VerifyUserAttributeCommandInput>;
export type DeleteOwnUserInput = Input<DeleteUserCommandInput>;

/**
 * What signed-in users do with their own attributes and account. Each method takes their access token, which must have
 * the scope `aws.cognito.signin.user.admin`, as that of every sign-in through the API has.
 */
export abstract class OwnProfile {
  // Not `#`: the rest of the rooms' classes call Cognito through it too.
  protected readonly api: CognitoApi;

  constructor(api: CognitoApi) {
    this.api = api;
  }

  /**
   * Writes attributes of the user whose access token it is (`UpdateUserAttributes`). A new e-mail address or phone
   * number gets a code, for {@link verifyUserAttribute}, where the pool verifies it.
   *
   * @example
   * const { codeDeliveryDetailsList } = await auth.updateUserAttributes({ accessToken, userAttributes: { email } });
   * @throws `NotAuthorizedException` (unusable token; an attribute that the app client may not write),
   *   `AliasExistsException`, `InvalidParameterException` (an attribute that the pool has not, or that never changes),
   *   `CodeDeliveryFailureException`.
   */
  async updateUserAttributes(input: UpdateUserAttributesInput): Promise<UpdateUserAttributesOutput> {
    const output = await this.api.run(UpdateUserAttributesCommand, 'UpdateUserAttributes', input, {});
    return { codeDeliveryDetailsList: output.codeDeliveryDetailsList ?? [] };
  }

  /**
   * Removes attributes of the user whose access token it is (`DeleteUserAttributes`).
   *
   * @example `await auth.deleteUserAttributes({ accessToken, userAttributeNames: ['nickname'] })`
   * @throws `NotAuthorizedException` (unusable token; an attribute that the app client may not write),
   *   `InvalidParameterException` (an attribute that the pool has not, requires, or does not let go).
   */
  async deleteUserAttributes(input: DeleteUserAttributesInput): Promise<void> {
    await this.api.run(DeleteUserAttributesCommand, 'DeleteUserAttributes', input, {});
  }

  /**
   * Sends a code to an address of the user whose access token it is (`GetUserAttributeVerificationCode`).
   *
   * @example `await auth.getUserAttributeVerificationCode({ accessToken, attributeName: 'email' })`
   * @throws `NotAuthorizedException` (unusable token), `InvalidParameterException` (neither `email` nor `phone_number`,
   *   or the user has none), `LimitExceededException`, `CodeDeliveryFailureException`.
   */
  async getUserAttributeVerificationCode(
    input: GetUserAttributeVerificationCodeInput,
  ): Promise<GetUserAttributeVerificationCodeOutput> {
    return this.api.run(
      GetUserAttributeVerificationCodeCommand,
      'GetUserAttributeVerificationCode',
      input,
      {},
    );
  }

  /**
   * Verifies an address of the user whose access token it is, with the code that was sent there
   * (`VerifyUserAttribute`).
   *
   * @example `await auth.verifyUserAttribute({ accessToken, attributeName: 'email', code })`
   * @throws `NotAuthorizedException` (unusable token), `CodeMismatchException`, `ExpiredCodeException`,
   *   `AliasExistsException`, `LimitExceededException`.
   */
  async verifyUserAttribute(input: VerifyUserAttributeInput): Promise<void> {
    await this.api.run(VerifyUserAttributeCommand, 'VerifyUserAttribute', input, {});
  }

  /**
   * Deletes the user whose access token it is, for good (`DeleteUser`). Guards go on accepting tokens issued before
   * until these expire.
   *
   * @example `await auth.deleteUser({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token).
   */
  async deleteUser(input: DeleteOwnUserInput): Promise<void> {
    await this.api.run(DeleteUserCommand, 'DeleteUser', input, {});
  }
}
