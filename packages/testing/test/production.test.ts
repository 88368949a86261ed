import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('..', import.meta.url));

async function load(code: string, type: 'module' | 'commonjs', NODE_ENV: string) {
  const env = { ...process.env, NODE_ENV, NODE_OPTIONS: '' };
  try {
    const { stdout } = await run(process.execPath, [`--input-type=${type}`, '-e', code], { cwd, env });
    return stdout.trim();
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

describe.each(['@cognest/testing', '@cognest/testing/nest'])('%s', (name) => {
  const ways = [
    ['import', 'module', `import * as it from '${name}'; console.log(Object.keys(it).length > 0);`],
    ['import()', 'commonjs', `import('${name}').then((it) => console.log(Object.keys(it).length > 0));`],
    ['require', 'commonjs', `console.log(Object.keys(require('${name}')).length > 0);`],
  ] as const;

  it.each(ways)('loads with %s', async (_, type, code) => {
    expect(await load(code, type, 'test')).toBe('true');
  });

  it.each(ways)('refuses production with %s', async (_, type, code) => {
    for (const production of ['production', ' Production']) {
      expect(await load(code, type, production)).toContain(
        'Error: @cognest/testing mints tokens for any user, and does not load when NODE_ENV is "production".',
      );
    }
  });
});

it('refuses when the environment has become that of production since', async () => {
  const code = `
    const { createTestIssuer, createTestingCognito } = await import('@cognest/testing');
    process.env.NODE_ENV = 'production';
    for (const call of [createTestIssuer, createTestingCognito]) {
      try { await call(); console.log('made'); } catch (error) { console.log(error.message.slice(0, 16)); }
    }`;
  expect(await load(code, 'module', 'test')).toBe('@cognest/testing\n@cognest/testing');
});
