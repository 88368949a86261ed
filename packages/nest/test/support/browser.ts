import { expect } from 'vitest';
import type { TestApp } from './app.js';
import { PASSWORD } from './cognito.js';

/** What a page of the app's own sends. */
export const GENUINE = { 'x-csrf-protection': '1' };

/** What a browser does with cookies, as far as it matters here. */
export class Browser {
  readonly #address: string;
  readonly jar = new Map<string, string>();

  constructor(app: Pick<TestApp, 'address'>) {
    this.#address = app.address;
  }

  async send(method: string, path: string, body?: object, headers: Record<string, string> = GENUINE) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.#address}${path}`, {
      method,
      headers: {
        ...headers,
        ...(cookie !== '' && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      expect(line).toMatch(/; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
      if (line.includes('Max-Age=0')) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) };
  }

  signIn = (username: string) => this.send('POST', '/auth/sign-in', { username, password: PASSWORD });
}
