import { Controller, Get, Module, type Type, UseGuards } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import {
  AccessToken,
  Authorize,
  CognitoAuthGuard,
  CognitoModule,
  CurrentUser,
  Groups,
  OptionalAuth,
  Public,
} from '../../src/index.js';
import { bootError } from '../support/app.js';

const refused = (message: string) =>
  expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) });

describe('contradictions on one target', () => {
  it.each([
    ['@Public() over @Groups()', [Public(), Groups('a')]],
    ['@Groups() over @Public()', [Groups('a'), Public()]],
    ['@Public() over @Authorize()', [Public(), Authorize()]],
    ['@Authorize() over @Public()', [Authorize(), Public()]],
  ] as const)('%s is refused at once, on a handler and on a class', (_, [upper, lower]) => {
    expect(() => {
      class Cats {
        @upper
        @lower
        list() {}
      }
      return Cats;
    }).toThrow(refused('Cats.list has'));
    expect(() => {
      @upper
      @lower
      class Cats {}
      return Cats;
    }).toThrow(refused('it is either open or guarded'));
  });

  it('saying one part twice is refused', () => {
    expect(() => {
      class Cats {
        @Groups('a')
        @Groups('b')
        list() {}
      }
      return Cats;
    }).toThrow(refused('Cats.list: @Groups() says "groups", and so does @Groups(); say it once'));
  });

  it('two parts that nobody can meet together are refused', () => {
    expect(() => {
      class Cats {
        @Authorize({ tokenUse: 'id' })
        @Authorize({ scopes: 'x' })
        list() {}
      }
      return Cats;
    }).toThrow(refused('Cats.list: ID tokens have no scopes'));
  });

  it('different parts, and different rules on class and handler, are fine', () => {
    @Public()
    class Cats {
      @Groups('a')
      @Authorize({ maxAuthAgeS: 60 })
      list() {}
    }
    expect(Cats).toBeDefined();
  });

  it('a decorator on what is no handler is refused', () => {
    expect(() => {
      class Cats {
        @Public()
        static list() {}
        other() {}
      }
      return Cats;
    }).toThrow(refused('@Public() stands on a class or an instance method'));
  });
});

describe('wrong arguments are refused at once', () => {
  it.each([
    ['@Groups()', () => (Groups as (...names: string[]) => unknown)()],
    ['@Groups("")', () => Groups('')],
    ['@Groups("a", undefined)', () => (Groups as (...names: unknown[]) => unknown)('a', undefined)],
    ['@Groups({ any: [] })', () => Groups({ any: [] })],
    ['@Groups({ al: ["a"] })', () => Groups({ al: ['a'] } as never)],
    ['@Groups({ any: ["a"] }, "b")', () => (Groups as (...names: unknown[]) => unknown)({ any: ['a'] }, 'b')],
    ['@Authorize({ group: "a" })', () => Authorize({ group: 'a' } as never)],
    ['@Authorize() of inherited conditions', () => Authorize(Object.create({ groups: 'a' }))],
    [
      "@Authorize() of a class's getter",
      () =>
        Authorize(
          new (class {
            get groups() {
              return 'a';
            }
          })(),
        ),
    ],
    ['@OptionalAuth() of inherited conditions', () => OptionalAuth(Object.create({ clientId: 'a' }))],
    [
      '@Groups() of inherited conditions',
      () => Groups(Object.assign(Object.create({ none: ['b'] }) as object, { any: ['a'] })),
    ],
    ['@CurrentUser("name")', () => CurrentUser('name' as never)],
  ])('%s', (_, make) => expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' })));
});

describe('at boot', () => {
  const options = { userPoolId: 'eu-central-1_Test12345', clientId: 'client1' };
  const booting = (controller: Type, more: object = {}) => {
    @Module({ imports: [CognitoModule.forRoot({ ...options, ...more })], controllers: [controller] })
    class AppModule {}
    return bootError(AppModule);
  };

  it('a rule that a decorator above has thrown away stops the app', async () => {
    const Replacing: MethodDecorator = (_target, _key, descriptor: PropertyDescriptor) => {
      const original = descriptor.value as () => unknown;
      descriptor.value = function (this: unknown) {
        return original.call(this);
      };
    };
    @Controller()
    class Cats {
      @Get()
      @Replacing
      @Groups('admin')
      list() {
        return [];
      }
    }
    expect((await booting(Cats)).message).toBe(
      'Cats.list: @Groups() has no effect, because a decorator above replaces the method; put @Groups() first',
    );
  });

  it('a controller that would be open through its base class alone stops the app', async () => {
    @Public()
    class Open {
      @Get('ping')
      ping() {
        return 'pong';
      }
    }
    @Controller()
    class Secrets extends Open {
      @Get('secret')
      @Authorize()
      secret() {
        return [];
      }
    }
    expect((await booting(Secrets)).message).toBe(
      'Secrets.ping: @Public() on a base class is not inherited; put @Public() on Secrets or on the handler if it is to be open, @Authorize() if it is not',
    );

    @Public()
    @Controller()
    class Said extends Open {}
    await expect(booting(Said)).rejects.toThrow('the app booted');
  });

  it('an override that forgets the rule of the handler that it overrides stops the app', async () => {
    class Base {
      @Groups('admin')
      list(): unknown {
        return [];
      }

      @Groups('admin')
      helper(): unknown {
        return [];
      }

      @Public()
      open(): unknown {
        return [];
      }
    }
    @Controller()
    class Forgetful extends Base {
      @Get()
      override list() {
        return [];
      }
    }
    expect((await booting(Forgetful)).message).toBe(
      'Forgetful.list overrides a handler with @Groups() and says nothing itself; decorate it, with @Authorize() at least',
    );

    @Controller()
    class Careful extends Base {
      @Get()
      @Groups('editor')
      override list() {
        return [];
      }

      override helper() {
        return [];
      }

      @Get('open')
      override open() {
        return [];
      }
    }
    await expect(booting(Careful)).rejects.toThrow('the app booted');
  });

  it('a client whose tokens are never accepted stops the app', async () => {
    @Controller()
    class Cats {
      @Get()
      @Authorize({ clientId: ['client1', 'client2'] })
      list() {}
    }
    expect((await booting(Cats)).message).toContain(
      'Cats.list: no token of the app client client2 is ever accepted',
    );
  });

  it('scopes where the module takes ID tokens stop the app', async () => {
    @Controller()
    class Cats {
      @Get()
      @Authorize({ scopes: 'x' })
      list() {}
    }
    expect((await booting(Cats, { tokenUse: 'id' })).message).toContain(
      'Cats.list: ID tokens have no scopes',
    );
  });

  it.each([
    ['@CurrentUser()', CurrentUser()],
    ['@CurrentUser()', CurrentUser('sub')],
    ['@AccessToken()', AccessToken()],
  ])('%s on a public handler stops the app', async (name, decorator) => {
    @Controller()
    class Cats {
      @Get()
      @Public()
      list(@decorator user: unknown) {
        return user;
      }
    }
    expect((await booting(Cats)).message).toBe(
      `Cats.list is @Public() and has a parameter with ${name}, but a token is not looked at there; ` +
        'say @OptionalAuth() if it is to know who comes, or take the parameter away',
    );
  });

  it('the guard of the module itself makes no difference, on a controller, a gateway or a message handler', async () => {
    @Controller()
    @UseGuards(CognitoAuthGuard)
    class Cats {
      @Get()
      @Public()
      list(@CurrentUser() user: unknown) {
        return user;
      }
    }
    @WebSocketGateway()
    class Dogs {
      @SubscribeMessage('list')
      @Public()
      list(@CurrentUser() user: unknown) {
        return user;
      }
    }
    @Controller()
    class Birds {
      @MessagePattern('list')
      @Public()
      list(@CurrentUser() user: unknown) {
        return user;
      }
    }
    expect((await booting(Cats)).message).toContain('Cats.list is @Public() and has a parameter');
    expect((await booting(Birds)).message).toContain('Birds.list is @Public() and has a parameter');
    @Module({ imports: [CognitoModule.forRoot(options)], providers: [Dogs] })
    class App {}
    expect((await bootError(App)).message).toContain('Dogs.list is @Public() and has a parameter');
  });
});
