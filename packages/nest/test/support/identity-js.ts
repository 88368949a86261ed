import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js';
import type { SignInPool } from './sign-in.js';

/** A browser's memory, in which the library keeps tokens and devices. */
export function memory(): ICognitoStorage & { readonly items: ReadonlyMap<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    setItem: (key, value) => void items.set(key, value),
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** Under which names the library keeps a user's device. */
export const deviceItems = ({ clientId }: SignInPool, username: string) => {
  const prefix = `CognitoIdentityServiceProvider.${clientId}.${username}`;
  return {
    deviceKey: `${prefix}.deviceKey`,
    deviceGroupKey: `${prefix}.deviceGroupKey`,
    devicePassword: `${prefix}.randomPasswordKey`,
  };
};

export interface Through {
  readonly session: CognitoUserSession;
  readonly user: CognitoUser;
  /** Whether a code was asked for on the way. */
  readonly asked: boolean;
}

/** A sign-in through the library that apps in browsers use, whose SRP is its own. */
export function signInThroughIdentityJs(
  here: SignInPool,
  Username: string,
  Password: string,
  Storage = memory(),
): Promise<Through> {
  const Pool = new CognitoUserPool({
    UserPoolId: here.userPoolId,
    ClientId: here.clientId,
    endpoint: here.cognito.endpoint,
    Storage,
  });
  const user = new CognitoUser({ Username, Pool, Storage });
  return new Promise((resolve, reject) => {
    let asked = false;
    const callbacks = {
      onSuccess: (session: CognitoUserSession) => resolve({ session, user, asked }),
      onFailure: reject,
      mfaRequired: () => {
        asked = true;
        user.sendMFACode(here.code(Username), callbacks);
      },
    };
    user.authenticateUser(new AuthenticationDetails({ Username, Password }), callbacks);
  });
}
