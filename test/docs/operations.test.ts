import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CognitoAuthService,
  CognitoGroupsService,
  CognitoUserPoolsService,
  CognitoUsersService,
} from '@cognest/nest';
import { expect, it } from 'vitest';
import * as served from '../../packages/local/src/operations/index.js';
import { read, root } from './documents.js';

type Method<Service> = {
  [Key in keyof Service]: Service[Key] extends (...input: never) => unknown ? Key : never;
}[keyof Service];

/** The methods of a service, checked by the compiler to be there. */
function of<Service>(
  service: { readonly name: string; readonly prototype: Service },
  ...methods: Method<Service>[]
) {
  return methods.map((method) => `\`${service.name}.${String(method)}\``).join(', ');
}

/** Which method of `@cognest/nest` calls an operation. A row without one says so in the table. */
const callers: Partial<Record<keyof typeof served, string>> = {
  AdminAddUserToGroup: of(CognitoGroupsService, 'addUser'),
  AdminConfirmSignUp: of(CognitoUsersService, 'confirmSignUp'),
  AdminCreateUser: of(CognitoUsersService, 'create'),
  AdminDeleteUser: of(CognitoUsersService, 'delete'),
  AdminDisableUser: of(CognitoUsersService, 'disable'),
  AdminEnableUser: of(CognitoUsersService, 'enable'),
  AdminGetUser: of(CognitoUsersService, 'get'),
  AdminInitiateAuth: of(CognitoAuthService, 'signIn', 'refresh'),
  AdminListGroupsForUser: of(CognitoGroupsService, 'listForUser'),
  AdminRemoveUserFromGroup: of(CognitoGroupsService, 'removeUser'),
  AdminRespondToAuthChallenge: of(CognitoAuthService, 'respondToChallenge'),
  AdminSetUserPassword: of(CognitoUsersService, 'setPassword'),
  AdminUserGlobalSignOut: of(CognitoUsersService, 'globalSignOut'),
  ChangePassword: of(CognitoAuthService, 'changePassword'),
  ConfirmForgotPassword: of(CognitoAuthService, 'confirmForgotPassword'),
  ConfirmSignUp: of(CognitoAuthService, 'confirmSignUp'),
  CreateGroup: of(CognitoGroupsService, 'create'),
  CreateUserPool: of(CognitoUserPoolsService, 'create'),
  CreateUserPoolClient: of(CognitoUserPoolsService, 'createClient'),
  DescribeUserPool: of(CognitoUserPoolsService, 'describe'),
  ForgotPassword: of(CognitoAuthService, 'forgotPassword'),
  GetUser: of(CognitoAuthService, 'getUser'),
  GlobalSignOut: of(CognitoAuthService, 'globalSignOut'),
  InitiateAuth: of(CognitoAuthService, 'signIn', 'refresh'),
  ResendConfirmationCode: of(CognitoAuthService, 'resendConfirmationCode'),
  RespondToAuthChallenge: of(CognitoAuthService, 'respondToChallenge'),
  SignUp: of(CognitoAuthService, 'signUp'),
};

const START = '<!-- operations:start -->';
const END = '<!-- operations:end -->';

/** Aligned as the formatter aligns tables. */
function table(): string {
  const rows = Object.keys(served)
    .sort()
    .map((name) => [name, callers[name as keyof typeof served] ?? 'the SDK client, for now']);
  const all = [['operation', 'method'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

it('the README lists every operation that the embedded Cognito serves, with the method that calls it', () => {
  const readme = read('README.md');
  const [before = '', rest = ''] = readme.split(START);
  const [, after = ''] = rest.split(END);
  const expected = `${before}${START}\n\n${table()}\n\n${END}${after}`;
  // `UPDATE_DOCS=1 npx vitest run --project docs` brings it up to date.
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(root, 'README.md'), expected);
  else expect(readme).toBe(expected);
});
