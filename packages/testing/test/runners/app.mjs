import 'reflect-metadata';
import { CognitoModule, Groups } from '@cognest/nest';
import { overrideCognito } from '@cognest/testing/nest';
import { Controller, Get, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';

/** An app without decorators' syntax, which no runner here compiles. */
class AppController {
  me() {
    return 'in';
  }
}
Get('me')(AppController.prototype, 'me', Object.getOwnPropertyDescriptor(AppController.prototype, 'me'));
Groups('admin')(
  AppController.prototype,
  'me',
  Object.getOwnPropertyDescriptor(AppController.prototype, 'me'),
);
Controller()(AppController);

class AppModule {}
Module({ imports: [CognitoModule.forRoot()], controllers: [AppController] })(AppModule);

/** What the app answers to each of the tokens. */
export async function statuses(source, tokens) {
  const testing = await overrideCognito(Test.createTestingModule({ imports: [AppModule] }), source).compile();
  const app = testing.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const of = async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${await app.getUrl()}/me`, { headers })).status;
  };
  const found = [];
  for (const token of tokens) found.push(await of(token));
  await app.close();
  return found;
}
