import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, HOUR, list, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
let pool: TestPool;

const PEOPLE = {
  ana: { email: 'Ana@Example.com', given_name: 'Ana', family_name: 'Reddy', phone_number: '+15550001' },
  Bob: { email: 'bob@example.com', given_name: 'Bob', family_name: 'Reed', preferred_username: 'Bobby' },
  bobby: { email: 'bobby@example.org', given_name: 'Bob', name: 'Robert "Bob" Roe', 'custom:x': 'ana' },
  eve: { given_name: 'Ève', family_name: '퟿x\u{10ffff}', name: 'back\\slash%_*' },
} satisfies Record<string, Record<string, string>>;

beforeAll(async () => {
  pool = await TestPool.create(server, { Schema: [{ Name: 'x', AttributeDataType: 'String' }] });
  for (const [username, attributes] of Object.entries(PEOPLE)) await pool.invited(username, attributes);
  await sdk.adminSetUserPassword({
    UserPoolId: pool.id,
    Username: 'ana',
    Password: 'Passw0rd!',
    Permanent: true,
  });
  await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'eve' });
  await sdk.signUp({ ClientId: pool.clientId, Username: 'zoe', Password: 'Passw0rd!' });
});

const ask = (more: object = {}) => sdk.listUsers({ UserPoolId: pool.id, ...more });
const names = async (Filter?: string) =>
  ((await ask({ Filter })).Users ?? []).map(({ Username }) => Username).sort();

describe('ListUsers', () => {
  it('shows everyone of the pool as AdminGetUser does', async () => {
    const { Users, PaginationToken } = await ask();
    expect(PaginationToken).toBeUndefined();
    expect(Users?.map(({ Username }) => Username).sort()).toEqual(['Bob', 'ana', 'bobby', 'eve', 'zoe']);
    const { UserAttributes, Username, UserStatus, Enabled, UserCreateDate, UserLastModifiedDate } =
      await pool.get('ana');
    expect(Users).toContainEqual({
      Attributes: UserAttributes,
      Username,
      UserStatus,
      Enabled,
      UserCreateDate,
      UserLastModifiedDate,
    });
    expect(await names('')).toHaveLength(5);
    expect(await names('  ')).toHaveLength(5);
    const empty = await TestPool.create(server);
    expect((await sdk.listUsers({ UserPoolId: empty.id })).Users).toEqual([]);
  });

  it.each([
    ['username = "ana"', ['ana']],
    ['username="ana"', ['ana']],
    ['  username   =   "ana"  ', ['ana']],
    ['username = "Ana"', []],
    ['username = "an"', []],
    ['username ^= "b"', ['bobby']],
    ['username ^= "B"', ['Bob']],
    ['username ^= ""', ['Bob', 'ana', 'bobby', 'eve', 'zoe']],
    ['username = ""', []],
    ['email = "ana@example.com"', ['ana']],
    ['email = "ANA@EXAMPLE.COM"', ['ana']],
    ['email ^= "BOB"', ['Bob', 'bobby']],
    ['email ^= "bob@"', ['Bob']],
    ['email ^= ""', ['Bob', 'ana', 'bobby']],
    ['phone_number = "+15550001"', ['ana']],
    ['phone_number^="+1"', ['ana']],
    ['given_name = "bob"', ['Bob', 'bobby']],
    ['given_name = "Ève"', ['eve']],
    ['given_name ^= "È"', ['eve']],
    ['family_name ^= "ree"', ['Bob']],
    ['family_name ^= "re"', ['Bob', 'ana']],
    ['family_name ^= "퟿"', ['eve']],
    ['family_name ^= "퟿x\u{10ffff}"', ['eve']],
    ['family_name ^= "\u{10ffff}"', []],
    ['preferred_username = "BOBBY"', ['Bob']],
    ['name = "Robert \\"Bob\\" Roe"', ['bobby']],
    ['name ^= "robert \\"b"', ['bobby']],
    ['name = "back\\\\slash%_*"', ['eve']],
    ['name ^= "%"', []],
    ['name ^= "*"', []],
    ['cognito:user_status = "CONFIRMED"', ['ana']],
    ['cognito:user_status = "confirmed"', ['ana']],
    ['cognito:user_status ^= "UNC"', ['zoe']],
    ['cognito:user_status = "FORCE_CHANGE_PASSWORD"', ['Bob', 'bobby', 'eve']],
    ['status = "Disabled"', ['eve']],
    ['status = "Enabled"', ['Bob', 'ana', 'bobby', 'zoe']],
    ['status = "enabled"', []],
    ['status ^= "Dis"', ['eve']],
    ['status ^= ""', ['Bob', 'ana', 'bobby', 'eve', 'zoe']],
    ['sub = "00000000-0000-0000-0000-000000000000"', []],
  ])('finds by %s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  it('finds by sub, and by its beginning', async () => {
    const sub = (await pool.get('ana')).UserAttributes?.find(({ Name }) => Name === 'sub')?.Value as string;
    expect(await names(`sub = "${sub}"`)).toEqual(['ana']);
    expect(await names(`sub ^= "${sub.slice(0, 20)}"`)).toEqual(['ana']);
  });

  it('follows what changes', async () => {
    await pool.invited('turn', { email: 'before@example.com' });
    await sdk.adminUpdateUserAttributes({
      UserPoolId: pool.id,
      Username: 'turn',
      UserAttributes: list({ email: 'after@example.com' }),
    });
    expect(await names('email = "before@example.com"')).toEqual([]);
    expect(await names('email = "after@example.com"')).toEqual(['turn']);
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: 'turn' });
    expect(await names('email = "after@example.com"')).toEqual([]);
  });

  it.each([
    'username',
    'username "ana"',
    'username = ana',
    "username = 'ana'",
    'username == "ana"',
    'username != "ana"',
    'username = "ana',
    'username = "ana" and email = "x"',
    'username = "a"b"',
    'username = "ana\\"',
    '= "ana"',
    'username = "ana" OR 1=1 --',
    'username = "ana\0"',
  ])('refuses %j', async (Filter) => {
    await expectError(ask({ Filter }), 'InvalidParameterException', 'Error while parsing filter.');
  });

  it.each(['custom:x', 'nickname', 'Username', 'status2', 'constructor', '__proto__', 'enabled'])(
    'does not search by %s',
    async (attribute) => {
      await expectError(
        ask({ Filter: `${attribute} = "ana"` }),
        'InvalidParameterException',
        `Invalid search attribute: ${attribute}`,
      );
    },
  );

  it('takes what strangers type for a value and nothing else', async () => {
    for (const value of ["' OR '1'='1", "ana'; DROP TABLE users; --", '$.email', '\u0001', '\ud800']) {
      expect(await names(`username = "${value}"`)).toEqual([]);
      expect(await names(`email ^= "${value}"`)).toEqual([]);
    }
    expect(await names()).toHaveLength(5);
  });

  it('knows no case of usernames in a pool that ignores it', async () => {
    const blind = await TestPool.create(server, { UsernameConfiguration: { CaseSensitive: false } });
    await blind.invited('MixedCase');
    const { Users } = await sdk.listUsers({ UserPoolId: blind.id, Filter: 'username = "mixedcASE"' });
    expect(Users?.map(({ Username }) => Username)).toEqual(['MixedCase']);
  });
});

describe('AttributesToGet', () => {
  it('narrows the attributes', async () => {
    const { Users } = await ask({ Filter: 'email ^= ""', AttributesToGet: ['email', 'sub'] });
    expect(Users).toHaveLength(3);
    for (const { Attributes } of Users ?? []) {
      expect(Attributes?.map(({ Name }) => Name)).toEqual(['email', 'sub']);
    }
  });

  it.each(['custom:unknown', 'custom:x', 'email'])(
    'asks for %s in vain when not all have it',
    async (name) => {
      await expectError(
        ask({ AttributesToGet: [name] }),
        'InvalidParameterException',
        'One or more requested attributes do not exist.',
      );
    },
  );

  it('leaves out a required attribute that an invited user does not have yet', async () => {
    const strict = await TestPool.create(server, {
      Schema: [{ Name: 'website', AttributeDataType: 'String', Required: true, Mutable: true }],
    });
    await strict.invited('amy');
    const { Users } = await sdk.listUsers({ UserPoolId: strict.id, AttributesToGet: ['website'] });
    expect(Users?.[0]?.Attributes).toEqual([]);
  });
});

describe('pages', () => {
  let crowd: TestPool;
  const COUNT = 13;

  beforeAll(async () => {
    crowd = await TestPool.create(server);
    for (let i = 0; i < COUNT; i++) {
      await crowd.invited(`u${i}`, { given_name: ['Jon', 'John', 'Joe'][i % 3] as string });
    }
  });

  it.each([
    [undefined, COUNT],
    ['given_name = "jon"', 5],
    ['given_name ^= "jo"', COUNT],
    ['given_name ^= "joh"', 4],
    ['cognito:user_status ^= "F"', COUNT],
    ['status = "Enabled"', COUNT],
  ])('hold each user once, whatever the filter: %s', async (Filter, count) => {
    for (const Limit of [1, 2, 5]) {
      const seen: (string | undefined)[] = [];
      let PaginationToken: string | undefined;
      do {
        const answer = await sdk.listUsers({ UserPoolId: crowd.id, Filter, Limit, PaginationToken });
        expect(answer.Users?.length).toBeLessThanOrEqual(Limit);
        seen.push(...(answer.Users ?? []).map(({ Username }) => Username));
        PaginationToken = answer.PaginationToken;
      } while (PaginationToken);
      expect(seen).toHaveLength(count);
      expect(new Set(seen).size).toBe(count);
    }
  });

  it('go on past a user who is deleted in between', async () => {
    const own = await TestPool.create(server);
    for (const name of ['a', 'b', 'c']) await own.invited(name, { given_name: 'x' });
    const request = { UserPoolId: own.id, Filter: 'given_name = "x"', Limit: 1 };
    const first = await sdk.listUsers(request);
    await sdk.adminDeleteUser({ UserPoolId: own.id, Username: first.Users?.[0]?.Username });
    const rest = await sdk.listUsers({ ...request, Limit: 5, PaginationToken: first.PaginationToken });
    expect(rest.Users).toHaveLength(2);
  });

  it('have tokens that say nothing, are good for their own list, and for an hour', async () => {
    const request = { UserPoolId: crowd.id, Filter: 'given_name ^= "jo"', Limit: 2 };
    const { PaginationToken } = await sdk.listUsers(request);
    const token = PaginationToken as string;
    expect(Buffer.from(token.slice(5), 'base64url').toString('latin1')).not.toMatch(/jo/i);
    const refused = [
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    ] as const;
    const flipped = token.slice(0, -4) + (token.at(-4) === 'A' ? 'B' : 'A') + token.slice(-3);
    for (const change of [
      { Filter: 'given_name ^= "j"' },
      { Filter: undefined },
      { UserPoolId: pool.id },
      { PaginationToken: flipped },
      { PaginationToken: 'AAQA-' },
      { PaginationToken: `AAQA-${'A'.repeat(5000)}` },
      { PaginationToken: '\u{1f600}' },
    ]) {
      await expectError(sdk.listUsers({ ...request, PaginationToken, ...change }), ...refused);
    }
    clock.advance(HOUR - 1);
    await sdk.listUsers({ ...request, PaginationToken });
    clock.advance(1);
    await expectError(sdk.listUsers({ ...request, PaginationToken }), ...refused);
  });

  it('hold sixty users unless told otherwise, and never more', async () => {
    for (let i = COUNT; i < 61; i++) await crowd.invited(`u${i}`);
    expect((await sdk.listUsers({ UserPoolId: crowd.id })).Users).toHaveLength(60);
    expect((await sdk.listUsers({ UserPoolId: crowd.id, Limit: 0 })).Users).toHaveLength(60);
    await expectError(
      sdk.listUsers({ UserPoolId: crowd.id, Limit: 61 }),
      'InvalidParameterException',
      "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
    );
    await expectError(
      sdk.listUsers({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});
