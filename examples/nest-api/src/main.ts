import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cognitoOpenApi } from '@cognest/nest';
import { type INestApplication, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { demoNotes } from './demo-notes.js';

// Browsers keep spare connections open: at Ctrl-C they are closed, not waited for.
const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'], forceCloseConnections: true });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
app.enableShutdownHooks();

const config = new DocumentBuilder().setTitle('Cognest example').build();
// Who gets in where is in the document by itself: the guard's own rules say it.
const document = cognitoOpenApi(app, () => SwaggerModule.createDocument(app, config));
SwaggerModule.setup('docs', app, document, { swaggerOptions: { persistAuthorization: true } });

const address = await listen(app, process.env['PORT'] ?? '3000');
console.log(`API listening on ${address}, documented at ${address}/docs`);
console.log(demoNotes(address, process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER']));

async function listen(app: INestApplication, given: string): Promise<string> {
  const port = Number(given);
  if (!/^\d{1,5}$/.test(given) || port > 65_535) {
    console.error(`PORT must be a number from 0 to 65535, got "${given}"`);
    process.exit(2);
  }
  await app.init();
  // Not app.listen(), which logs the error by itself before anyone can say what to do about it.
  const server: Server = app.getHttpServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    console.error(
      `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another port with PORT`,
    );
    process.exit(1);
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
