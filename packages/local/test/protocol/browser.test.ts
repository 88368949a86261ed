import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { SIGNED, serve } from './support.js';

const operations = { AdminGetUser: () => ({ Username: 'ana' }), GetUser: () => ({ Username: 'ana' }) };
const admin = { UserPoolId: 'us-east-1_Abc123', Username: 'ana' };
const EVIL = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

/** fetch forbids some headers; a raw request sends what it is told to. */
function send(
  port: number,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const { body = '', ...rest } = options;
    const outgoing = request({ host: '127.0.0.1', port, ...rest }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('CORS, as on AWS for unsigned operations', () => {
  it('lets the preflight of Amplify pass', async () => {
    const server = await serve(operations);
    const { status, headers } = await send(server.port, {
      method: 'OPTIONS',
      path: '/',
      headers: {
        ...EVIL,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'cache-control,content-type,x-amz-target,x-amz-user-agent',
      },
    });
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-methods']).toBe('POST');
    const allowed = String(headers['access-control-allow-headers']).split(', ');
    for (const name of [
      'content-type',
      'x-amz-target',
      'x-amz-user-agent',
      'x-amz-date',
      'authorization',
      'amz-sdk-invocation-id',
      'amz-sdk-request',
      'cache-control',
    ]) {
      expect(allowed).toContain(name);
    }
    // With credentials a page could act with what the browser keeps; with a private network, from anywhere.
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['access-control-allow-private-network']).toBeUndefined();
  });

  it('answers an unsigned operation to any origin, errors included', async () => {
    const server = await serve(operations);
    for (const body of [{ AccessToken: 'abc' }, {}]) {
      const response = await server.call('GetUser', body, EVIL);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-expose-headers')).toContain('x-amzn-errortype');
    }
  });
});

describe('a signed operation', () => {
  it.each([
    ['another site', EVIL],
    ['another port of this machine', { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame or file', { origin: 'null' }],
    ['a browser that sends no Origin', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused to a page of %s, however it signs', async (_, headers) => {
    let called = false;
    const server = await serve({
      AdminGetUser: () => {
        called = true;
        return {};
      },
    });
    const { status, body } = await send(server.port, {
      method: 'POST',
      path: '/',
      headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser', ...SIGNED, ...headers },
      body: JSON.stringify(admin),
    });
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ __type: 'AccessDeniedException' });
    expect(body).toContain('--allow-origin');
    expect(called).toBe(false);
  });

  it('is open to origins that were allowed, to the server itself, and to what is no browser', async () => {
    const server = await serve(operations, { allowedOrigins: ['http://localhost:5173'] });
    const same = { origin: server.endpoint, 'sec-fetch-site': 'same-origin' };
    for (const headers of [{ origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }, same, {}]) {
      const { status } = await send(server.port, {
        method: 'POST',
        path: '/',
        headers: {
          'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser',
          ...SIGNED,
          ...headers,
        } as Record<string, string>,
        body: JSON.stringify(admin),
      });
      expect(status).toBe(200);
    }
  });
});

describe('the outbox', () => {
  const kept = { messages: () => ({ messages: [{ code: '123456' } as never], older: undefined }) };

  it.each(['/_cognest/messages', '/_cognest/health'])(
    '%s is refused to pages of other sites',
    async (path) => {
      const server = await serve({}, kept);
      for (const headers of [EVIL, { origin: 'http://localhost:5173' }, { 'sec-fetch-site': 'cross-site' }]) {
        const { status, body, headers: answered } = await send(server.port, { path, headers });
        expect(status).toBe(403);
        expect(body).not.toContain('123456');
        expect(answered['access-control-allow-origin']).toBeUndefined();
      }
    },
  );

  it('is refused to their preflights', async () => {
    const server = await serve({}, kept);
    const { headers } = await send(server.port, {
      method: 'OPTIONS',
      path: '/_cognest/messages',
      headers: EVIL,
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is there for tools, for a person who types the address, and for an allowed origin', async () => {
    const server = await serve({}, { ...kept, allowedOrigins: ['http://localhost:5173'] });
    for (const headers of [{}, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }]) {
      const {
        status,
        body,
        headers: answered,
      } = await send(server.port, { path: '/_cognest/messages', headers });
      expect([status, body]).toEqual([200, '[{"code":"123456"}]']);
      expect(answered['cache-control']).toBe('no-store');
      expect(answered['cross-origin-resource-policy']).toBe('same-origin');
      expect(answered['x-content-type-options']).toBe('nosniff');
    }
    const { headers } = await send(server.port, {
      path: '/_cognest/messages',
      headers: { origin: 'http://localhost:5173' },
    });
    expect(headers['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(headers['vary']).toBe('origin');
  });

  it('takes known filters, once each', async () => {
    const asked: unknown[] = [];
    const server = await serve(
      {},
      {
        messages: (...query) => {
          asked.push(query);
          return { messages: [], older: undefined };
        },
      },
    );
    const get = async (query: string) => (await fetch(`${server.endpoint}/_cognest/messages${query}`)).status;
    expect(await get('?userPoolId=p&username=ana%20b')).toBe(200);
    expect(await get('?limit=10000&before=7')).toBe(200);
    expect(asked).toEqual([
      [{ userPoolId: 'p', username: 'ana b' }, 1000, undefined],
      [{}, 10_000, 7],
    ]);
    for (const query of [
      '?user=ana',
      '?username=a&username=b',
      '?__proto__=x',
      '?limit=0',
      '?limit=10001',
      '?limit=-1',
      '?limit=1e3',
      '?limit=5&limit=6',
      `?before=${'9'.repeat(16)}`,
      '?before=',
    ])
      expect(await get(query)).toBe(400);
    expect(asked).toHaveLength(2);
  });
});

describe('the Host header', () => {
  const statusFor = async (port: number, host: string) =>
    (
      await send(port, {
        method: 'POST',
        path: '/',
        headers: { host, 'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser' },
        body: '{"AccessToken":"abc"}',
      })
    ).status;

  it.each([
    '127.0.0.1',
    '127.0.0.1:9229',
    'localhost',
    'LOCALHOST:80',
    'app.localhost:9229',
    '[::1]:9229',
    '127.8.9.1',
  ])('%s is served', async (host) => {
    const server = await serve(operations);
    expect(await statusFor(server.port, host)).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:9229',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil-localhost',
    '10.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '[fe80::1]',
    'localhost@evil.example',
    'localhost:9229:1',
    '[::1',
    'a b',
  ])('%s is refused', async (host) => {
    const server = await serve(operations);
    for (const path of ['/', '/_cognest/messages', '/us-east-1_Known/.well-known/jwks.json']) {
      const { status, body } = await send(server.port, { path, headers: { host } });
      expect(status).toBe(403);
      expect(JSON.parse(body).message).toContain('--allow-host');
    }
    expect(await statusFor(server.port, host)).toBe(403);
  });

  it('may be a name that was allowed, or the one that the server is bound to', async () => {
    const server = await serve(operations, { allowedHosts: ['Cognito'], host: 'dev.example' });
    expect(await statusFor(server.port, 'cognito:9229')).toBe(200);
    expect(await statusFor(server.port, 'dev.example')).toBe(200);
    expect(await statusFor(server.port, 'other')).toBe(403);
  });

  it('may be any address when the server listens on all, but no other name', async () => {
    const server = await serve(operations, { host: '0.0.0.0' });
    expect(await statusFor(server.port, '192.168.1.7:9229')).toBe(200);
    expect(await statusFor(server.port, '[fe80::1]:9229')).toBe(200);
    expect(await statusFor(server.port, 'evil.example')).toBe(403);
  });
});

describe('discovery', () => {
  it('publishes the keys to every origin, and for a minute', async () => {
    const server = await serve();
    const response = await fetch(`${server.endpoint}/us-east-1_Known/.well-known/jwks.json`, {
      headers: EVIL,
    });
    expect(await response.json()).toEqual({ keys: [{ kid: 'a' }] });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cache-control')).toBe('public, max-age=60');
  });

  it('promises nothing that is not there', async () => {
    const server = await serve();
    const issuer = `${server.endpoint}/us-east-1_Known`;
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toEqual({
      id_token_signing_alg_values_supported: ['RS256'],
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      subject_types_supported: ['public'],
    });
  });

  it.each(['jwks.json', 'openid-configuration'])('%s of an unknown pool is a 404 in JSON', async (name) => {
    const server = await serve();
    const response = await fetch(`${server.endpoint}/us-east-1_Nope/.well-known/${name}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'User pool us-east-1_Nope does not exist.' });
    expect(response.headers.get('cache-control')).toBeNull();
  });
});
