import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkSeed, readSeed, SeedError } from '../../src/seed/read-seed.js';

async function fileWith(text: string, name = 'seed.yaml'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cognest-seed-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, name);
  await writeFile(file, text);
  return file;
}

const pool = (rest: object) => ({ pools: [{ name: 'main', ...rest }] });
const user = (rest: object) => pool({ users: [{ username: 'ana', password: 'Secret-1', ...rest }] });

describe('a seed that does not fit names the place', () => {
  it.each<[unknown, string]>([
    [null, 'the seed: must be an object, got null'],
    [[], 'the seed: must be an object, got a list'],
    [{}, 'pools: must be a list, got nothing'],
    [{ pools: {} }, 'pools: must be a list, got an object'],
    [{ pools: [], pool: 1 }, 'pool: unknown key; known: pools'],
    [{ pools: [1] }, 'pools[0]: must be an object, got a number'],
    [{ pools: [{}] }, 'pools[0].name: must be a non-empty string, got nothing'],
    [{ pools: [{ name: '' }] }, 'pools[0].name: must be a non-empty string, got an empty string'],
    [{ pools: [{ name: 7 }] }, 'pools[0].name: must be a non-empty string, got a number; put it in quotes'],
    [
      pool({ user: [] }),
      'pools[0].user: unknown key; known: id, name, settings, mfa, clients, groups, users',
    ],
    [pool({ id: 'eu-west-1' }), 'pools[0].id: must look like us-east-1_Abc123, got "eu-west-1"'],
    [{ pools: [{ name: 'a' }, { name: 'a' }] }, 'pools[1].name: "a" is taken by pools[0]'],
    [
      pool({ settings: { PoolName: 'x' } }),
      'pools[0].settings.PoolName: is given beside the settings already',
    ],
    [
      pool({ settings: { Policies: { PaswordPolicy: {} } } }),
      'pools[0].settings.Policies.PaswordPolicy: CreateUserPool has no such member',
    ],
    [
      pool({ settings: { Schema: [{ Name: 'x' }, { name: 'y' }] } }),
      'pools[0].settings.Schema[1].name: CreateUserPool has no such member',
    ],
    [
      pool({ settings: { Policies: { PasswordPolicy: { MinimumLength: 3 } } } }),
      "pools[0].settings: 1 validation error detected: Value '3' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6",
    ],
    [
      pool({ mfa: { UserPoolId: 'us-east-1_Abc' } }),
      'pools[0].mfa.UserPoolId: is given beside the settings already',
    ],
    [
      pool({ mfa: { SoftwareTokenMfaConfiguration: { On: true } } }),
      'pools[0].mfa.SoftwareTokenMfaConfiguration.On: SetUserPoolMfaConfig has no such member',
    ],
    [
      user({ mfa: { SmsMfaSettings: {} } }),
      'pools[0].users[0].mfa.SmsMfaSettings: AdminSetUserMFAPreference has no such member',
    ],
    [
      user({ totpSecret: 'not base32' }),
      'pools[0].users[0].totpSecret: must be 16 to 128 letters A to Z and digits 2 to 7 (base32)',
    ],
    [pool({ settings: { Policies: 1 } }), 'pools[0].settings: Expected map or null'],
    [
      pool({ clients: [{ name: 'web', Secret: 'x' }] }),
      'pools[0].clients[0].Secret: unknown key; known: id, name, secret, settings',
    ],
    [
      pool({ clients: [{ name: 'web', id: 'a b' }] }),
      'pools[0].clients[0].id: must be 1 to 128 letters, digits, "_" or "+", got "a b"',
    ],
    [
      pool({ clients: [{ name: 'web', secret: 'short' }] }),
      'pools[0].clients[0].secret: must be 24 to 64 letters, digits, "_" or "+"',
    ],
    [
      pool({ clients: [{ name: 'web', settings: { GenerateSecrets: true } }] }),
      'pools[0].clients[0].settings.GenerateSecrets: CreateUserPoolClient has no such member',
    ],
    [
      pool({ groups: [{ name: 'a', precedence: '1' }] }),
      'pools[0].groups[0].precedence: must be an integer, got a string',
    ],
    [
      pool({ groups: [{ name: 'a b' }] }),
      String.raw`pools[0].groups[0]: 1 validation error detected: Value 'a b' at 'groupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+`,
    ],
    [
      pool({ users: [{ username: 'ana' }] }),
      'pools[0].users[0]: give exactly one of "password" and "temporaryPassword"',
    ],
    [
      user({ temporaryPassword: 'x' }),
      'pools[0].users[0]: give exactly one of "password" and "temporaryPassword"',
    ],
    [
      user({ attributes: { phone_number: 15550100 } }),
      'pools[0].users[0].attributes.phone_number: must be a non-empty string, got a number; put it in quotes',
    ],
    [user({ attributes: ['x'] }), 'pools[0].users[0].attributes: must be an object, got a list'],
    [
      user({ attributes: { name: null } }),
      'pools[0].users[0].attributes.name: must be a non-empty string, got null',
    ],
    [user({ groups: 'admin' }), 'pools[0].users[0].groups: must be a list, got a string'],
    [
      user({ groups: ['admin'] }),
      'pools[0].users[0].groups[0]: "admin" is no group of this pool; groups: none',
    ],
    [
      pool({
        groups: [{ name: 'admin' }, { name: 'editor' }],
        users: [
          { username: 'a', password: 'Secret-1' },
          { username: 'b', password: 'Secret-1' },
          { username: 'c', password: 'Secret-1', groups: ['admin', 'Editor'] },
        ],
      }),
      'pools[0].users[2].groups[1]: "Editor" is no group of this pool; groups: "admin", "editor"',
    ],
    [
      pool({
        users: [
          { username: 'ana', password: 'a' },
          { username: 'ana', password: 'b' },
        ],
      }),
      'pools[0].users[1].username: "ana" is taken by pools[0].users[0]',
    ],
  ])('%j', (seed, message) => {
    expect(() => checkSeed(seed)).toThrow(new SeedError(message));
  });

  it('and never holds a password or a secret', () => {
    for (const seed of [
      user({ password: 's3cret with spaces' }),
      user({ password: ['s3cret'] }),
      pool({ clients: [{ name: 'web', secret: 's3cret' }] }),
      user({ totpSecret: 's3cret' }),
    ]) {
      expect(() => checkSeed(seed)).toThrow(SeedError);
      expect(() => checkSeed(seed)).not.toThrow(/s3cret/);
    }
  });
});

describe('a seed file', () => {
  it('is YAML or JSON, whatever its name', async () => {
    const yaml = await fileWith(`
pools:
  - name: main
    users:
      - username: ana
        password: Secret-1
        attributes: { email: ana@example.com, email_verified: true, birthdate: 2000-01-01 }
`);
    const json = await fileWith(
      JSON.stringify(
        user({ attributes: { email: 'ana@example.com', email_verified: true, birthdate: '2000-01-01' } }),
      ),
      'seed.txt',
    );
    const seed = await readSeed(yaml);
    expect(seed).toEqual(await readSeed(json));
    expect(seed.pools[0]?.users[0]?.attributes).toEqual({
      email: 'ana@example.com',
      email_verified: 'true',
      birthdate: '2000-01-01',
    });
  });

  it('is named in its errors', async () => {
    const file = await fileWith('pools: [{ nam: x }]');
    await expect(readSeed(file)).rejects.toThrow(
      `${file}: pools[0].nam: unknown key; known: id, name, settings, mfa, clients, groups, users`,
    );
    await expect(readSeed('/nowhere/seed.yaml')).rejects.toThrow(
      'The seed file /nowhere/seed.yaml cannot be read: ENOENT',
    );
  });

  it.each([
    ['no YAML', 'pools: ["'],
    ['broken JSON', '{"pools": ['],
    ['the same key twice', 'pools: []\npools: []'],
    ['nothing', ''],
  ])('with %s is refused', async (_, text) => {
    await expect(readSeed(await fileWith(text))).rejects.toThrow(SeedError);
  });

  it('cannot blow up by its aliases', async () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const bomb = await fileWith(`l0: &l0 [x]\n${levels.join('\n')}`);
    await expect(readSeed(bomb)).rejects.toThrow(/alias/i);
  });

  it('does not reach prototypes', async () => {
    const file = await fileWith('{"pools": [], "__proto__": {"polluted": 1}}');
    await expect(readSeed(file)).rejects.toThrow('__proto__: unknown key');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
