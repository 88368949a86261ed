import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthController, CognitoAuthModule, CognitoModule, cognitoOpenApi } from '../src/index.js';

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
    expect(paths['/auth/sign-in']?.['post'].responses['429'].content).toHaveProperty([
      'application/problem+json',
    ]);
  });

  it('has no trace of parts that are left out', () => {
    const own = Object.keys(paths).filter((path) => path.startsWith('/own'));
    expect(own).toContain('/own/profile');
    expect(own.filter((path) => !path.startsWith('/own/profile'))).toEqual([]);
  });
});
