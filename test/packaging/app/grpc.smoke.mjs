import 'reflect-metadata';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CognitoModule, Groups } from '@cognest/nest';
import { createTestIssuer } from '@cognest/testing';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, GrpcStreamCall, GrpcStreamMethod, Transport } from '@nestjs/microservices';
import { map, Subject } from 'rxjs';

// Not TypeScript, since the workspace has no gRPC: @grpc/proto-loader comes with an install script.
const ticks = new Subject();
let observed = 0;

class Desk {
  ask() {
    return { text: 'here you are' };
  }
  listen() {
    return ticks.pipe(map((text) => ({ text })));
  }
  talk(questions) {
    observed += 1;
    return questions.pipe(map(({ text }) => ({ text: text.toUpperCase() })));
  }
  take(call) {
    observed += 1;
    call.on('data', ({ text }) => call.write({ text: text.toUpperCase() }));
    call.on('end', () => call.end());
  }
}
const decorate = (name, ...decorators) => {
  const descriptor = Object.getOwnPropertyDescriptor(Desk.prototype, name);
  for (const decorator of decorators) decorator(Desk.prototype, name, descriptor);
};
decorate('ask', Groups('clerk'), GrpcMethod('Desk', 'Ask'));
decorate('listen', GrpcMethod('Desk', 'Listen'));
decorate('talk', GrpcStreamMethod('Desk', 'Talk'));
decorate('take', GrpcStreamCall('Desk', 'Take'));
Controller()(Desk);

const issuer = createTestIssuer();
class AppModule {}
Module({
  imports: [CognitoModule.forRoot({ ...issuer.moduleOptions(), clockToleranceS: 0 })],
  controllers: [Desk],
})(AppModule);

let app;
let client;
before(async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const url = `127.0.0.1:${free.address().port}`;
  await new Promise((resolve) => free.close(resolve));
  const protoPath = fileURLToPath(new URL('desk.proto', import.meta.url));
  app = await NestFactory.createMicroservice(AppModule, {
    transport: Transport.GRPC,
    options: { package: 'desk', protoPath, url },
    logger: false,
  });
  await app.listen();
  const { desk } = grpc.loadPackageDefinition(protoLoader.loadSync(protoPath));
  client = new desk.Desk(url, grpc.credentials.createInsecure());
});
after(async () => {
  client.close();
  await app.close();
});

const metadata = (token) => {
  const sent = new grpc.Metadata();
  if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
  return sent;
};
const ask = (token) =>
  new Promise((resolve) =>
    client.ask({ text: '?' }, metadata(token), (error, answer) => resolve(error ? told(error) : answer)),
  );
const told = (error) => [error.code, error.metadata.get('reason')[0]];
const { UNAUTHENTICATED, PERMISSION_DENIED } = grpc.status;

/** A call that streams, with all that has come of it. */
const open = (name, token) => {
  const call =
    name === 'listen' ? client.listen({ text: '?' }, metadata(token)) : client[name](metadata(token));
  const answers = [];
  call.on('data', ({ text }) => answers.push(text));
  const ended = new Promise((resolve) => call.on('error', (error) => resolve(told(error))));
  return { call, answers, ended };
};

it('answers by the rule, with the status codes of gRPC', async () => {
  assert.deepEqual(await ask(), [UNAUTHENTICATED, 'credentials_missing']);
  assert.deepEqual(await ask('none'), [UNAUTHENTICATED, 'token_invalid']);
  assert.deepEqual(await ask(issuer.accessToken()), [PERMISSION_DENIED, 'groups_insufficient']);
  assert.deepEqual(await ask(issuer.accessToken({ groups: ['clerk'] })), { text: 'here you are' });
});

for (const name of ['listen', 'talk', 'take']) {
  it(`refuses a stream without a good token, and the service goes on (${name})`, async () => {
    for (const token of [undefined, 'none', createTestIssuer().accessToken()]) {
      const { call, ended } = open(name, token);
      if (name !== 'listen') call.write({ text: '?' });
      const [code, reason] = await ended;
      assert.deepEqual(
        [code, reason],
        [UNAUTHENTICATED, token === undefined ? 'credentials_missing' : 'token_invalid'],
      );
    }
    assert.equal(observed, 0);
    assert.equal(ticks.observed, false);
  });
}

for (const name of ['listen', 'talk', 'take']) {
  it(`ends a stream with its token (${name})`, async () => {
    const { call, answers, ended } = open(name, issuer.accessToken({ expiresInS: 3 }));
    const answered = once(call, 'data');
    const ticking = setInterval(() => ticks.next('TICK'), 10);
    if (name !== 'listen') call.write({ text: 'tick' });
    await answered;
    assert.equal(answers[0], 'TICK');
    assert.deepEqual(await ended, [UNAUTHENTICATED, 'token_expired']);
    clearInterval(ticking);
    assert.equal(ticks.observed, false);
  });
}
