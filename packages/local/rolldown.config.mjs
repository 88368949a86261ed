import { defineConfig } from 'rolldown';

/** One file instead of three hundred: Node spends longer on finding modules than on running them. */
export default defineConfig({
  input: { index: 'src/index.ts', cli: 'src/cli.ts' },
  platform: 'node',
  // Dependencies stay what npm installs.
  external: /^[^./]/,
  output: {
    dir: 'dist',
    format: 'esm',
    sourcemap: true,
    comments: false,
    chunkFileNames: 'chunks/[name].js',
  },
});
