import { randomUUID } from 'node:crypto';
import {
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  InvalidParameterException,
  NotAuthorizedException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';

/**
 * Whether an app client signs users in by choice (`USER_AUTH`), found out without AWS credentials: by beginning to sign in
 * a user who cannot exist, which Cognito refuses in other words where the flow is closed.
 *
 * @param secretHash - of a user name; see `CognitoApi`.
 * @returns `undefined` where the answer says neither.
 */
export async function signsInByChoice(
  client: CognitoIdentityProviderClient,
  clientId: string,
  secretHash: (username: string) => string | undefined,
): Promise<boolean | undefined> {
  const username = randomUUID();
  const hash = secretHash(username);
  const command = new InitiateAuthCommand({
    ClientId: clientId,
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME: username, ...(hash !== undefined && { SECRET_HASH: hash }) },
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof InvalidParameterException) return CLOSED.test(error.message) ? false : undefined;
    if (error instanceof UserNotFoundException) return true;
    // What is wrong with the secret is found before the flow is looked at.
    return error instanceof NotAuthorizedException && !/secret/i.test(error.message) ? true : undefined;
  }
}

const CLOSED = /not enabled for th(is|e) client|not supported/i;
