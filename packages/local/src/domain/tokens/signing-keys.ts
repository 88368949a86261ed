import {
  createPrivateKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { CryptoKey, JWK } from 'jose';
import { importJWK } from 'jose/key/import';
import type { OperationContext } from '../../operation.js';
import type { SigningKeyRecord, TokenUse } from '../../storage/signing-keys.js';
import type { Storage } from '../../storage/storage.js';
import { createKeyStock } from './key-stock.js';

const generate = promisify(generateKeyPair);

/** A pool takes two. */
const KEYS_READY = 4;

type SigningKey = Omit<SigningKeyRecord, 'tokenUse'>;

async function generateKey(): Promise<SigningKey> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return { kid: randomBytes(32).toString('base64'), privateJwk: privateKey.export({ format: 'jwk' }) };
}

const stock = createKeyStock(generateKey, KEYS_READY);

/** Makes keys ahead of need, so that `CreateUserPool` does not wait for them. */
export function prepareSigningKeys(): void {
  stock.prepare();
}

/** The two keys of a new pool: one signs access tokens, the other ID tokens. */
export async function newSigningKeys(): Promise<SigningKeyRecord[]> {
  const [access, id] = await Promise.all([stock.take(), stock.take()]);
  return [
    { ...access, tokenUse: 'access' },
    { ...id, tokenUse: 'id' },
  ];
}

export interface LoadedKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** For {@link signJws}. */
  readonly signer: { readonly key: KeyObject; readonly header: string };
}

const loaded = new WeakMap<Storage, Map<string, Promise<LoadedKey>>>();
const MAX_LOADED = 2000;

/** @throws Error when the pool is gone. */
export function signingKey(storage: Storage, userPoolId: string, tokenUse: TokenUse): Promise<LoadedKey> {
  const keys = loaded.get(storage) ?? new Map<string, Promise<LoadedKey>>();
  loaded.set(storage, keys);
  const name = `${tokenUse} ${userPoolId}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const record = storage.signingKeys.ofPool(userPoolId).find((key) => key.tokenUse === tokenUse);
  if (record === undefined) throw new Error(`User pool ${userPoolId} has no ${tokenUse} signing key`);
  const key = load(record);
  if (keys.size >= MAX_LOADED) keys.clear();
  keys.set(name, key);
  return key;
}

/** To be called when a pool is deleted: another may come to have its id. */
export function forgetSigningKeys(storage: Storage, userPoolId: string): void {
  for (const tokenUse of ['access', 'id']) loaded.get(storage)?.delete(`${tokenUse} ${userPoolId}`);
}

/** To be called when the data has been replaced: a pool may have other keys now. */
export function forgetAllSigningKeys(storage: Storage): void {
  loaded.delete(storage);
}

async function load({ kid, privateJwk }: SigningKeyRecord): Promise<LoadedKey> {
  const [privateKey, publicKey] = await Promise.all([
    importJWK(privateJwk, 'RS256'),
    importJWK({ kty: 'RSA', n: privateJwk.n as string, e: privateJwk.e as string }, 'RS256'),
  ]);
  const header = Buffer.from(JSON.stringify({ kid, alg: 'RS256' })).toString('base64url');
  return {
    kid,
    privateKey: privateKey as CryptoKey,
    publicKey: publicKey as CryptoKey,
    signer: { key: createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' }), header },
  };
}

/**
 * Claims as a compact JWS (RFC 7515), signed with RS256 on Node's thread pool. By hand, as every sign-in does it
 * twice: WebCrypto, which jose goes through, takes a third of the main thread's time to hand over the work.
 *
 * @throws Error when the pool is gone.
 */
export async function signJws(
  storage: Storage,
  userPoolId: string,
  tokenUse: TokenUse,
  claims: object,
): Promise<string> {
  const { key, header } = (await signingKey(storage, userPoolId, tokenUse)).signer;
  const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', Buffer.from(input, 'latin1'), key, (error, signature) => {
      if (error) reject(error);
      else resolve(`${input}.${signature.toString('base64url')}`);
    });
  });
}

/** The pool's public keys as `/.well-known/jwks.json` has them, or `undefined` when there is no such pool. */
export function jwks(
  context: Pick<OperationContext, 'storage'>,
  userPoolId: string,
): { keys: JWK[] } | undefined {
  const records = context.storage.signingKeys.ofPool(userPoolId);
  if (records.length === 0) return undefined;
  return {
    keys: records.map(({ kid, privateJwk }) => ({
      alg: 'RS256',
      e: privateJwk.e as string,
      kid,
      kty: 'RSA',
      n: privateJwk.n as string,
      use: 'sig',
    })),
  };
}
