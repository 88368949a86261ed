import {
  type CallHandler,
  Controller,
  Get,
  Injectable,
  type NestInterceptor,
  Req,
  UseInterceptors,
} from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authorize, CurrentUser, Groups, Public } from '../../src/index.js';
import { optionsFor, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

interface Request {
  user?: { username?: string } | string | undefined;
  res?: { locals: object };
}

@Injectable()
class Renaming implements NestInterceptor {
  intercept(context: { switchToHttp(): { getRequest(): Request } }, next: CallHandler) {
    context.switchToHttp().getRequest().user = 'somebody of the database';
    return next.handle();
  }
}

@Injectable()
class NewLocals implements NestInterceptor {
  intercept(context: { switchToHttp(): { getRequest(): Request } }, next: CallHandler) {
    const { res } = context.switchToHttp().getRequest();
    if (res !== undefined) res.locals = {};
    return next.handle();
  }
}

const seen = ({ user }: Request) => (typeof user === 'object' ? user?.username : user) ?? null;

@Controller()
class Cats {
  @Get('mine')
  mine(@Req() request: Request, @CurrentUser('username') current: string) {
    return { seen: seen(request), current };
  }

  @Get('renamed')
  @UseInterceptors(Renaming)
  renamed(@Req() request: Request, @CurrentUser('username') current: string) {
    return { seen: seen(request), current };
  }

  @Get('new-locals')
  @UseInterceptors(NewLocals)
  newLocals(@CurrentUser('username') current: string) {
    return { current };
  }

  @Get('public')
  @Public()
  public(@Req() request: Request) {
    return { seen: seen(request) };
  }

  @Get('admin')
  @Groups('admin')
  admin(@CurrentUser('username') current: string) {
    return { current };
  }

  @Get('slow')
  @Authorize()
  async slow(@Req() request: Request, @CurrentUser('username') current: string) {
    const before = seen(request);
    await new Promise(setImmediate);
    return { before, after: seen(request), current };
  }
}

let pool: TestPool;
let app: TestApp | undefined;
beforeAll(async () => {
  pool = await startPool();
});
afterEach(() => app?.close());
afterAll(() => pool.close());

type Middleware = (request: Request, response: { locals: object }, next: () => void) => void;
const start = async (adapter: () => Parameters<typeof startApp>[4], ...middlewares: Middleware[]) => {
  app = await startApp(
    optionsFor(pool),
    [Cats],
    {},
    (nest) => {
      for (const middleware of middlewares) nest.use(middleware);
    },
    adapter(),
  );
  return app;
};
const bodyOf = async (response: Promise<Response>) => {
  const { status } = await response;
  return { status, ...((await (await response).json()) as object) };
};

describe.each(PLATFORMS)('request.user on %s', (_name, adapter) => {
  it('is the user, with a new token and with one that was seen before', async () => {
    const { get } = await start(adapter);
    const token = await pool.access();
    for (let time = 0; time < 3; time++) {
      expect(await bodyOf(get('/mine', token))).toEqual({ status: 200, seen: 'ada', current: 'ada' });
    }
  });

  it('is nobody where nobody was asked for', async () => {
    const { get } = await start(adapter);
    const token = await pool.access();
    await get('/mine', token);
    expect(await bodyOf(get('/public', token))).toEqual({ status: 200, seen: null });
    expect((await get('/mine')).status).toBe(401);
  });

  it('may be replaced by the app, while @CurrentUser() stays Cognito’s', async () => {
    const { get } = await start(adapter);
    const token = await pool.access();
    for (let time = 0; time < 2; time++) {
      expect(await bodyOf(get('/renamed', token))).toEqual({
        status: 200,
        seen: 'somebody of the database',
        current: 'ada',
      });
    }
    // And is nobody else's from then on.
    expect(await bodyOf(get('/mine', token))).toMatchObject({ seen: 'ada' });
  });

  it('is each request’s own while many are at work', async () => {
    const { get } = await start(adapter);
    const names = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    const tokens = await Promise.all(names.map((username) => pool.access({ username })));
    for (let time = 0; time < 2; time++) {
      const answers = await Promise.all(tokens.map((token) => bodyOf(get('/slow', token))));
      expect(answers).toEqual(
        names.map((name) => ({ status: 200, before: name, after: name, current: name })),
      );
    }
  });
});

describe('what an Express app does with res.locals and request.user', () => {
  const [[, express]] = PLATFORMS as [(typeof PLATFORMS)[number]];

  it('lets nobody in as the one before where all requests share their locals', async () => {
    const shared = {};
    const { get } = await start(express, (_request, response, next) => {
      response.locals = shared;
      next();
    });
    const admin = await pool.access({ username: 'root', 'cognito:groups': ['admin'] });
    expect(await bodyOf(get('/admin', admin))).toEqual({ status: 200, current: 'root' });
    expect((await get('/admin')).status).toBe(401);
    expect((await get('/admin', await pool.access())).status).toBe(403);
    expect(await bodyOf(get('/mine', await pool.access()))).toMatchObject({ seen: 'ada', current: 'ada' });
    expect(await bodyOf(get('/public', admin))).toEqual({ status: 200, seen: null });
    // Two at once, of whom the second one takes the first one's place: neither is ever taken for the other.
    const answers = await Promise.all([get('/slow', admin), get('/slow', await pool.access())].map(bodyOf));
    for (const [n, name] of ['root', 'ada'].entries()) {
      const { status, before, after, current } = answers[n] as Record<string, unknown>;
      expect([null, undefined, name]).toContain(before);
      expect([null, undefined, name]).toContain(after);
      if (status === 200) expect(current).toBe(name);
    }
  });

  it.each([
    ['frozen', () => Object.freeze({})],
    ['null', () => null as unknown as object],
    ['gone', () => undefined as unknown as object],
  ])('keeps to the request where they are %s', async (_what, make) => {
    const { get } = await start(express, (_request, response, next) => {
      response.locals = make();
      next();
    });
    const token = await pool.access();
    for (let time = 0; time < 2; time++) {
      expect(await bodyOf(get('/mine', token))).toMatchObject({ status: 200, seen: 'ada', current: 'ada' });
      expect(await bodyOf(get('/renamed', token))).toMatchObject({ seen: 'somebody of the database' });
    }
    expect((await get('/admin', token)).status).toBe(403);
  });

  it('fails closed where a handler’s interceptor replaces them', async () => {
    const { get } = await start(express);
    expect((await get('/new-locals', await pool.access())).status).toBe(500);
  });

  it('minds a user that a middleware has set', async () => {
    const { get } = await start(express, (request, _response, next) => {
      request.user = 'of the session';
      next();
    });
    expect(await bodyOf(get('/public'))).toEqual({ status: 200, seen: 'of the session' });
    expect(await bodyOf(get('/mine', await pool.access()))).toMatchObject({ seen: 'ada', current: 'ada' });
    expect((await get('/mine')).status).toBe(401);
  });

  it('leaves a "user" alone that the app has on all its requests', async () => {
    app = await startApp(optionsFor(pool), [Cats], {}, (nest) => {
      Object.defineProperty(nest.getHttpAdapter().getInstance().request, 'user', {
        configurable: true,
        writable: true,
        value: 'the app’s own',
      });
    });
    expect(await bodyOf(app.get('/public'))).toEqual({ status: 200, seen: 'the app’s own' });
    expect(await bodyOf(app.get('/mine', await pool.access()))).toMatchObject({
      seen: 'ada',
      current: 'ada',
    });
  });
});
