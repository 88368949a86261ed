// The requests of the Postman collection in the order in which they are run, and what each has to show.
//
// `body` is what is sent, with Postman's variables; `before` and `after` are the sources of scripts that
// run in Postman, with the helpers of postman-helpers.mjs in reach.

const user = { Username: '{{username}}', UserPoolId: '{{userPoolId}}' };
const group = { GroupName: '{{groupName}}', UserPoolId: '{{userPoolId}}' };
const device = { DeviceKey: '{{deviceKey}}', ...user };
const client = { ClientId: '{{clientId}}', UserPoolId: '{{userPoolId}}' };

const userIs = (title, check) =>
  `shows('${title}', 'AdminGetUser', { Username: value('username'), UserPoolId: value('userPoolId') }, (answer) => {
  ${check}
});`;
const userIsGone = `refuses('the user is gone', 'AdminGetUser', { Username: value('username'), UserPoolId: value('userPoolId') }, 'UserNotFoundException');`;
const groupsAre = (names) =>
  `shows('groups of the user', 'AdminListGroupsForUser', { Username: value('username'), UserPoolId: value('userPoolId') }, (answer) => {
  pm.expect(answer.Groups.map((group) => group.GroupName)).to.eql(${names});
});`;

/** A user that has signed up and has still to be confirmed. */
const signUp = (name) => `
pm.collectionVariables.set('username', '${name}');
pm.collectionVariables.set('secretHash', secretHash('${name}'));
call('SignUp', {
  ClientId: value('clientId'), Username: '${name}', Password: value('password'), SecretHash: value('secretHash'),
  UserAttributes: [{ Name: 'email', Value: '${name}@example.com' }],
}, succeeded('SignUp', () => takeCode()));`;

export const requests = [
  {
    operation: 'CreateUserPool',
    folder: 'Users',
    body: {
      PoolName: 'postman',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: true },
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      EmailVerificationMessage: 'Your code is {####}.',
      EmailVerificationSubject: 'Your code',
      LambdaConfig: {},
      MfaConfiguration: 'OPTIONAL',
      Policies: { PasswordPolicy: { MinimumLength: 10, RequireLowercase: true, RequireNumbers: true } },
      Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }],
      SmsAuthenticationMessage: 'Your code is {####}.',
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'postman' },
      SmsVerificationMessage: 'Your code is {####}.',
      UserPoolTags: { project: 'postman' },
    },
    after: `
shape('a pool with what was asked for', (answer) => {
  pm.expect(answer.UserPool.Name).to.eql('postman');
  pm.expect(answer.UserPool.MfaConfiguration).to.eql('OPTIONAL');
  pm.expect(answer.UserPool.UserPoolTags).to.eql({ project: 'postman' });
  keep('userPoolId', answer.UserPool.Id);
});`,
  },
  {
    operation: 'AddCustomAttributes',
    folder: 'Attributes',
    body: {
      CustomAttributes: [
        {
          Name: 'department',
          AttributeDataType: 'String',
          Mutable: true,
          StringAttributeConstraints: { MinLength: '1', MaxLength: '64' },
        },
      ],
      UserPoolId: '{{userPoolId}}',
    },
    after: `
shows('the pool has the attribute', 'DescribeUserPool', { UserPoolId: value('userPoolId') }, (answer) => {
  pm.expect(answer.UserPool.SchemaAttributes.map((attribute) => attribute.Name)).to.include('custom:department');
});`,
  },
  {
    operation: 'CreateUserPoolClient',
    folder: 'Users',
    body: {
      ClientName: 'postman',
      ExplicitAuthFlows: [
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
      GenerateSecret: true,
      ReadAttributes: ['email', 'name', 'custom:department'],
      RefreshTokenValidity: 7,
      UserPoolId: '{{userPoolId}}',
      WriteAttributes: ['email', 'name', 'custom:department'],
    },
    after: `
shape('a client with a secret', (answer) => {
  pm.expect(answer.UserPoolClient.RefreshTokenValidity).to.eql(7);
  keep('clientId', answer.UserPoolClient.ClientId);
  keep('clientSecret', answer.UserPoolClient.ClientSecret);
});`,
  },
  {
    operation: 'CreateGroup',
    folder: 'Groups',
    body: {
      Description: 'Those who may publish',
      GroupName: '{{groupName}}',
      Precedence: 1,
      RoleArn: 'arn:aws:iam::123456789012:role/editors',
      UserPoolId: '{{userPoolId}}',
    },
    after: `
shape('the group', (answer) => {
  pm.expect(answer.Group.GroupName).to.eql(value('groupName'));
  pm.expect(answer.Group.Precedence).to.eql(1);
});`,
  },
  {
    operation: 'AdminCreateUser',
    folder: 'Users',
    before: `pm.collectionVariables.set('username', 'ana');`,
    body: {
      DesiredDeliveryMediums: ['EMAIL'],
      ForceAliasCreation: true,
      MessageAction: 'SUPPRESS',
      TemporaryPassword: '{{temporaryPassword}}',
      UserAttributes: [
        { Name: 'email', Value: 'ana@example.com' },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'phone_number', Value: '+12065550100' },
        { Name: 'phone_number_verified', Value: 'true' },
      ],
      ...user,
      ValidationData: [{ Name: 'origin', Value: 'postman' }],
    },
    after: `
shape('a user who has to choose a password', (answer) => {
  pm.expect(answer.User.Username).to.eql(value('username'));
  pm.expect(answer.User.UserStatus).to.eql('FORCE_CHANGE_PASSWORD');
});`,
  },
  {
    operation: 'AdminInitiateAuth',
    folder: 'Authentication',
    before: `pm.collectionVariables.set('secretHash', secretHash(value('username')));`,
    body: {
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: {
        USERNAME: '{{username}}',
        PASSWORD: '{{temporaryPassword}}',
        SECRET_HASH: '{{secretHash}}',
      },
      ClientId: '{{clientId}}',
      ClientMetadata: { origin: 'postman' },
      UserPoolId: '{{userPoolId}}',
    },
    after: `
shape('a challenge: the temporary password has to be changed', (answer) => {
  pm.expect(answer.ChallengeName).to.eql('NEW_PASSWORD_REQUIRED');
  keep('session', answer.Session);
});`,
  },
  {
    operation: 'AdminRespondToAuthChallenge',
    folder: 'Authentication Challenge',
    body: {
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeResponses: {
        USERNAME: '{{username}}',
        NEW_PASSWORD: '{{password}}',
        SECRET_HASH: '{{secretHash}}',
      },
      ClientId: '{{clientId}}',
      Session: '{{session}}',
      UserPoolId: '{{userPoolId}}',
    },
    after: `
shape('tokens for the user', (answer) => {
  keep('accessToken', answer.AuthenticationResult.AccessToken);
  pm.expect(answer.AuthenticationResult.IdToken).to.be.a('string');
  pm.expect(answer.AuthenticationResult.RefreshToken).to.be.a('string');
});
shows('the password is chosen', 'GetUser', { AccessToken: value('accessToken') }, (answer) => {
  pm.expect(answer.Username).to.eql(value('username'));
});`,
  },
  {
    operation: 'ConfirmDevice',
    folder: 'Devices',
    srp: true,
    // Sign-in by a server knows of no devices, so that the user signs in as an app does.
    before: `
call('InitiateAuth', {
  AuthFlow: 'USER_PASSWORD_AUTH', ClientId: value('clientId'),
  AuthParameters: { USERNAME: value('username'), PASSWORD: value('password'), SECRET_HASH: secretHash(value('username')) },
}, succeeded('InitiateAuth', ({ AuthenticationResult: result }) => {
  keep('accessToken', result.AccessToken);
  keep('deviceKey', result.NewDeviceMetadata.DeviceKey);
  const verifier = deviceVerifier(result.NewDeviceMetadata.DeviceGroupKey, value('deviceKey'));
  keep('deviceSalt', verifier.salt);
  keep('devicePasswordVerifier', verifier.verifier);
}));`,
    body: {
      AccessToken: '{{accessToken}}',
      DeviceKey: '{{deviceKey}}',
      DeviceName: 'Postman',
      DeviceSecretVerifierConfig: { PasswordVerifier: '{{devicePasswordVerifier}}', Salt: '{{deviceSalt}}' },
    },
    after: `
shape('the user decides if the device is remembered', (answer) => {
  pm.expect(answer.UserConfirmationNecessary).to.eql(true);
});`,
  },
  {
    operation: 'AdminGetDevice',
    folder: 'Devices',
    body: device,
    after: `
shape('the device under its name', (answer) => {
  pm.expect(answer.Device.DeviceKey).to.eql(value('deviceKey'));
  pm.expect(attributes(answer.Device.DeviceAttributes).device_name).to.eql('Postman');
});`,
  },
  {
    operation: 'AdminListDevices',
    folder: 'Devices',
    body: { Limit: 10, ...user },
    after: `
shape('the one device', (answer) => {
  pm.expect(answer.Devices.map((device) => device.DeviceKey)).to.eql([value('deviceKey')]);
});`,
  },
  {
    operation: 'AdminUpdateDeviceStatus',
    folder: 'Users',
    body: { DeviceRememberedStatus: 'remembered', ...device },
    after: `
shows('the device is remembered', 'AdminGetDevice', { DeviceKey: value('deviceKey'), Username: value('username'), UserPoolId: value('userPoolId') }, (answer) => {
  pm.expect(JSON.stringify(answer.Device.DeviceAttributes)).to.include('"remembered"');
});`,
  },
  {
    operation: 'AdminForgetDevice',
    folder: 'Devices',
    body: device,
    after: `
shows('no device is left', 'AdminListDevices', { Username: value('username'), UserPoolId: value('userPoolId') }, (answer) => {
  pm.expect(answer.Devices).to.eql([]);
});`,
  },
  {
    operation: 'AdminAddUserToGroup',
    folder: 'Users',
    body: { ...group, Username: '{{username}}' },
    after: groupsAre(`[value('groupName')]`),
  },
  {
    operation: 'AdminListGroupsForUser',
    folder: 'Users',
    body: { Limit: 10, ...user },
    after: `
shape('the one group', (answer) => {
  pm.expect(answer.Groups.map((group) => group.GroupName)).to.eql([value('groupName')]);
});`,
  },
  {
    operation: 'AdminRemoveUserFromGroup',
    folder: 'Users',
    body: { ...group, Username: '{{username}}' },
    after: groupsAre('[]'),
  },
  {
    operation: 'DeleteGroup',
    folder: 'Groups',
    body: group,
    after: `refuses('the group is gone', 'GetGroup', { GroupName: value('groupName'), UserPoolId: value('userPoolId') }, 'ResourceNotFoundException');`,
  },
  {
    operation: 'AdminUpdateUserAttributes',
    folder: 'Users',
    body: {
      UserAttributes: [
        { Name: 'name', Value: 'Ana' },
        { Name: 'custom:department', Value: 'press' },
        { Name: 'custom:team', Value: 'blue' },
      ],
      ...user,
    },
    after: userIs(
      'the user has the attributes',
      `pm.expect(attributes(answer.UserAttributes)).to.include({ name: 'Ana', 'custom:department': 'press', 'custom:team': 'blue' });`,
    ),
  },
  {
    operation: 'AdminGetUser',
    folder: 'Users',
    body: user,
    after: `
shape('the user', (answer) => {
  pm.expect(answer).to.include({ Username: value('username'), Enabled: true, UserStatus: 'CONFIRMED' });
  pm.expect(attributes(answer.UserAttributes).email).to.eql('ana@example.com');
});`,
  },
  {
    operation: 'AdminDeleteUserAttributes',
    folder: 'Users',
    body: { UserAttributeNames: ['custom:team'], ...user },
    after: userIs(
      'the attribute is gone',
      `pm.expect(attributes(answer.UserAttributes)).to.not.have.property('custom:team');`,
    ),
  },
  {
    operation: 'DeleteUserAttributes',
    folder: 'Users',
    body: { AccessToken: '{{accessToken}}', UserAttributeNames: ['custom:department'] },
    after: userIs(
      'the attribute is gone',
      `pm.expect(attributes(answer.UserAttributes)).to.not.have.property('custom:department');`,
    ),
  },
  {
    operation: 'ChangePassword',
    folder: 'Password',
    body: {
      AccessToken: '{{accessToken}}',
      PreviousPassword: '{{password}}',
      ProposedPassword: '{{changedPassword}}',
    },
    after: `
const signIn = (password) => ({
  AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', ClientId: value('clientId'), UserPoolId: value('userPoolId'),
  AuthParameters: { USERNAME: value('username'), PASSWORD: password, SECRET_HASH: secretHash(value('username')) },
});
refuses('the old password is refused', 'AdminInitiateAuth', signIn(value('password')), 'NotAuthorizedException');
shows('the new one signs in', 'AdminInitiateAuth', signIn(value('changedPassword')), (answer) => {
  pm.expect(answer.AuthenticationResult.AccessToken).to.be.a('string');
});`,
  },
  {
    operation: 'AdminUserGlobalSignOut',
    folder: 'Users',
    body: user,
    after: `refuses('the access token is worth nothing', 'GetUser', { AccessToken: value('accessToken') }, 'NotAuthorizedException');`,
  },
  {
    operation: 'AdminDisableUser',
    folder: 'Users',
    body: user,
    after: userIs('the user is disabled', 'pm.expect(answer.Enabled).to.eql(false);'),
  },
  {
    operation: 'AdminEnableUser',
    folder: 'Users',
    body: user,
    after: userIs('the user is enabled', 'pm.expect(answer.Enabled).to.eql(true);'),
  },
  {
    operation: 'AdminResetUserPassword',
    folder: 'Users',
    body: user,
    after: userIs('the password has to be reset', `pm.expect(answer.UserStatus).to.eql('RESET_REQUIRED');`),
  },
  {
    operation: 'ConfirmForgotPassword',
    folder: 'Password',
    before: `
keep('secretHash', secretHash(value('username')));
takeCode();`,
    body: {
      ClientId: '{{clientId}}',
      ConfirmationCode: '{{code}}',
      Password: '{{password}}',
      SecretHash: '{{secretHash}}',
      Username: '{{username}}',
    },
    after: userIs('the user can sign in again', `pm.expect(answer.UserStatus).to.eql('CONFIRMED');`),
  },
  {
    operation: 'AdminSetUserSettings',
    folder: 'Users',
    body: { MFAOptions: [{ AttributeName: 'phone_number', DeliveryMedium: 'SMS' }], ...user },
    after: userIs(
      'the user has the setting',
      `pm.expect(answer.MFAOptions).to.eql([{ AttributeName: 'phone_number', DeliveryMedium: 'SMS' }]);`,
    ),
  },
  { operation: 'AdminDeleteUser', folder: 'Users', body: user, after: userIsGone },
  {
    operation: 'ConfirmSignUp',
    folder: 'Sign Up',
    before: signUp('bo'),
    body: {
      ClientId: '{{clientId}}',
      ConfirmationCode: '{{code}}',
      ForceAliasCreation: true,
      SecretHash: '{{secretHash}}',
      Username: '{{username}}',
    },
    after: userIs(
      'the user and the address are confirmed',
      `pm.expect(answer.UserStatus).to.eql('CONFIRMED');
  pm.expect(attributes(answer.UserAttributes).email_verified).to.eql('true');`,
    ),
  },
  {
    operation: 'DeleteUser',
    folder: 'Users',
    before: `
call('AdminInitiateAuth', {
  AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', ClientId: value('clientId'), UserPoolId: value('userPoolId'),
  AuthParameters: { USERNAME: value('username'), PASSWORD: value('password'), SECRET_HASH: secretHash(value('username')) },
}, succeeded('AdminInitiateAuth', (answer) => keep('accessToken', answer.AuthenticationResult.AccessToken)));`,
    body: { AccessToken: '{{accessToken}}' },
    after: userIsGone,
  },
  {
    operation: 'AdminConfirmSignUp',
    folder: 'Sign Up',
    before: signUp('cy'),
    body: user,
    after: userIs('the user is confirmed', `pm.expect(answer.UserStatus).to.eql('CONFIRMED');`),
  },
  {
    operation: 'CreateUserImportJob',
    folder: 'Users',
    body: {
      CloudWatchLogsRoleArn: 'arn:aws:iam::123456789012:role/import',
      JobName: 'postman',
      UserPoolId: '{{userPoolId}}',
    },
    after: `
shape('a job that waits for its file', (answer) => {
  pm.expect(answer.UserImportJob.Status).to.eql('Created');
  pm.expect(answer.UserImportJob.PreSignedUrl).to.be.a('string');
  keep('jobId', answer.UserImportJob.JobId);
});`,
  },
  {
    operation: 'DescribeUserImportJob',
    folder: 'Users',
    body: { JobId: '{{jobId}}', UserPoolId: '{{userPoolId}}' },
    after: `
shape('the job', (answer) => {
  pm.expect(answer.UserImportJob).to.include({ JobId: value('jobId'), JobName: 'postman', Status: 'Created' });
});`,
  },
  {
    operation: 'DeleteUserPoolClient',
    folder: 'Users',
    body: client,
    after: `refuses('the client is gone', 'DescribeUserPoolClient', { ClientId: value('clientId'), UserPoolId: value('userPoolId') }, 'ResourceNotFoundException');`,
  },
  {
    operation: 'DeleteUserPool',
    folder: 'Users',
    body: { UserPoolId: '{{userPoolId}}' },
    after: `refuses('the pool is gone', 'DescribeUserPool', { UserPoolId: value('userPoolId') }, 'ResourceNotFoundException');`,
  },
];
