import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import type { PostAuthenticationTriggerEvent } from '../../src/triggers/post-authentication.js';
import type { PreAuthenticationTriggerEvent } from '../../src/triggers/pre-authentication.js';
import { deviceVerifier, SrpClient } from '../operations/srp-client.js';
import { expectError, list, PASSWORD, record, TestPool } from '../operations/support.js';
import { copyOf, serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk } = server;
const pool = await TestPool.create(server);
const hiding = await pool.client({ PreventUserExistenceErrors: 'ENABLED' });
await pool.user('ana', { email: 'ana@example.com' });

describe('PreAuthentication', () => {
  function remember(): PreAuthenticationTriggerEvent[] {
    const events: PreAuthenticationTriggerEvent[] = [];
    triggers.preAuthentication = (event) => {
      events.push(copyOf(event));
      return event;
    };
    return events;
  }

  it('gets the event of AWS, with the ClientMetadata as validationData', async () => {
    const events = remember();
    await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD },
      ClientMetadata: { ip: '192.0.2.1' },
    });
    const sub = record((await pool.get('ana')).UserAttributes)['sub'];
    expect(events).toEqual([
      {
        version: '1',
        region: 'us-east-1',
        userPoolId: pool.id,
        triggerSource: 'PreAuthentication_Authentication',
        userName: 'ana',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
        request: {
          userAttributes: { sub, email: 'ana@example.com', 'cognito:user_status': 'CONFIRMED' },
          validationData: { ip: '192.0.2.1' },
          userNotFound: false,
        },
        response: {},
      },
    ]);
  });

  it('refuses a sign-in by its error, before the password is looked at', async () => {
    triggers.preAuthentication = () => {
      throw new Error('Closed on Sundays');
    };
    await expectError(
      pool.signIn('ana', 'wrong'),
      'UserLambdaValidationException',
      'PreAuthentication failed with error Closed on Sundays.',
    );
  });

  it('is asked about a name that nobody has only where the client is not to be told', async () => {
    const events = remember();
    await expectError(pool.signIn('nobody'), 'UserNotFoundException', 'User does not exist.');
    expect(events).toEqual([]);
    await expectError(hiding.signIn('nobody'), 'NotAuthorizedException', 'Incorrect username or password.');
    expect(events).toMatchObject([
      { userName: 'nobody', request: { userAttributes: {}, userNotFound: true } },
    ]);
  });

  it('is asked in the flows of administrators and of SRP, and not at a refresh', async () => {
    const { RefreshToken } = await pool.tokens('ana');
    const events = remember();
    await pool.refresh(RefreshToken);
    expect(events).toEqual([]);
    await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD },
    });
    const srp = await pool.client({
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    await sdk.initiateAuth({
      ClientId: srp.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'ana', SRP_A: 'abc' },
    });
    expect(events).toHaveLength(2);
  });

  it('may disable the user, who does not get in then', async () => {
    await pool.user('doomed');
    triggers.preAuthentication = async (event) => {
      await sdk.adminDisableUser({ UserPoolId: pool.id, Username: event.userName });
      return event;
    };
    await expectError(pool.signIn('doomed'), 'NotAuthorizedException', 'User is disabled.');
  });
});

describe('PostAuthentication', () => {
  function remember(): PostAuthenticationTriggerEvent[] {
    const events: PostAuthenticationTriggerEvent[] = [];
    triggers.postAuthentication = (event) => {
      events.push(copyOf(event));
      return event;
    };
    return events;
  }

  it('is told when everything is proven, without the ClientMetadata of InitiateAuth', async () => {
    const events = remember();
    await expectError(
      pool.signIn('ana', 'wrong'),
      'NotAuthorizedException',
      'Incorrect username or password.',
    );
    expect(events).toEqual([]);
    await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD },
      ClientMetadata: { not: 'shown' },
    });
    expect(events).toMatchObject([
      {
        triggerSource: 'PostAuthentication_Authentication',
        userName: 'ana',
        request: { newDeviceUsed: false },
      },
    ]);
    expect(events[0]?.request).not.toHaveProperty('clientMetadata');
  });

  it('gets the ClientMetadata of the challenge that was answered last', async () => {
    await pool.invited('fresh');
    const events = remember();
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
        request: {
          userAttributes: { 'cognito:user_status': 'CONFIRMED' },
          clientMetadata: { shown: 'yes' },
        },
      },
    ]);
  });

  it('refuses the tokens by its error', async () => {
    triggers.postAuthentication = () => {
      throw new Error('Audit is down');
    };
    await expectError(
      pool.signIn('ana'),
      'UserLambdaValidationException',
      'PostAuthentication failed with error Audit is down.',
    );
  });

  it('says whether the device is new where the pool remembers devices', async () => {
    const remembering = await TestPool.create(server, {
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: false },
    });
    await remembering.user('mobile');
    const events = remember();
    await remembering.signIn('mobile');
    expect(events).toMatchObject([{ request: { newDeviceUsed: true } }]);
  });

  it('may change the user: the tokens are of the user as it left him', async () => {
    await pool.user('changed', { email: 'before@example.com' });
    triggers.postAuthentication = async (event) => {
      await sdk.adminUpdateUserAttributes({
        UserPoolId: pool.id,
        Username: event.userName,
        UserAttributes: list({ email: 'after@example.com' }),
      });
      return event;
    };
    await pool.invited('renewed');
    const { Session } = await pool.signIn('renewed');
    for (const answer of [
      await pool.signIn('changed'),
      await sdk.respondToAuthChallenge({
        ClientId: pool.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: { USERNAME: 'renewed', NEW_PASSWORD: 'Another-1-Password' },
      }),
    ]) {
      const { AccessToken } = answer.AuthenticationResult ?? {};
      const { UserAttributes } = await sdk.getUser({ AccessToken });
      expect(record(UserAttributes)['email']).toBe('after@example.com');
    }
    // Neither is the new password lost by what the function wrote.
    delete triggers.postAuthentication;
    expect((await pool.signIn('renewed', 'Another-1-Password')).AuthenticationResult).toBeDefined();
  });

  it('may delete the user, who gets no tokens then', async () => {
    await pool.user('gone');
    triggers.postAuthentication = async (event) => {
      await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: event.userName });
      return event;
    };
    await expectError(pool.signIn('gone'), 'UserNotFoundException', 'User does not exist.');
  });
});

describe('a sign-in with a remembered device', () => {
  it('has a source of its own, and is with no new device', async () => {
    const pool = await TestPool.create(server, {
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: false },
    });
    await pool.user('mobile');
    const { AuthenticationResult } = await pool.signIn('mobile');
    const { DeviceKey: DEVICE_KEY = '', DeviceGroupKey = '' } = AuthenticationResult?.NewDeviceMetadata ?? {};
    const password = 'device-password';
    await sdk.confirmDevice({
      AccessToken: AuthenticationResult?.AccessToken,
      DeviceKey: DEVICE_KEY,
      DeviceSecretVerifierConfig: deviceVerifier(DeviceGroupKey, DEVICE_KEY, password),
    });

    const seen: unknown[] = [];
    triggers.postAuthentication = (event) => {
      seen.push(['newDeviceUsed', event.request.newDeviceUsed]);
      return event;
    };
    triggers.preTokenGeneration = (event) => {
      seen.push(event.triggerSource);
      return event;
    };
    const respond = (
      ChallengeName: ChallengeNameType,
      Session: string | undefined,
      responses: Record<string, string>,
    ) =>
      sdk.respondToAuthChallenge({
        ClientId: pool.clientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: 'mobile', DEVICE_KEY, ...responses },
      });
    const srp = new SrpClient();
    const first = await pool.signIn('mobile', PASSWORD, { DEVICE_KEY });
    const second = await respond('DEVICE_SRP_AUTH', first.Session, { SRP_A: srp.SRP_A });
    const proof = srp.prove(second.ChallengeParameters, { realm: DeviceGroupKey, password });
    expect(seen).toEqual([]);
    const done = await respond('DEVICE_PASSWORD_VERIFIER', second.Session, proof);
    expect(done.AuthenticationResult?.AccessToken).toBeDefined();
    expect(seen).toEqual([['newDeviceUsed', false], 'TokenGeneration_AuthenticateDevice']);
  });
});
