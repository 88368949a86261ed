import { CognestError } from '../../errors/cognest-error.js';

export interface OtpauthUriOptions {
  /** The secret that Cognito made: letters A to Z and digits 2 to 7 (Base32). */
  secretCode: string;
  /** Who the code is for, as the authenticator app shows it: your product. */
  issuer: string;
  /** Whose code it is, as the authenticator app shows it: a user name or an address. */
  accountName: string;
}

/**
 * What an authenticator app reads from a QR code to show Cognito's codes: TOTP of RFC 6238 with SHA-1, six digits, 30
 * seconds, in Google's key URI format. A secret: draw the code where you answer, not with a service elsewhere.
 *
 * @throws {CognestError} `argument_invalid` for an empty name, a colon in `issuer`, which the format has no place for, or
 *   a secret that is not Base32.
 */
export function otpauthUri({ secretCode, issuer, accountName }: OtpauthUriOptions): string {
  checkOtpauthNames(issuer, accountName);
  if (!/^[A-Z2-7]+=*$/.test(secretCode)) {
    throw new CognestError('argument_invalid', '"secretCode" must be Base32, as Cognito gives it');
  }
  const [label, account] = [issuer, accountName].map(encodeURIComponent);
  // Spaces as %20: apps show a plus sign as it is.
  return `otpauth://totp/${label}:${account}?secret=${secretCode.replace(/=+$/, '')}&issuer=${label}`;
}

/** @throws {CognestError} `argument_invalid` */
export function checkOtpauthNames(issuer: unknown, accountName: unknown): void {
  if (typeof issuer !== 'string' || issuer === '' || issuer.includes(':')) {
    throw new CognestError('argument_invalid', '"issuer" must be a name without a colon, and not empty');
  }
  if (typeof accountName !== 'string' || accountName === '') {
    throw new CognestError('argument_invalid', '"accountName" must be a name, and not empty');
  }
}
