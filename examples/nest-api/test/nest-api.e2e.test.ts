import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningExample, temporaryFolder } from './start-example.js';

interface Tokens {
  accessToken: string;
  idToken: string;
  refreshToken: string;
}

const data = temporaryFolder();
let example: RunningExample;
let api: string;
let cognito: string;

beforeAll(async () => {
  example = RunningExample.spawn({ COGNITO_DATA: data.path });
  ({ api, cognito } = await example.addresses());
}, 120_000);

afterAll(async () => {
  example?.kill();
  data.remove();
});

async function call(method: string, path: string, { body, token }: { body?: object; token?: string } = {}) {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

async function signIn(username: string, password: string): Promise<Tokens> {
  const { status, body } = await call('POST', '/auth/sign-in', { body: { username, password } });
  expect({ status, body }).toMatchObject({ status: 200, body: { status: 'signed-in' } });
  return body.tokens;
}

/** The newest code that was sent to the user. */
async function codeFor(username: string): Promise<string> {
  const messages = (await (await fetch(`${cognito}/_cognest/messages`)).json()) as {
    username: string;
    code: string;
  }[];
  const code = messages.findLast((message) => message.username === username)?.code;
  if (code === undefined) throw new Error(`No code was sent to ${username}`);
  return code;
}

describe('a stranger', () => {
  it('reads what is public', async () => {
    expect(await call('GET', '/articles')).toMatchObject({ status: 200, body: [{ author: 'edgar' }] });
  });

  it.each([
    ['GET', '/me'],
    ['POST', '/articles'],
    ['DELETE', '/articles/1'],
    ['GET', '/admin/users/uma'],
    ['POST', '/auth/password'],
  ])('is asked to sign in at %s %s', async (method, path) => {
    const { status, headers } = await call(method, path);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('cannot tell whether a user exists', async () => {
    const [known, unknown] = await Promise.all(
      ['uma', 'nobody'].map((username) =>
        call('POST', '/auth/sign-in', { body: { username, password: 'Not-hers-123' } }),
      ),
    );
    expect(known?.status).toBe(401);
    expect(unknown?.status).toBe(401);
    expect(unknown?.body).toEqual(known?.body);
  });

  it('is told what is wrong with a request', async () => {
    const { status, body } = await call('POST', '/auth/sign-in', { body: { username: 'uma' } });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('password');
  });
});

/** Signs a user up and confirms it with the code that was sent. */
async function newUser(username: string, password: string): Promise<void> {
  const signUp = await call('POST', '/auth/sign-up', {
    body: { username, password, attributes: { email: `${username}@example.com` } },
  });
  expect(signUp).toMatchObject({ status: 202, body: { status: 'accepted' } });
  const code = await codeFor(username);
  expect((await call('POST', '/auth/sign-up/confirm', { body: { username, code } })).status).toBe(204);
}

describe('someone new', () => {
  const password = 'Correct-horse-9';

  it('is let in only with the code that was sent', async () => {
    const username = 'hopper';
    const attributes = { email: 'hopper@example.com' };
    await call('POST', '/auth/sign-up', { body: { username, password, attributes } });
    expect((await call('POST', '/auth/sign-in', { body: { username, password } })).status).toBe(401);

    const code = await codeFor(username);
    const wrong = code === '000000' ? '111111' : '000000';
    expect((await call('POST', '/auth/sign-up/confirm', { body: { username, code: wrong } })).status).toBe(
      422,
    );
    expect((await call('POST', '/auth/sign-in', { body: { username, password } })).status).toBe(401);

    expect((await call('POST', '/auth/sign-up/confirm', { body: { username, code } })).status).toBe(204);
    await signIn(username, password);
  });

  it('signs up, signs in, is refused, joins the group, refreshes, and is let in', async () => {
    await newUser('grace', password);
    const tokens = await signIn('grace', password);
    expect(await call('GET', '/me', { token: tokens.accessToken })).toMatchObject({
      status: 200,
      body: { username: 'grace', groups: [] },
    });
    expect((await call('GET', '/admin/users/grace', { token: tokens.accessToken })).status).toBe(403);

    const admin = await signIn('ada', 'Admin-demo-1');
    const added = await call('PUT', '/admin/users/grace/groups/admin', { token: admin.accessToken });
    expect(added.status).toBe(204);
    // A token says what was true when it was issued.
    expect((await call('GET', '/admin/users/grace', { token: tokens.accessToken })).status).toBe(403);

    const refreshed = await call('POST', '/auth/refresh', { body: { refreshToken: tokens.refreshToken } });
    expect(refreshed.status).toBe(200);
    expect(
      await call('GET', '/admin/users/grace', { token: refreshed.body.tokens.accessToken }),
    ).toMatchObject({
      status: 200,
      body: { username: 'grace', userAttributes: { email: 'grace@example.com', email_verified: true } },
    });
  });

  it('forgets the password, sets another, changes it, and signs out everywhere', async () => {
    const username = 'lovelace';
    await newUser(username, password);
    const forgot = await call('POST', '/auth/forgot-password', { body: { username } });
    expect(forgot).toMatchObject({ status: 202, body: { status: 'accepted' } });

    const reset = await call('POST', '/auth/forgot-password/confirm', {
      body: { username, code: await codeFor(username), newPassword: 'Correct-horse-10' },
    });
    expect(reset.status).toBe(204);
    expect((await call('POST', '/auth/sign-in', { body: { username, password } })).status).toBe(401);

    const { accessToken, refreshToken } = await signIn(username, 'Correct-horse-10');
    const changed = await call('POST', '/auth/password', {
      token: accessToken,
      body: { previousPassword: 'Correct-horse-10', newPassword: 'Correct-horse-11' },
    });
    expect(changed.status).toBe(204);
    await signIn(username, 'Correct-horse-11');

    expect((await call('POST', '/auth/sign-out/everywhere', { token: accessToken })).status).toBe(204);
    expect((await call('GET', '/me/attributes', { token: accessToken })).status).toBe(401);
    expect((await call('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  });
});

describe('the invited user', () => {
  it('has to set a new password, and then is signed in', async () => {
    const invited = await call('POST', '/auth/sign-in', {
      body: { username: 'ivy', password: 'Invited-demo-1' },
    });
    expect(invited).toMatchObject({
      status: 200,
      body: { status: 'challenge', challenge: { name: 'NEW_PASSWORD_REQUIRED' } },
    });
    const { sealed } = invited.body.challenge;

    const weak = await call('POST', '/auth/challenge', {
      body: { challenge: sealed, answer: { newPassword: 'short' } },
    });
    expect(weak.status).toBe(422);

    const answered = await call('POST', '/auth/challenge', {
      body: { challenge: sealed, answer: { newPassword: 'Correct-horse-12' } },
    });
    expect(answered).toMatchObject({ status: 200, body: { status: 'signed-in' } });
    expect(await call('GET', '/me', { token: answered.body.tokens.accessToken })).toMatchObject({
      status: 200,
      body: { username: 'ivy' },
    });
  });
});

describe('groups', () => {
  it('one of several is enough to write; all are needed to delete', async () => {
    const [uma, edgar, ada] = await Promise.all([
      signIn('uma', 'User-demo-1'),
      signIn('edgar', 'Editor-demo-1'),
      signIn('ada', 'Admin-demo-1'),
    ]);
    const body = { title: 'Written by an editor' };

    expect((await call('POST', '/articles', { body, token: uma.accessToken })).status).toBe(403);
    const written = await call('POST', '/articles', { body, token: edgar.accessToken });
    expect(written).toMatchObject({ status: 201, body: { author: 'edgar' } });

    const path = `/articles/${written.body.id}`;
    expect((await call('DELETE', path, { token: edgar.accessToken })).status).toBe(403);
    expect((await call('DELETE', path, { token: ada.accessToken })).status).toBe(204);
  });

  it('are read from the access token, not from an ID token', async () => {
    const { idToken } = await signIn('ada', 'Admin-demo-1');
    expect((await call('GET', '/admin/users/uma', { token: idToken })).status).toBe(401);
  });
});

describe('the program', () => {
  it('documents the API, with a way to authorize', async () => {
    const page = await fetch(`${api}/docs`);
    expect(page.status).toBe(200);
    expect(await call('GET', '/docs-json')).toMatchObject({
      body: {
        components: { securitySchemes: { cognito: { type: 'http', scheme: 'bearer' } } },
        paths: { '/admin/users/{username}': { get: { 'x-cognito-policy': { groups: { any: ['admin'] } } } } },
      },
    });
  });

  it('documents each operation under a name of its own, though the endpoints are there twice', async () => {
    const { body } = await call('GET', '/docs-json');
    const { paths } = body as { paths: Record<string, Record<string, { operationId: string }>> };
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(ids.length).toBeGreaterThan(50);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(['CognitoAuthController_signIn', 'CognitoAuthController_session_signIn']),
    );
  });

  it('says which port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const other = temporaryFolder();
    try {
      for (const variable of ['PORT', 'COGNITO_PORT']) {
        const second = RunningExample.spawn({ COGNITO_DATA: other.path, [variable]: String(port) });
        expect(await second.ended()).not.toBe(0);
        expect(second.output).toMatch(new RegExp(`Port ${port} .*is in use`));
        expect(second.output).toContain(variable);
      }
    } finally {
      taken.close();
      other.remove();
    }
  }, 120_000);

  it('stops at Ctrl-C, and starts again with what was done', async () => {
    const own = temporaryFolder();
    const post = (address: string, path: string, body: object) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const invited = { username: 'ivy', password: 'Invited-demo-1' };
    let running = RunningExample.spawn({ COGNITO_DATA: own.path });
    try {
      const before = await running.addresses();
      const { challenge } = (await (await post(before.api, '/auth/sign-in', invited)).json()) as {
        challenge: { sealed: string };
      };
      const answer = { challenge: challenge.sealed, answer: { newPassword: 'Correct-horse-13' } };
      expect((await post(before.api, '/auth/challenge', answer)).status).toBe(200);

      // As a browser keeps one open: it must not hold anything up.
      const spare = connect(Number(new URL(before.api).port), '127.0.0.1');
      await once(spare, 'connect');
      await running.ctrlC();
      spare.destroy();
      expect(running.output).not.toMatch(/npm error|Error:/);
      await expect(fetch(`${before.api}/articles`)).rejects.toThrow();
      await expect(fetch(`${before.cognito}/_cognest/health`)).rejects.toThrow();

      running = RunningExample.spawn({ COGNITO_DATA: own.path });
      const after = await running.addresses();
      expect((await post(after.api, '/auth/sign-in', invited)).status).toBe(401);
      const again = { username: 'ivy', password: answer.answer.newPassword };
      expect((await post(after.api, '/auth/sign-in', again)).status).toBe(200);
    } finally {
      running.kill();
      own.remove();
    }
  }, 120_000);
});
