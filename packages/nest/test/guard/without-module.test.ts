import { ApolloDriver } from '@nestjs/apollo';
import {
  type CanActivate,
  Controller,
  Get,
  Injectable,
  Module,
  Scope,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { MessagePattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  Authorize,
  ClosedWithoutCognito,
  CognitoModule,
  CognitoRouteAudit,
  Groups,
  OptionalAuth,
  Public,
  Scopes,
} from '../../src/index.js';
import { optionsFor, PLATFORMS, startApp, startModule } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

@Controller()
class OnMethod {
  @Get('x')
  @Groups('admin')
  x() {
    return 'in';
  }
  @Get('health')
  @Public()
  health() {
    return 'ok';
  }
}

@Controller()
@Scopes('api/read')
class OnClass {
  @Get('x')
  x() {
    return 'in';
  }
}

@Controller()
class Inherited extends OnMethod {}

@Controller()
class Optional {
  @Get('x')
  @OptionalAuth()
  x() {
    return 'in';
  }
}

/** As logging or caching decorators do it: the function that has the metadata is not the one that is called. */
const Replacing: MethodDecorator = (_target, _key, descriptor) => {
  const inner = descriptor.value as unknown as () => unknown;
  descriptor.value = function (this: unknown) {
    return inner.call(this);
  } as never;
};

@Controller()
class Replaced {
  @Get('x')
  @Replacing
  @Authorize()
  x() {
    return 'in';
  }
}

@Controller({ scope: Scope.REQUEST })
class PerRequest extends OnMethod {}

@Resolver()
class Api {
  @Query(() => String)
  @Groups('admin')
  x() {
    return 'in';
  }
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('x')
  @Groups('admin')
  x() {
    return 'in';
  }
}

@Controller()
class Messages {
  @MessagePattern('x')
  @Groups('admin')
  x() {
    return 'in';
  }
}

const ran: string[] = [];
@Injectable()
class OwnGuard implements CanActivate {
  canActivate() {
    ran.push('own');
    return true;
  }
}

@Controller()
@UseGuards(OwnGuard)
@Groups('admin')
class WithGuards {
  @Get('x')
  x() {
    return 'in';
  }
}

let pool: TestPool;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  pool = await startPool();
});
afterEach(async () => {
  vi.restoreAllMocks();
  ran.length = 0;
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

function moduleOf(metadata: Parameters<typeof Module>[0]): Type {
  @Module(metadata)
  class App {}
  return App;
}

const graphql = (driver: unknown) => GraphQLModule.forRoot({ autoSchemaFile: true, driver } as never);

describe.each(PLATFORMS)('an app without CognitoModule, on %s', (_, adapter) => {
  it.each([OnMethod, OnClass, Inherited, Optional, Replaced, PerRequest, WithGuards, Messages])(
    'does not start with conditions on %o',
    async (controller) => {
      await expect(
        startModule(moduleOf({ controllers: [controller] }), undefined, adapter()),
      ).rejects.toThrow(
        expect.objectContaining({
          code: 'config_invalid',
          message: expect.stringMatching(
            new RegExp(`^${controller.name} says who .* CognitoModule\\.forRoot\\(\\)`),
          ),
        }),
      );
    },
  );

  it('nor with conditions on a gateway', async () => {
    await expect(startModule(moduleOf({ providers: [Gateway] }), undefined, adapter())).rejects.toThrow(
      'Gateway says who may pass',
    );
  });

  it('starts where there are none, and leaves what is there alone', async () => {
    @Controller()
    class Plain {
      @Get('x')
      @UseGuards(OwnGuard)
      x() {
        return 'in';
      }
      @Get('health')
      @Public()
      health() {
        return 'ok';
      }
    }
    const app = await startModule(moduleOf({ controllers: [Plain] }), undefined, adapter());
    closing.push(() => app.close());
    expect([(await app.get('/x')).status, (await app.get('/health')).status]).toEqual([200, 200]);
    expect(ran).toEqual(['own']);
  });

  it('does not start beside one that has it, in the same process and of the same classes', async () => {
    const app = await startApp(optionsFor(pool), [OnMethod], {}, undefined, adapter());
    closing.push(() => app.close());
    await expect(startModule(moduleOf({ controllers: [OnMethod] }), undefined, adapter())).rejects.toThrow(
      'OnMethod says who may pass',
    );
    const admin = await pool.access({ 'cognito:groups': ['admin'] });
    expect([(await app.get('/x')).status, (await app.get('/x', admin)).status]).toEqual([401, 200]);
  });

  it('lets a test compile it and call its methods; and be open if it says so', async () => {
    const metadata = { controllers: [OnMethod] };
    const alone = await Test.createTestingModule(metadata).compile();
    expect(alone.get(OnMethod).x()).toBe('in');
    await expect(alone.createNestApplication(adapter(), { logger: false }).init()).rejects.toThrow(
      'OnMethod says who may pass',
    );
    const open = await Test.createTestingModule(metadata)
      .overrideGuard(ClosedWithoutCognito)
      .useValue({ canActivate: () => true })
      .compile();
    const app = open.createNestApplication(adapter(), { logger: false });
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    expect((await fetch(`${await app.getUrl()}/x`)).status).toBe(200);
  });
});

it.each([
  ['Apollo on Express', PLATFORMS[0], ApolloDriver],
  ['Mercurius on Fastify', PLATFORMS[1], MercuriusDriver],
] as const)(
  'a resolver with conditions stops the boot without the module: %s',
  async (_, platform, driver) => {
    const module = moduleOf({ imports: [graphql(driver)], providers: [Api] });
    await expect(startModule(module, undefined, platform?.[1]())).rejects.toThrow('Api says who may pass');
  },
);

describe.each(PLATFORMS)('an app with CognitoModule, on %s', (_, adapter) => {
  it.each([{}, { protect: 'decorated' as const }, { isGlobal: false }])(
    'has nothing of it at a request (%o)',
    async (options) => {
      const asked = vi.spyOn(ClosedWithoutCognito.prototype, 'canActivate');
      const admin = await pool.access({ 'cognito:groups': ['admin'], scope: 'api/read' });
      for (const controller of [OnMethod, OnClass, Inherited, PerRequest, WithGuards, Optional]) {
        // In a module of its own, which Nest makes before the other one, or after it.
        for (const early of [true, false]) {
          const feature = moduleOf({ controllers: [controller] });
          const cognito = CognitoModule.forRoot(optionsFor(pool, options));
          const module = moduleOf({ imports: early ? [feature, cognito] : [cognito, feature] });
          const app = await startModule(module, undefined, adapter());
          const answers = [(await app.get('/x')).status, (await app.get('/x', admin)).status];
          expect(answers, controller.name).toEqual([controller === Optional ? 200 : 401, 200]);
          asked.mockClear();
          await app.get('/x', admin);
          expect(asked, controller.name).not.toHaveBeenCalled();
          const [audited] = app.nest.get(CognitoRouteAudit).handlers;
          expect(audited?.guards).toEqual(controller === WithGuards ? ['OwnGuard'] : []);
          await app.close();
        }
      }
    },
  );
});
