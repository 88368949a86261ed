import { Inject } from '@nestjs/common';
import { AccessToken, CurrentUser } from '../decorators/current-user.decorator.js';
import { ProblemException } from '../errors/problem.exception.js';
import type { CognitoAuthService } from '../services/auth/cognito-auth.service.js';
import { otpauthUri } from '../services/auth/otpauth-uri.js';
import type { UserAttributes } from '../services/user-attributes.js';
import {
  CONFIRMED_DEVICE_SCHEMA,
  DEVICES_SCHEMA,
  PASSKEY_OPTIONS_SCHEMA,
  PASSKEYS_SCHEMA,
  PROFILE_SCHEMA,
  SENT_SCHEMA,
  TOTP_SECRET_SCHEMA,
} from './answers.js';
import { AuthExchange, type ConfirmedOwnDevice } from './auth-exchange.js';
import { AUTH_CONTROLLER_OPTIONS, AUTH_SERVICE, type ResolvedAuthOptions } from './auth-options.js';
import {
  AttributesBody,
  type AttributesRequest,
  ChangePasswordBody,
  type ChangePasswordRequest,
  CodeBody,
  type CodeRequest,
  ConfirmDeviceBody,
  type ConfirmDeviceRequest,
  DeviceBody,
  type DeviceRequest,
  identifier,
  MfaBody,
  type MfaRequest,
  NoBody,
  PasskeyBody,
  type PasskeyRequest,
  TotpBody,
  type TotpRequest,
  verifiable,
} from './bodies.js';
import {
  CheckedBody,
  CheckedParam,
  CheckedQuery,
  Endpoint,
  type Exchange,
  HttpExchange,
  requestInvalid,
} from './endpoint.decorator.js';
import { FailedAttempts } from './failed-attempts.js';

export const INVALID = 'A value is missing, unknown, of the wrong type, or too long.';
export const GUESSED = 'Too many failed attempts.';

/** A user's own account. */
export interface Profile {
  readonly username: string;
  readonly attributes: UserAttributes;
  readonly mfa: { readonly methods: readonly string[]; readonly preferred?: string };
}

/** Where codes were sent, masked. */
export interface CodesSent {
  readonly sent: readonly {
    readonly attribute?: string;
    readonly medium?: string;
    readonly destination?: string;
  }[];
}

/** What an authenticator app is set up with. Both are secret. */
export interface TotpSecret {
  /** For users who type it in: Base32. */
  readonly secretCode: string;
  /** For a QR code. */
  readonly otpauthUri: string;
}

/** A device that the user has signed in with. */
export interface OwnDevice {
  readonly deviceKey: string;
  /** What it is called. */
  readonly name?: string;
  readonly remembered: boolean;
  readonly lastSignIn?: Date;
}

/** A page of devices. */
export interface OwnDevicePage {
  readonly devices: readonly OwnDevice[];
  /** For `?next=` of the next page; absent on the last one. */
  readonly next?: string;
}

/** A passkey of the user. */
export interface OwnPasskey {
  readonly credentialId: string;
  readonly name?: string;
  /** The site that it is for. */
  readonly relyingPartyId?: string;
  readonly createdAt?: Date;
}

/** A page of passkeys. */
export interface OwnPasskeyPage {
  readonly passkeys: readonly OwnPasskey[];
  /** For `?next=` of the next page; absent on the last one. */
  readonly next?: string;
}

const GONE = 'There is no such thing.';

/** What users do with their own accounts once they are signed in: the second half of `CognitoAuthController`. */
export abstract class OwnAccountController {
  @Inject(AUTH_SERVICE) protected readonly auth!: CognitoAuthService;
  @Inject(AUTH_CONTROLLER_OPTIONS) protected readonly options!: ResolvedAuthOptions;
  @Inject(AuthExchange) protected readonly exchange!: AuthExchange;
  @Inject(FailedAttempts) protected readonly attempts!: FailedAttempts;

  @Endpoint({
    part: 'session',
    route: 'post sign-out/everywhere',
    access: 'signed-in',
    status: 204,
    summary: 'Ends every session of the user. Access tokens stay good until they expire.',
    body: NoBody,
    refusals: { 400: INVALID },
  })
  async signOutEverywhere(
    @CheckedBody(NoBody) _: object,
    @AccessToken() accessToken: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    this.exchange.forget(exchange);
    await this.auth.globalSignOut({ accessToken });
  }

  @Endpoint({
    part: 'password',
    route: 'post password',
    access: 'signed-in',
    status: 204,
    summary: 'Replaces the password of the user.',
    body: ChangePasswordBody,
    refusals: { 400: INVALID, 422: 'The present password is wrong, or the new one too weak.', 429: GUESSED },
  })
  async changePassword(
    @CheckedBody(ChangePasswordBody) { previousPassword, newPassword }: ChangePasswordRequest,
    @AccessToken() accessToken: string,
    @CurrentUser('sub') sub: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.attempts.guessing(exchange, sub, () =>
      this.auth.changePassword({ accessToken, previousPassword, proposedPassword: newPassword }),
    );
  }

  @Endpoint({
    part: 'profile',
    route: 'get profile',
    access: 'signed-in',
    status: 200,
    summary: 'What the pool knows of the user.',
    answer: PROFILE_SCHEMA,
    refusals: {},
  })
  async profile(@AccessToken() accessToken: string): Promise<Profile> {
    const user = await this.auth.getUser({ accessToken });
    const { username = '', userAttributes, userMFASettingList = [], preferredMfaSetting } = user;
    return {
      username,
      attributes: userAttributes,
      mfa: { methods: userMFASettingList, ...(preferredMfaSetting && { preferred: preferredMfaSetting }) },
    };
  }

  @Endpoint({
    part: 'profile',
    route: 'patch profile',
    access: 'signed-in',
    status: 200,
    summary: 'Writes attributes. A new address gets a code, where the pool verifies it.',
    body: AttributesBody,
    answer: SENT_SCHEMA,
    refusals: { 400: INVALID, 409: 'Another account has the address.' },
  })
  async updateProfile(
    @CheckedBody(AttributesBody) { attributes }: AttributesRequest,
    @AccessToken() accessToken: string,
  ): Promise<CodesSent> {
    const userAttributes = this.writable('attributes', attributes) ?? {};
    const { codeDeliveryDetailsList } = await this.auth.updateUserAttributes({ accessToken, userAttributes });
    return { sent: (codeDeliveryDetailsList ?? []).map(readDelivery) };
  }

  @Endpoint({
    part: 'profile',
    route: 'delete profile/attributes/:attribute',
    access: 'signed-in',
    status: 204,
    summary: 'Removes an attribute.',
    refusals: { 400: INVALID },
  })
  async removeAttribute(
    @CheckedParam('attribute', identifier) attribute: string,
    @AccessToken() accessToken: string,
  ): Promise<void> {
    this.writable('attributes', { [attribute]: '' });
    await this.auth.deleteUserAttributes({ accessToken, userAttributeNames: [attribute] });
  }

  @Endpoint({
    part: 'profile',
    route: 'post profile/attributes/:attribute/code',
    access: 'signed-in',
    status: 202,
    summary: 'Sends a code to an address of the user, to verify it with.',
    body: NoBody,
    answer: SENT_SCHEMA,
    refusals: { 400: INVALID, 429: 'Too many messages.' },
  })
  async sendAttributeCode(
    @CheckedBody(NoBody) _: object,
    @CheckedParam('attribute', verifiable) attributeName: string,
    @AccessToken() accessToken: string,
    @CurrentUser('sub') sub: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<CodesSent> {
    const { codeDeliveryDetails = {} } = await this.attempts.sending(exchange, sub, () =>
      this.auth.getUserAttributeVerificationCode({ accessToken, attributeName }),
    );
    return { sent: [readDelivery(codeDeliveryDetails)] };
  }

  @Endpoint({
    part: 'profile',
    route: 'post profile/attributes/:attribute/verify',
    access: 'signed-in',
    status: 204,
    summary: 'Verifies an address of the user with the code that was sent there.',
    body: CodeBody,
    refusals: {
      400: INVALID,
      409: 'Another account has the address.',
      422: 'The code is no good.',
      429: GUESSED,
    },
  })
  async verifyAttribute(
    @CheckedBody(CodeBody) { code }: CodeRequest,
    @CheckedParam('attribute', verifiable) attributeName: string,
    @AccessToken() accessToken: string,
    @CurrentUser('sub') sub: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.attempts.guessing(exchange, sub, () =>
      this.auth.verifyUserAttribute({ accessToken, attributeName, code }),
    );
  }

  @Endpoint({
    part: 'mfa',
    route: 'post mfa/totp',
    access: 'signed-in',
    status: 200,
    summary: 'Begins to set up an authenticator app.',
    body: NoBody,
    answer: TOTP_SECRET_SCHEMA,
    refusals: { 400: INVALID },
  })
  async beginTotp(
    @CheckedBody(NoBody) _: object,
    @AccessToken() accessToken: string,
    @CurrentUser('username') username: string,
  ): Promise<TotpSecret> {
    const { secretCode } = await this.auth.associateSoftwareToken({ accessToken });
    const uri = otpauthUri({ secretCode, issuer: this.options.issuer, accountName: username });
    return { secretCode, otpauthUri: uri };
  }

  @Endpoint({
    part: 'mfa',
    route: 'post mfa/totp/verify',
    access: 'signed-in',
    status: 204,
    summary: 'Ends the set-up of an authenticator app with a code that it shows.',
    body: TotpBody,
    refusals: { 400: INVALID, 422: 'The code is no good.', 429: GUESSED },
  })
  async verifyTotp(
    @CheckedBody(TotpBody) { code, friendlyDeviceName }: TotpRequest,
    @AccessToken() accessToken: string,
    @CurrentUser('sub') sub: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.attempts.guessing(exchange, sub, async () => {
      const input = { accessToken, userCode: code, friendlyDeviceName };
      const { status } = await this.auth.verifySoftwareToken(input);
      if (status !== 'SUCCESS')
        throw new ProblemException(422, 'code_mismatch', 'The code is wrong: try the next one.');
    });
  }

  @Endpoint({
    part: 'mfa',
    route: 'put mfa',
    access: 'signed-in',
    status: 204,
    summary: 'Says with which second factors the user signs in, and which of them first.',
    body: MfaBody,
    refusals: { 400: INVALID },
  })
  async setMfa(
    @CheckedBody(MfaBody) { softwareToken, sms, email }: MfaRequest,
    @AccessToken() accessToken: string,
  ): Promise<void> {
    const settings = (given: { enabled: boolean; preferred?: boolean | undefined } | undefined) =>
      given && { enabled: given.enabled, preferredMfa: given.preferred ?? false };
    await this.auth.setUserMfaPreference({
      accessToken,
      softwareTokenMfaSettings: settings(softwareToken),
      smsMfaSettings: settings(sms),
      emailMfaSettings: settings(email),
    });
  }

  @Endpoint({
    part: 'devices',
    route: 'get devices',
    access: 'signed-in',
    status: 200,
    summary: 'The devices that the user has signed in with, page by page.',
    answer: DEVICES_SCHEMA,
    query: { next: identifier },
    refusals: { 400: INVALID },
  })
  async devices(
    @CheckedQuery('next', identifier) next: string | undefined,
    @AccessToken() accessToken: string,
  ): Promise<OwnDevicePage> {
    const page = await this.auth.listDevices({ accessToken, paginationToken: next, limit: 60 });
    return {
      devices: page.devices.map(
        ({ deviceKey, deviceAttributes, deviceLastAuthenticatedDate: lastSignIn }) => ({
          deviceKey,
          ...(deviceAttributes['device_name'] !== undefined && { name: deviceAttributes['device_name'] }),
          remembered: deviceAttributes['dev:device_remembered_status'] === 'remembered',
          ...(lastSignIn !== undefined && { lastSignIn }),
        }),
      ),
      ...(page.paginationToken !== undefined && { next: page.paginationToken }),
    };
  }

  @Endpoint({
    part: 'devices',
    route: 'post devices',
    access: 'signed-in',
    status: 200,
    summary: 'Makes known the new device of this sign-in, which then proves itself at the next one.',
    body: ConfirmDeviceBody,
    answer: CONFIRMED_DEVICE_SCHEMA,
    refusals: { 400: INVALID, 404: GONE, 409: 'The device is known already, or the session has named none.' },
  })
  async confirmDevice(
    @CheckedBody(ConfirmDeviceBody) given: ConfirmDeviceRequest,
    @AccessToken() accessToken: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<ConfirmedOwnDevice> {
    return this.exchange.confirmDevice(given, accessToken, exchange);
  }

  @Endpoint({
    part: 'devices',
    route: 'put devices/:deviceKey',
    access: 'signed-in',
    status: 204,
    summary: 'Remembers a device, which may then stand for the second factor, or no longer.',
    body: DeviceBody,
    refusals: { 400: INVALID, 404: GONE },
  })
  async rememberDevice(
    @CheckedBody(DeviceBody) { remembered }: DeviceRequest,
    @CheckedParam('deviceKey', identifier) deviceKey: string,
    @AccessToken() accessToken: string,
  ): Promise<void> {
    const deviceRememberedStatus = remembered ? 'remembered' : 'not_remembered';
    await this.auth.updateDeviceStatus({ accessToken, deviceKey, deviceRememberedStatus });
  }

  @Endpoint({
    part: 'devices',
    route: 'delete devices/:deviceKey',
    access: 'signed-in',
    status: 204,
    summary: 'Forgets a device.',
    refusals: { 400: INVALID, 404: GONE },
  })
  async forgetDevice(
    @CheckedParam('deviceKey', identifier) deviceKey: string,
    @AccessToken() accessToken: string,
    @HttpExchange() exchange: Exchange,
  ): Promise<void> {
    await this.exchange.forgetDevice(deviceKey, exchange, () =>
      this.auth.forgetDevice({ accessToken, deviceKey }),
    );
  }

  @Endpoint({
    part: 'passkeys',
    route: 'get passkeys',
    access: 'signed-in',
    status: 200,
    summary: 'The passkeys of the user, page by page.',
    answer: PASSKEYS_SCHEMA,
    query: { next: identifier },
    refusals: { 400: INVALID },
  })
  async passkeys(
    @CheckedQuery('next', identifier) next: string | undefined,
    @AccessToken() accessToken: string,
  ): Promise<OwnPasskeyPage> {
    const page = await this.auth.listWebAuthnCredentials({ accessToken, nextToken: next });
    return {
      passkeys: (page.credentials ?? []).map(
        ({ credentialId = '', friendlyCredentialName, relyingPartyId, createdAt }) => ({
          credentialId,
          ...(friendlyCredentialName !== undefined && { name: friendlyCredentialName }),
          ...(relyingPartyId !== undefined && { relyingPartyId }),
          ...(createdAt !== undefined && { createdAt }),
        }),
      ),
      ...(page.nextToken !== undefined && { next: page.nextToken }),
    };
  }

  @Endpoint({
    part: 'passkeys',
    route: 'post passkeys/options',
    access: 'signed-in',
    status: 200,
    summary: 'Begins to register a passkey: for `PublicKeyCredential.parseCreationOptionsFromJSON()`.',
    body: NoBody,
    answer: PASSKEY_OPTIONS_SCHEMA,
    refusals: { 400: INVALID },
  })
  async passkeyOptions(@CheckedBody(NoBody) _: object, @AccessToken() accessToken: string) {
    return this.auth.startWebAuthnRegistration({ accessToken });
  }

  @Endpoint({
    part: 'passkeys',
    route: 'post passkeys',
    access: 'signed-in',
    status: 204,
    summary: 'Registers the passkey that the browser made.',
    body: PasskeyBody,
    refusals: { 400: INVALID },
  })
  async addPasskey(
    @CheckedBody(PasskeyBody) { credential }: PasskeyRequest,
    @AccessToken() accessToken: string,
  ): Promise<void> {
    type Credential = Parameters<CognitoAuthService['completeWebAuthnRegistration']>[0]['credential'];
    // Cognito checks what is in it.
    await this.auth.completeWebAuthnRegistration({
      accessToken,
      credential: credential as unknown as Credential,
    });
  }

  @Endpoint({
    part: 'passkeys',
    route: 'delete passkeys/:credentialId',
    access: 'signed-in',
    status: 204,
    summary: 'Takes a passkey from the user.',
    refusals: { 400: INVALID, 404: GONE },
  })
  async removePasskey(
    @CheckedParam('credentialId', identifier) credentialId: string,
    @AccessToken() accessToken: string,
  ): Promise<void> {
    await this.auth.deleteWebAuthnCredential({ accessToken, credentialId });
  }

  /**
   * The attributes, if all of them may be written.
   *
   * @throws {ProblemException} 400 `request_invalid`
   */
  protected writable(
    where: string,
    attributes: Record<string, string> | undefined,
  ): UserAttributes | undefined {
    if (attributes === undefined) return undefined;
    const { writableAttributes } = this.options;
    const refused = Object.keys(attributes).filter((name) => !writableAttributes.includes(name));
    if (refused.length === 0) return { ...attributes };
    throw requestInvalid(refused.map((name) => ({ path: [where, name], message: 'may not be written' })));
  }
}

function readDelivery(details: {
  attributeName?: string | undefined;
  deliveryMedium?: string | undefined;
  destination?: string | undefined;
}): CodesSent['sent'][number] {
  const { attributeName: attribute, deliveryMedium: medium, destination } = details;
  return {
    ...(attribute !== undefined && { attribute }),
    ...(medium !== undefined && { medium }),
    ...(destination !== undefined && { destination }),
  };
}
