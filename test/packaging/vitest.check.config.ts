import { defineConfig } from 'vitest/config';

/** What `npm run check:packages` runs. It packs, installs from npm's registry, and so is no part of `npm test`. */
export default defineConfig({
  test: {
    include: ['check/*.check.ts'],
    globalSetup: 'check/pack.ts',
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
