import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { signingKey } from './signing-keys.js';

const VALIDITY_YEARS = 10;
const SERIAL_DIGITS = 32;

/**
 * A self-signed X.509 certificate of the pool's key for ID tokens, base64 of the DER as SAML metadata hold
 * it. It is the same each time: nothing in it varies, and PKCS #1 v1.5 signatures do not either.
 */
export async function signingCertificate(context: OperationContext, pool: UserPoolRecord): Promise<string> {
  const { kid, privateKey, publicKey } = await signingKey(context.storage, pool.id, 'id');
  // Loaded on demand: hardly anyone asks for a certificate, and everyone waits for the start.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const notBefore = new Date(pool.createdAt);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + VALIDITY_YEARS);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [pool.id] }],
    // Positive, whatever the first bit.
    serialNumber: `01${Buffer.from(kid, 'base64').toString('hex').slice(0, SERIAL_DIGITS)}`,
    notBefore,
    notAfter,
    keys: { privateKey, publicKey },
    signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  });
  return Buffer.from(certificate.rawData).toString('base64');
}
