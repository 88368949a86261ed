import { blob, type Connection, type Row } from './sqlite.js';

/** A passkey: the public half of a key pair that an authenticator holds. */
export interface PasskeyRecord {
  readonly userPoolId: string;
  readonly sub: string;
  /** Base64url. */
  readonly credentialId: string;
  /** COSE. */
  readonly publicKey: Buffer;
  /** The authenticator's signature counter; 0 where it keeps none. */
  readonly counter: number;
  readonly name: string;
  readonly relyingPartyId: string;
  readonly attachment: string | undefined;
  readonly transports: readonly string[];
  readonly createdAt: number;
}

/** What a registration under way is checked against. One a user. */
interface PasskeyRegistration {
  readonly clientId: string;
  /** Base64url. */
  readonly challenge: string;
  readonly relyingPartyId: string;
  readonly expiresAt: number;
}

export interface PasskeyStore {
  insert(passkey: PasskeyRecord): void;
  find(userPoolId: string, credentialId: string): PasskeyRecord | undefined;
  /** In the order of credential ids, from after `afterId`. */
  list(userPoolId: string, sub: string, limit: number, afterId?: string): PasskeyRecord[];
  setCounter(userPoolId: string, credentialId: string, counter: number): void;
  /** @returns false when the user has no such passkey. */
  delete(userPoolId: string, sub: string, credentialId: string): boolean;

  /** Replaces the registration that the user began before. */
  setRegistration(userPoolId: string, sub: string, registration: PasskeyRegistration): void;
  registration(userPoolId: string, sub: string): PasskeyRegistration | undefined;
  /** @returns false when it is under way no more: a challenge is good for one passkey. */
  endRegistration(userPoolId: string, sub: string, challenge: string): boolean;
  /** Registrations that nobody completed. */
  purge(nowMs: number, limit: number): void;
}

export function passkeyStore(connection: Connection): PasskeyStore {
  const insert = connection.prepare(
    `INSERT INTO passkeys (user_pool_id, credential_id, sub, public_key, counter, name, relying_party_id,
       attachment, transports, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = connection.prepare('SELECT * FROM passkeys WHERE user_pool_id = ? AND credential_id = ?');
  const list = connection.prepare(
    `SELECT * FROM passkeys WHERE user_pool_id = ? AND sub = ? AND credential_id > ?
     ORDER BY credential_id LIMIT ?`,
  );
  const setCounter = connection.prepare(
    'UPDATE passkeys SET counter = ? WHERE user_pool_id = ? AND credential_id = ?',
  );
  const remove = connection.prepare(
    'DELETE FROM passkeys WHERE user_pool_id = ? AND sub = ? AND credential_id = ?',
  );
  const setRegistration = connection.prepare(
    `INSERT OR REPLACE INTO passkey_registrations (user_pool_id, sub, client_id, challenge, relying_party_id,
       expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const registration = connection.prepare(
    'SELECT * FROM passkey_registrations WHERE user_pool_id = ? AND sub = ?',
  );
  const endRegistration = connection.prepare(
    'DELETE FROM passkey_registrations WHERE user_pool_id = ? AND sub = ? AND challenge = ?',
  );
  const purge = connection.prepare(
    `DELETE FROM passkey_registrations WHERE (user_pool_id, sub) IN
       (SELECT user_pool_id, sub FROM passkey_registrations WHERE expires_at < ? LIMIT ?)`,
  );
  return {
    insert: (passkey) => {
      insert.run(
        passkey.userPoolId,
        passkey.credentialId,
        passkey.sub,
        passkey.publicKey,
        passkey.counter,
        passkey.name,
        passkey.relyingPartyId,
        passkey.attachment ?? null,
        JSON.stringify(passkey.transports),
        passkey.createdAt,
      );
    },
    find: (userPoolId, credentialId) => {
      const row = find.get(userPoolId, credentialId);
      return row && toRecord(row);
    },
    list: (userPoolId, sub, limit, afterId = '') => list.all(userPoolId, sub, afterId, limit).map(toRecord),
    setCounter: (userPoolId, credentialId, counter) => {
      setCounter.run(counter, userPoolId, credentialId);
    },
    delete: (userPoolId, sub, credentialId) => remove.run(userPoolId, sub, credentialId) === 1,
    setRegistration: (userPoolId, sub, { clientId, challenge, relyingPartyId, expiresAt }) => {
      setRegistration.run(userPoolId, sub, clientId, challenge, relyingPartyId, expiresAt);
    },
    registration: (userPoolId, sub) => {
      const row = registration.get(userPoolId, sub);
      return (
        row && {
          clientId: row['client_id'] as string,
          challenge: row['challenge'] as string,
          relyingPartyId: row['relying_party_id'] as string,
          expiresAt: row['expires_at'] as number,
        }
      );
    },
    endRegistration: (userPoolId, sub, challenge) => endRegistration.run(userPoolId, sub, challenge) === 1,
    purge: (nowMs, limit) => {
      purge.run(nowMs, limit);
    },
  };
}

function toRecord(row: Row): PasskeyRecord {
  return {
    userPoolId: row['user_pool_id'] as string,
    sub: row['sub'] as string,
    credentialId: row['credential_id'] as string,
    publicKey: blob(row['public_key']),
    counter: row['counter'] as number,
    name: row['name'] as string,
    relyingPartyId: row['relying_party_id'] as string,
    attachment: (row['attachment'] as string | null) ?? undefined,
    transports: JSON.parse(row['transports'] as string) as string[],
    createdAt: row['created_at'] as number,
  };
}
