import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError } from '../../errors/cognest-error.js';
import type { Camel } from '../casing.js';
import { claimsOf } from '../foreign-token.js';
import type { Tokens } from './auth-types.js';

/** What all operations that sign in answer. */
export interface AuthOutput {
  challengeName?: string | undefined;
  session?: string | undefined;
  challengeParameters?: Record<string, string> | undefined;
  availableChallenges?: string[] | undefined;
  authenticationResult?: Camel<AuthenticationResultType> | undefined;
}

/** @throws {CognestError} `cognito_response_invalid` */
export function readTokens(result: AuthOutput['authenticationResult']): Tokens {
  const { accessToken, idToken, refreshToken, tokenType = 'Bearer', expiresIn = 0 } = result ?? {};
  if (accessToken === undefined || idToken === undefined) {
    throw new CognestError(
      'cognito_response_invalid',
      'Cognito answered a sign-in with neither tokens nor a challenge',
    );
  }
  const expiresAt = new Date(Date.now() + expiresIn * 1000);
  if (Number.isNaN(expiresAt.getTime())) {
    throw new CognestError('cognito_response_invalid', 'Cognito answered a sign-in with no usable ExpiresIn');
  }
  const device = result?.newDeviceMetadata;
  return {
    accessToken,
    idToken,
    ...(refreshToken !== undefined && { refreshToken }),
    tokenType,
    expiresIn,
    expiresAt,
    ...(device?.deviceKey !== undefined &&
      device.deviceGroupKey !== undefined && {
        newDeviceMetadata: { deviceKey: device.deviceKey, deviceGroupKey: device.deviceGroupKey },
      }),
  };
}

/** The user name in an access or ID token, which nobody has verified here. */
export function usernameOf(token: string): string | undefined {
  const claims = claimsOf(token);
  const username = claims['username'] ?? claims['cognito:username'];
  return typeof username === 'string' ? username : undefined;
}

/** The key of the device that an access token was issued to, which nobody has verified here. */
export function deviceKeyOf(token: string): string | undefined {
  const { device_key: deviceKey } = claimsOf(token);
  return typeof deviceKey === 'string' ? deviceKey : undefined;
}
