import { Controller, Get, Injectable, Module, Scope, UseGuards } from '@nestjs/common';
import { LazyModuleLoader, NestFactory, REQUEST } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authorize, CognitoModule, type CognitoUser, CurrentUser, Groups } from '../../src/index.js';
import { bootError, optionsFor, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

let pool: TestPool;
let other: TestPool;
const apps: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  pool = await startPool();
  other = await startPool({ userPoolId: 'eu-central-1_Other1234', clientId: 'client2' });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(async () => {
  await pool.close();
  await other.close();
});

@Controller()
class Secrets {
  @Get('secret')
  @Groups('admin')
  secret() {
    return 'SECRET';
  }
}

describe('options that are made for each request', () => {
  @Injectable({ scope: Scope.REQUEST })
  class Tenant {}
  @Module({ providers: [Tenant], exports: [Tenant] })
  class Tenants {}

  it.each([
    ['of the request', { inject: [REQUEST] }],
    ['of something request-scoped', { imports: [Tenants], inject: [Tenant] }],
  ])('stop the boot (%s)', async (_what, rest) => {
    const cognito = CognitoModule.forRootAsync({ ...rest, useFactory: () => optionsFor(pool) });
    @Module({ imports: [cognito], controllers: [Secrets] })
    class App {}
    // The newer versions of Nest refuse by themselves, in words of their own.
    expect((await bootError(App)).message).toMatch(/made for each request|request-scoped/i);
  });
});

describe.each(PLATFORMS)('a CognitoModule that is loaded lazily on %s', (_name, adapter) => {
  @Module({})
  class Root {}
  const feature = (isGlobal: boolean) => {
    const cognito = CognitoModule.forRoot({ ...optionsFor(pool), isGlobal });
    @Module({ imports: [cognito], controllers: [Secrets] })
    class Feature {}
    return Feature;
  };
  const create = async () => {
    const nest = await NestFactory.create(Root, adapter(), { logger: false, abortOnError: false });
    apps.push(nest);
    return nest;
  };

  it.each([true, false])('before listen() stops the boot (isGlobal: %s)', async (isGlobal) => {
    const nest = await create();
    await nest.get(LazyModuleLoader).load(() => feature(isGlobal));
    await expect(nest.listen(0, '127.0.0.1')).rejects.toThrow(/CognitoModule is loaded lazily/);
  });

  it.each([true, false])('after it fails the loading (isGlobal: %s)', async (isGlobal) => {
    const nest = await create();
    await nest.listen(0, '127.0.0.1');
    const loading = nest.get(LazyModuleLoader).load(() => feature(isGlobal));
    await expect(loading).rejects.toThrow(/CognitoModule is loaded lazily/);
  });
});

describe.each(PLATFORMS)('two apps of one process on %s, by plain AuthGuard("cognito")', (_name, adapter) => {
  @Controller()
  class Mine {
    @Get('mine')
    @UseGuards(AuthGuard('cognito'))
    mine(@CurrentUser() user: CognitoUser) {
      return { userPoolId: user.userPoolId };
    }

    @Get('both')
    @UseGuards(AuthGuard('cognito'))
    @Authorize()
    both(@CurrentUser() user: CognitoUser) {
      return { userPoolId: user.userPoolId };
    }
  }

  const start = async (of: TestPool): Promise<TestApp> => {
    const app = await startApp(optionsFor(of, { protect: 'decorated' }), [Mine], {}, undefined, adapter());
    apps.push(app);
    return app;
  };
  const answerOf = async (response: Promise<Response>) => {
    const { status } = await response;
    return status === 200 ? ((await (await response).json()) as { userPoolId: string }).userPoolId : status;
  };

  it('judge by their own pools, whichever started last, and when one has ended', async () => {
    const first = await start(pool);
    const second = await start(other);
    const tokens = { ours: await pool.access(), theirs: await other.access() };
    for (const path of ['/mine', '/both']) {
      expect(await answerOf(first.get(path, tokens.ours))).toBe(pool.userPoolId);
      expect(await answerOf(first.get(path, tokens.theirs))).toBe(401);
      expect(await answerOf(second.get(path, tokens.theirs))).toBe(other.userPoolId);
      expect(await answerOf(second.get(path, tokens.ours))).toBe(401);
    }
    apps.splice(apps.indexOf(second), 1);
    await second.close();
    expect(await answerOf(first.get('/mine', tokens.ours))).toBe(pool.userPoolId);
    expect(await answerOf(first.get('/mine', tokens.theirs))).toBe(401);
  });
});
