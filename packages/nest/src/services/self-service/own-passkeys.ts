import {
  CompleteWebAuthnRegistrationCommand,
  type CompleteWebAuthnRegistrationCommandInput,
  DeleteWebAuthnCredentialCommand,
  type DeleteWebAuthnCredentialCommandInput,
  ListWebAuthnCredentialsCommand,
  type ListWebAuthnCredentialsCommandInput,
  type ListWebAuthnCredentialsCommandOutput,
  StartWebAuthnRegistrationCommand,
  type StartWebAuthnRegistrationCommandInput,
  type WebAuthnCredentialDescription,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Camel, Input, Output } from '../casing.js';
import { complete } from '../complete.js';
import { requireObject } from '../input-members.js';
import { iteratePages, pageOf } from '../paging.js';
import { OwnDevices } from './own-devices.js';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from './web-authn-registration.js';

export type StartWebAuthnRegistrationInput = Input<StartWebAuthnRegistrationCommandInput>;
export interface StartWebAuthnRegistrationOutput {
  credentialCreationOptions: PublicKeyCredentialCreationOptionsJSON;
}
export type CompleteWebAuthnRegistrationInput = Input<
  CompleteWebAuthnRegistrationCommandInput,
  'Credential'
> & { credential: RegistrationResponseJSON };
export type ListWebAuthnCredentialsInput = Input<ListWebAuthnCredentialsCommandInput>;
export type DeleteWebAuthnCredentialInput = Input<DeleteWebAuthnCredentialCommandInput>;

export type WebAuthnCredential = Camel<WebAuthnCredentialDescription>;
export type WebAuthnCredentialPage = Output<ListWebAuthnCredentialsCommandOutput>;

/** What users do with their own passkeys, in a pool that takes them. */
export abstract class OwnPasskeys extends OwnDevices {
  /**
   * Begins to register a passkey (`StartWebAuthnRegistration`): what the browser hands to
   * `PublicKeyCredential.parseCreationOptionsFromJSON()`, in the W3C's letters.
   *
   * @example `const { credentialCreationOptions } = await auth.startWebAuthnRegistration({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token), `WebAuthnNotEnabledException` (the pool takes no passkeys),
   *   `WebAuthnConfigurationMissingException` (it knows no site for them), `LimitExceededException`.
   */
  async startWebAuthnRegistration(
    input: StartWebAuthnRegistrationInput,
  ): Promise<StartWebAuthnRegistrationOutput> {
    const operation = 'StartWebAuthnRegistration';
    const output = await this.api.run(StartWebAuthnRegistrationCommand, operation, input, {});
    const options: unknown = complete(output.credentialCreationOptions, operation);
    return { credentialCreationOptions: options as PublicKeyCredentialCreationOptionsJSON };
  }

  /**
   * Registers the passkey that the browser made (`CompleteWebAuthnRegistration`).
   *
   * @example `await auth.completeWebAuthnRegistration({ accessToken, credential })`
   * @param input - `credential` is `PublicKeyCredential.toJSON()`, in the W3C's letters.
   * @throws `NotAuthorizedException` (unusable token), `WebAuthnChallengeNotFoundException` (nothing begun, or too long
   *   ago), `WebAuthnOriginNotAllowedException`, `WebAuthnRelyingPartyMismatchException`,
   *   `WebAuthnClientMismatchException`, `WebAuthnCredentialNotSupportedException`, `WebAuthnNotEnabledException`,
   *   `InvalidParameterException`, `LimitExceededException`.
   */
  async completeWebAuthnRegistration(input: CompleteWebAuthnRegistrationInput): Promise<void> {
    const operation = 'CompleteWebAuthnRegistration';
    requireObject(`The input of ${operation}`, input);
    const { credential, ...rest } = input;
    // Any JSON, to the SDK; an interface lacks the index signature that it would like to see.
    const Credential = credential as unknown as CompleteWebAuthnRegistrationCommandInput['Credential'];
    await this.api.run(CompleteWebAuthnRegistrationCommand, operation, rest, {
      Credential,
    });
  }

  /**
   * One page of the passkeys of the user whose access token it is (`ListWebAuthnCredentials`).
   *
   * @example `const { credentials } = await auth.listWebAuthnCredentials({ accessToken })`
   * @throws `NotAuthorizedException` (unusable token), `InvalidParameterException` (bad `nextToken`).
   */
  async listWebAuthnCredentials(input: ListWebAuthnCredentialsInput): Promise<WebAuthnCredentialPage> {
    const operation = 'ListWebAuthnCredentials';
    const output = await this.api.run(ListWebAuthnCredentialsCommand, operation, input, {});
    return { ...output, credentials: output.credentials ?? [] };
  }

  /**
   * All passkeys of the user whose access token it is, page by page as they are asked for (`ListWebAuthnCredentials`).
   *
   * @example `for await (const { credentialId } of auth.iterateWebAuthnCredentials({ accessToken })) { … }`
   * @param input - `maxResults` is the size of a page.
   * @throws as {@link listWebAuthnCredentials}.
   */
  iterateWebAuthnCredentials(
    input: Omit<ListWebAuthnCredentialsInput, 'nextToken'>,
  ): AsyncGenerator<WebAuthnCredential, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listWebAuthnCredentials(pageOf(input, { nextToken }));
      return { items: page.credentials, nextToken: page.nextToken };
    });
  }

  /**
   * Takes a passkey from the user whose access token it is (`DeleteWebAuthnCredential`).
   *
   * @example `await auth.deleteWebAuthnCredential({ accessToken, credentialId })`
   * @throws `NotAuthorizedException` (unusable token), `ResourceNotFoundException` (no such passkey).
   */
  async deleteWebAuthnCredential(input: DeleteWebAuthnCredentialInput): Promise<void> {
    await this.api.run(DeleteWebAuthnCredentialCommand, 'DeleteWebAuthnCredential', input, {});
  }
}
