import type {
  AdminInitiateAuthCommandOutput,
  AdminRespondToAuthChallengeCommandOutput,
  AuthenticationResultType,
  ChallengeNameType,
  InitiateAuthCommandOutput,
  RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import type {
  AuthenticationResponseJSON,
  ChallengeAnswers,
  CognitoAuthService,
  CognitoChallenge,
  RememberedDevice,
  Tokens,
} from '../src/index.js';
import type { AuthOutput } from '../src/services/auth/auth-output.js';
import type { Camel } from '../src/services/casing.js';

// Compiled by `npm run typecheck`, never run: every `@ts-expect-error` must stand above a real error.

declare const auth: CognitoAuthService;
declare const challenge: CognitoChallenge;
declare const credential: AuthenticationResponseJSON;
declare const device: RememberedDevice;
declare const proof: ChallengeAnswers['PASSWORD_VERIFIER'];

type Same<One, Other> = [One, Other] extends [Other, One] ? true : false;

/** A challenge that the SDK learns of breaks our build, and no user's app. */
export const challenges: Same<CognitoChallenge['name'], ChallengeNameType> = true;
export const answers: Same<keyof ChallengeAnswers, ChallengeNameType> = true;

type Output<Response> = keyof Camel<Omit<Response, '$metadata'>>;

/** What the SDK learns that a sign-in answers is read here, or left out on purpose. */
export const tokens: Same<keyof Camel<AuthenticationResultType>, Exclude<keyof Tokens, 'expiresAt'>> = true;
export const outputs: Same<keyof AuthOutput, Output<InitiateAuthCommandOutput>> = true;
export const signedOutputs: Same<keyof AuthOutput, Output<AdminInitiateAuthCommandOutput>> = true;
export const steps: Same<keyof AuthOutput, Output<RespondToAuthChallengeCommandOutput>> = true;
export const signedSteps: Same<keyof AuthOutput, Output<AdminRespondToAuthChallengeCommandOutput>> = true;

export async function eachChallenge(): Promise<void> {
  switch (challenge.name) {
    case 'NEW_PASSWORD_REQUIRED':
      await auth.respondToChallenge(challenge, { newPassword: 'a', userAttributes: { name: 'b' } });
      // @ts-expect-error no code
      await auth.respondToChallenge(challenge, { code: '123456' });
      // @ts-expect-error no attribute is called so
      await auth.respondToChallenge(challenge, { newPassword: 'a', userAttributes: { nmae: 'b' } });
      break;
    case 'SMS_MFA':
    case 'EMAIL_OTP':
    case 'SMS_OTP':
      challenge.destination?.toUpperCase();
      await auth.respondToChallenge(challenge, { code: '123456', clientMetadata: { a: 'b' }, device });
      // @ts-expect-error the code is required
      await auth.respondToChallenge(challenge, {});
      // @ts-expect-error a string: leading zeros count
      await auth.respondToChallenge(challenge, { code: 123456 });
      // @ts-expect-error nothing else
      await auth.respondToChallenge(challenge, { code: '123456', newPassword: 'a' });
      break;
    case 'SOFTWARE_TOKEN_MFA':
      await auth.respondToChallenge(challenge, { code: '123456' });
      // @ts-expect-error not as Cognito spells it
      await auth.respondToChallenge(challenge, { SOFTWARE_TOKEN_MFA_CODE: '123456' });
      // @ts-expect-error for MFA_SETUP only
      await auth.setUpSoftwareToken(challenge, { issuer: 'a' });
      break;
    case 'SELECT_MFA_TYPE':
      await auth.respondToChallenge(challenge, { answer: 'SMS_MFA' });
      // @ts-expect-error no second factor
      await auth.respondToChallenge(challenge, { answer: 'WEB_AUTHN' });
      break;
    case 'MFA_SETUP': {
      const setUp = await auth.setUpSoftwareToken(challenge, { issuer: 'a' });
      await auth.respondToChallenge(setUp.challenge, { code: '123456', friendlyDeviceName: 'Phone' });
      await auth.respondToChallenge(challenge, { email: 'a@example.com' });
      // @ts-expect-error one of the two
      await auth.respondToChallenge(challenge, {});
      // @ts-expect-error the app that shows the secret needs a name for it
      await auth.setUpSoftwareToken(challenge, {});
      break;
    }
    case 'SELECT_CHALLENGE':
      challenge.availableChallenges.includes('WEB_AUTHN');
      await auth.respondToChallenge(challenge, { answer: 'EMAIL_OTP' });
      await auth.respondToChallenge(challenge, { answer: 'PASSWORD', password: 'a' });
      await auth.respondToChallenge(challenge, { answer: 'PASSWORD_SRP', password: 'a' });
      await auth.respondToChallenge(challenge, { answer: 'PASSWORD_SRP', srpA: 'a' });
      await auth.respondToChallenge(challenge, { answer: 'WEB_AUTHN', credential });
      // @ts-expect-error a code comes with its own challenge
      await auth.respondToChallenge(challenge, { answer: 'EMAIL_OTP', code: '123456' });
      // @ts-expect-error the password is sent as it is, or not at all
      await auth.respondToChallenge(challenge, { answer: 'PASSWORD', srpA: 'a' });
      // @ts-expect-error no way to begin
      await auth.respondToChallenge(challenge, { answer: 'SOFTWARE_TOKEN_MFA' });
      break;
    case 'PASSWORD':
    case 'ADMIN_NO_SRP_AUTH':
      await auth.respondToChallenge(challenge, { password: 'a' });
      // @ts-expect-error the password is required
      await auth.respondToChallenge(challenge, { code: '123456' });
      break;
    case 'PASSWORD_SRP':
      await auth.respondToChallenge(challenge, { password: 'a' });
      await auth.respondToChallenge(challenge, { srpA: 'a' });
      // @ts-expect-error one of the two
      await auth.respondToChallenge(challenge, { password: 'a', srpA: 'a' });
      break;
    case 'WEB_AUTHN':
      challenge.credentialRequestOptions.challenge.toUpperCase();
      await auth.respondToChallenge(challenge, { credential });
      // @ts-expect-error as the browser has it, not as text
      await auth.respondToChallenge(challenge, { credential: '{}' });
      break;
    case 'CUSTOM_CHALLENGE':
      challenge.parameters['question']?.toUpperCase();
      await auth.respondToChallenge(challenge, { answer: '42' });
      // @ts-expect-error a string
      await auth.respondToChallenge(challenge, { answer: 42 });
      break;
    case 'DEVICE_SRP_AUTH':
      await auth.respondToChallenge(challenge, { device });
      await auth.respondToChallenge(challenge, { srpA: 'a' });
      // @ts-expect-error a key proves nothing
      await auth.respondToChallenge(challenge, { device: { deviceKey: 'a' } });
      break;
    case 'PASSWORD_VERIFIER':
    case 'DEVICE_PASSWORD_VERIFIER':
      await auth.respondToChallenge(challenge, proof);
      // @ts-expect-error the challenge has it
      await auth.respondToChallenge(challenge, { ...proof, secretBlock: 'c' });
      break;
    default: {
      const nothingIsLeft: never = challenge;
      void nothingIsLeft;
    }
  }
  // @ts-expect-error which challenge it is has to be known
  await auth.respondToChallenge(challenge, { code: '123456' });
  // @ts-expect-error a proof goes with the block that it was made for
  await auth.respondToChallenge({ name: 'PASSWORD_VERIFIER', username: 'a' }, proof);
  const opened = await auth.openChallenge(await auth.sealChallenge(challenge));
  // @ts-expect-error which challenge it is has to be known
  await auth.respondToChallenge(opened, { code: '123456' });
}

export async function eachFlow(): Promise<void> {
  await auth.signIn({ username: 'a', password: 'b', signed: true, authFlow: 'USER_SRP_AUTH', device });
  await auth.signIn({ username: 'a', srpA: 'b', authFlow: 'USER_SRP_AUTH' });
  await auth.signIn({ username: 'a', authFlow: 'CUSTOM_AUTH' });
  await auth.signIn({ username: 'a', password: 'b', authFlow: 'CUSTOM_AUTH' });
  await auth.signIn({ username: 'a', authFlow: 'USER_AUTH' });
  await auth.signIn({ username: 'a', authFlow: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' });
  await auth.signIn({ username: 'a', authFlow: 'USER_AUTH', password: 'b' });
  await auth.signIn({ username: 'a', authFlow: 'USER_AUTH', preferredChallenge: 'PASSWORD', password: 'b' });
  // @ts-expect-error a password is no e-mail
  await auth.signIn({ username: 'a', authFlow: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP', password: 'b' });
  // @ts-expect-error nobody signs in with nothing
  await auth.signIn({ username: 'a' });
  // @ts-expect-error the password is needed
  await auth.signIn({ username: 'a', authFlow: 'USER_PASSWORD_AUTH' });
  // @ts-expect-error a password that is sent takes no SRP
  await auth.signIn({ username: 'a', srpA: 'b', authFlow: 'USER_PASSWORD_AUTH' });
  // @ts-expect-error no first factor
  await auth.signIn({ username: 'a', authFlow: 'USER_AUTH', preferredChallenge: 'SMS_MFA' });

  await auth.refresh({ refreshToken: 'a' });
  await auth.refresh({ refreshToken: 'a', authFlow: 'REFRESH_TOKEN_AUTH', signed: true });
  // @ts-expect-error GetTokensFromRefreshToken has no signed form
  await auth.refresh({ refreshToken: 'a', signed: true });
  // @ts-expect-error only a refresh that goes as a sign-in does carries it
  await auth.refresh({ refreshToken: 'a', userContextData: { encodedData: 'a' } });
}
