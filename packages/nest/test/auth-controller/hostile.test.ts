import { request as httpRequest } from 'node:http';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthModule, cognitoOpenApi } from '../../src/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { AUTH_MODES } from '../support/auth-modes.js';
import { Browser, GENUINE } from '../support/browser.js';
import { startTestCognito, type TestCognito } from '../support/cognito.js';

/*
 * Every input of every ready-made endpoint, taken from the OpenAPI document, so that a new one is tried too. What only some
 * endpoints have (sealed challenges, codes, cookies) is tried where that is tested.
 */

// biome-ignore lint/suspicious/noExplicitAny: a document is looked at as its readers do
type Any = any;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body: Any;
  readonly parameters: readonly Any[];
  readonly signedIn: boolean;
}

let test: TestCognito;
beforeAll(async () => {
  test = await startTestCognito();
});
afterAll(() => test.cognito.close());

/** What fits a schema, so that nothing but the one hostile value can be why a request is refused. */
function sample(schema: Any, name = ''): unknown {
  if (schema.anyOf !== undefined) return {};
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string') return name === 'code' ? '123456' : (schema.example ?? 'Correct-horse-9');
  const members = Object.entries(schema.properties ?? {}) as [string, Any][];
  return Object.fromEntries(members.map(([member, of]) => [member, sample(of, member)]));
}

const LONG = 'x'.repeat(1_000_000);
/** Deeper than any body, and small. */
const DEEP = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`) as object;
const MARK = 'do-not-quote-me';

/** Values that a schema does not take. */
function hostile(schema: Any): unknown[] {
  const odd = [null, 7, -0.5, [], [MARK], [[{}]], LONG, DEEP];
  if (schema.type === 'boolean') return [...odd, MARK, 'true', 1, {}];
  // Which answer a challenge takes, its seal says: an answer of any form gets that far.
  if (schema.type === 'object' || schema.anyOf !== undefined) return [...odd, MARK, true];
  const texts = ['', '\ud800', MARK.padEnd((schema.maxLength ?? 0) + 1, 'x')];
  if (schema.enum !== undefined || schema.pattern !== undefined) texts.push(`${MARK} \u0000`);
  return [...odd, true, {}, { $gt: '' }, { toString: MARK }, { length: 1, 0: 'x' }, ...texts];
}

/** The body with one member replaced, for every member in it at any depth. */
function* variants(schema: Any, base: Any): Generator<{ what: string; body: unknown }> {
  for (const [name, of] of Object.entries(schema.properties ?? {}) as [string, Any][]) {
    for (const value of hostile(of)) {
      yield {
        what: `${name} = ${String(JSON.stringify(value)).slice(0, 40)}`,
        body: { ...base, [name]: value },
      };
    }
    if (schema.required?.includes(name)) {
      const { [name]: _, ...rest } = base;
      yield { what: `no ${name}`, body: rest };
    }
    if (of.properties === undefined) continue;
    for (const { what, body } of variants(of, base[name])) {
      yield { what: `${name}.${what}`, body: { ...base, [name]: body } };
    }
  }
  for (const name of ['admin', 'constructor', 'toString', '$where', MARK.repeat(100)]) {
    yield { what: `unknown ${name.slice(0, 20)}`, body: { ...base, [name]: MARK } };
  }
}

describe.each(AUTH_MODES)('hostile input with $mode on $platform', ({ adapter, session: newSession }) => {
  const session = newSession();
  let app: TestApp;
  let operations: Operation[];
  let credentials: Record<string, string>;

  beforeAll(async () => {
    app = await startApp(
      test.options({ tokenSources: ['header', ...(session === undefined ? [] : [session])] }),
      [],
      { imports: [CognitoAuthModule.forRoot({ session, throttle: false, signInByChoice: true })] },
      undefined,
      adapter(),
    );
    const config = new DocumentBuilder().setTitle('Test').build();
    const { paths } = cognitoOpenApi(app.nest, () => SwaggerModule.createDocument(app.nest, config)) as Any;
    operations = Object.entries(paths as Record<string, Record<string, Any>>).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        body: operation.requestBody?.content['application/json'].schema,
        parameters: operation.parameters ?? [],
        signedIn: (operation.security ?? []).length > 0,
      })),
    );
    const browser = new Browser(app);
    const { body } = await browser.signIn('ada');
    credentials =
      session === undefined
        ? { authorization: `Bearer ${body.tokens.accessToken}` }
        : { ...GENUINE, cookie: [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ') };
  });
  afterAll(() => app.close());

  async function send({ method, path }: Pick<Operation, 'method' | 'path'>, init: RequestInit = {}) {
    const response = await fetch(`${app.address}${path.replace(/\{\w+\}/g, 'email')}`, {
      method,
      ...init,
      headers: {
        ...credentials,
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
        ...init.headers,
      },
    });
    const text = await response.text();
    const body = text === '' ? undefined : (JSON.parse(text) as Any);
    return { status: response.status, type: response.headers.get('content-type'), text, body };
  }

  it('finds every endpoint', () => {
    const count = (is: (operation: Operation) => boolean) => operations.filter(is).length;
    // A session has no body where the cookies have it all.
    expect([
      count(() => true),
      count(({ body }) => body !== undefined),
      count(({ signedIn }) => signedIn),
    ]).toEqual([28, session === undefined ? 22 : 20, 18]);
  });

  it('refuses every member of every body that is of the wrong type, too long, too deep, left out or unknown', async () => {
    let tried = 0;
    for (const operation of operations.filter(({ body }) => body !== undefined)) {
      for (const { what, body } of variants(operation.body, sample(operation.body))) {
        const { status, type, text, body: answer } = await send(operation, { body: JSON.stringify(body) });
        const name = `${operation.method} ${operation.path}: ${what}`;
        expect({ name, status, code: answer?.code }).toEqual(
          status === 413
            ? { name, status, code: 'request_too_large' }
            : { name, status: 400, code: 'request_invalid' },
        );
        expect(type, name).toContain('application/problem+json');
        expect(text.length, name).toBeLessThan(1500);
        expect(text.replace(MARK.repeat(100).slice(0, 37), ''), name).not.toContain(MARK);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(500);
  }, 120_000);

  it('refuses whole bodies that are no object, and names that mean something to JavaScript', async () => {
    for (const operation of operations.filter(({ body }) => body !== undefined)) {
      const base = JSON.stringify(sample(operation.body));
      const proto =
        base === '{}' ? '{"__proto__":{"admin":true}}' : `{"__proto__":{"admin":true},${base.slice(1)}`;
      for (const body of [proto, '[]', '[{}]', '"x"', '7', 'true', '{"a":1}', '{']) {
        const { status, type, body: answer } = await send(operation, { body });
        const name = `${operation.method} ${operation.path}: ${body.slice(0, 40)}`;
        expect({ name, status, code: answer.code }).toEqual({ name, status: 400, code: 'request_invalid' });
        expect(type, name).toContain('application/problem+json');
      }
    }
    expect(({} as Any).admin).toBeUndefined();
  });

  it('refuses every odd part of a path and of a query, and breaks on none', async () => {
    const odd = [
      'a%20b',
      '%00',
      '%0d%0aSet-Cookie:x=1',
      '%F0%9F%98%80',
      '__proto__',
      'constructor',
      '..%2f..%2f',
      '%5B%5D',
    ];
    for (const { method, path, parameters, body } of operations) {
      for (const { name, in: place } of parameters.filter(
        (each) => each.in === 'path' || each.in === 'query',
      )) {
        const values = [...odd, place === 'query' ? 'x'.repeat(5000) : 'x'.repeat(90)];
        const queries =
          place === 'query'
            ? ['next=a&next=b', 'next[]=a', ...values.map((value) => `${name}=${value}`)]
            : [];
        const paths =
          place === 'query'
            ? queries.map((query) => `${path}?${query}`)
            : values.map((value) => path.replace(/\{\w+\}/, value));
        for (const each of paths) {
          const init = body === undefined ? {} : { body: JSON.stringify(sample(body)) };
          const { status, type, text } = await send({ method, path: each }, init);
          // "next[]" is another member of the query, on both platforms, and such are not looked at.
          if (each.includes('[]')) expect(status, each).toBeLessThan(500);
          else expect([400, 404], `${method} ${each.slice(0, 60)}: ${text}`).toContain(status);
          if (status >= 400) expect(type, each).toContain('application/problem+json');
        }
      }
    }
  });

  it('breaks on no header: tokens twice, of a wrong kind, of great length', async () => {
    const { port } = new URL(app.address);
    for (const { method, path } of operations.filter(({ signedIn }) => signedIn)) {
      for (const authorization of [
        ['Bearer x', 'Bearer y'],
        [`Bearer ${'x'.repeat(10_000)}`],
        ['Basic eDp5'],
        ['Bearer'],
      ]) {
        const status = await new Promise<number>((resolve, reject) => {
          const sent = httpRequest(
            {
              port,
              host: '127.0.0.1',
              method,
              path: path.replace(/\{\w+\}/g, 'email'),
              headers: [
                'Host',
                `127.0.0.1:${port}`,
                'Content-Length',
                '0',
                ...Object.entries(GENUINE).flat(),
                ...authorization.flatMap((each) => ['Authorization', each]),
              ] as never,
            },
            (response) => resolve(response.resume().statusCode ?? 0),
          );
          sent.on('error', reject);
          sent.end();
        });
        expect([400, 401], `${method} ${path}: ${authorization}`).toContain(status);
      }
    }
  });

  if (session === undefined) return;

  it('takes no request that another site may have made', async () => {
    const forged: Record<string, string>[] = [
      { 'x-csrf-protection': '' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://sub.example.com' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'not an origin' },
    ];
    for (const operation of operations.filter(({ method }) => method !== 'GET')) {
      for (const headers of forged) {
        const body = operation.body === undefined ? {} : { body: JSON.stringify(sample(operation.body)) };
        const { status, body: answer } = await send(operation, { ...body, headers });
        const name = `${operation.method} ${operation.path} with ${JSON.stringify(headers)}`;
        expect({ name, status, code: answer.code }).toEqual({ name, status: 403, code: 'csrf_refused' });
      }
    }
  });

  it('takes no cookie that came twice, in part, or out of two sessions', async () => {
    const cookies = Object.fromEntries(
      (credentials['cookie'] ?? '').split('; ').map((pair) => pair.split(/=(.*)/s)),
    );
    const access = cookies['__Host-cognest-access'] as string;
    const half = Math.floor(access.length / 2);
    const name = '__Host-cognest-access';
    const tossed: [string, string, number][] = [
      ['twice', `${name}=${access}; ${name}=${access}`, 400],
      ['twice, one planted behind', `${name}=${access}; ${name}=x`, 400],
      ['one part of two', `${name}=2:${access.slice(0, half)}`, 401],
      ['parts that were swapped', `${name}=2:${access.slice(half)}; ${name}.1=${access.slice(0, half)}`, 401],
      [
        'a part of another session',
        `${name}=2:${access.slice(0, half)}; ${name}.1=${access.slice(half, -4)}AAAA`,
        401,
      ],
      [
        'a part that came twice',
        `${name}=2:${access.slice(0, half)}; ${name}.1=${access.slice(half)}; ${name}.1=x`,
        400,
      ],
      ['nine parts', `${name}=9:${access}`, 401],
      ['nothing', `${name}=`, 401],
    ];
    for (const operation of operations.filter(({ signedIn }) => signedIn)) {
      for (const [what, cookie, expected] of tossed) {
        const init = operation.body === undefined ? {} : { body: JSON.stringify(sample(operation.body)) };
        const { status, type } = await send(operation, { ...init, headers: { cookie } });
        const at = `${operation.method} ${operation.path}: ${what}`;
        expect({ at, status }).toEqual({ at, status: expected });
        expect(type, at).toContain('application/problem+json');
      }
    }
  });
});
