/**
 * The registry: every operation that is served, under its wire name. To add one, add its file and its
 * line here; what is not listed is answered with an error that names it.
 */
export { AdminAddUserToGroup } from './AdminAddUserToGroup.js';
export { AdminConfirmSignUp } from './AdminConfirmSignUp.js';
export { AdminCreateUser } from './AdminCreateUser.js';
export { AdminDeleteUser } from './AdminDeleteUser.js';
export { AdminDisableUser } from './AdminDisableUser.js';
export { AdminEnableUser } from './AdminEnableUser.js';
export { AdminGetUser } from './AdminGetUser.js';
export { AdminInitiateAuth } from './AdminInitiateAuth.js';
export { AdminListGroupsForUser } from './AdminListGroupsForUser.js';
export { AdminRemoveUserFromGroup } from './AdminRemoveUserFromGroup.js';
export { AdminRespondToAuthChallenge } from './AdminRespondToAuthChallenge.js';
export { AdminSetUserPassword } from './AdminSetUserPassword.js';
export { AdminUserGlobalSignOut } from './AdminUserGlobalSignOut.js';
export { ChangePassword } from './ChangePassword.js';
export { ConfirmForgotPassword } from './ConfirmForgotPassword.js';
export { ConfirmSignUp } from './ConfirmSignUp.js';
export { CreateGroup } from './CreateGroup.js';
export { CreateUserPool } from './CreateUserPool.js';
export { CreateUserPoolClient } from './CreateUserPoolClient.js';
export { DeleteGroup } from './DeleteGroup.js';
export { DescribeUserPool } from './DescribeUserPool.js';
export { DescribeUserPoolClient } from './DescribeUserPoolClient.js';
export { ForgotPassword } from './ForgotPassword.js';
export { GetGroup } from './GetGroup.js';
export { GetUser } from './GetUser.js';
export { GlobalSignOut } from './GlobalSignOut.js';
export { InitiateAuth } from './InitiateAuth.js';
export { ListGroups } from './ListGroups.js';
export { ListUserPoolClients } from './ListUserPoolClients.js';
export { ListUserPools } from './ListUserPools.js';
export { ListUsersInGroup } from './ListUsersInGroup.js';
export { ResendConfirmationCode } from './ResendConfirmationCode.js';
export { RespondToAuthChallenge } from './RespondToAuthChallenge.js';
export { SignUp } from './SignUp.js';
export { UpdateGroup } from './UpdateGroup.js';
