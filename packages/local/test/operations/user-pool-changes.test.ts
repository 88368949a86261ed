import type { CreateUserPoolRequest, UpdateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { expectError, MINUTE, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;

async function create(settings: Partial<CreateUserPoolRequest> = {}): Promise<string> {
  const { UserPool } = await sdk.createUserPool({ PoolName: 'pool', ...settings });
  return UserPool?.Id as string;
}

async function describePool(UserPoolId: string) {
  const { UserPool } = await sdk.describeUserPool({ UserPoolId });
  return UserPool;
}

const shared = await create();
const update = (settings: Partial<UpdateUserPoolRequest>, UserPoolId = shared) =>
  sdk.updateUserPool({ UserPoolId, ...settings });

describe('UpdateUserPool', () => {
  it('returns what is left out to its default, and keeps the name and what is fixed', async () => {
    const id = await create({
      PoolName: 'before',
      AutoVerifiedAttributes: ['email'],
      AliasAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      Schema: [{ Name: 'tenant', AttributeDataType: 'String' }],
      DeletionProtection: 'ACTIVE',
      Policies: { PasswordPolicy: { MinimumLength: 20 } },
      UserPoolTags: { team: 'a' },
      UserPoolTier: 'LITE',
      EmailVerificationSubject: 'Subject',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    const before = await describePool(id);
    clock.advance(MINUTE);
    expect(await update({ DeletionProtection: 'INACTIVE' }, id)).not.toHaveProperty('UserPool');
    const after = await describePool(id);
    expect(after).toMatchObject({
      Name: 'before',
      AliasAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      SchemaAttributes: before?.SchemaAttributes,
      DeletionProtection: 'INACTIVE',
      UserPoolTags: {},
      UserPoolTier: 'ESSENTIALS',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
    });
    expect(after?.Policies?.PasswordPolicy).toMatchObject({ MinimumLength: 8, RequireSymbols: true });
    expect(after).not.toHaveProperty('AutoVerifiedAttributes');
    expect(after).not.toHaveProperty('EmailVerificationSubject');
    expect(after?.CreationDate).toEqual(before?.CreationDate);
    expect(after?.LastModifiedDate).toEqual(new Date(clock.now()));
  });

  it('sets what is given, and it holds', async () => {
    const pool = await TestPool.create(server);
    await update(
      {
        PoolName: 'after',
        Policies: { PasswordPolicy: { MinimumLength: 30 } },
        UserPoolTags: { a: 'b' },
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      },
      pool.id,
    );
    expect(await describePool(pool.id)).toMatchObject({
      Name: 'after',
      UserPoolTags: { a: 'b' },
      Policies: { PasswordPolicy: { MinimumLength: 30, RequireSymbols: false } },
    });
    await expectError(
      pool.user('short'),
      'InvalidPasswordException',
      'Password did not conform with password policy: Password not long enough',
    );
    await expectError(
      sdk.signUp({ ClientId: pool.clientId, Username: 'ana', Password: 'Passw0rd!' }),
      'NotAuthorizedException',
      'SignUp is not permitted for this user pool',
    );
  });

  it('keeps which attributes are verified before an update, and checks them in the new request only', async () => {
    const id = await create({
      AutoVerifiedAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    });
    await update({}, id);
    const after = await describePool(id);
    expect(after?.UserAttributeUpdateSettings).toEqual({
      AttributesRequireVerificationBeforeUpdate: ['email'],
    });
    expect(after).not.toHaveProperty('AutoVerifiedAttributes');
  });

  it.each<[string, Partial<UpdateUserPoolRequest>, string]>([
    [
      'attributes to verify that are not verified automatically',
      { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
    ],
    [
      'MFA turned on',
      { MfaConfiguration: 'ON', SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
      'Cannot turn MFA functionality ON, once the user pool has been created.',
    ],
    [
      'phone numbers to verify without SMS',
      { AutoVerifiedAttributes: ['phone_number'] },
      'SMS configuration is required when phone_number is selected for auto verification',
    ],
    [
      'a sender that is no address',
      {
        EmailConfiguration: {
          EmailSendingAccount: 'DEVELOPER',
          SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
          From: 'nobody',
        },
      },
      'Provided From email address is invalid',
    ],
    [
      'a sender of a region without one',
      {
        EmailConfiguration: {
          EmailSendingAccount: 'DEVELOPER',
          SourceArn: 'arn:aws:ses:sa-east-1:123456789012:identity/a@example.com',
        },
      },
      'Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.',
    ],
    [
      'SMS from another region',
      {
        SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', SnsRegion: 'eu-west-1' },
      },
      'Invalid snsRegion. Allowed SNS region for us-east-1 is us-east-1',
    ],
    [
      'an issuer of another form, aloud,',
      { IssuerConfiguration: { Type: 'UPDATED' } },
      'UpdateUserPool: IssuerConfiguration.Type UPDATED is not supported by this server yet.',
    ],
  ])('refuses %s', async (_, settings, message) => {
    await expectError(update(settings), 'InvalidParameterException', message);
  });

  it('refuses both kinds of verification message at once', async () => {
    await expect(
      update({
        VerificationMessageTemplate: { EmailMessage: 'Code {####}', EmailMessageByLink: '{##Click##}' },
      }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('names a pool that is not there', async () => {
    await expectError(
      update({}, 'us-east-1_nothing00'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe('DeleteUserPool', () => {
  it('takes everything in the pool with it, and nothing of another', async () => {
    const pool = await TestPool.create(server, { AutoVerifiedAttributes: ['email'] });
    const other = await TestPool.create(server);
    for (const { id, clientId } of [pool, other]) {
      await sdk.createGroup({ UserPoolId: id, GroupName: 'g' });
      await sdk.createResourceServer({ UserPoolId: id, Identifier: 'api', Name: 'api' });
      await sdk.signUp({
        ClientId: clientId,
        Username: 'new',
        Password: 'Passw0rd!',
        UserAttributes: [{ Name: 'email', Value: 'new@example.com' }],
      });
    }
    await Promise.all([pool, other].map((each) => each.user('ana')));
    for (const { id } of [pool, other]) {
      await sdk.adminAddUserToGroup({ UserPoolId: id, GroupName: 'g', Username: 'ana' });
    }
    const { AccessToken } = await pool.tokens('ana');
    const kept = await other.tokens('ana');

    expect(await sdk.deleteUserPool({ UserPoolId: pool.id })).not.toHaveProperty('UserPool');

    const gone = `User pool ${pool.id} does not exist.`;
    await expectError(describePool(pool.id), 'ResourceNotFoundException', gone);
    await expectError(pool.get('ana'), 'ResourceNotFoundException', gone);
    await expectError(sdk.deleteUserPool({ UserPoolId: pool.id }), 'ResourceNotFoundException', gone);
    await expectError(
      pool.signIn('ana'),
      'ResourceNotFoundException',
      `User pool client ${pool.clientId} does not exist.`,
    );
    await expectError(sdk.getUser({ AccessToken }), 'NotAuthorizedException', 'Invalid Access Token');
    expect(pool.messages()).toEqual([]);
    const keys = await fetch(`${server.cognito.endpoint}/${pool.id}/.well-known/jwks.json`);
    expect(keys.status).toBe(404);
    const { UserPools } = await sdk.listUserPools({ MaxResults: 60 });
    expect(UserPools?.map(({ Id }) => Id)).not.toContain(pool.id);

    expect((await sdk.getUser({ AccessToken: kept.AccessToken })).Username).toBe('ana');
    expect((await describePool(other.id))?.EstimatedNumberOfUsers).toBe(2);
    expect(
      (await sdk.describeResourceServer({ UserPoolId: other.id, Identifier: 'api' })).ResourceServer?.Name,
    ).toBe('api');
  });

  it('leaves nothing behind for a pool of the same id', async () => {
    const id = 'us-east-1_Again0001';
    const seed = {
      pools: [
        {
          id,
          name: 'again',
          clients: [
            {
              id: 'againclient',
              name: 'web',
              settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
            },
          ],
          users: [{ username: 'ana', password: 'Passw0rd!' }],
        },
      ],
    } as const;
    await server.cognito.seed(structuredClone(seed) as never);
    const signIn = () =>
      sdk.initiateAuth({
        ClientId: 'againclient',
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
      });
    const before = await signIn();
    const { UserAttributes } = await sdk.adminGetUser({ UserPoolId: id, Username: 'ana' });
    await sdk.deleteUserPool({ UserPoolId: id });
    await server.cognito.seed(structuredClone(seed) as never);

    const again = await sdk.adminGetUser({ UserPoolId: id, Username: 'ana' });
    expect(again.UserAttributes).not.toEqual(UserAttributes);
    const { AuthenticationResult } = await signIn();
    await sdk.getUser({ AccessToken: AuthenticationResult?.AccessToken });
    await expectError(
      sdk.getUser({ AccessToken: before.AuthenticationResult?.AccessToken }),
      'NotAuthorizedException',
      'Could not verify signature for Access Token',
    );
  });

  it('is refused while the pool is protected', async () => {
    const id = await create({ DeletionProtection: 'ACTIVE' });
    await expectError(
      sdk.deleteUserPool({ UserPoolId: id }),
      'InvalidParameterException',
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    );
    await update({ DeletionProtection: 'INACTIVE' }, id);
    await sdk.deleteUserPool({ UserPoolId: id });
  });
});
