import {
  Controller,
  Delete,
  Get,
  type INestApplication,
  Module,
  Post,
  type Type,
  UseGuards,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiBearerAuth, ApiExtension, ApiResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Authorize,
  CognitoAuthGuard,
  CognitoModule,
  type CognitoModuleOptions,
  cognitoOpenApi,
  cookieSession,
  Groups,
  OptionalAuth,
  Public,
  Scopes,
} from '../../src/index.js';

class Listing {
  @Get()
  list() {}
}

@Controller('reports')
@Groups('analyst', 'admin')
class ReportsController extends Listing {
  @Post()
  @Scopes({ all: ['reports/write'] })
  publish() {}

  @Delete()
  @Authorize({ groups: { all: ['admin', 'finance'], none: ['suspended'] }, maxAuthAgeS: 300 })
  purge() {}

  @Get('health')
  @Public()
  health() {}

  @Get('front')
  @OptionalAuth()
  front() {}
}

/** The same handler function as that of the reports, under another rule. */
@Controller({ path: 'notes', version: '2' })
class NotesController extends Listing {
  @Get('own')
  @ApiBearerAuth('mine')
  @ApiResponse({ status: 403, description: 'Said by the app.' })
  @ApiExtension('x-own', { kept: true })
  @Groups('writer')
  own() {}

  @Get('guarded')
  @UseGuards(CognitoAuthGuard)
  guarded() {}
}

const BASE: CognitoModuleOptions = { userPoolId: 'eu-central-1_Test12345', clientId: 'client1' };
const apps: INestApplication[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function make(options: CognitoModuleOptions, controllers: Type[]): Promise<INestApplication> {
  @Module({ imports: [CognitoModule.forRoot({ ...BASE, ...options })], controllers })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  apps.push(app);
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI });
  return app;
}

const builder = () => new DocumentBuilder().setTitle('Test');
// biome-ignore lint/suspicious/noExplicitAny: a document is looked at as its readers do
type Any = any;

describe('cognitoOpenApi', () => {
  let document: Any;
  let plain: Any;

  beforeAll(async () => {
    const app = await make({}, [ReportsController, NotesController]);
    const create = () => SwaggerModule.createDocument(app, builder().build());
    document = cognitoOpenApi(app, create);
    plain = create();
  });

  it('gives a guarded operation its scheme, its refusals and the groups it needs', () => {
    expect(document.paths['/api/reports'].get).toMatchObject({
      security: [{ cognito: [] }],
      responses: {
        200: {},
        401: {
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/CognitoProblem' } },
          },
        },
        403: { description: 'Needs more than a sign-in. Groups: any of "analyst", "admin".' },
      },
      'x-cognito-policy': { groups: { any: ['analyst', 'admin'] } },
    });
    expect(document.paths['/api/reports'].delete['x-cognito-policy']).toEqual({
      groups: { all: ['admin', 'finance'], none: ['suspended'] },
      maxAuthAgeS: 300,
    });
    expect(document.paths['/api/reports'].post.responses['403'].description).toContain('"reports/write"');
    expect(document.components).toMatchObject({
      schemas: { CognitoProblem: { type: 'object' } },
      securitySchemes: { cognito: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    });
  });

  it('tells apart two controllers that share a handler, whatever prefix and version they have', () => {
    const shared = document.paths['/api/v2/notes'].get;
    expect(shared.security).toEqual([{ cognito: [] }]);
    expect(shared['x-cognito-policy']).toBeUndefined();
    expect(Object.keys(shared.responses)).toEqual(['200', '401']);
  });

  it('leaves open operations alone, and says which take nobody too', () => {
    expect(document.paths['/api/reports/health'].get).toEqual(plain.paths['/api/reports/health'].get);
    expect(document.paths['/api/reports/front'].get.security).toEqual([{}, { cognito: [] }]);
  });

  it('keeps what the app says itself', () => {
    const own = document.paths['/api/v2/notes/own'].get;
    expect(own.security).toEqual([{ mine: [] }]);
    expect(own.responses['403'].description).toBe('Said by the app.');
    expect(own['x-own']).toEqual({ kept: true });
  });

  it('leaves no trace of its own in documents', () => {
    expect(JSON.stringify(document)).not.toMatch(/cognest/i);
    expect(JSON.stringify(plain)).not.toMatch(/cognest|cognito-policy|"security":\[\]/i);
  });

  it('says it again alike: documents may be made per request', async () => {
    const app = await make({}, [ReportsController, NotesController]);
    await app.init();
    const again = cognitoOpenApi(app, () => SwaggerModule.createDocument(app, builder().build()));
    expect(again).toEqual(document);
  });

  it('minds protect: "decorated", and a guard that a handler names itself', async () => {
    const app = await make({ protect: 'decorated' }, [ReportsController, NotesController]);
    const config = builder().addSecurityRequirements('other').build();
    const { paths }: Any = cognitoOpenApi(app, () => SwaggerModule.createDocument(app, config));
    expect(paths['/api/v2/notes'].get.security).toEqual([]);
    expect(paths['/api/v2/notes'].get.responses['401']).toBeUndefined();
    expect(paths['/api/v2/notes/guarded'].get.security).toEqual([{ cognito: [] }]);
    expect(paths['/api/reports'].get.security).toEqual([{ cognito: [] }]);
    expect(paths['/api/reports/health'].get.security).toEqual([]);
  });

  it('names a scheme for each place where a token may be', async () => {
    const tokenSources = ['header', cookieSession(), { cookie: 'token' }, { read: () => undefined }] as const;
    const app = await make({ tokenSources }, [ReportsController]);
    const create = () => SwaggerModule.createDocument(app, builder().build());
    const { paths, components }: Any = cognitoOpenApi(app, create, { securityScheme: 'pool' });
    expect(Object.keys(components.securitySchemes)).toEqual(['pool', 'pool-session', 'pool-cookie-token']);
    expect(components.securitySchemes['pool-session']).toMatchObject({
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-cognest-access',
    });
    expect(paths['/api/reports'].get.security).toEqual([
      { pool: [] },
      { 'pool-session': [] },
      { 'pool-cookie-token': [] },
    ]);
  });

  it('refuses an app without the module, and a document that is yet to come', async () => {
    @Module({})
    class Bare {}
    const bare = await NestFactory.create(Bare, { logger: false });
    apps.push(bare);
    expect(() => cognitoOpenApi(bare, () => ({ paths: {} }))).toThrow(/does not import CognitoModule/);
    const app = await make({}, [ReportsController]);
    const later = () => Promise.resolve({ paths: {} }) as unknown as { paths: object };
    expect(() => cognitoOpenApi(app, later)).toThrow(/at once/);
  });
});
