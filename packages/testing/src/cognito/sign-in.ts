import { createHmac } from 'node:crypto';
import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import type { TestUser } from './testing-cognito.js';

interface Ids {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/** Signs in with whichever of the two flows that take a password the client allows. */
export async function signIn(
  sdk: CognitoIdentityProvider,
  { userPoolId, clientId, clientSecret }: Ids,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<TestUser> {
  const { UserPoolClient } = await sdk.describeUserPoolClient({ UserPoolId: userPoolId, ClientId: clientId });
  const isPublic = UserPoolClient?.ExplicitAuthFlows?.includes('ALLOW_USER_PASSWORD_AUTH') ?? false;
  const request = {
    ClientId: clientId,
    AuthParameters: {
      USERNAME: username,
      PASSWORD: password,
      ...(clientSecret !== undefined && { SECRET_HASH: secretHash(clientSecret, username + clientId) }),
    },
  };
  const { AuthenticationResult: tokens, ChallengeName } = isPublic
    ? await sdk.initiateAuth({ ...request, AuthFlow: 'USER_PASSWORD_AUTH' })
    : await sdk.adminInitiateAuth({
        ...request,
        UserPoolId: userPoolId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      });
  const { AccessToken, IdToken, RefreshToken } = tokens ?? {};
  if (AccessToken === undefined || IdToken === undefined || RefreshToken === undefined) {
    throw new Error(
      `Signing in as "${username}" asks for ${ChallengeName ?? 'more'}, which a test has to answer itself: ` +
        'the user is there, and "sdk" or the app under test signs in.',
    );
  }
  return {
    username,
    password,
    sub: subOf(AccessToken),
    accessToken: AccessToken,
    idToken: IdToken,
    refreshToken: RefreshToken,
  };
}

/** Of a token that came from Cognito a moment ago. */
function subOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { sub: string }).sub;
}

function secretHash(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}
