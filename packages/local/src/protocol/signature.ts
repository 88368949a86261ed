import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CognitoServiceError } from '../errors.js';

const PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'].map((name) => ({
  name,
  pattern: new RegExp(`(?:^|[\\s,])${name}=[^\\s,]`),
}));

/**
 * An operation that AWS wants signed must carry a Signature Version 4 header. Any credentials will do: there
 * is no secret key here to verify the signature with.
 *
 * @throws {CognitoServiceError} `MissingAuthenticationTokenException`, `IncompleteSignatureException`.
 */
export function requireSignature(headers: IncomingHttpHeaders): void {
  const { authorization } = headers;
  if (authorization === undefined || authorization.trim() === '') {
    throw new CognitoServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const missing = PARAMETERS.filter(({ pattern }) => !pattern.test(authorization)).map(
    ({ name }) => `Authorization header requires '${name}' parameter.`,
  );
  if (headers['x-amz-date'] === undefined && headers.date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length === 0) return;
  const hash = createHash('sha256').update(authorization).digest('base64');
  throw new CognitoServiceError(
    'IncompleteSignatureException',
    `${missing.join(' ')} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`,
  );
}
