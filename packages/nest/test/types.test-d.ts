import {
  Authorize,
  type CognitoAuthService,
  type CognitoChallenge,
  type CognitoGroupsService,
  type CognitoModuleOptions,
  type CognitoPool,
  type CognitoUser,
  type CognitoUserPoolsService,
  CognitoUsersService,
  CurrentUser,
  Groups,
  InjectCognito,
  type UserAttributes,
} from '../src/index.js';

// Compiled by `npm run typecheck`, never run: every `@ts-expect-error` must stand above a real error.

declare const auth: CognitoAuthService;
declare const users: CognitoUsersService;
declare const groups: CognitoGroupsService;
declare const pools: CognitoUserPoolsService;
declare const challenge: CognitoChallenge;
declare const user: CognitoUser;

export async function services(): Promise<void> {
  await auth.signUp({ username: 'a', password: 'b', userAttributes: { email: 'e', 'custom:plan': 'pro' } });
  // @ts-expect-error the user name is required
  await auth.signUp({ password: 'b' });
  // @ts-expect-error the service fills in the client's id
  await auth.signUp({ username: 'a', password: 'b', clientId: 'c' });
  // @ts-expect-error no attribute is called so
  await auth.signUp({ username: 'a', password: 'b', userAttributes: { emial: 'e' } });
  // @ts-expect-error the verified ones are booleans
  await users.create({ username: 'a', userAttributes: { email_verified: 'yes' } });
  await users.create({ username: 'a', messageAction: 'SUPPRESS', desiredDeliveryMediums: ['EMAIL'] });
  // @ts-expect-error one of the SDK's values
  await users.create({ username: 'a', messageAction: 'SUPRESS' });
  // @ts-expect-error the confirmation code is required
  await auth.confirmSignUp({ username: 'a' });
  // @ts-expect-error no flow of a sign-in
  await auth.signIn({ username: 'a', password: 'b', authFlow: 'REFRESH_TOKEN_AUTH' });

  const created: Date | undefined = (await users.get({ username: 'a' })).userCreateDate;
  const attributes: UserAttributes = (await users.get({ username: 'a' })).userAttributes;
  const verified: boolean | undefined = attributes.email_verified;
  // @ts-expect-error a string, not a number
  const plan: number | undefined = attributes['custom:plan'];
  const confirmed: boolean = (await auth.signUp({ username: 'a' })).userConfirmed;

  for await (const { groupName } of groups.iterateForUser({ username: 'a' })) groupName.toUpperCase();
  // @ts-expect-error the iterator finds its own way from page to page
  void groups.iterateForUser({ username: 'a', nextToken: 'x' });

  await pools.create({
    poolName: 'p',
    policies: { passwordPolicy: { minimumLength: 8 } },
    userPoolTags: { Team: 'x' },
  });
  // @ts-expect-error a number
  await pools.create({ poolName: 'p', policies: { passwordPolicy: { minimumLength: '8' } } });
  void [created, verified, plan, confirmed];
}

export async function operations(accessToken: string): Promise<void> {
  // @ts-expect-error a condition is one or the other
  await users.list({ filter: { attribute: 'email', equals: 'a', startsWith: 'b' } });
  // @ts-expect-error Cognito does not look for it
  await users.list({ filter: { attribute: 'custom:plan', equals: 'a' } });
  // @ts-expect-error deleting a pool takes no default
  await pools.delete({});
  // @ts-expect-error nor does deleting an app client
  await pools.deleteClient({});
  // @ts-expect-error the API lets it go without a token, and then refuses it
  await auth.getDevice({ deviceKey: 'k' });
  // @ts-expect-error a token or a session
  await auth.associateSoftwareToken({});
  // @ts-expect-error not both
  await auth.associateSoftwareToken({ accessToken, session: 's' });
  // @ts-expect-error one of the SDK's values
  await auth.updateDeviceStatus({ accessToken, deviceKey: 'k', deviceRememberedStatus: 'yes' });
  const { credentialCreationOptions } = await auth.startWebAuthnRegistration({ accessToken });
  const algorithms: number[] = credentialCreationOptions.pubKeyCredParams.map(({ alg }) => alg);
  const { sessions } = await auth.listUserSessions({ accessToken });
  const dates: (Date | undefined)[] = sessions.map(({ createDate }) => createDate);
  const tags: Record<string, string> = await pools.listTags({ resourceArn: 'arn' });
  void [algorithms, dates, tags];
}

export async function signIn(): Promise<void> {
  const result = await auth.signIn({ username: 'a', password: 'b' });
  // @ts-expect-error there may be a challenge first
  result.tokens;
  if (result.status === 'signed-in') {
    result.tokens.accessToken.toUpperCase();
    // @ts-expect-error a refresh yields no refresh token
    result.tokens.refreshToken.toUpperCase();
    return;
  }
  if (result.challenge.name === 'NEW_PASSWORD_REQUIRED') {
    result.challenge.requiredAttributes.join();
    await auth.respondToChallenge(result.challenge, { newPassword: 'c', userAttributes: { name: 'd' } });
    // @ts-expect-error the new password is required
    await auth.respondToChallenge(result.challenge, {});
    // @ts-expect-error this challenge takes no code
    await auth.respondToChallenge(result.challenge, { newPassword: 'c', code: '123456' });
  }
  await auth.respondToChallenge(
    { name: 'NEW_PASSWORD_REQUIRED', username: 'a', session: 's' },
    { newPassword: 'c' },
  );
  // @ts-expect-error no challenge that can be answered is called so
  await auth.respondToChallenge({ name: 'NEW_PASSWORD', username: 'a', session: 's' }, { newPassword: 'c' });
  // @ts-expect-error the session is required
  await auth.respondToChallenge({ name: 'NEW_PASSWORD_REQUIRED', username: 'a' }, { newPassword: 'c' });
  // @ts-expect-error plain data that nobody changes
  challenge.session = 'x';
}

export class Decorated {
  @Groups('a', 'b')
  any(@CurrentUser('groups') names: readonly string[]): readonly string[] {
    return names;
  }

  // @ts-expect-error at least one group
  @Groups()
  none(): void {}

  // @ts-expect-error a misspelt part
  @Groups({ al: ['a'] })
  misspelt(): void {}

  // @ts-expect-error a misspelt part
  @Authorize({ group: 'a' })
  misspeltPolicy(): void {}

  // @ts-expect-error users have no such property
  property(@CurrentUser('email') email: string): string {
    return email;
  }
}

// @ts-expect-error frozen
user.sub = 'x';
if (user.isMachine) {
  const nobody: undefined = user.username;
  void nobody;
} else {
  const somebody: string = user.username;
  void somebody;
}

// @ts-expect-error a misspelt option
export const misspelt: CognitoModuleOptions = { userPoolID: 'x' };
// @ts-expect-error one of two modes
export const mode: CognitoModuleOptions = { protect: 'none' };
// @ts-expect-error the region has an option of its own
export const config: CognitoModuleOptions = { client: { region: 'eu-central-1' } };

export class Injected {
  constructor(
    @InjectCognito('partners') readonly pool: CognitoPool,
    @InjectCognito('partners', CognitoUsersService) readonly users: CognitoUsersService,
    // @ts-expect-error pools have no such part
    @InjectCognito('partners', Date) readonly date: Date,
  ) {
    // @ts-expect-error fixed when the app starts
    pool.users = users;
  }
}

export const severalPools: CognitoModuleOptions = {
  pools: { partners: { userPoolId: 'a', clientId: 'b', authFlow: 'ADMIN_USER_PASSWORD_AUTH' } },
  // The request is the app's own type.
  resolvePool: (request: { hostname: string }) => request.hostname,
};
export const pooled: CognitoModuleOptions = {
  // @ts-expect-error of the module, not of a pool
  pools: { partners: { userPoolId: 'a', clientId: 'b', protect: 'all' } },
};
// @ts-expect-error the name is a string
export const resolver: CognitoModuleOptions = { resolvePool: () => 7 };
