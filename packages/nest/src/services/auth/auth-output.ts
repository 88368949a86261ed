import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError } from '../../errors/cognest-error.js';
import { fromApi } from '../casing.js';
import type { Tokens } from './auth-types.js';

/** What all operations that sign in answer. */
export interface AuthOutput {
  ChallengeName?: string | undefined;
  Session?: string | undefined;
  ChallengeParameters?: Record<string, string> | undefined;
  AuthenticationResult?: AuthenticationResultType | undefined;
}

/** @throws {CognestError} `cognito_response_invalid` */
export function readTokens(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken, IdToken, RefreshToken, TokenType = 'Bearer', ExpiresIn = 0 } = result ?? {};
  if (AccessToken === undefined || IdToken === undefined) {
    throw new CognestError(
      'cognito_response_invalid',
      'Cognito answered a sign-in with neither tokens nor a challenge',
    );
  }
  const device = result?.NewDeviceMetadata;
  return {
    accessToken: AccessToken,
    idToken: IdToken,
    ...(RefreshToken !== undefined && { refreshToken: RefreshToken }),
    tokenType: TokenType,
    expiresIn: ExpiresIn,
    expiresAt: new Date(Date.now() + ExpiresIn * 1000),
    ...(device !== undefined && { newDeviceMetadata: fromApi(device) }),
  };
}

/** The user name in a token that came straight from Cognito. Not a verification. */
export function usernameOf(accessToken: string): string | undefined {
  try {
    const payload = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString();
    const { username } = JSON.parse(payload) as { username?: unknown };
    return typeof username === 'string' ? username : undefined;
  } catch {
    return undefined;
  }
}
