import { Controller, Get, Inject, Injectable, Scope, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { PATTERN_HANDLER_METADATA } from '@nestjs/microservices/constants.js';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { GATEWAY_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Groups, Public } from '../../src/index.js';
import { optionsFor } from '../support/app.js';
import {
  appModule,
  ask,
  askPlain,
  askSocketIo,
  createApp,
  plainSocket,
  socketIo,
  TCP,
  tcpClient,
} from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

const reached: string[] = [];
const reach = (name: string) => {
  reached.push(name);
  return { event: name, data: name };
};

@WebSocketGateway()
class PlainGateway {
  @SubscribeMessage('undecided')
  undecided() {
    return reach('undecided');
  }

  @SubscribeMessage('grouped')
  @Groups('admin')
  grouped() {
    return reach('grouped');
  }

  @SubscribeMessage('public')
  @Public()
  public() {
    return reach('public');
  }
}

@Controller()
class Messages {
  @MessagePattern('undecided')
  undecided() {
    return reach('undecided');
  }

  @MessagePattern('grouped')
  @Groups('admin')
  grouped() {
    return reach('grouped');
  }

  @MessagePattern('public')
  @Public()
  public() {
    return reach('public');
  }

  @EventPattern('event')
  event(_data: unknown) {
    reach('event');
  }

  @Get('both')
  @MessagePattern('both')
  both() {
    return reach('both');
  }
}

let pool: TestPool;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  pool = await startPool();
});
beforeEach(() => {
  reached.length = 0;
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

/** A hybrid app: HTTP, and a microservice that Nest gives no global guards. */
async function hybrid(controllers: (typeof Messages)[], inherit = false) {
  const app = await createApp(optionsFor(pool), { controllers });
  closing.push(() => app.close());
  const service = app.connectMicroservice(TCP, inherit ? { inheritAppConfig: true } : {});
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const client = tcpClient(service);
  closing.push(() => client.close());
  return { app, client };
}

describe("protect: 'all' closes message patterns", () => {
  const answers = async (client: ReturnType<typeof tcpClient>) => [
    await ask(client, 'undecided'),
    await ask(client, 'grouped'),
    await ask(client, 'public'),
  ];
  const refused = { error: expect.objectContaining({ status: 'error' }) };
  const expected = [refused, refused, { event: 'public', data: 'public' }];

  it('of a microservice connected without inheritAppConfig', async () => {
    const { client } = await hybrid([Messages]);
    expect(await answers(client)).toEqual(expected);
    expect(reached).toEqual(['public']);
  });

  it('of a microservice connected with inheritAppConfig', async () => {
    const { client } = await hybrid([Messages], true);
    expect(await answers(client)).toEqual(expected);
    expect(reached).toEqual(['public']);
  });

  it('of NestFactory.createMicroservice()', async () => {
    const service = await NestFactory.createMicroservice(
      appModule(optionsFor(pool), { controllers: [Messages] }),
      { ...TCP, logger: false, abortOnError: false },
    );
    closing.push(() => service.close());
    await service.listen();
    const client = tcpClient(service);
    closing.push(() => client.close());
    expect(await answers(client)).toEqual(expected);
    expect(reached).toEqual(['public']);
  });

  it('of events, too', async () => {
    const { client } = await hybrid([Messages]);
    await new Promise((resolve) =>
      client.emit('event', {}).subscribe({ complete: () => resolve(undefined) }),
    );
    // Messages of one connection are taken in order: once this is answered, the event has been dealt with.
    await ask(client, 'public');
    expect(reached).toEqual(['public']);
  });

  it('of a class that has HTTP routes as well, whose routes go on working', async () => {
    const { app, client } = await hybrid([Messages]);
    expect(await ask(client, 'both')).toEqual(refused);
    const url = `${await app.getUrl()}/both`;
    expect((await fetch(url)).status).toBe(401);
    const headers = { authorization: `Bearer ${await pool.access()}` };
    expect((await fetch(url, { headers })).status).toBe(200);
  });

  it('of a base class, under guards of its own, and in the scope of a request', async () => {
    @Injectable()
    class Yes {
      canActivate() {
        return true;
      }
    }
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {}
    @Controller()
    @UseGuards(Yes)
    class Inherited extends Messages {
      constructor(@Inject(PerRequest) readonly perRequest: PerRequest) {
        super();
      }
    }
    const app = await createApp(optionsFor(pool), { controllers: [Inherited], providers: [PerRequest] });
    closing.push(() => app.close());
    const service = app.connectMicroservice(TCP);
    await app.startAllMicroservices();
    const client = tcpClient(service);
    closing.push(() => client.close());
    expect(await answers(client)).toEqual(expected);
    expect(reached).toEqual(['public']);
  });

  it('of each of two apps that share a class, by the options of each', async () => {
    const closed = await hybrid([Messages]);
    const app = await createApp(optionsFor(pool, { protect: 'decorated' }), { controllers: [Messages] });
    closing.push(() => app.close());
    const service = app.connectMicroservice(TCP);
    await app.startAllMicroservices();
    const client = tcpClient(service);
    closing.push(() => client.close());
    expect(await answers(client)).toEqual([
      { event: 'undecided', data: 'undecided' },
      refused,
      { event: 'public', data: 'public' },
    ]);
    expect(await answers(closed.client)).toEqual(expected);
  });
});

describe("protect: 'all' closes gateways", () => {
  it('of socket.io', async () => {
    const app = await createApp(optionsFor(pool), { providers: [PlainGateway] });
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    const socket = await socketIo(await app.getUrl());
    closing.push(() => socket.close());
    const refused = { exception: expect.objectContaining({ status: 'error' }) };
    expect(await askSocketIo(socket, 'undecided')).toEqual(refused);
    expect(await askSocketIo(socket, 'grouped')).toEqual(refused);
    socket.emit('public');
    await new Promise((resolve) => socket.once('public', resolve));
    expect(reached).toEqual(['public']);
  });

  it('of ws', async () => {
    const app = await createApp(optionsFor(pool), { providers: [PlainGateway] });
    app.useWebSocketAdapter(new WsAdapter(app));
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    const socket = await plainSocket(await app.getUrl());
    closing.push(() => socket.close());
    const refused = { event: 'exception', data: expect.objectContaining({ status: 'error' }) };
    expect(await askPlain(socket, 'undecided')).toEqual(refused);
    expect(await askPlain(socket, 'grouped')).toEqual(refused);
    expect(await askPlain(socket, 'public')).toEqual({ event: 'public', data: 'public' });
    expect(reached).toEqual(['public']);
  });
});

describe('the boot is refused', () => {
  it('when the instance replaces a method that has a rule', async () => {
    @Controller()
    class Bound extends Messages {
      constructor() {
        super();
        this.grouped = this.grouped.bind(this);
      }
    }
    const app = await createApp(optionsFor(pool), { controllers: [Bound] });
    closing.push(() => app.close().catch(() => {}));
    await expect(app.init()).rejects.toThrow(
      'Bound.grouped: @Groups() has no effect, because the instance replaces the method',
    );
  });

  it('when the instances are of another class than the one that was guarded', async () => {
    class Other {
      @MessagePattern('other')
      other() {}
    }
    @Controller()
    class Swapped extends Messages {
      constructor() {
        super();
        Object.setPrototypeOf(this, Other.prototype);
      }
    }
    const app = await createApp(optionsFor(pool), { controllers: [Swapped] });
    closing.push(() => app.close().catch(() => {}));
    await expect(app.init()).rejects.toThrow('The guard cannot be put on Swapped');
  });
});

it("knows Nest's metadata keys by their right names", async () => {
  expect(Reflect.hasMetadata(GATEWAY_METADATA, PlainGateway)).toBe(true);
  expect([GATEWAY_METADATA, MESSAGE_METADATA, PATTERN_HANDLER_METADATA]).toEqual([
    'websockets:is_gateway',
    'message',
    'microservices:handler_type',
  ]);
});
