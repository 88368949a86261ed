import {
  AdminConfirmSignUpCommand,
  type AdminConfirmSignUpCommandInput,
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserAttributesCommand,
  type AdminDeleteUserAttributesCommandInput,
  AdminDeleteUserCommand,
  type AdminDeleteUserCommandInput,
  AdminDisableUserCommand,
  type AdminDisableUserCommandInput,
  AdminEnableUserCommand,
  type AdminEnableUserCommandInput,
  AdminGetUserCommand,
  type AdminGetUserCommandInput,
  AdminListUserAuthEventsCommand,
  type AdminListUserAuthEventsCommandInput,
  AdminListUserSessionsCommand,
  type AdminListUserSessionsCommandInput,
  AdminResetUserPasswordCommand,
  type AdminResetUserPasswordCommandInput,
  AdminRevokeUserSessionCommand,
  type AdminRevokeUserSessionCommandInput,
  AdminSetUserMFAPreferenceCommand,
  type AdminSetUserMFAPreferenceCommandInput,
  AdminSetUserPasswordCommand,
  type AdminSetUserPasswordCommandInput,
  AdminSetUserSettingsCommand,
  type AdminSetUserSettingsCommandInput,
  AdminUpdateAuthEventFeedbackCommand,
  type AdminUpdateAuthEventFeedbackCommandInput,
  AdminUpdateUserAttributesCommand,
  type AdminUpdateUserAttributesCommandInput,
  AdminUserGlobalSignOutCommand,
  type AdminUserGlobalSignOutCommandInput,
  type AuthEventType,
  ListUsersCommand,
  type ListUsersCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import type { Camel, Input } from './casing.js';
import { CognitoApi } from './cognito-api.js';
import { complete } from './complete.js';
import { requireObject } from './input-members.js';
import { iteratePages, pageOf } from './paging.js';
import { type UserFilter, writeFilter } from './user-filter.js';
import { readUser, type UserRecord } from './user-record.js';
import { readSessions, type UserSession, type UserSessionPage } from './user-session.js';

type Filled = 'UserPoolId';

export type CreateUserInput = Input<AdminCreateUserCommandInput, Filled>;
export type SetUserPasswordInput = Input<AdminSetUserPasswordCommandInput, Filled>;
export type GetUserByNameInput = Input<AdminGetUserCommandInput, Filled>;
export type ConfirmUserSignUpInput = Input<AdminConfirmSignUpCommandInput, Filled>;
export type DisableUserInput = Input<AdminDisableUserCommandInput, Filled>;
export type EnableUserInput = Input<AdminEnableUserCommandInput, Filled>;
export type DeleteUserInput = Input<AdminDeleteUserCommandInput, Filled>;
export type SignOutUserInput = Input<AdminUserGlobalSignOutCommandInput, Filled>;

export type ListUsersInput = Input<ListUsersCommandInput, Filled | 'Filter'> & {
  /** One condition, or a text in Cognito's own grammar. Default: all users. */
  filter?: UserFilter | string | undefined;
};
export type AdminUpdateUserAttributesInput = Input<AdminUpdateUserAttributesCommandInput, Filled>;
export type AdminDeleteUserAttributesInput = Input<AdminDeleteUserAttributesCommandInput, Filled>;
export type AdminResetUserPasswordInput = Input<AdminResetUserPasswordCommandInput, Filled>;
export type AdminSetUserMfaPreferenceInput = Input<AdminSetUserMFAPreferenceCommandInput, Filled>;
export type AdminSetUserSettingsInput = Input<AdminSetUserSettingsCommandInput, Filled>;
export type AdminListUserAuthEventsInput = Input<AdminListUserAuthEventsCommandInput, Filled>;
export type AdminUpdateAuthEventFeedbackInput = Input<AdminUpdateAuthEventFeedbackCommandInput, Filled>;
export type AdminListUserSessionsInput = Input<AdminListUserSessionsCommandInput, Filled>;
export type AdminRevokeUserSessionInput = Input<AdminRevokeUserSessionCommandInput, Filled>;

export interface UserPage {
  users: UserRecord[];
  /** Where the next page starts; absent on the last one. */
  paginationToken?: string | undefined;
}

/** A sign-in, a sign-up or a reset of a password, as threat protection noted it down. */
export type AuthEvent = Camel<Omit<AuthEventType, 'EventId'>> & { eventId: string };

export interface AuthEventPage {
  authEvents: AuthEvent[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

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
    const { user } = await this.#api.run(AdminCreateUserCommand, 'AdminCreateUser', input, this.#api.inPool);
    return readUser(user, 'AdminCreateUser');
  }

  /**
   * Sets a user's password: for good with `permanent: true`, else to be replaced at the next sign-in
   * (`AdminSetUserPassword`).
   *
   * @example `await users.setPassword({ username: 'ada', password, permanent: true })`
   * @throws `InvalidPasswordException`, `UserNotFoundException`.
   */
  async setPassword(input: SetUserPasswordInput): Promise<void> {
    await this.#api.run(AdminSetUserPasswordCommand, 'AdminSetUserPassword', input, this.#api.inPool);
  }

  /**
   * A user by name or alias (`AdminGetUser`).
   *
   * @example `const { userAttributes, enabled } = await users.get({ username: 'ada' })`
   * @throws `UserNotFoundException`.
   */
  async get(input: GetUserByNameInput): Promise<UserRecord> {
    const output = await this.#api.run(AdminGetUserCommand, 'AdminGetUser', input, this.#api.inPool);
    const { userAttributes = {}, username, ...rest } = output;
    return { ...rest, username: complete(username, 'AdminGetUser'), userAttributes };
  }

  /**
   * Confirms a sign-up without its code; e-mail address and phone number stay unverified (`AdminConfirmSignUp`).
   *
   * @example `await users.confirmSignUp({ username: 'ada' })`
   * @throws `NotAuthorizedException` (confirmed already), `UserNotFoundException`.
   */
  async confirmSignUp(input: ConfirmUserSignUpInput): Promise<void> {
    await this.#api.run(AdminConfirmSignUpCommand, 'AdminConfirmSignUp', input, this.#api.inPool);
  }

  /**
   * Ends every session of a user (`AdminUserGlobalSignOut`). Guards go on accepting access tokens issued before until
   * these expire.
   *
   * @example `await users.globalSignOut({ username: 'ada' })`
   * @throws `UserNotFoundException`.
   */
  async globalSignOut(input: SignOutUserInput): Promise<void> {
    await this.#api.run(AdminUserGlobalSignOutCommand, 'AdminUserGlobalSignOut', input, this.#api.inPool);
  }

  /**
   * Keeps a user from signing in, and ends their sessions (`AdminDisableUser`). Guards go on accepting access tokens
   * issued before until these expire.
   *
   * @example `await users.disable({ username: 'ada' })`
   * @throws `UserNotFoundException`.
   */
  async disable(input: DisableUserInput): Promise<void> {
    await this.#api.run(AdminDisableUserCommand, 'AdminDisableUser', input, this.#api.inPool);
  }

  /**
   * Lets a disabled user sign in again; sessions from before stay ended (`AdminEnableUser`).
   *
   * @example `await users.enable({ username: 'ada' })`
   * @throws `UserNotFoundException`.
   */
  async enable(input: EnableUserInput): Promise<void> {
    await this.#api.run(AdminEnableUserCommand, 'AdminEnableUser', input, this.#api.inPool);
  }

  /**
   * Deletes a user for good (`AdminDeleteUser`). Guards go on accepting access tokens issued before until these expire.
   *
   * @example `await users.delete({ username: 'ada' })`
   * @throws `UserNotFoundException`.
   */
  async delete(input: DeleteUserInput): Promise<void> {
    await this.#api.run(AdminDeleteUserCommand, 'AdminDeleteUser', input, this.#api.inPool);
  }

  /**
   * One page of the pool's users, up to 60 of them (`ListUsers`). Cognito filters after paging: a page may have fewer
   * users, or none, and not be the last.
   *
   * @example `await users.list({ filter: { attribute: 'email', startsWith: body.text }, limit: 20 })`
   * @param input - give `filter` as an object where any of it is a stranger's. `attributesToGet` leaves out all other
   *   attributes, and pages with an attribute that the pool has not are refused.
   * @throws `InvalidParameterException` (bad `filter` or `paginationToken`, an attribute that the pool has
   *   not), {@link CognestError} `argument_invalid`.
   */
  async list(input: ListUsersInput = {}): Promise<UserPage> {
    requireObject('The input of ListUsers', input);
    const { filter, ...rest } = input;
    const output = await this.#api.run(ListUsersCommand, 'ListUsers', rest, {
      ...this.#api.inPool,
      ...(filter !== undefined && { Filter: writeFilter(filter) }),
    });
    return { ...output, users: (output.users ?? []).map((user) => readUser(user, 'ListUsers')) };
  }

  /**
   * All of the pool's users, or of those that `filter` picks, page by page as they are asked for (`ListUsers`).
   *
   * @example `for await (const user of users.iterate({ filter: { attribute: 'status', equals: 'Disabled' } })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link list}.
   */
  iterate(input: Omit<ListUsersInput, 'paginationToken'> = {}): AsyncGenerator<UserRecord, void, undefined> {
    return iteratePages(async (paginationToken) => {
      const page = await this.list(pageOf(input, { paginationToken }));
      return { items: page.users, nextToken: page.paginationToken };
    });
  }

  /**
   * Writes attributes of a user (`AdminUpdateUserAttributes`). An e-mail address or a phone number becomes unverified
   * unless its `_verified` comes along.
   *
   * @example `await users.updateAttributes({ username, userAttributes: { email, email_verified: true } })`
   * @throws `UserNotFoundException`, `AliasExistsException` (another user's address), `InvalidParameterException` (an
   *   attribute that the pool has not, or that never changes).
   */
  async updateAttributes(input: AdminUpdateUserAttributesInput): Promise<void> {
    await this.#api.run(
      AdminUpdateUserAttributesCommand,
      'AdminUpdateUserAttributes',
      input,
      this.#api.inPool,
    );
  }

  /**
   * Removes attributes of a user (`AdminDeleteUserAttributes`). One that the user has not is no mistake.
   *
   * @example `await users.deleteAttributes({ username, userAttributeNames: ['nickname', 'custom:plan'] })`
   * @throws `UserNotFoundException`, `InvalidParameterException` (an attribute that the pool has not, requires, or
   *   does not let go).
   */
  async deleteAttributes(input: AdminDeleteUserAttributesInput): Promise<void> {
    await this.#api.run(
      AdminDeleteUserAttributesCommand,
      'AdminDeleteUserAttributes',
      input,
      this.#api.inPool,
    );
  }

  /**
   * Makes a user's password unusable and sends a code, with which `CognitoAuthService.confirmForgotPassword` sets
   * another one (`AdminResetUserPassword`).
   *
   * @example `await users.resetPassword({ username: 'ada' })`
   * @throws `UserNotFoundException`, `NotAuthorizedException` (invited or disabled), `InvalidParameterException` (no
   *   verified address to send it to), `LimitExceededException`.
   */
  async resetPassword(input: AdminResetUserPasswordInput): Promise<void> {
    await this.#api.run(AdminResetUserPasswordCommand, 'AdminResetUserPassword', input, this.#api.inPool);
  }

  /**
   * Says which second factors a user signs in with, and which of them first (`AdminSetUserMFAPreference`). What is left
   * out stays as it is.
   *
   * @example `await users.setMfaPreference({ username, emailMfaSettings: { enabled: true, preferredMfa: true } })`
   * @throws `UserNotFoundException`, `InvalidParameterException` (two that are preferred; a factor that the user has not
   *   set up, or the pool not switched on).
   */
  async setMfaPreference(input: AdminSetUserMfaPreferenceInput): Promise<void> {
    await this.#api.run(
      AdminSetUserMFAPreferenceCommand,
      'AdminSetUserMFAPreference',
      input,
      this.#api.inPool,
    );
  }

  /**
   * The old way to switch on codes by SMS (`AdminSetUserSettings`), which knows no other factor: prefer
   * {@link setMfaPreference}.
   *
   * @example
   * await users.setSettings({ username, mfaOptions: [{ deliveryMedium: 'SMS', attributeName: 'phone_number' }] });
   * @throws `UserNotFoundException`, `InvalidParameterException`.
   */
  async setSettings(input: AdminSetUserSettingsInput): Promise<void> {
    await this.#api.run(AdminSetUserSettingsCommand, 'AdminSetUserSettings', input, this.#api.inPool);
  }

  /**
   * One page of what a user did to sign in, newest first, in a pool with threat protection (`AdminListUserAuthEvents`).
   *
   * @example `const { authEvents } = await users.listAuthEvents({ username: 'ada', maxResults: 10 })`
   * @throws `UserNotFoundException`, `UserPoolAddOnNotEnabledException` (no threat protection),
   *   `InvalidParameterException` (bad `nextToken`).
   */
  async listAuthEvents(input: AdminListUserAuthEventsInput): Promise<AuthEventPage> {
    const operation = 'AdminListUserAuthEvents';
    const output = await this.#api.run(AdminListUserAuthEventsCommand, operation, input, this.#api.inPool);
    const authEvents = (output.authEvents ?? []).map((event) => ({
      ...event,
      eventId: complete(event.eventId, operation),
    }));
    return { ...output, authEvents };
  }

  /**
   * All that a user did to sign in, page by page as it is asked for (`AdminListUserAuthEvents`).
   *
   * @example `for await (const { eventType, creationDate } of users.iterateAuthEvents({ username })) { … }`
   * @param input - `maxResults` is the size of a page.
   * @throws as {@link listAuthEvents}.
   */
  iterateAuthEvents(
    input: Omit<AdminListUserAuthEventsInput, 'nextToken'>,
  ): AsyncGenerator<AuthEvent, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listAuthEvents(pageOf(input, { nextToken }));
      return { items: page.authEvents, nextToken: page.nextToken };
    });
  }

  /**
   * Tells threat protection whether an event was the user's own doing (`AdminUpdateAuthEventFeedback`).
   *
   * @example `await users.updateAuthEventFeedback({ username, eventId, feedbackValue: 'Valid' })`
   * @throws `UserNotFoundException`, `UserPoolAddOnNotEnabledException` (no threat protection),
   *   `ResourceNotFoundException` (no such event).
   */
  async updateAuthEventFeedback(input: AdminUpdateAuthEventFeedbackInput): Promise<void> {
    await this.#api.run(
      AdminUpdateAuthEventFeedbackCommand,
      'AdminUpdateAuthEventFeedback',
      input,
      this.#api.inPool,
    );
  }

  /**
   * One page of a user's sessions, in a pool that keeps track of them (`AdminListUserSessions`).
   *
   * @example `const { sessions } = await users.listSessions({ username: 'ada' })`
   * @throws `UserNotFoundException`, `OperationNotEnabledException` (the pool keeps no track),
   *   `InvalidParameterException` (bad `nextToken`).
   */
  async listSessions(input: AdminListUserSessionsInput): Promise<UserSessionPage> {
    const operation = 'AdminListUserSessions';
    const output = await this.#api.run(AdminListUserSessionsCommand, operation, input, this.#api.inPool);
    return readSessions(output, operation);
  }

  /**
   * All of a user's sessions, page by page as they are asked for (`AdminListUserSessions`).
   *
   * @example `for await (const { sessionId, lastActiveDate } of users.iterateSessions({ username })) { … }`
   * @throws as {@link listSessions}.
   */
  iterateSessions(
    input: Omit<AdminListUserSessionsInput, 'nextToken'>,
  ): AsyncGenerator<UserSession, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listSessions(pageOf(input, { nextToken }));
      return { items: page.sessions, nextToken: page.nextToken };
    });
  }

  /**
   * Ends one of a user's sessions (`AdminRevokeUserSession`). Guards go on accepting its access tokens until these
   * expire.
   *
   * @example `await users.revokeSession({ username, sessionId })`
   * @throws `UserNotFoundException`, `ResourceNotFoundException` (no such session), `OperationNotEnabledException` (the
   *   pool keeps no track).
   */
  async revokeSession(input: AdminRevokeUserSessionInput): Promise<void> {
    await this.#api.run(AdminRevokeUserSessionCommand, 'AdminRevokeUserSession', input, this.#api.inPool);
  }
}
