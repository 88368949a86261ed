/**
 * The schema, one entry a version; `user_version` counts the ones applied. An entry that has been
 * released never changes: to alter the schema, add one.
 *
 * Every look-up that a request makes is by primary key or by an index, so that cost does not grow with
 * users. Instants are milliseconds since the epoch. `*_key` columns hold the folded form of a value in
 * pools that ignore case.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE user_pools (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    user_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE signing_keys (
    user_pool_id TEXT NOT NULL,
    token_use TEXT NOT NULL,
    kid TEXT NOT NULL,
    private_jwk TEXT NOT NULL,
    PRIMARY KEY (user_pool_id, token_use)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE user_pool_clients (
    id TEXT PRIMARY KEY,
    user_pool_id TEXT NOT NULL,
    name TEXT NOT NULL,
    secrets TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX user_pool_clients_by_pool ON user_pool_clients (user_pool_id, id);

  CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    status TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    salt BLOB,
    verifier BLOB,
    password_set_at INTEGER,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX users_by_username ON users (user_pool_id, username_key);
  CREATE UNIQUE INDEX users_by_sub ON users (user_pool_id, sub);

  CREATE TABLE user_aliases (
    user_pool_id TEXT NOT NULL,
    attribute TEXT NOT NULL,
    value_key TEXT NOT NULL,
    sub TEXT NOT NULL,
    PRIMARY KEY (user_pool_id, attribute, value_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX user_aliases_by_sub ON user_aliases (user_pool_id, sub);

  CREATE TABLE password_history (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    seq INTEGER NOT NULL,
    salt BLOB NOT NULL,
    verifier BLOB NOT NULL,
    PRIMARY KEY (user_pool_id, sub, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE groups (
    user_pool_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    role_arn TEXT,
    precedence INTEGER,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (user_pool_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE group_members (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    group_name TEXT NOT NULL,
    PRIMARY KEY (user_pool_id, sub, group_name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX group_members_by_group ON group_members (user_pool_id, group_name, sub);

  CREATE TABLE challenge_sessions (
    token_hash BLOB PRIMARY KEY,
    user_pool_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    challenge TEXT NOT NULL,
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX challenge_sessions_by_expiry ON challenge_sessions (expires_at);

  CREATE TABLE codes (
    user_pool_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    code TEXT NOT NULL,
    attribute TEXT NOT NULL,
    destination TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_pool_id, subject, purpose)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX codes_by_expiry ON codes (expires_at);

  CREATE TABLE attempts (
    user_pool_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    count INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_pool_id, subject, action)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attempts_by_expiry ON attempts (expires_at);

  CREATE TABLE sign_ins (
    event_id TEXT PRIMARY KEY,
    user_pool_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    origin_jti TEXT NOT NULL,
    auth_time INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sign_ins_by_user ON sign_ins (user_pool_id, sub) WHERE revoked_at IS NULL;
  CREATE INDEX sign_ins_by_expiry ON sign_ins (expires_at);

  CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    event_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_pool_id TEXT NOT NULL,
    username TEXT NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE user_pools ADD COLUMN factors TEXT NOT NULL DEFAULT '{}';

  CREATE TABLE user_mfa (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    mfa TEXT NOT NULL,
    PRIMARY KEY (user_pool_id, sub)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE passkeys (
    user_pool_id TEXT NOT NULL,
    credential_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    name TEXT NOT NULL,
    relying_party_id TEXT NOT NULL,
    attachment TEXT,
    transports TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_pool_id, credential_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passkeys_by_user ON passkeys (user_pool_id, sub, credential_id);

  CREATE TABLE passkey_registrations (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    client_id TEXT NOT NULL,
    challenge TEXT NOT NULL,
    relying_party_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_pool_id, sub)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passkey_registrations_by_expiry ON passkey_registrations (expires_at);
  `,
  `
  CREATE TABLE pool_deletions (pool_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  ALTER TABLE user_pool_clients ADD COLUMN secret_dates TEXT NOT NULL DEFAULT '[]';

  CREATE TABLE resource_servers (
    user_pool_id TEXT NOT NULL,
    identifier TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    PRIMARY KEY (user_pool_id, identifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE user_import_jobs (
    id TEXT PRIMARY KEY,
    user_pool_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    status TEXT NOT NULL,
    upload_key TEXT NOT NULL,
    upload_id TEXT,
    records_done INTEGER NOT NULL DEFAULT 0,
    imported INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX user_import_jobs_by_pool ON user_import_jobs (user_pool_id, created_at, id);
  CREATE INDEX user_import_jobs_active ON user_import_jobs (status)
    WHERE status IN ('Pending', 'InProgress', 'Stopping');
  CREATE INDEX user_import_jobs_waiting ON user_import_jobs (created_at) WHERE status = 'Created';
  CREATE INDEX user_import_jobs_with_file ON user_import_jobs (status) WHERE upload_id IS NOT NULL;

  CREATE TABLE user_import_chunks (
    user_pool_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (user_pool_id, upload_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE user_import_log (
    user_pool_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (user_pool_id, job_id, line)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE devices (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    device_key TEXT NOT NULL,
    group_key TEXT NOT NULL,
    name TEXT,
    salt BLOB NOT NULL,
    verifier BLOB NOT NULL,
    remembered INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    authenticated_at INTEGER NOT NULL,
    PRIMARY KEY (user_pool_id, sub, device_key)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE sign_ins ADD COLUMN device_key TEXT;
  ALTER TABLE sign_ins ADD COLUMN device_group_key TEXT;
  `,
  `
  CREATE INDEX users_by_status ON users (user_pool_id, status);
  CREATE INDEX users_by_enabled ON users (user_pool_id, enabled);
  CREATE INDEX users_by_email ON users (user_pool_id, lower(json_extract(attributes, '$.email')))
    WHERE lower(json_extract(attributes, '$.email')) IS NOT NULL;
  CREATE INDEX users_by_phone_number ON users (user_pool_id, lower(json_extract(attributes, '$.phone_number')))
    WHERE lower(json_extract(attributes, '$.phone_number')) IS NOT NULL;
  CREATE INDEX users_by_name ON users (user_pool_id, lower(json_extract(attributes, '$.name')))
    WHERE lower(json_extract(attributes, '$.name')) IS NOT NULL;
  CREATE INDEX users_by_given_name ON users (user_pool_id, lower(json_extract(attributes, '$.given_name')))
    WHERE lower(json_extract(attributes, '$.given_name')) IS NOT NULL;
  CREATE INDEX users_by_family_name ON users (user_pool_id, lower(json_extract(attributes, '$.family_name')))
    WHERE lower(json_extract(attributes, '$.family_name')) IS NOT NULL;
  CREATE INDEX users_by_preferred_username ON users (user_pool_id, lower(json_extract(attributes, '$.preferred_username')))
    WHERE lower(json_extract(attributes, '$.preferred_username')) IS NOT NULL;
  `,
  `
  ALTER TABLE refresh_tokens ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX refresh_tokens_by_sign_in ON refresh_tokens (event_id, generation) WHERE generation > 0;

  ALTER TABLE sign_ins ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sign_ins ADD COLUMN parent_generation INTEGER;
  ALTER TABLE sign_ins ADD COLUMN rotated_at INTEGER;
  ALTER TABLE sign_ins ADD COLUMN ended_at INTEGER;
  UPDATE sign_ins SET ended_at = revoked_at;
  DROP INDEX sign_ins_by_user;
  CREATE INDEX sign_ins_by_user ON sign_ins (user_pool_id, sub) WHERE ended_at IS NULL;
  `,
  `
  CREATE TABLE session_configurations (
    user_pool_id TEXT PRIMARY KEY,
    tracking INTEGER NOT NULL,
    max_per_user INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE sign_ins ADD COLUMN session_id TEXT;
  ALTER TABLE sign_ins ADD COLUMN session_started_at INTEGER;
  ALTER TABLE sign_ins ADD COLUMN session_active_at INTEGER;
  CREATE INDEX sign_ins_by_session ON sign_ins (user_pool_id, sub)
    WHERE session_id IS NOT NULL AND revoked_at IS NULL;
  `,
  `
  CREATE TABLE auth_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    event_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX auth_events_by_user ON auth_events (user_pool_id, sub);
  CREATE UNIQUE INDEX auth_events_by_event ON auth_events (user_pool_id, sub, event_id);
  `,
  `
  CREATE INDEX challenge_sessions_by_user ON challenge_sessions (user_pool_id, sub) WHERE used = 0;
  `,
];
