import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CurrentUser, cookieSession } from '../../src/index.js';
import { optionsFor, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';
import { getWithCookie } from '../support/raw-request.js';

@Controller()
class WhoController {
  @Get('who')
  who(@CurrentUser('username') username: string) {
    return { username };
  }
}

/** What JavaScript takes for blanks, and browsers for a part of the name: without `__Host-` in front, anybody may set it. */
const LOOKALIKES: [what: string, bytes: number[]][] = [
  ['U+00A0 in latin1', [0xa0]],
  ['U+00A0 in UTF-8', [0xc2, 0xa0]],
  ['U+0085 in latin1', [0x85]],
  ['U+0085 in UTF-8', [0xc2, 0x85]],
  ['U+000B', [0x0b]],
  ['U+000C', [0x0c]],
  ['U+FEFF in UTF-8', [0xef, 0xbb, 0xbf]],
  ['U+2003 in UTF-8', [0xe2, 0x80, 0x83]],
  ['U+3000 in UTF-8', [0xe3, 0x80, 0x80]],
];

const session = cookieSession();
const SOURCES = [
  ['the session', session, session.accessCookie],
  ['a cookie of its own', { cookie: '__Host-token' }, '__Host-token'],
] as const;
const CASES = PLATFORMS.flatMap(([platform, adapter]) =>
  SOURCES.map(([what, source, name]) => ({ platform, what, adapter, source, name })),
);

let pool: TestPool;
let own: string;
let foreign: string;
beforeAll(async () => {
  pool = await startPool();
  own = await pool.access();
  foreign = await pool.access({ username: 'mallory' });
});
afterAll(() => pool.close());

describe.each(CASES)('on $platform, with $what', ({ adapter, source, name }) => {
  let app: TestApp;
  beforeAll(async () => {
    const options = optionsFor(pool, { tokenSources: ['header', source] });
    app = await startApp(options, [WhoController], {}, undefined, adapter());
  });
  afterAll(() => app.close());

  const ask = (...parts: (string | number[])[]) =>
    getWithCookie(
      `${app.address}/who`,
      Buffer.concat(
        parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
      ),
    );

  it('takes the cookie, with the blanks around that browsers take off', async () => {
    expect((await ask(`${name}=${own}`)).text).toContain('"ada"');
    expect((await ask(`a=b;\t ${name} \t=\t ${own} \t; c`)).text).toContain('"ada"');
  });

  it.each(LOOKALIKES)('takes no cookie for it that has %s before or after its name', async (_, bytes) => {
    // Node itself refuses the control characters.
    const refused = bytes[0] === 0x0b || bytes[0] === 0x0c ? 400 : 401;
    expect((await ask(bytes, `${name}=${foreign}`)).status).toBe(refused);
    expect((await ask('a=b; ', bytes, `${name}=${foreign}`)).status).toBe(refused);
    expect((await ask(name, bytes, `=${foreign}`)).status).toBe(refused);
    expect((await ask(name, bytes, bytes, ` =${foreign}`)).status).toBe(refused);
  });

  it.each(LOOKALIKES)('takes no token that has %s before or after it', async (_, bytes) => {
    expect((await ask(`${name}=`, bytes, foreign)).status).toBe(400);
    expect((await ask(`${name}=${foreign}`, bytes)).status).toBe(400);
    expect((await ask(`${name}=${foreign}`, bytes, '; a=b')).status).toBe(400);
  });

  it.each(LOOKALIKES.filter(([, [first]]) => first !== 0x0b && first !== 0x0c))(
    'is not locked out by a cookie with %s that stands beside its own',
    async (_, bytes) => {
      expect((await ask(bytes, `${name}=${foreign}; ${name}=${own}`)).text).toContain('"ada"');
      expect((await ask(`${name}=${own}; ${name}`, bytes, `=${foreign}`)).text).toContain('"ada"');
    },
  );

  it('is not kept busy by a header of blanks', async () => {
    expect((await ask(`${name}=${own}; a${' '.repeat(12_000)}b=c`)).status).toBe(200);
  });
});

it.each(['\u00a0', '\u0085', '\u000b', '\u000c', '\ufeff', '\u2003', '\u2028'])(
  'an adapter that decodes the header makes no session of %j before a name',
  (blank) => {
    for (const cookie of [`${blank}${session.accessCookie}=x`, `${session.accessCookie}${blank}=x`]) {
      expect(session.read({ method: 'GET', headers: { cookie } })).toBeUndefined();
    }
  },
);
