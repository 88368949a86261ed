/**
 * Why an access token is none of a pool's, as its claims say; `undefined` where nothing says so. Nothing is verified:
 * Cognito does that, and the claims that it goes by are these.
 *
 * @param token - what is no JWT, or says nothing of where it comes from, is left to Cognito, which does not take it.
 * @param acceptedClientIds - the app clients of the pool whose tokens get in.
 */
export function foreignToken(
  token: unknown,
  userPoolId: string,
  acceptedClientIds: readonly string[],
):
  | 'of another user pool'
  | 'of an app client that is neither "clientId" nor in "trustedClientIds"'
  | undefined {
  const { iss, client_id: clientId } = claimsOf(token);
  // Every form of issuer ends in the pool's id, which no other pool has. The front is left out: an emulator may go by
  // another name than that by which it is called.
  if (iss !== undefined && !(typeof iss === 'string' && iss.endsWith(`/${userPoolId}`))) {
    return 'of another user pool';
  }
  if (clientId !== undefined && !acceptedClientIds.some((accepted) => accepted === clientId)) {
    return 'of an app client that is neither "clientId" nor in "trustedClientIds"';
  }
  return undefined;
}

/** The claims of a token that nobody has verified here; none of what is no JWT. */
export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  if (typeof token !== 'string') return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
