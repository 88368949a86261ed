import { Controller, Get, type INestApplication, Injectable, Module, type Type } from '@nestjs/common';
import { ExternalContextCreator, LazyModuleLoader, NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Authorize, type CognitoModuleOptions, CognitoRouteAudit, Groups, Public } from '../../src/index.js';
import { optionsFor, PLATFORMS } from '../support/app.js';
import { appModule, ask, socketIo, TCP, tcpClient } from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

const reached = vi.fn(() => 'in');

@Controller('late')
class Late {
  @Get()
  @Groups('admin')
  http() {
    return reached();
  }
  @MessagePattern('admins')
  @Groups('admin')
  admins() {
    return reached();
  }
  @MessagePattern('anyone')
  anyone() {
    return reached();
  }
  @MessagePattern('open')
  @Public()
  open() {
    return 'open';
  }
}
@Module({ controllers: [Late] })
class LateModule {}

@WebSocketGateway()
class LateGateway {
  handleConnection() {
    reached();
  }
  @SubscribeMessage('x')
  x() {
    return reached();
  }
}
@Module({ providers: [LateGateway] })
class LateGatewayModule {}

let pool: TestPool;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  pool = await startPool();
});
beforeEach(() => {
  reached.mockClear();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

const load = (app: { get: INestApplication['get'] }, module: Type) =>
  app.get(LazyModuleLoader).load(() => module);
const code = (statusCode: number) => ({ error: expect.objectContaining({ statusCode }) });

describe.each(PLATFORMS)('a module that is loaded lazily, on %s', (_, adapter) => {
  const create = async (options: CognitoModuleOptions = {}) => {
    const module = appModule(
      optionsFor(pool, { messageToken: ({ data }) => (data as { token?: string }).token, ...options }),
      {},
    );
    const app = await NestFactory.create(module, adapter(), { logger: false, abortOnError: false });
    closing.push(() => app.close());
    return app;
  };

  it.each(['before', 'after'])('has its messages guarded, loaded %s the boot', async (when) => {
    const app = await create();
    if (when === 'after') await app.init();
    await load(app, LateModule);
    if (when === 'before') await app.init();
    // Nest leaves global guards out here.
    const service = app.connectMicroservice(TCP);
    await app.startAllMicroservices();
    const client = tcpClient(service);
    closing.push(() => client.close());
    const [token, admin] = [await pool.access(), await pool.access({ 'cognito:groups': ['admin'] })];
    expect(await ask(client, 'admins')).toEqual(code(401));
    expect(await ask(client, 'anyone')).toEqual(code(401));
    expect(await ask(client, 'admins', { token })).toEqual(code(403));
    expect(reached).not.toHaveBeenCalled();
    expect(await ask(client, 'open')).toBe('open');
    expect(await ask(client, 'anyone', { token })).toBe('in');
    expect(await ask(client, 'admins', { token: admin })).toBe('in');
    const listed = app.get(CognitoRouteAudit).handlers.map(({ handler }) => handler);
    expect(listed).toEqual(expect.arrayContaining(['Late.admins', 'Late.anyone', 'Late.open']));
  });

  it('has its routes and gateways guarded, loaded before the boot', async () => {
    const app = await create();
    await load(app, LateModule);
    await load(app, LateGatewayModule);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const get = async (token?: string) =>
      (await fetch(`${url}/late`, { headers: token ? { authorization: `Bearer ${token}` } : {} })).status;
    expect([await get(), await get(await pool.access())]).toEqual([401, 403]);
    await expect(socketIo(url)).rejects.toMatchObject({
      data: expect.objectContaining({ code: 'credentials_missing' }),
    });
    expect(reached).not.toHaveBeenCalled();
    const socket = await socketIo(url, { auth: { token: await pool.access() } });
    closing.push(() => socket.close());
    expect(reached).toHaveBeenCalledOnce();
  });

  it('is refused where it would stop the boot', async () => {
    class Elsewhere {
      @MessagePattern('x')
      @Authorize({ pool: 'nowhere' })
      x() {}
    }
    class Bound {
      constructor() {
        this.x = this.x.bind(this);
      }
      @MessagePattern('x')
      @Groups('admin')
      x() {}
    }
    for (const [controller, why] of [
      [Elsewhere, 'there is no pool nowhere'],
      [Bound, 'the instance replaces the method'],
    ] as const) {
      Controller()(controller);
      @Module({ controllers: [controller] })
      class Bad {}
      const fresh = await create();
      await fresh.init();
      await expect(load(fresh, Bad)).rejects.toThrow(why);
    }
    @Controller()
    class Undecided {
      @MessagePattern('x')
      x() {}
    }
    @Module({ controllers: [Undecided] })
    class UndecidedModule {}
    const enforcing = await create({ protect: 'decorated', audit: 'enforce' });
    await enforcing.init();
    await expect(load(enforcing, UndecidedModule)).rejects.toThrow('pattern "x" (Undecided.x) is not');
  });
});

describe('without CognitoModule', () => {
  @Injectable()
  class Report {
    @Groups('admin')
    read() {
      return reached();
    }
  }
  @Module({ providers: [Report] })
  class ReportModule {}

  it('what is loaded lazily, whose hooks Nest does not call, lets nobody in', async () => {
    @Module({})
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    closing.push(() => app.close());
    const report = (await load(app, ReportModule)).get(Report);
    // As Nest's packages, that of GraphQL among them, call handlers.
    const call = app.get(ExternalContextCreator).create(report, report.read, 'read');
    await expect(call()).rejects.toMatchObject({ status: 403 });
    expect(reached).not.toHaveBeenCalled();
  });
});
