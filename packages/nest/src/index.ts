export {
  createRevocations,
  type RevocationList,
  type RevocationOptions,
  type Revocations,
} from '@cognest/verifier';
export type { AuditMode } from './audit/audit-mode.js';
export { type AuditedHandler, type AuditedPolicy, CognitoRouteAudit } from './audit/cognito-route-audit.js';
export type { EntryPoint } from './audit/entry-points.js';
export type { ConfirmedOwnDevice, SignedInAnswer } from './auth-controller/auth-exchange.js';
export type {
  AttemptLimit,
  CognitoAuthModuleOptions,
  ResolvedAuthOptions,
} from './auth-controller/auth-options.js';
export type {
  AttributesRequest,
  ChallengeRequest,
  ChangePasswordRequest,
  CodeRequest,
  ConfirmDeviceRequest,
  ConfirmRequest,
  DeviceRequest,
  MfaRequest,
  PasskeyRequest,
  RefreshRequest,
  ResetPasswordRequest,
  SealedRequest,
  SignInRequest,
  SignOutRequest,
  SignUpRequest,
  TotpRequest,
  UsernameRequest,
} from './auth-controller/bodies.js';
export type { ChallengeAnswer } from './auth-controller/challenge-exchange.js';
export {
  type Accepted,
  CognitoAuthController,
  type TotpSetup,
} from './auth-controller/cognito-auth.controller.js';
export { CognitoAuthModule } from './auth-controller/cognito-auth.module.js';
export type { AuthPart, Exchange } from './auth-controller/endpoint.decorator.js';
export type {
  CodesSent,
  OwnDevice,
  OwnDevicePage,
  OwnPasskey,
  OwnPasskeyPage,
  Profile,
  TotpSecret,
} from './auth-controller/own-account.controller.js';
export { type CognitoAsyncExtras, CognitoModule } from './cognito.module.js';
export type { CognitoModuleExtras } from './cognito.module-definition.js';
export {
  CookieSession,
  type CookieSessionOptions,
  cookieSession,
  type SessionDevice,
  type SessionRefresh,
} from './cookie-session/cookie-session.js';
export type { SessionRequest } from './cookie-session/csrf.js';
export {
  type AccessDecorator,
  Authorize,
  Groups,
  OptionalAuth,
  type OptionalAuthInput,
  Public,
  Scopes,
} from './decorators/authorize.decorator.js';
export { AccessToken, CurrentUser } from './decorators/current-user.decorator.js';
export { CognestError, type CognestErrorCode } from './errors/cognest-error.js';
export { type CognitoErrorMapping, cognitoErrorTable } from './errors/cognito-error-table.js';
export { CognitoExceptionFilter } from './errors/cognito-exception.filter.js';
export { type HttpAnswer, httpAnswer } from './errors/http-answer.js';
export { ProblemException } from './errors/problem.exception.js';
export type { Problem } from './errors/problem.js';
export { isSimulatedSignUp } from './errors/user-existence.js';
export type { HttpRequestLike } from './guard/carrier.js';
export { ClosedWithoutCognito } from './guard/closed-without-cognito.guard.js';
export { CognitoAuthException } from './guard/cognito-auth.exception.js';
export { CognitoAuthGuard } from './guard/cognito-auth.guard.js';
export type { Refusal, RefusalCode } from './guard/refusal.js';
export type { CookieTokenSource, CustomTokenSource, TokenSource } from './guard/token-sources.js';
export {
  type CognitoOpenApiOptions,
  cognitoOpenApi,
  type OpenApiDocument,
} from './openapi/cognito-open-api.js';
export type {
  CognitoClientConfig,
  CognitoModuleOptions,
  CognitoOptionsFactory,
  CognitoPoolOptions,
  PasswordAuthFlow,
  PoolVerifierPassThrough,
  PreventUserExistenceErrors,
  ProtectMode,
  ResolvedCognitoOptions,
  VerifierPassThrough,
} from './options/cognito-options.js';
export { resolveOptions } from './options/resolve-options.js';
export type { CognitoMachine, CognitoPerson, CognitoUser } from './policy/cognito-user.js';
export {
  type EvaluationTime,
  evaluatePolicy,
  type PolicyFailure,
  type PolicyVerdict,
} from './policy/evaluate-policy.js';
export type {
  CognitoPolicyCheck,
  GroupPolicy,
  Policy,
  PolicyCheck,
  PolicyInput,
  PolicyPredicate,
  ScopePolicy,
} from './policy/policy.js';
export type { CognitoPool, PoolPartClass } from './pools/cognito-pool.js';
export { CognitoPools } from './pools/cognito-pools.js';
export { getCognitoToken, InjectCognito } from './pools/inject-cognito.decorator.js';
export type {
  Challenged,
  ChangePasswordInput,
  ChoiceSignInInput,
  ConfirmDeviceInput,
  ConfirmedDevice,
  ConfirmForgotPasswordInput,
  ConfirmSignUpInput,
  ConfirmSignUpOutput,
  CustomSignInInput,
  ForgotPasswordInput,
  ForgotPasswordOutput,
  GetUserInput,
  GetUserOutput,
  GlobalSignOutInput,
  PasswordSignInInput,
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
  SrpSignInInput,
  Tokens,
} from './services/auth/auth-types.js';
export type { AnswerContext, AnswerTo, ChallengeAnswers } from './services/auth/challenge-answers.js';
export { SealedChallengeError, type SealOptions } from './services/auth/challenge-seal.js';
export type {
  AnswerableChallenge,
  CognitoChallenge,
  CustomChallenge,
  DevicePasswordVerifierChallenge,
  DeviceSrpAuthChallenge,
  EmailOtpChallenge,
  FirstFactor,
  MfaSetupChallenge,
  MfaType,
  NewPasswordRequiredChallenge,
  PasswordChallenge,
  PasswordSrpChallenge,
  PasswordVerifierChallenge,
  SelectChallengeChallenge,
  SelectMfaTypeChallenge,
  SmsMfaChallenge,
  SmsOtpChallenge,
  SoftwareTokenMfaChallenge,
  WebAuthnChallenge,
} from './services/auth/challenges.js';
export { CognitoAuthService } from './services/auth/cognito-auth.service.js';
export type { RememberedDevice, SignInDevice } from './services/auth/devices.js';
export { type OtpauthUriOptions, otpauthUri } from './services/auth/otpauth-uri.js';
export type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from './services/auth/passkeys.js';
export { UnsupportedChallengeError } from './services/auth/unsupported-challenge-error.js';
export {
  type AdminForgetDeviceInput,
  type AdminGetDeviceInput,
  type AdminListDevicesInput,
  type AdminUpdateDeviceStatusInput,
  CognitoDevicesService,
} from './services/cognito-devices.service.js';
export {
  type AddUserToGroupInput,
  CognitoGroupsService,
  type CreateGroupInput,
  type DeleteGroupInput,
  type GetGroupInput,
  type Group,
  type GroupMemberPage,
  type GroupPage,
  type ListGroupsForUserInput,
  type ListGroupsInput,
  type ListUsersInGroupInput,
  type RemoveUserFromGroupInput,
  type UpdateGroupInput,
} from './services/cognito-groups.service.js';
export {
  type AdminDeleteUserAttributesInput,
  type AdminListUserAuthEventsInput,
  type AdminListUserSessionsInput,
  type AdminResetUserPasswordInput,
  type AdminRevokeUserSessionInput,
  type AdminSetUserMfaPreferenceInput,
  type AdminSetUserSettingsInput,
  type AdminUpdateAuthEventFeedbackInput,
  type AdminUpdateUserAttributesInput,
  type AuthEvent,
  type AuthEventPage,
  CognitoUsersService,
  type ConfirmUserSignUpInput,
  type CreateUserInput,
  type DeleteUserInput,
  type DisableUserInput,
  type EnableUserInput,
  type GetUserByNameInput,
  type ListUsersInput,
  type SetUserPasswordInput,
  type SignOutUserInput,
  type UserPage,
} from './services/cognito-users.service.js';
export type { Device, DevicePage } from './services/device.js';
export type {
  ForgetDeviceInput,
  GetDeviceInput,
  ListDevicesInput,
  UpdateDeviceStatusInput,
} from './services/self-service/own-devices.js';
export type {
  AssociateSoftwareTokenInput,
  AssociateSoftwareTokenOutput,
  GetUserAuthFactorsInput,
  GetUserAuthFactorsOutput,
  SetUserMfaPreferenceInput,
  SetUserSettingsInput,
  VerifySoftwareTokenInput,
  VerifySoftwareTokenOutput,
} from './services/self-service/own-factors.js';
export type {
  CompleteWebAuthnRegistrationInput,
  DeleteWebAuthnCredentialInput,
  ListWebAuthnCredentialsInput,
  StartWebAuthnRegistrationInput,
  StartWebAuthnRegistrationOutput,
  WebAuthnCredential,
  WebAuthnCredentialPage,
} from './services/self-service/own-passkeys.js';
export type {
  DeleteOwnUserInput,
  DeleteUserAttributesInput,
  GetUserAttributeVerificationCodeInput,
  GetUserAttributeVerificationCodeOutput,
  UpdateUserAttributesInput,
  UpdateUserAttributesOutput,
  VerifyUserAttributeInput,
} from './services/self-service/own-profile.js';
export type { ListUserSessionsInput, RevokeUserSessionInput } from './services/self-service/self-service.js';
export type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from './services/self-service/web-authn-registration.js';
export type { UserAttributes } from './services/user-attributes.js';
export type { UserFilter } from './services/user-filter.js';
export {
  CognitoUserPoolsService,
  type CreateUserImportJobInput,
  type DescribeUserImportJobInput,
  type GetCsvHeaderInput,
  type ListUserImportJobsInput,
  type StartUserImportJobInput,
  type StopUserImportJobInput,
  type UserImportJob,
  type UserImportJobPage,
} from './services/user-pools/cognito-user-pools.service.js';
export type {
  CreateResourceServerInput,
  DeleteResourceServerInput,
  DescribeResourceServerInput,
  ListResourceServersInput,
  ResourceServer,
  ResourceServerPage,
  UpdateResourceServerInput,
} from './services/user-pools/resource-server-operations.js';
export type {
  AddUserPoolClientSecretInput,
  ClientSecret,
  ClientSecretPage,
  CreateUserPoolClientInput,
  DeleteUserPoolClientInput,
  DeleteUserPoolClientSecretInput,
  DescribeUserPoolClientInput,
  ListUserPoolClientSecretsInput,
  ListUserPoolClientsInput,
  UpdateUserPoolClientInput,
  UserPoolClient,
  UserPoolClientPage,
  UserPoolClientSummary,
} from './services/user-pools/user-pool-client-operations.js';
export type {
  AddCustomAttributesInput,
  CreateUserPoolInput,
  DeleteUserPoolInput,
  DescribeUserPoolInput,
  GetSigningCertificateInput,
  GetUserPoolMfaConfigInput,
  GetUserPoolSessionConfigurationInput,
  ListTagsForResourceInput,
  ListUserPoolsInput,
  SetUserPoolMfaConfigInput,
  SetUserPoolSessionConfigurationInput,
  TagResourceInput,
  UntagResourceInput,
  UpdateUserPoolInput,
  UserPool,
  UserPoolMfaConfig,
  UserPoolPage,
  UserPoolSessionConfiguration,
  UserPoolSummary,
} from './services/user-pools/user-pool-operations.js';
export type { UserRecord } from './services/user-record.js';
export type { UserSession, UserSessionPage } from './services/user-session.js';
export { COGNITO_CLIENT, COGNITO_OPTIONS, InjectCognitoClient, RESOLVED_OPTIONS } from './tokens.js';
export type { MessageToken, ServiceMessage } from './transports/transport.js';
