import { describe, expect, it } from 'vitest';
import { createServerClock, ManualClock } from '../../src/clock.js';
import { serve } from './support.js';

const START = Date.UTC(2026, 0, 1);

async function serveClock() {
  const clock = createServerClock(new ManualClock(START));
  const server = await serve({}, { clock, allowedOrigins: ['http://localhost:5173'] });
  const url = `${server.endpoint}/_cognest/clock`;
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { clock, url, post };
}

describe('the clock over HTTP', () => {
  it('tells the time, and moves it', async () => {
    const { clock, url, post } = await serveClock();
    expect(await (await fetch(url)).json()).toEqual({ now: '2026-01-01T00:00:00.000Z' });
    expect(await (await post({ advance: '1h' })).json()).toEqual({ now: '2026-01-01T01:00:00.000Z' });
    expect(await (await post({ advance: 90_000 })).json()).toEqual({ now: '2026-01-01T01:01:30.000Z' });
    expect(clock.now()).toBe(START + 3_690_000);
  });

  it.each<[string, unknown, Record<string, string>, number]>([
    ['a duration that is none', { advance: '1 fortnight' }, {}, 400],
    ['a step back', { advance: -1 }, {}, 400],
    ['the end of time', { advance: 1e300 }, {}, 400],
    ['the last of dates', { advance: 8.64e15 - Date.UTC(2026, 0) - 5_000 }, {}, 400],
    ['another member', { advance: '1h', by: 1 }, {}, 400],
    ['no JSON', 'advance=1h', {}, 400],
    ['a long body', { advance: '1h'.padEnd(1000) }, {}, 400],
    ['what a form can send', { advance: '1h' }, { 'content-type': 'text/plain' }, 415],
    ['a page of another site', { advance: '1h' }, { origin: 'https://evil.example' }, 403],
    ['a browser that sends no Origin', { advance: '1h' }, { 'sec-fetch-site': 'cross-site' }, 403],
  ])('refuses %s, and stays', async (_, body, headers, status) => {
    const { clock, post } = await serveClock();
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message: expect.any(String) });
    expect(clock.now()).toBe(START);
  });

  it('says to a page of another site what it is about', async () => {
    const { post } = await serveClock();
    expect(await (await post({ advance: '1h' }, { origin: 'https://evil.example' })).json()).toEqual({
      message:
        'Pages of other sites may not read or move the clock. Allow the origin with allowedOrigins or --allow-origin.',
    });
  });

  it.each(['3000000d', 1e300])('says where time ends when asked to go beyond it: %s', async (advance) => {
    const { post } = await serveClock();
    expect(await (await post({ advance })).json()).toEqual({
      message: `The clock goes to 9999-01-01T00:00:00.000Z at most, and ${JSON.stringify(advance)} would go further.`,
    });
  });

  it('lets a page of an allowed origin, and no other, ask whether it may', async () => {
    const { url, post } = await serveClock();
    const preflight = (origin: string) =>
      fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('http://localhost:5173');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
    expect((await post({ advance: '1h' }, { origin: 'http://localhost:5173' })).status).toBe(200);
    const refused = await preflight('https://evil.example');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a server clock', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['1h 30m', 5_400_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    [' 1m ', 60_000],
  ])('understands %s', (text, ms) => {
    const clock = createServerClock(new ManualClock(START));
    expect(clock.advance(text) - START).toBe(ms);
  });

  it.each(['', '1', 'h', '1.5h', '-1h', '1h,30m', '0s', '1y', '1H'])('refuses "%s"', (text) => {
    expect(() => createServerClock(new ManualClock(START)).advance(text)).toThrow(TypeError);
  });

  it('goes on with the clock that it was given', () => {
    const base = new ManualClock(START);
    const clock = createServerClock(base);
    clock.advance('1h');
    base.advance(1000);
    expect(clock.now()).toBe(START + 3_601_000);
  });
});
