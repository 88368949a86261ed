import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ThrottlerModule } from '@nestjs/throttler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CognitoAuthController,
  CognitoAuthModule,
  CognitoModule,
  cognitoOpenApi,
  cookieSession,
} from '../../src/index.js';

// biome-ignore lint/suspicious/noExplicitAny: a document is looked at as its readers do
type Any = any;

const cognito = CognitoModule.forRoot({ userPoolId: 'eu-central-1_Test12345', clientId: 'client1' });

class Own extends CognitoAuthController {
  override async profile(accessToken: string) {
    return super.profile(accessToken);
  }
}

@Module({
  imports: [
    cognito,
    CognitoAuthModule.forRoot({ throttle: false }),
    CognitoAuthModule.forRoot({ throttle: false, path: 'own', parts: ['profile'], controller: Own }),
  ],
})
class AppModule {}

let app: INestApplication;
let paths: Record<string, Record<string, Any>>;

beforeAll(async () => {
  app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  const config = new DocumentBuilder().setTitle('Test').build();
  paths = cognitoOpenApi(app, () => SwaggerModule.createDocument(app, config)).paths as typeof paths;
});
afterAll(() => app.close());

describe('the document of the ready-made endpoints', () => {
  it('says of each what it takes and what it answers', () => {
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(25);
    for (const { path, method, operation } of operations) {
      const name = `${method} ${path}`;
      expect(operation.summary, name).toMatch(/\.$/);
      expect(operation.tags, name).toEqual([path.split('/')[1]]);
      if (method !== 'get' && method !== 'delete') {
        const { schema } = operation.requestBody.content['application/json'];
        expect(schema, name).toMatchObject({ type: 'object', additionalProperties: false });
      }
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const inPath = operation.parameters.filter((parameter: Any) => parameter.in === 'path');
      expect(
        inPath.map((parameter: Any) => parameter.name),
        name,
      ).toEqual(named);
      const success = Object.entries<Any>(operation.responses).filter(([status]) => status.startsWith('2'));
      expect(success, name).toHaveLength(1);
      const [[status, answer]] = success as [[string, Any]];
      if (status === '204') expect(answer.content, name).toBeUndefined();
      else expect(Object.keys(answer.content['application/json'].schema), name).not.toEqual([]);
    }
  });

  it('says who gets in', () => {
    expect(paths['/auth/sign-in']?.['post'].security).toBeUndefined();
    for (const path of ['/auth/profile', '/own/profile']) {
      expect(paths[path]?.['get']).toMatchObject({ security: [{ cognito: [] }], responses: { 401: {} } });
    }
  });

  it('has no trace of parts that are left out', () => {
    const own = Object.keys(paths).filter((path) => path.startsWith('/own'));
    expect(own).toContain('/own/profile');
    expect(own.filter((path) => !path.startsWith('/own/profile'))).toEqual([]);
  });
});

describe('the document of ready-made endpoints', () => {
  const session = cookieSession({ csrfHeader: 'X-Own-Page' });
  @Module({
    imports: [
      CognitoModule.forRoot({
        userPoolId: 'eu-central-1_Test12345',
        clientId: 'client1',
        tokenSources: ['header', session],
      }),
      ThrottlerModule.forRoot([]),
      CognitoAuthModule.forRoot({ session }),
      CognitoAuthModule.forRoot({ path: 'tokens' }),
      CognitoAuthModule.forRoot({ path: 'unlimited', throttle: false }),
    ],
  })
  class SessionModule {}

  let nest: INestApplication;
  let routes: typeof paths;
  beforeAll(async () => {
    nest = await NestFactory.create(SessionModule, { logger: false, abortOnError: false });
    const config = new DocumentBuilder().setTitle('Test').build();
    routes = cognitoOpenApi(nest, () => SwaggerModule.createDocument(nest, config)).paths as typeof paths;
  });
  afterAll(() => nest.close());

  const csrf = (operation: Any) =>
    operation.parameters.filter((parameter: Any) => parameter.in === 'header' && parameter.required);

  it('says what a cookie session wants of each that changes something', () => {
    for (const [path, item] of Object.entries(routes)) {
      for (const [method, operation] of Object.entries(item)) {
        const name = `${method} ${path}`;
        const checked = path.startsWith('/auth/') && method !== 'get';
        expect(
          csrf(operation).map((parameter: Any) => parameter.name),
          name,
        ).toEqual(checked ? ['x-own-page'] : []);
        if (checked)
          expect(operation.responses['403'].content, name).toHaveProperty(['application/problem+json']);
      }
    }
    expect(routes['/tokens/sign-in']?.['post'].responses).not.toHaveProperty('403');
  });

  it('has a body where there is one', () => {
    for (const route of ['refresh', 'sign-out']) {
      expect(routes[`/auth/${route}`]?.['post']).not.toHaveProperty('requestBody');
      expect(routes[`/tokens/${route}`]?.['post']).toHaveProperty('requestBody');
    }
    expect(routes['/auth/sign-in']?.['post']).toHaveProperty('requestBody');
  });

  it('has an id of its own for each operation, and the plain ones where the controller is mounted first', () => {
    const ids = Object.values(routes).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId as string),
    );
    expect(ids.length).toBeGreaterThan(80);
    expect(new Set(ids).size).toBe(ids.length);
    expect(routes['/auth/sign-in']?.['post'].operationId).toBe('CognitoAuthController_signIn');
    expect(routes['/tokens/sign-in']?.['post'].operationId).toBe('CognitoAuthController_tokens_signIn');
    expect(routes['/unlimited/sign-in']?.['post'].operationId).toBe('CognitoAuthController_unlimited_signIn');
  });

  it('has them without a word of ours, before the app is initialised, and beside a class of the same name', async () => {
    class Subclass extends CognitoAuthController {}
    const Namesake = (() => {
      @Controller('other')
      class CognitoAuthController {
        @Get('sign-in')
        signIn() {}
      }
      return CognitoAuthController;
    })();
    @Module({
      imports: [
        CognitoModule.forRoot({ userPoolId: 'eu-central-1_Test12345', clientId: 'client1' }),
        CognitoAuthModule.forRoot({ throttle: false }),
        CognitoAuthModule.forRoot({ throttle: false, path: 'a/b' }),
        CognitoAuthModule.forRoot({ throttle: false, path: 'a-b', controller: Subclass }),
        CognitoAuthModule.forRoot({ throttle: false, path: 'a_b', controller: Subclass }),
      ],
      controllers: [Namesake],
    })
    class Several {}
    const several = await NestFactory.create(Several, { logger: false, abortOnError: false });
    try {
      const document = SwaggerModule.createDocument(several, new DocumentBuilder().build());
      const ids = Object.values(document.paths).flatMap((item) =>
        Object.values(item as Record<string, Any>).map(({ operationId }) => operationId as string),
      );
      expect(ids.length).toBeGreaterThan(100);
      expect(new Set(ids).size).toBe(ids.length);
      const id = (path: string) =>
        document.paths[path]?.post?.operationId ?? document.paths[path]?.get?.operationId;
      expect(['/other', '/auth', '/a/b', '/a-b', '/a_b'].map((path) => id(`${path}/sign-in`))).toEqual([
        'CognitoAuthController_signIn',
        'CognitoAuthController_auth_signIn',
        'CognitoAuthController_a_b_signIn',
        'Subclass_signIn',
        'Subclass_a_b_signIn',
      ]);
    } finally {
      await several.close();
    }
  });

  it('has them however the app names operations', () => {
    const create = () =>
      SwaggerModule.createDocument(nest, new DocumentBuilder().build(), {
        operationIdFactory: (_, method) => method,
      });
    const named = cognitoOpenApi(nest, create).paths as typeof paths;
    const ids = Object.values(named).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId as string),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(named['/auth/sign-in']?.['post'].operationId).toBe('signIn');
  });

  it('has 429 where attempts are counted', () => {
    expect(paths['/auth/sign-in']?.['post'].responses).not.toHaveProperty('429');
    expect(routes['/unlimited/sign-in']?.['post'].responses).not.toHaveProperty('429');
    for (const path of ['/auth/sign-in', '/tokens/sign-in']) {
      expect(routes[path]?.['post'].responses['429'].content).toHaveProperty(['application/problem+json']);
    }
  });
});
