import {
  AssociateSoftwareTokenCommand,
  type AssociateSoftwareTokenCommandInput,
  type AssociateSoftwareTokenCommandOutput,
  GetUserAuthFactorsCommand,
  type GetUserAuthFactorsCommandInput,
  type GetUserAuthFactorsCommandOutput,
  SetUserMFAPreferenceCommand,
  type SetUserMFAPreferenceCommandInput,
  SetUserSettingsCommand,
  type SetUserSettingsCommandInput,
  VerifySoftwareTokenCommand,
  type VerifySoftwareTokenCommandInput,
  type VerifySoftwareTokenCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Input, Output } from '../casing.js';
import { complete } from '../complete.js';
import { OwnProfile } from './own-profile.js';

/** Who asks: somebody signed in, or somebody whose sign-in waits for it, in the challenge `MFA_SETUP`. */
type TokenOrSession =
  | { accessToken: string; session?: undefined }
  | { session: string; accessToken?: undefined };

export type AssociateSoftwareTokenInput = Input<
  AssociateSoftwareTokenCommandInput,
  'AccessToken' | 'Session'
> &
  TokenOrSession;
export type AssociateSoftwareTokenOutput = Output<AssociateSoftwareTokenCommandOutput> & {
  /** Base32, and as secret as a password. */
  secretCode: string;
};
export type VerifySoftwareTokenInput = Input<VerifySoftwareTokenCommandInput, 'AccessToken' | 'Session'> &
  TokenOrSession;
export type VerifySoftwareTokenOutput = Output<VerifySoftwareTokenCommandOutput>;
export type SetUserMfaPreferenceInput = Input<SetUserMFAPreferenceCommandInput>;
export type SetUserSettingsInput = Input<SetUserSettingsCommandInput>;
export type GetUserAuthFactorsInput = Input<GetUserAuthFactorsCommandInput>;
export type GetUserAuthFactorsOutput = Output<GetUserAuthFactorsCommandOutput>;

/** What users do with their own factors. */
export abstract class OwnFactors extends OwnProfile {
  /**
   * Begins to set up an authenticator app: the secret for it (`AssociateSoftwareToken`). {@link verifySoftwareToken}
   * ends it.
   *
   * @example `const { secretCode } = await auth.associateSoftwareToken({ accessToken })`
   * @param input - `accessToken`, or `session` of the challenge `MFA_SETUP`; the next session is in the answer.
   * @throws `NotAuthorizedException` (unusable token or session), `SoftwareTokenMFANotFoundException` (the pool does not
   *   offer it).
   */
  async associateSoftwareToken(input: AssociateSoftwareTokenInput): Promise<AssociateSoftwareTokenOutput> {
    const operation = 'AssociateSoftwareToken';
    const output = await this.api.run(AssociateSoftwareTokenCommand, operation, input, {});
    return { ...output, secretCode: complete(output.secretCode, operation) };
  }

  /**
   * Ends the set-up of an authenticator app with a code that it shows (`VerifySoftwareToken`).
   *
   * @example `const { status } = await auth.verifySoftwareToken({ accessToken, userCode, friendlyDeviceName: 'Phone' })`
   * @param input - `accessToken`, or `session` as {@link associateSoftwareToken} gave it; the next one is in the answer.
   * @throws `EnableSoftwareTokenMFAException` (wrong code), `NotAuthorizedException` (unusable token or session),
   *   `SoftwareTokenMFANotFoundException` (nothing begun), `LimitExceededException`.
   */
  async verifySoftwareToken(input: VerifySoftwareTokenInput): Promise<VerifySoftwareTokenOutput> {
    return this.api.run(VerifySoftwareTokenCommand, 'VerifySoftwareToken', input, {});
  }

  /**
   * Says with which second factors the user signs in, and which of them first (`SetUserMFAPreference`). What is left
   * out stays as it is.
   *
   * @example
   * await auth.setUserMfaPreference({ accessToken, softwareTokenMfaSettings: { enabled: true, preferredMfa: true } });
   * @throws `NotAuthorizedException` (unusable token), `InvalidParameterException` (two that are preferred; a factor
   *   that the user has not set up, or the pool not switched on).
   */
  async setUserMfaPreference(input: SetUserMfaPreferenceInput): Promise<void> {
    await this.api.run(SetUserMFAPreferenceCommand, 'SetUserMFAPreference', input, {});
  }

  /**
   * The old way to switch on codes by SMS (`SetUserSettings`), which knows no other factor: prefer
   * {@link setUserMfaPreference}.
   *
   * @example
   * await auth.setUserSettings({ accessToken, mfaOptions: [{ deliveryMedium: 'SMS', attributeName: 'phone_number' }] });
   * @throws `NotAuthorizedException` (unusable token), `InvalidParameterException`.
   */
  async setUserSettings(input: SetUserSettingsInput): Promise<void> {
    await this.api.run(SetUserSettingsCommand, 'SetUserSettings', input, {});
  }

  /**
   * What the user can sign in with, and which second factors are switched on (`GetUserAuthFactors`).
   *
   * @example `const { configuredUserAuthFactors = [] } = await auth.getUserAuthFactors({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token).
   */
  async getUserAuthFactors(input: GetUserAuthFactorsInput): Promise<GetUserAuthFactorsOutput> {
    return this.api.run(GetUserAuthFactorsCommand, 'GetUserAuthFactors', input, {});
  }
}
