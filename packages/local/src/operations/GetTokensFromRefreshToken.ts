import type {
  GetTokensFromRefreshTokenRequest,
  GetTokensFromRefreshTokenResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkClientSecret } from '../domain/clients/secret-hash.js';
import { checkDeviceOfRefresh } from '../domain/devices/devices.js';
import { askBeforeRefresh } from '../domain/sign-in/sign-in-triggers.js';
import {
  checkRefreshable,
  findRefreshToken,
  originOfRefreshed,
  rotate,
  rotates,
} from '../domain/tokens/refresh-tokens.js';
import { issueTokens } from '../domain/tokens/tokens.js';
import { touchSession } from '../domain/tokens/user-sessions.js';
import type { Operation } from '../operation.js';

/** For every client, whatever its flows; with another refresh token where they rotate. */
export const GetTokensFromRefreshToken: Operation<
  GetTokensFromRefreshTokenRequest,
  GetTokensFromRefreshTokenResponse
> = async (input, context) => {
  const { client, pool } = publicClient(context, input.ClientId);
  checkClientSecret(client, input.ClientSecret);
  const token = findRefreshToken(context, { client, pool }, input.RefreshToken as string);
  checkRefreshable(context, client, token);
  checkDeviceOfRefresh(pool, token.signIn.device, input.DeviceKey);
  const principal = { client, pool, user: token.user };
  const { now, overrides } = await askBeforeRefresh(context, principal, token.signIn, input.ClientMetadata);
  const RefreshToken = rotates(now.client)
    ? context.storage.transaction(() => rotate(context, now.client, token))
    : undefined;
  touchSession(context, token.signIn);
  const tokens = await issueTokens(context, now, originOfRefreshed(now.client, token.signIn), overrides);
  return { AuthenticationResult: { ...tokens, RefreshToken } };
};
