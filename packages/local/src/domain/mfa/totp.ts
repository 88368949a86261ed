import { Secret, TOTP } from 'otpauth';

/*
 * RFC 6238 with the parameters that Cognito and every authenticator app use: SHA-1, six digits, 30 seconds.
 */

const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks may differ by a step either way. */
const WINDOW = 1;
/** 52 characters in base32, as AWS's secrets have. */
const SECRET_BYTES = 32;

/** Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** @returns the time step that the code belongs to, `undefined` when it is none of the steps around now. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  const delta = TOTP.validate({
    ...PARAMETERS,
    secret: Secret.fromBase32(secret),
    token: code,
    timestamp: nowMs,
    window: WINDOW,
  });
  return delta === null ? undefined : TOTP.counter({ period: PARAMETERS.period, timestamp: nowMs }) + delta;
}
