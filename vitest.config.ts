import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = ['@cognest/source'];
const inNest = (file: string) =>
  fileURLToPath(new URL(`packages/nest/test/support/${file}`, import.meta.url));

export default defineConfig({
  // Tests run against the sources of the packages, so that an edit shows without a build.
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
  test: {
    projects: [
      { extends: true, test: { name: 'verifier', root: 'packages/verifier' } },
      { extends: true, test: { name: 'local', root: 'packages/local' } },
      {
        extends: true,
        test: {
          name: 'nest',
          root: 'packages/nest',
          // What no test of the services does fails the run.
          globalSetup: [inNest('operation-coverage.ts')],
          setupFiles: [inNest('record-operations.ts')],
        },
      },
      { extends: true, test: { name: 'testing', root: 'packages/testing' } },
      { extends: true, test: { name: 'nest-api', root: 'examples/nest-api' } },
      { extends: true, test: { name: 'nest-graphql', root: 'examples/nest-graphql' } },
      { extends: true, test: { name: 'nest-realtime', root: 'examples/nest-realtime' } },
      { extends: true, test: { name: 'e2e', root: 'test/e2e' } },
      { extends: true, test: { name: 'docs', root: 'test/docs' } },
      { extends: true, test: { name: 'packaging', root: 'test/packaging' } },
    ],
    // Every core: the default leaves one free, which is half of a small machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    // Servers are started and ended here: on a busy machine that takes as long as any test.
    hookTimeout: 60_000,
  },
});
