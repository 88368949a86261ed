import { describe, expect, it } from 'vitest';
import type {
  PreTokenGenerationTriggerEvent,
  PreTokenGenerationV2TriggerEvent,
} from '../../src/triggers/pre-token-generation.js';
import { decode, expectError, TestPool } from '../operations/support.js';
import { copyOf, serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk } = server;
const pool = await TestPool.create(server);
const ROLE = 'arn:aws:iam::123456789012:role/staff';
await pool.user('ana', { email: 'ana@example.com', email_verified: 'true' });
await sdk.createGroup({ UserPoolId: pool.id, GroupName: 'staff', RoleArn: ROLE, Precedence: 1 });
await sdk.adminAddUserToGroup({ UserPoolId: pool.id, GroupName: 'staff', Username: 'ana' });

async function claims(username = 'ana') {
  const { AccessToken, IdToken } = await pool.tokens(username);
  return { access: decode(AccessToken).claims, id: decode(IdToken).claims };
}

type V1 = NonNullable<PreTokenGenerationTriggerEvent['response']['claimsOverrideDetails']>;
type V2 = NonNullable<PreTokenGenerationV2TriggerEvent['response']['claimsAndScopeOverrideDetails']>;

function answerV1(details: V1): PreTokenGenerationTriggerEvent[] {
  const events: PreTokenGenerationTriggerEvent[] = [];
  triggers.preTokenGeneration = (event) => {
    events.push(copyOf(event));
    event.response.claimsOverrideDetails = details;
    return event;
  };
  return events;
}

function answerV2(details: V2): PreTokenGenerationV2TriggerEvent[] {
  const events: PreTokenGenerationV2TriggerEvent[] = [];
  triggers.preTokenGenerationV2 = (event) => {
    events.push(copyOf(event));
    event.response.claimsAndScopeOverrideDetails = details;
    return event;
  };
  return events;
}

describe('PreTokenGeneration, version 1', () => {
  it('gets the event of AWS', async () => {
    const events = answerV1({});
    await claims();
    expect(events).toMatchObject([
      {
        version: '1',
        triggerSource: 'TokenGeneration_Authentication',
        userName: 'ana',
        callerContext: { clientId: pool.clientId },
        request: {
          userAttributes: { email: 'ana@example.com', 'cognito:user_status': 'CONFIRMED' },
          groupConfiguration: {
            groupsToOverride: ['staff'],
            iamRolesToOverride: [ROLE],
            preferredRole: ROLE,
          },
        },
        response: { claimsOverrideDetails: null },
      },
    ]);
    expect(events[0]?.request).not.toHaveProperty('scopes');
  });

  it('adds to and takes from the ID token, and leaves the access token', async () => {
    answerV1({
      claimsToAddOrOverride: { tenant: 'acme', both: 'added', email: 'other@example.com' },
      claimsToSuppress: ['email_verified', 'both'],
    });
    const { id, access } = await claims();
    expect(id).toMatchObject({ tenant: 'acme', email: 'other@example.com', 'cognito:groups': ['staff'] });
    expect(id).not.toHaveProperty('email_verified');
    expect(id).not.toHaveProperty('both');
    expect(access).not.toHaveProperty('tenant');
    expect(access).toMatchObject({ 'cognito:groups': ['staff'], scope: 'aws.cognito.signin.user.admin' });
  });

  it.each([
    'aud',
    'auth_time',
    'cognito:username',
    'exp',
    'iat',
    'iss',
    'jti',
    'origin_jti',
    'sub',
    'token_use',
  ])('cannot change %s', async (name) => {
    answerV1({ claimsToAddOrOverride: { [name]: 'forged' }, claimsToSuppress: [name] });
    const { id } = await claims();
    expect(id).toHaveProperty([name]);
    expect(id[name]).not.toBe('forged');
  });

  it('cannot add what only federation or a hosted page has', async () => {
    const names = ['acr', 'amr', 'at_hash', 'azp', 'identities', 'nbf', 'nonce'];
    answerV1({ claimsToAddOrOverride: Object.fromEntries(names.map((name) => [name, 'x'])) });
    const { id } = await claims();
    expect(Object.keys(id).filter((name) => names.includes(name))).toEqual([]);
  });

  it('replaces the groups and roles of both tokens', async () => {
    const role = 'arn:aws:iam::123456789012:role/other';
    answerV1({
      groupOverrideDetails: {
        groupsToOverride: ['a', 'b'],
        iamRolesToOverride: [role],
        preferredRole: role,
      },
    });
    const { id, access } = await claims();
    expect(id).toMatchObject({
      'cognito:groups': ['a', 'b'],
      'cognito:roles': [role],
      'cognito:preferred_role': role,
    });
    expect(access['cognito:groups']).toEqual(['a', 'b']);
  });

  it.each([
    ['empty', {}],
    ['null', null],
  ])('takes the groups away by details that are %s', async (_, groupOverrideDetails) => {
    answerV1({ groupOverrideDetails });
    const { id, access } = await claims();
    for (const token of [id, access]) {
      expect(token).not.toHaveProperty(['cognito:groups']);
      expect(token).not.toHaveProperty(['cognito:roles']);
      expect(token).not.toHaveProperty(['cognito:preferred_role']);
    }
  });

  it('keeps the groups by handing them back', async () => {
    triggers.preTokenGeneration = (event) => {
      event.response.claimsOverrideDetails = {
        groupOverrideDetails: event.request.groupConfiguration,
      };
      return event;
    };
    const { id } = await claims();
    expect(id).toMatchObject({
      'cognito:groups': ['staff'],
      'cognito:roles': [ROLE],
      'cognito:preferred_role': ROLE,
    });
  });

  it('may only add texts', async () => {
    answerV1({ claimsToAddOrOverride: { list: ['a'] as unknown as string } });
    await expectError(pool.signIn('ana'), 'InvalidLambdaResponseException', 'Unrecognizable lambda output');
  });

  it('refuses the tokens by its error', async () => {
    triggers.preTokenGeneration = () => {
      throw new Error('No tenant');
    };
    await expectError(
      pool.signIn('ana'),
      'UserLambdaValidationException',
      'PreTokenGeneration failed with error No tenant.',
    );
  });
});

describe('when PreTokenGeneration is asked', () => {
  it('at a refresh, of groups as they are then', async () => {
    const events = answerV1({ claimsToAddOrOverride: { n: '1' } });
    const { RefreshToken } = await pool.tokens('ana');
    answerV1({ claimsToAddOrOverride: { n: '2' } });
    const { AuthenticationResult } = await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
      ClientMetadata: { not: 'shown' },
    });
    expect(decode(AuthenticationResult?.IdToken).claims['n']).toBe('2');
    expect(events).toHaveLength(1);
  });

  it('at a refresh with its own source, and the ClientMetadata of GetTokensFromRefreshToken', async () => {
    const { RefreshToken } = await pool.tokens('ana');
    const events = answerV1({});
    await pool.refresh(RefreshToken);
    await sdk.getTokensFromRefreshToken({
      ClientId: pool.clientId,
      RefreshToken,
      ClientMetadata: { shown: 'yes' },
    });
    expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
      'TokenGeneration_RefreshTokens',
      'TokenGeneration_RefreshTokens',
    ]);
    expect(events[0]?.request).not.toHaveProperty('clientMetadata');
    expect(events[1]?.request.clientMetadata).toEqual({ shown: 'yes' });
  });

  it('after a new password', async () => {
    await pool.invited('fresh');
    const events = answerV1({});
    const { Session } = await pool.signIn('fresh');
    expect(events).toEqual([]);
    await sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'fresh', NEW_PASSWORD: 'Another-1-Password' },
      ClientMetadata: { shown: 'yes' },
    });
    expect(events).toMatchObject([
      {
        triggerSource: 'TokenGeneration_NewPasswordChallenge',
        request: { clientMetadata: { shown: 'yes' } },
      },
    ]);
  });

  it('a sign-out while it runs ends the refresh', async () => {
    await pool.user('leaving');
    const { RefreshToken } = await pool.tokens('leaving');
    triggers.preTokenGeneration = async (event) => {
      await sdk.adminUserGlobalSignOut({ UserPoolId: pool.id, Username: 'leaving' });
      return event;
    };
    await expectError(pool.refresh(RefreshToken), 'NotAuthorizedException', 'Refresh Token has been revoked');
  });
});

describe('PreTokenGeneration, versions 2 and 3', () => {
  it('get the scopes, and their version', async () => {
    const events = answerV2({});
    await claims();
    expect(events).toMatchObject([
      {
        version: '2',
        request: { scopes: ['aws.cognito.signin.user.admin'], groupConfiguration: {} },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ]);
    delete triggers.preTokenGenerationV2;
    triggers.preTokenGenerationV3 = (event) => {
      events.push(copyOf(event));
      return event;
    };
    await claims();
    expect(events[1]?.version).toBe('3');
  });

  it('change both tokens, with values of every kind', async () => {
    answerV2({
      idTokenGeneration: { claimsToAddOrOverride: { plan: { name: 'pro' } }, claimsToSuppress: ['email'] },
      accessTokenGeneration: {
        claimsToAddOrOverride: { permissions: ['read', 'write'], age: 7, admin: true, none: null },
        claimsToSuppress: ['cognito:groups'],
      },
    });
    const { id, access } = await claims();
    expect(id).toMatchObject({ plan: { name: 'pro' }, 'cognito:groups': ['staff'] });
    expect(id).not.toHaveProperty('email');
    expect(access).toMatchObject({ permissions: ['read', 'write'], age: 7, admin: true });
    expect(access).not.toHaveProperty(['cognito:groups']);
    expect(access).not.toHaveProperty('none');
  });

  it.each(['client_id', 'event_id', 'scope', 'username', 'token_use', 'sub', 'exp'])(
    'cannot change %s of the access token',
    async (name) => {
      answerV2({
        accessTokenGeneration: {
          claimsToAddOrOverride: { [name]: 'forged', device_key: 'forged', version: 'forged' },
          claimsToSuppress: [name],
        },
      });
      const { access } = await claims();
      expect(access).toHaveProperty([name]);
      expect(access[name]).not.toBe('forged');
      expect(access).not.toHaveProperty('device_key');
      expect(access).not.toHaveProperty('version');
    },
  );

  it('add scopes and take them away; what is taken away is not there', async () => {
    answerV2({
      accessTokenGeneration: { scopesToAdd: ['api/read', 'api/write'], scopesToSuppress: ['api/write'] },
    });
    expect((await claims()).access['scope']).toBe('aws.cognito.signin.user.admin api/read');
  });

  it('make a token that no operation takes, when they take its scope', async () => {
    answerV2({ accessTokenGeneration: { scopesToSuppress: ['aws.cognito.signin.user.admin'] } });
    const { AccessToken } = await pool.tokens('ana');
    await expectError(
      sdk.getUser({ AccessToken }),
      'NotAuthorizedException',
      'Access Token does not have required scopes',
    );
  });

  it('cannot add two scopes as one', async () => {
    answerV2({ accessTokenGeneration: { scopesToAdd: ['api/read admin'] } });
    await expectError(pool.signIn('ana'), 'InvalidLambdaResponseException', 'Unrecognizable lambda output');
  });

  it('tokens that they changed are sound: GetUser takes them', async () => {
    answerV2({ accessTokenGeneration: { claimsToAddOrOverride: { tenant: 'acme' } } });
    const { AccessToken } = await pool.tokens('ana');
    expect((await sdk.getUser({ AccessToken })).Username).toBe('ana');
  });
});
