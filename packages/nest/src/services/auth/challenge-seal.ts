import { createHash, randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { CognestError } from '../../errors/cognest-error.js';
import type { CognitoChallenge } from './challenges.js';
import { isChallengeName } from './read-challenge.js';

/** What came back is not a challenge that this app has sealed, for this pool and client, a while ago. */
export class SealedChallengeError extends CognestError {
  override readonly name = 'SealedChallengeError';

  // No cause: the library's errors hold what was opened, and which check failed is nobody's business.
  constructor() {
    super(
      'challenge_seal_invalid',
      'This is no sealed challenge, or one of another pool, client or key, or it has expired: let the user sign in anew',
    );
  }
}

export interface SealOptions {
  /** How long it can be opened, in seconds: 1 to 900. Cognito's own session may end before. Default 900. */
  expiresInS?: number | undefined;
}

/** Who a seal is for. */
export interface SealScope {
  readonly userPoolId: string;
  readonly clientId: string;
}

/** The longest session of a sign-in that Cognito has: 15 minutes. */
const MAX_AGE_S = 900;
/** Far more than Cognito's challenges need; a custom one may carry a picture's address, and not a picture. */
const MAX_LENGTH = 16_384;
const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const;
/** So that no other token of the same key is taken for one of these. */
const TYPE = 'cognest-challenge';

/**
 * Challenges as text that can pass through a browser: a JWE (RFC 7516) with `dir` and `A256GCM`, so nobody there reads or
 * changes them. They are bound to pool and client, and expire.
 */
export class ChallengeSeal {
  readonly #scope: SealScope;
  /** By `kid`; the first seals. */
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  #warn: boolean;

  /** @param keys - of 32 bytes: the first seals, each opens. None: one is made, which dies with the process. */
  constructor(scope: SealScope, keys: readonly Uint8Array[]) {
    this.#scope = scope;
    this.#warn = keys.length === 0;
    const used = keys.length === 0 ? [randomBytes(32)] : keys;
    this.#keys = new Map(used.map((key) => [keyId(key), key]));
  }

  /** @throws {CognestError} `argument_invalid` */
  async seal(challenge: CognitoChallenge, { expiresInS = MAX_AGE_S }: SealOptions = {}): Promise<string> {
    if (!isChallengeName(challenge?.name)) {
      throw new CognestError('argument_invalid', 'sealChallenge() takes the challenge of a sign-in');
    }
    if (!Number.isSafeInteger(expiresInS) || expiresInS < 1 || expiresInS > MAX_AGE_S) {
      throw new CognestError(
        'argument_invalid',
        `"expiresInS" must be a whole number from 1 to ${MAX_AGE_S}`,
      );
    }
    this.#warnOnce();
    const [kid, key] = [...this.#keys][0] as [string, Uint8Array];
    if (!isJson(challenge)) {
      throw new CognestError(
        'argument_invalid',
        'The challenge cannot be sealed: it cannot be written as JSON',
      );
    }
    const sealed = await new EncryptJWT({ challenge })
      .setProtectedHeader({ ...ALGORITHM, typ: TYPE, kid })
      .setIssuer(this.#scope.userPoolId)
      .setAudience(this.#scope.clientId)
      .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInS)
      .encrypt(key);
    if (sealed.length > MAX_LENGTH) {
      throw new CognestError(
        'argument_invalid',
        `The challenge is too large to be sealed: ${sealed.length} characters, where ${MAX_LENGTH} are allowed`,
      );
    }
    return sealed;
  }

  /** @throws {SealedChallengeError} */
  async open(sealed: string): Promise<CognitoChallenge> {
    if (typeof sealed !== 'string' || sealed.length > MAX_LENGTH || !isCompact(sealed)) {
      throw new SealedChallengeError();
    }
    try {
      const { payload } = await jwtDecrypt<{ challenge?: CognitoChallenge }>(
        sealed,
        ({ kid = '' }) => {
          const key = this.#keys.get(kid);
          if (key === undefined) throw new SealedChallengeError();
          return key;
        },
        {
          keyManagementAlgorithms: [ALGORITHM.alg],
          contentEncryptionAlgorithms: [ALGORITHM.enc],
          typ: TYPE,
          issuer: this.#scope.userPoolId,
          audience: this.#scope.clientId,
          requiredClaims: ['exp'],
        },
      );
      // Sealed by another version of this package, with a challenge that this one does not know.
      if (!isChallengeName(payload.challenge?.name)) throw new SealedChallengeError();
      return payload.challenge as CognitoChallenge;
    } catch {
      throw new SealedChallengeError();
    }
  }

  #warnOnce(): void {
    if (!this.#warn) return;
    this.#warn = false;
    new Logger(ChallengeSeal.name).warn(
      'Challenges are sealed with a key that was made just now: a restart, or another instance, cannot open them. Give ' +
        'the option "challengeKeys": openssl rand -base64 32',
    );
  }
}

/** Whether it is just what was sealed, and no other way to write it: decoders pass over line ends and spare bits. */
function isCompact(sealed: string): boolean {
  const parts = sealed.split('.');
  return (
    parts.length === 5 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
  );
}

/** Whether it can be written: not in a circle, not too deep, without big numbers. */
function isJson(challenge: CognitoChallenge): boolean {
  try {
    return JSON.stringify(challenge) !== undefined;
  } catch {
    return false;
  }
}

/** Which key it was, told without telling the key, which is random. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 11);
}
