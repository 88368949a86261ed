import {
  AdminAddUserToGroupCommand,
  type AdminAddUserToGroupCommandInput,
  AdminListGroupsForUserCommand,
  type AdminListGroupsForUserCommandInput,
  AdminRemoveUserFromGroupCommand,
  type AdminRemoveUserFromGroupCommandInput,
  CreateGroupCommand,
  type CreateGroupCommandInput,
  DeleteGroupCommand,
  type DeleteGroupCommandInput,
  GetGroupCommand,
  type GetGroupCommandInput,
  type GroupType,
  ListGroupsCommand,
  type ListGroupsCommandInput,
  ListUsersInGroupCommand,
  type ListUsersInGroupCommandInput,
  UpdateGroupCommand,
  type UpdateGroupCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import type { Camel, Input } from './casing.js';
import { CognitoApi } from './cognito-api.js';
import { complete } from './complete.js';
import { iteratePages, pageOf } from './paging.js';
import { readUser, type UserRecord } from './user-record.js';

type Filled = 'UserPoolId';

export type CreateGroupInput = Input<CreateGroupCommandInput, Filled>;
export type AddUserToGroupInput = Input<AdminAddUserToGroupCommandInput, Filled>;
export type RemoveUserFromGroupInput = Input<AdminRemoveUserFromGroupCommandInput, Filled>;
export type ListGroupsForUserInput = Input<AdminListGroupsForUserCommandInput, Filled>;
export type GetGroupInput = Input<GetGroupCommandInput, Filled>;
export type UpdateGroupInput = Input<UpdateGroupCommandInput, Filled>;
export type DeleteGroupInput = Input<DeleteGroupCommandInput, Filled>;
export type ListGroupsInput = Input<ListGroupsCommandInput, Filled>;
export type ListUsersInGroupInput = Input<ListUsersInGroupCommandInput, Filled>;

export type Group = Camel<Omit<GroupType, 'GroupName'>> & { groupName: string };

export interface GroupPage {
  groups: Group[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

export interface GroupMemberPage {
  users: UserRecord[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

/**
 * What an administrator does with groups. The pool's id is filled in. Every call is signed with AWS credentials, from
 * the SDK's own provider chain.
 *
 * Tokens carry the groups of the time they were issued: a change shows after the next refresh.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer.
 */
@Injectable()
export class CognitoGroupsService {
  readonly #api: CognitoApi;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    this.#api = api;
  }

  /**
   * Creates a group (`CreateGroup`).
   *
   * @example `await groups.create({ groupName: 'editors', description: 'May write', precedence: 10 })`
   * @throws `GroupExistsException`, `InvalidParameterException`.
   */
  async create(input: CreateGroupInput): Promise<Group> {
    const { group } = await this.#api.run(CreateGroupCommand, 'CreateGroup', input, this.#api.inPool);
    return readGroup(group, 'CreateGroup');
  }

  /**
   * Puts a user into a group; a member stays one (`AdminAddUserToGroup`).
   *
   * @example `await groups.addUser({ username: 'ada', groupName: 'editors' })`
   * @throws `UserNotFoundException`, `ResourceNotFoundException` (no such group).
   */
  async addUser(input: AddUserToGroupInput): Promise<void> {
    await this.#api.run(AdminAddUserToGroupCommand, 'AdminAddUserToGroup', input, this.#api.inPool);
  }

  /**
   * Takes a user out of a group, whether they are in it or not (`AdminRemoveUserFromGroup`).
   *
   * @example `await groups.removeUser({ username: 'ada', groupName: 'editors' })`
   * @throws `UserNotFoundException`.
   */
  async removeUser(input: RemoveUserFromGroupInput): Promise<void> {
    await this.#api.run(AdminRemoveUserFromGroupCommand, 'AdminRemoveUserFromGroup', input, this.#api.inPool);
  }

  /**
   * One page of a user's groups, up to 60 of them, in no particular order (`AdminListGroupsForUser`).
   *
   * @example `const { groups: first, nextToken } = await groups.listForUser({ username: 'ada', limit: 10 })`
   * @throws `UserNotFoundException`, `InvalidParameterException` (bad `nextToken`).
   */
  async listForUser(input: ListGroupsForUserInput): Promise<GroupPage> {
    const operation = 'AdminListGroupsForUser';
    const output = await this.#api.run(AdminListGroupsForUserCommand, operation, input, this.#api.inPool);
    return readGroups(output, operation);
  }

  /**
   * All of a user's groups, page by page as they are asked for (`AdminListGroupsForUser`).
   *
   * @example `for await (const group of groups.iterateForUser({ username })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link listForUser}.
   */
  iterateForUser(input: Omit<ListGroupsForUserInput, 'nextToken'>): AsyncGenerator<Group, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listForUser(pageOf(input, { nextToken }));
      return { items: page.groups, nextToken: page.nextToken };
    });
  }

  /**
   * A group (`GetGroup`).
   *
   * @example `const { description } = await groups.get({ groupName: 'editors' })`
   * @throws `ResourceNotFoundException` (no such group).
   */
  async get(input: GetGroupInput): Promise<Group> {
    const { group } = await this.#api.run(GetGroupCommand, 'GetGroup', input, this.#api.inPool);
    return readGroup(group, 'GetGroup');
  }

  /**
   * Changes what is given of a group; the rest, and its name, stay (`UpdateGroup`).
   *
   * @example `await groups.update({ groupName: 'editors', precedence: 5 })`
   * @throws `ResourceNotFoundException` (no such group), `InvalidParameterException`.
   */
  async update(input: UpdateGroupInput): Promise<Group> {
    const { group } = await this.#api.run(UpdateGroupCommand, 'UpdateGroup', input, this.#api.inPool);
    return readGroup(group, 'UpdateGroup');
  }

  /**
   * Deletes a group; its users stay (`DeleteGroup`). The guard of this process refuses their tokens that name it from
   * then on; a refresh gives ones without. Where several processes share `revocations`, the others learn of
   * {@link removeUser} only: take the users out first.
   *
   * @example `await groups.delete({ groupName: 'editors' })`
   * @throws `ResourceNotFoundException` (no such group).
   */
  async delete(input: DeleteGroupInput): Promise<void> {
    await this.#api.run(DeleteGroupCommand, 'DeleteGroup', input, this.#api.inPool);
  }

  /**
   * One page of the pool's groups, up to 60 of them (`ListGroups`).
   *
   * @example `const { groups: first, nextToken } = await groups.list({ limit: 10 })`
   * @throws `InvalidParameterException` (bad `nextToken`).
   */
  async list(input: ListGroupsInput = {}): Promise<GroupPage> {
    const output = await this.#api.run(ListGroupsCommand, 'ListGroups', input, this.#api.inPool);
    return readGroups(output, 'ListGroups');
  }

  /**
   * All of the pool's groups, page by page as they are asked for (`ListGroups`).
   *
   * @example `for await (const { groupName } of groups.iterate()) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link list}.
   */
  iterate(input: Omit<ListGroupsInput, 'nextToken'> = {}): AsyncGenerator<Group, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.list(pageOf(input, { nextToken }));
      return { items: page.groups, nextToken: page.nextToken };
    });
  }

  /**
   * One page of a group's users, up to 60 of them (`ListUsersInGroup`).
   *
   * @example `const { users, nextToken } = await groups.listUsers({ groupName: 'editors', limit: 10 })`
   * @throws `ResourceNotFoundException` (no such group), `InvalidParameterException` (bad `nextToken`).
   */
  async listUsers(input: ListUsersInGroupInput): Promise<GroupMemberPage> {
    const operation = 'ListUsersInGroup';
    const output = await this.#api.run(ListUsersInGroupCommand, operation, input, this.#api.inPool);
    return { ...output, users: (output.users ?? []).map((user) => readUser(user, operation)) };
  }

  /**
   * All of a group's users, page by page as they are asked for (`ListUsersInGroup`).
   *
   * @example `for await (const { username } of groups.iterateUsers({ groupName: 'editors' })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link listUsers}.
   */
  iterateUsers(input: Omit<ListUsersInGroupInput, 'nextToken'>): AsyncGenerator<UserRecord, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listUsers(pageOf(input, { nextToken }));
      return { items: page.users, nextToken: page.nextToken };
    });
  }
}

function readGroup(group: Camel<GroupType> | undefined, operation: string): Group {
  const { groupName, ...rest } = complete(group, operation);
  return { ...rest, groupName: complete(groupName, operation) };
}

function readGroups(
  output: { groups?: Camel<GroupType>[] | undefined; nextToken?: string | undefined },
  operation: string,
): GroupPage {
  return { ...output, groups: (output.groups ?? []).map((group) => readGroup(group, operation)) };
}
