import type { CreateUserPoolRequest, LambdaConfigType } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import type { PoolTriggers } from '../../src/triggers/trigger-options.js';
import { decode, expectError, PASSWORD, TestPool } from '../operations/support.js';
import { serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk, warnings } = server;
const arn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}` as const;
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1';

describe('LambdaConfig', () => {
  const WHOLE: LambdaConfigType = {
    PreSignUp: arn('a'),
    CustomMessage: arn('b'),
    PostConfirmation: arn('c'),
    PreAuthentication: arn('d'),
    PostAuthentication: arn('e'),
    DefineAuthChallenge: arn('f'),
    CreateAuthChallenge: arn('g'),
    VerifyAuthChallengeResponse: arn('h'),
    PreTokenGeneration: arn('i'),
    UserMigration: arn('j'),
    PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn('i') },
    CustomSMSSender: { LambdaVersion: 'V1_0', LambdaArn: arn('k') },
    CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: arn('l') },
    KMSKeyID: KEY,
  };

  it('is kept and answered', async () => {
    const { UserPool } = await sdk.createUserPool({ PoolName: 'whole', LambdaConfig: WHOLE });
    expect(UserPool?.LambdaConfig).toEqual(WHOLE);
    const described = await sdk.describeUserPool({ UserPoolId: UserPool?.Id });
    expect(described.UserPool?.LambdaConfig).toEqual(WHOLE);
    const { UserPools } = await sdk.listUserPools({ MaxResults: 60 });
    expect(UserPools?.find(({ Id }) => Id === UserPool?.Id)?.LambdaConfig).toEqual(WHOLE);
  });

  it.each<[string, LambdaConfigType, LambdaConfigType['PreTokenGenerationConfig']]>([
    ['as of version 1', { PreTokenGeneration: arn('t') }, { LambdaVersion: 'V1_0', LambdaArn: arn('t') }],
    [
      'with its version',
      { PreTokenGenerationConfig: { LambdaVersion: 'V3_0', LambdaArn: arn('t') } },
      { LambdaVersion: 'V3_0', LambdaArn: arn('t') },
    ],
  ])('names the function of PreTokenGeneration both ways, given %s', async (_, given, config) => {
    const { UserPool } = await sdk.createUserPool({ PoolName: 'tokens', LambdaConfig: given });
    expect(UserPool?.LambdaConfig).toEqual({
      PreTokenGeneration: arn('t'),
      PreTokenGenerationConfig: config,
    });
  });

  it.each<[string, Partial<CreateUserPoolRequest>, string, string]>([
    [
      'a sender without a key',
      { LambdaConfig: { CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: arn('l') } } },
      'InvalidParameterException',
      'KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.',
    ],
    [
      'two functions of PreTokenGeneration',
      {
        LambdaConfig: {
          PreTokenGeneration: arn('x'),
          PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: arn('y') },
        },
      },
      'InvalidParameterException',
      "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
    ],
    [
      'a version above the tier',
      {
        UserPoolTier: 'LITE',
        LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn('x') } },
      },
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: Token Customization with Pre-Token Generation Lambda V2_0',
    ],
  ])('is refused with %s', async (_, request, type, message) => {
    await expectError(sdk.createUserPool({ PoolName: 'refused', ...request }), type, message);
    const pool = await TestPool.create(server);
    await expectError(sdk.updateUserPool({ UserPoolId: pool.id, ...request }), type, message);
  });

  it('is replaced by UpdateUserPool', async () => {
    const pool = await TestPool.create(server, { LambdaConfig: { PreSignUp: arn('a') } });
    await sdk.updateUserPool({ UserPoolId: pool.id, LambdaConfig: { PostConfirmation: arn('c') } });
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: pool.id });
    expect(UserPool?.LambdaConfig).toEqual({ PostConfirmation: arn('c') });
    await sdk.updateUserPool({ UserPoolId: pool.id });
    await pool.user('free');
  });
});

describe('a function that is not here', () => {
  const MISSING = `there is no function here for ${arn('nowhere')}; give one with the option triggers of startCognito or with --triggers, as '${arn('nowhere')}' or as preSignUp`;

  it('is warned of when the pool is made or changed, and fails what would call it', async () => {
    const pool = await TestPool.create(server, {
      PoolName: 'waiting',
      LambdaConfig: { PreSignUp: arn('nowhere') },
    });
    const warning = `PreSignUp of the pool "waiting" (${pool.id}): ${MISSING}.`;
    expect(warnings).toEqual([warning]);
    await expectError(
      sdk.signUp({ ClientId: pool.clientId, Username: 'ana', Password: PASSWORD }),
      'UnexpectedLambdaException',
      `PreSignUp invocation failed due to error ${MISSING}.`,
    );
    warnings.length = 0;
    await sdk.updateUserPool({ UserPoolId: pool.id, LambdaConfig: { PreSignUp: arn('nowhere') } });
    expect(warnings).toEqual([warning]);
  });

  it('is not warned of when it is here', async () => {
    triggers.preSignUp = (event) => event;
    triggers[arn('here')] = (event: unknown) => event;
    await sdk.createUserPool({
      PoolName: 'complete',
      LambdaConfig: { PreSignUp: arn('nowhere'), PostConfirmation: arn('here') },
    });
    expect(warnings).toEqual([]);
  });
});

describe('which function is called', () => {
  const named =
    (name: string): NonNullable<PoolTriggers['preTokenGeneration']> =>
    (event) => {
      event.response.claimsOverrideDetails = { claimsToAddOrOverride: { called: name } };
      return event;
    };

  async function called(pool: TestPool): Promise<unknown> {
    return decode((await pool.tokens('ana')).IdToken).claims['called'];
  }

  it('that of its ARN, else that of the pool, else that of all', async () => {
    const plain = await TestPool.create(server, { PoolName: 'plain' });
    const mapped = await TestPool.create(server, {
      PoolName: 'mapped',
      LambdaConfig: { PreTokenGeneration: arn('mapped') },
    });
    const other = await TestPool.create(server, { PoolName: 'other' });
    for (const pool of [plain, mapped, other]) await pool.user('ana');
    triggers.preTokenGeneration = named('all');
    triggers.pools = {
      plain: { preTokenGeneration: named('by name') },
      mapped: { preTokenGeneration: named('by name') },
    };
    triggers[arn('mapped')] = named('by ARN');
    expect(await called(plain)).toBe('by name');
    expect(await called(mapped)).toBe('by ARN');
    expect(await called(other)).toBe('all');
    triggers.pools = { ...triggers.pools, [plain.id]: { preTokenGeneration: named('by id') } };
    expect(await called(plain)).toBe('by id');
    delete triggers[arn('mapped')];
    expect(await called(mapped)).toBe('by name');
  });

  it('that of the version which the LambdaConfig asks for', async () => {
    const pool = await TestPool.create(server, {
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn('v2') } },
    });
    await pool.user('ana');
    let version = '';
    triggers.preTokenGenerationV2 = (event) => {
      version = event.version;
      return event;
    };
    await pool.signIn('ana');
    expect(version).toBe('2');
    delete triggers.preTokenGenerationV2;
    triggers.preTokenGeneration = named('of version 1');
    await expectError(
      pool.signIn('ana'),
      'UnexpectedLambdaException',
      `PreTokenGeneration invocation failed due to error there is no function here for ${arn('v2')}; give one with the option triggers of startCognito or with --triggers, as '${arn('v2')}' or as preTokenGenerationV2.`,
    );
  });
});
