import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { type CookieSession, cookieSession } from '../../src/index.js';
import { PLATFORMS } from './app.js';
import { PASSWORD, type TestCognito } from './cognito.js';

const MODES: [string, () => CookieSession | undefined][] = [
  ['tokens in bodies', () => undefined],
  ['a cookie session', () => cookieSession()],
];

/** The two ways in which the ready-made endpoints keep tokens, on each platform: a table for `describe.each`. */
export const AUTH_MODES = PLATFORMS.flatMap(([platform, adapter]) =>
  MODES.map(([mode, session]) => ({ platform, mode, adapter, session })),
);

/** An administrator of a test's own pool. */
export function administrator({ cognito }: TestCognito): CognitoIdentityProvider {
  return new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  });
}

let users = 0;

/** The name of a new user, who has a password. */
export async function newUser(
  admin: CognitoIdentityProvider,
  UserPoolId: string,
  attributes: Record<string, string> = {},
): Promise<string> {
  const Username = `user${++users}`;
  await admin.adminCreateUser({
    UserPoolId,
    Username,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  });
  await admin.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  return Username;
}
