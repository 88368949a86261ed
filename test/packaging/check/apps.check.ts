import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from './run.js';

/** The oldest Node that is supported, and one of each later line. npm has the binaries, without install scripts. */
const NODES = { 20: '20.19.0', 22: '22.23.3', 24: '24.9.0' };
const COMPILERS = { 5: '5.9', 7: '7' };
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const sources = fileURLToPath(new URL('../app', import.meta.url));
const packed = inject('packed');

const versions = [20, 22, 24] as const;
const compilers = [5, 7] as const;

// Outside of the workspace: an app finds what it has installed, and nothing else.
describe.each([
  { nest: '11', type: 'commonjs' },
  { nest: '12', type: 'module' },
])('an app of NestJS $nest that is $type', ({ nest, type }) => {
  let app: string;

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), `cognest-app-${nest}-`));
    await cp(sources, app, { recursive: true });
    await writeFile(join(app, 'package.json'), JSON.stringify(manifest(nest, type), null, 2));
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify(tsconfig, null, 2));
    await writeFile(join(app, 'babel.jest.json'), JSON.stringify(jestConfig, null, 2));
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await run('npm', ['install', ...flags], app);
    for (const compiler of compilers) {
      await cp(join(app, 'app.jest.cjs'), join(app, `dist-${compiler}`, 'app.jest.cjs'));
    }
  });
  afterAll(() => rm(app, { recursive: true, force: true }));

  const node = (version: keyof typeof NODES, ...args: string[]) => {
    const binary = ['node', 'node.exe']
      .map((name) => join(app, 'node_modules', `node-${version}`, 'bin', name))
      .find(existsSync);
    if (binary === undefined) throw new Error(`npm has no Node ${version} for ${platform}`);
    return run(binary, args, app);
  };

  it.each(versions)('has Node %s to run on', async (version) => {
    expect((await node(version, '--version')).stdout.trim()).toBe(`v${NODES[version]}`);
  });

  it('has the packages from their tarballs, and one version of each', async () => {
    for (const { name, version } of packed) {
      const { stdout } = await run('npm', ['ls', name, '--all', '--json'], app);
      const found = [...stdout.matchAll(new RegExp(`"${name}": \\{\\s+"version": "([^"]+)"`, 'g'))];
      expect(new Set(found.map((match) => match[1]))).toEqual(new Set([version]));
    }
  });

  it.each(compilers)('compiles with TypeScript %s', async (compiler) => {
    const tsc = join(app, 'node_modules', `typescript-${compiler}`, 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, '--version'], app);
    expect(stdout).toContain(`Version ${COMPILERS[compiler]}.`);
    await run(process.execPath, [tsc, '--outDir', `dist-${compiler}`], app);
  });

  it.each(versions.flatMap((version) => compilers.map((compiler) => [version, compiler] as const)))(
    'passes its tests on Node %s, compiled with TypeScript %s',
    async (version, compiler) => {
      const { stdout } = await node(version, '--test', join(`dist-${compiler}`, 'app.smoke.js'));
      expect(stdout).toMatch(/^(?:#|ℹ) pass 4$/m);
    },
  );

  it.each(versions)('speaks gRPC on Node %s', async (version) => {
    const { stdout } = await node(version, '--test', 'grpc.smoke.mjs');
    expect(stdout).toMatch(/^(?:#|ℹ) pass 7$/m);
  });

  // NestJS 12 is ES modules, which Jest takes in tests of that kind: @cognest/testing's own show it.
  it.each<[20 | 24, string, string[]]>(
    type === 'commonjs'
      ? [
          [20, 'Babel', ['--config', 'babel.jest.json']],
          [24, 'the flag', ['--testMatch', '**/*.jest.cjs']],
        ]
      : [],
  )('passes its tests in Jest on Node %s with %s', async (version, way, options) => {
    const jest = join('node_modules', 'jest', 'bin', 'jest.js');
    const flags = way === 'Babel' ? [] : ['--experimental-vm-modules'];
    const only = ['--rootDir', join(app, 'dist-5')];
    const { stderr } = await node(version, ...flags, jest, ...options, ...only);
    expect(stderr).toMatch(/^Tests: +1 passed, 1 total$/m);
  });
});

function manifest(nest: string, type: string) {
  const aliases = (prefix: string, of: string, all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([name, version]) => [`${prefix}-${name}`, `npm:${of}@${version}`]);
  const jest = {
    '@babel/plugin-transform-dynamic-import': '^7.29.7',
    '@babel/plugin-transform-modules-commonjs': '^7.29.14',
    jest: '^30.5.2',
  };
  return {
    name: 'app',
    private: true,
    type,
    dependencies: {
      ...Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`])),
      '@grpc/grpc-js': '^1.14.7',
      '@grpc/proto-loader': '^0.8.1',
      '@nestjs/common': `^${nest}.0.0`,
      '@nestjs/core': `^${nest}.0.0`,
      '@nestjs/microservices': `^${nest}.0.0`,
      '@nestjs/platform-express': `^${nest}.0.0`,
      '@nestjs/platform-ws': `^${nest}.0.0`,
      '@nestjs/websockets': `^${nest}.0.0`,
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.2',
      ws: '^8.22.0',
    },
    devDependencies: {
      ...Object.fromEntries(aliases('node', `node-${platform}`, NODES)),
      ...Object.fromEntries(aliases('typescript', 'typescript', COMPILERS)),
      '@nestjs/testing': `^${nest}.0.0`,
      '@types/node': '^20.19.43',
      '@types/ws': '^8.18.2',
      ...(type === 'commonjs' && jest),
    },
  };
}

const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    esModuleInterop: true,
    rootDir: '.',
    types: ['node'],
  },
  files: ['app.smoke.ts'],
};

/** As the README of @cognest/testing has it. */
const jestConfig = {
  testMatch: ['**/*.jest.cjs'],
  transform: {
    '\\.js$': [
      'babel-jest',
      { plugins: ['@babel/plugin-transform-dynamic-import', '@babel/plugin-transform-modules-commonjs'] },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@cognest|@nestjs/passport|jose)/)'],
};
