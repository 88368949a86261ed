import type { JWK } from 'jose';
import type { Connection, Row } from './sqlite.js';

export type TokenUse = 'access' | 'id';

export interface SigningKeyRecord {
  readonly tokenUse: TokenUse;
  readonly kid: string;
  readonly privateJwk: JWK;
}

export interface SigningKeyStore {
  insert(userPoolId: string, key: SigningKeyRecord): void;
  /** Access first, then ID; empty when there is no such pool. */
  ofPool(userPoolId: string): SigningKeyRecord[];
}

export function signingKeyStore(connection: Connection): SigningKeyStore {
  const insert = connection.prepare(
    'INSERT INTO signing_keys (user_pool_id, token_use, kid, private_jwk) VALUES (?, ?, ?, ?)',
  );
  const ofPool = connection.prepare('SELECT * FROM signing_keys WHERE user_pool_id = ? ORDER BY token_use');
  return {
    insert: (userPoolId, key) => {
      insert.run(userPoolId, key.tokenUse, key.kid, JSON.stringify(key.privateJwk));
    },
    ofPool: (userPoolId) => ofPool.all(userPoolId).map(toRecord),
  };
}

function toRecord(row: Row): SigningKeyRecord {
  return {
    tokenUse: row['token_use'] as TokenUse,
    kid: row['kid'] as string,
    privateJwk: JSON.parse(row['private_jwk'] as string) as JWK,
  };
}
