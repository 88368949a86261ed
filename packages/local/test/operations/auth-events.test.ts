import type { AuthEventType } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { decode, expectError, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const AUDIT = { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } } as const;
const NEW = 'Brand-new1';
let pool: TestPool;
let users = 0;

beforeAll(async () => {
  pool = await TestPool.create(server, { ...AUDIT, AutoVerifiedAttributes: ['email'] });
});

async function someone(attributes: Record<string, string> = {}): Promise<string> {
  const username = `user${users++}`;
  await pool.user(username, attributes);
  return username;
}

const list = (Username: string, more: object = {}, of = pool) =>
  sdk.adminListUserAuthEvents({ UserPoolId: of.id, Username, ...more });
const events = async (Username: string) => (await list(Username)).AuthEvents as AuthEventType[];
const kinds = async (Username: string) =>
  (await events(Username)).map(({ EventType, EventResponse }) => `${EventType} ${EventResponse}`);
const NOT_ENABLED = ['UserPoolAddOnNotEnabledException', 'User pool add-ons are not enabled.'] as const;

describe('AdminListUserAuthEvents', () => {
  it('shows a sign-in under the event id of its tokens', async () => {
    const username = await someone();
    expect(await events(username)).toEqual([]);
    const { AccessToken } = await pool.tokens(username);
    expect(await events(username)).toEqual([
      {
        EventId: decode(AccessToken).claims['event_id'],
        EventType: 'SignIn',
        CreationDate: new Date(clock.now()),
        EventResponse: 'Pass',
        EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Success' }],
      },
    ]);
  });

  it('shows what failed and what is not over, the newest first', async () => {
    const username = `user${users++}`;
    await pool.invited(username);
    await expect(pool.signIn(username, 'Wrong-pass1')).rejects.toThrow();
    clock.advance(MINUTE);
    const { Session } = await pool.signIn(username);
    await sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD: NEW },
    });
    expect(await kinds(username)).toEqual(['SignIn Pass', 'SignIn InProgress', 'SignIn Fail']);
    const failed = (await events(username)).at(-1);
    expect(failed).toMatchObject({
      CreationDate: new Date(clock.now() - MINUTE),
      ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }],
    });
  });

  it('shows sign-ups, codes and new passwords too, and no refresh', async () => {
    const username = `user${users++}`;
    const name = { ClientId: pool.clientId, Username: username };
    await sdk.signUp({
      ...name,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: 'amy@example.com' }],
    });
    await sdk.resendConfirmationCode(name);
    // Somebody else, as far as one can tell.
    await expect(sdk.signUp({ ...name, Password: PASSWORD })).rejects.toThrow();
    await sdk.confirmSignUp({ ...name, ConfirmationCode: pool.lastMessage().code });
    await sdk.forgotPassword(name);
    await expect(
      sdk.confirmForgotPassword({ ...name, ConfirmationCode: 'wrong', Password: NEW }),
    ).rejects.toThrow();
    await sdk.confirmForgotPassword({ ...name, ConfirmationCode: pool.lastMessage().code, Password: NEW });
    const { AccessToken, RefreshToken } = await pool.tokens(username, NEW);
    await pool.refresh(RefreshToken);
    await sdk.changePassword({ AccessToken, PreviousPassword: NEW, ProposedPassword: PASSWORD });
    await expect(
      sdk.changePassword({ AccessToken, PreviousPassword: NEW, ProposedPassword: PASSWORD }),
    ).rejects.toThrow();
    expect((await kinds(username)).reverse()).toEqual([
      'SignUp Pass',
      'ResendCode Pass',
      'ForgotPassword Pass',
      'PasswordChange Fail',
      'PasswordChange Pass',
      'SignIn Pass',
      'PasswordChange Pass',
      'PasswordChange Fail',
    ]);
  });

  it('shows the address that a server passes on, without credentials where its client may', async () => {
    const username = await someone();
    await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD },
      ContextData: { IpAddress: '192.0.2.1', ServerName: 's', ServerPath: '/', HttpHeaders: [] },
    });
    const passesOn = await pool.client({
      GenerateSecret: true,
      EnablePropagateAdditionalUserContextData: true,
    });
    for (const { clientId, clientSecret } of [pool, passesOn]) {
      const hash = clientSecret && secretHashOf(clientSecret, username, clientId);
      await sdk.initiateAuth({
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD, ...(hash && { SECRET_HASH: hash }) },
        UserContextData: { IpAddress: '192.0.2.2' },
      });
    }
    expect((await events(username)).map(({ EventContextData }) => EventContextData)).toEqual([
      { IpAddress: '192.0.2.2' },
      undefined,
      { IpAddress: '192.0.2.1' },
    ]);
  });

  it('goes page by page, and keeps no more than the last two hundred', async () => {
    const username = await someone();
    for (let i = 0; i < 201; i++) await pool.signIn(username, PASSWORD);
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await list(username, { MaxResults: 0, NextToken });
      expect(answer.AuthEvents?.length).toBeLessThanOrEqual(60);
      seen.push(...(answer.AuthEvents ?? []).map(({ EventId }) => EventId));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(new Set(seen).size).toBe(200);
    expect((await list(username, { MaxResults: 3 })).AuthEvents).toHaveLength(3);
    await expectError(
      list(username, { NextToken: 'AAQA-x' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
  }, 60_000);

  it('starts over with a user who takes a name that was another’s', async () => {
    const username = await someone();
    await pool.tokens(username);
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: username });
    await pool.user(username);
    expect(await events(username)).toEqual([]);
  });

  it('is not there in a pool without threat protection', async () => {
    const plain = await TestPool.create(server);
    await plain.user('amy');
    await plain.tokens('amy');
    await expectError(list('amy', {}, plain), ...NOT_ENABLED);
    await expectError(list('nobody'), 'UserNotFoundException', 'User does not exist.');
  });

  it('takes the PLUS tier', async () => {
    const { UserPoolAddOns } = AUDIT;
    for (const [UserPoolTier, named] of [
      ['LITE', 'LITE'],
      ['ESSENTIALS', 'ESSENTIALS'],
      [undefined, 'ESSENTIALS'],
    ] as const) {
      await expectError(
        sdk.createUserPool({ PoolName: 'pool', UserPoolAddOns, UserPoolTier }),
        'FeatureUnavailableInTierException',
        `The following features need to be disabled for the ${named} pricing tier configured: Threat Protection`,
      );
    }
  });
});

describe('AdminUpdateAuthEventFeedback', () => {
  const feedback = (Username: string, EventId: string | undefined, of = pool) =>
    sdk.adminUpdateAuthEventFeedback({ UserPoolId: of.id, Username, EventId, FeedbackValue: 'Valid' });

  it('is shown with the event from then on', async () => {
    const username = await someone();
    await pool.tokens(username);
    await pool.tokens(username);
    const [newest, oldest] = await events(username);
    clock.advance(MINUTE);
    await feedback(username, oldest?.EventId);
    expect(await events(username)).toEqual([
      newest,
      {
        ...oldest,
        EventFeedback: {
          FeedbackValue: 'Valid',
          Provider: 'Admin',
          FeedbackDate: new Date(clock.now()),
        },
      },
    ]);
  });

  it('is about an event of this user', async () => {
    const [one, two] = [await someone(), await someone()];
    await pool.tokens(one);
    const [event] = await events(one);
    const missing = ['ResourceNotFoundException', 'Event does not exist.'] as const;
    await expectError(feedback(two, event?.EventId), ...missing);
    await expectError(feedback(one, 'nothing'), ...missing);
    await expectError(feedback('nobody', 'nothing'), 'UserNotFoundException', 'User does not exist.');
    const plain = await TestPool.create(server);
    await plain.user('amy');
    await expectError(feedback('amy', 'nothing', plain), ...NOT_ENABLED);
  });
});
