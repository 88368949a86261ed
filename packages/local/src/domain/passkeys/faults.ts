import { CognitoServiceError } from '../../errors.js';
import { resourceNotFound } from '../faults.js';

// The types are the model's, the texts are ours.

export function passkeysNotEnabled(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnNotEnabledException',
    'WEB_AUTHN is not among the allowed first auth factors of the user pool.',
  );
}

export function passkeysNotConfigured(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnConfigurationMissingException',
    'The user pool has no domain and no RelyingPartyId in its WebAuthn configuration.',
  );
}

export function passkeyChallengeNotFound(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnChallengeNotFoundException',
    'The challenge of the credential is not that of a registration under way.',
  );
}

export function passkeyOfOtherClient(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnClientMismatchException',
    'The registration was started by another app client.',
  );
}

export function passkeyOfOtherRelyingParty(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnRelyingPartyMismatchException',
    'The credential is not for the relying party of the user pool.',
  );
}

export function passkeyOriginNotAllowed(origin: string): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnOriginNotAllowedException',
    `Origin ${origin} is not one of the relying party of the user pool.`,
  );
}

export function passkeyNotSupported(what: 'attestation' | 'response'): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnCredentialNotSupportedException',
    `The ${what} of the credential is not one that the user pool takes.`,
  );
}

export function passkeyNotFound(): CognitoServiceError {
  return resourceNotFound('The user has no such credential.');
}

export function tooManyPasskeys(): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', 'The user has the maximum number of passkeys.');
}
