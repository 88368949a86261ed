import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningExample, temporaryFolder } from './start-example.js';

/** Debian's: `apt-get install chromium`. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const here = existsSync(executablePath);
// A machine without a browser may leave this out, and says so; CI may not.
if (!here) {
  if (process.env['CI']) throw new Error(`There is no ${executablePath}: apt-get install chromium`);
  console.warn(
    `SKIPPED: the page is not tested, since there is no ${executablePath} (apt-get install chromium)`,
  );
}

describe.runIf(here)('the page at /', () => {
  const data = temporaryFolder();
  const profile = mkdtempSync(join(tmpdir(), 'cognest-browser-'));
  let example: RunningExample;
  let cognito: string;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complains about, but for the refusals that the page is there to show. */
  const complaints: string[] = [];

  beforeAll(async () => {
    example = RunningExample.spawn({ COGNITO_DATA: data.path });
    const addresses = await example.addresses();
    cognito = addresses.cognito;
    context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      viewport: { width: 1000, height: 850 },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !/status of 4\d\d/.test(text)) complaints.push(text);
    });
    await page.goto(addresses.api);
    await page.waitForSelector('html[data-ready]');
  }, 120_000);

  afterAll(async () => {
    await context?.close();
    example?.kill();
    data.remove();
    rmSync(profile, { recursive: true, force: true });
  });

  /** Tries a door; the status that it answers. */
  async function door(name: string): Promise<string> {
    await page.getByRole('button', { name: `Try ${name}` }).click();
    const row = page.getByRole('listitem').filter({ hasText: name });
    // The button is enabled again when the answer is there.
    await row.locator('button:enabled').waitFor();
    return (await row.locator('output strong').textContent()) ?? '';
  }

  async function signIn(username: string, password: string): Promise<void> {
    const form = page.locator('#sign-in');
    await form.getByLabel('User name').fill(username);
    await form.getByLabel('Password').fill(password);
    await form.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  const who = (text: string) => page.locator('#who', { hasText: text }).waitFor();

  async function signOut(): Promise<void> {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await who('Nobody is signed in.');
  }

  it('shows what a stranger may do', async () => {
    expect(await door('GET /articles')).toBe('200');
    expect(await door('GET /me')).toBe('401');
    expect(await door('POST /articles')).toBe('401');
    expect(await door('GET /admin/users/uma')).toBe('401');
  });

  it('tells nothing about who exists', async () => {
    await signIn('nobody-at-all', 'Wrong-password-1');
    await page.getByRole('alert').filter({ hasText: 'Wrong user name or password' }).waitFor();
  });

  it('signs up with the code that was sent, and signs in', async () => {
    await page.getByRole('button', { name: 'Sign up' }).first().click();
    const form = page.locator('#sign-up');
    await form.getByLabel('User name').fill('grace');
    await form.getByLabel('E-mail').fill('grace@example.com');
    await form.getByLabel('Password').fill('Correct-horse-9');
    await form.getByRole('button', { name: 'Sign up' }).click();
    await page.locator('#confirm').waitFor();
    const messages = (await (await fetch(`${cognito}/_cognest/messages`)).json()) as {
      username: string;
      code: string;
    }[];
    const code = messages.findLast(({ username }) => username === 'grace')?.code ?? '';
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('#sign-in').waitFor();
    await page.locator('#sign-in').getByLabel('Password').fill('Correct-horse-9');
    await page.locator('#sign-in').getByRole('button', { name: 'Sign in', exact: true }).click();
    await who('Signed in as grace.');
    expect(await door('GET /articles')).toBe('200');
    expect(await door('GET /me')).toBe('200');
    expect(await door('POST /articles')).toBe('403');
    expect(await door('GET /admin/users/uma')).toBe('403');
    await page.evaluate('scrollTo(0, 0)');
    // `SCREENSHOT=docs/page.png npx vitest run --project nest-api` renews the README's picture.
    const picture = process.env['SCREENSHOT'];
    if (picture !== undefined) await page.screenshot({ path: picture });
    await signOut();
    expect(await door('GET /me')).toBe('401');
  });

  it('asks an invited user for a new password first', async () => {
    await page.getByRole('button', { name: 'ivy' }).click();
    await page.locator('#sign-in').getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('New password').fill('Correct-horse-12');
    await page.getByRole('button', { name: 'Continue' }).click();
    await who('Signed in as ivy.');
    await signOut();
  });

  it('lets an administrator through every door, and shows the script no token', async () => {
    await page.getByRole('button', { name: 'ada' }).click();
    await page.locator('#sign-in').getByRole('button', { name: 'Sign in', exact: true }).click();
    await who('Signed in as ada.');
    for (const name of ['GET /articles', 'GET /me', 'GET /admin/users/uma'])
      expect(await door(name)).toBe('200');
    expect(await door('POST /articles')).toBe('201');
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
    const kept = await context.cookies();
    expect(kept.map(({ name }) => name).sort()).toEqual(['__Host-cognest-access', '__Host-cognest-refresh']);
    for (const cookie of kept)
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });
    // In another tab, and after a reload, it is the same session.
    const other = await context.newPage();
    await other.goto(page.url());
    await other.locator('#who', { hasText: 'Signed in as ada.' }).waitFor();
    await other.close();
  });

  it('adds a passkey, and signs in with it alone', async () => {
    const named = await context.newPage();
    const devtools = await context.newCDPSession(named);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    // A passkey is a name's, and this page's address is a number.
    await named.goto(page.url().replace('127.0.0.1', 'localhost'));
    await named.waitForSelector('html[data-ready]');
    const status = (text: string) => named.locator('#who', { hasText: text }).waitFor();
    const form = named.locator('#sign-in');
    await form.getByLabel('User name').fill('edgar');
    await form.getByLabel('Password').fill('Editor-demo-1');
    await form.getByRole('button', { name: 'Sign in', exact: true }).click();
    await status('Signed in as edgar.');
    await named.getByRole('button', { name: 'Add a passkey' }).click();
    await named.getByRole('alert').filter({ hasText: 'The passkey is added' }).waitFor();
    expect((await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials).toMatchObject([
      { rpId: 'localhost', isResidentCredential: true },
    ]);
    await named.getByRole('button', { name: 'Sign out' }).click();
    await status('Nobody is signed in.');

    await form.getByLabel('User name').fill('edgar');
    await named.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await status('Signed in as edgar.');

    // Without its authenticator it is no passkey.
    await named.getByRole('button', { name: 'Sign out' }).click();
    await status('Nobody is signed in.');
    await devtools.send('WebAuthn.clearCredentials', { authenticatorId });
    await form.getByLabel('User name').fill('edgar');
    await named.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await named.getByRole('alert').filter({ hasText: 'No passkey was used.' }).waitFor();
    expect(await named.locator('#who').textContent()).toBe('Nobody is signed in.');
    await named.close();
  });

  it('has a name for every control, and nothing that its own policy forbids', async () => {
    const nameless = await page.evaluate(`
      [...document.querySelectorAll('button, input')].filter((control) =>
        !control.textContent.trim() && !control.labels?.length && !control.getAttribute('aria-label')).length`);
    expect(nameless).toBe(0);
    expect(await page.locator('h1').count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});
