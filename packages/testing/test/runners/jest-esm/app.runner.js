import 'reflect-metadata';
import { CognitoModule, Groups } from '@cognest/nest';
import { createTestIssuer, createTestingCognito } from '@cognest/testing';
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

const issuer = createTestIssuer();
let cognito;
beforeAll(async () => {
  cognito = await createTestingCognito();
});
beforeEach(() => cognito.reset());
afterAll(() => cognito.close());

async function statuses(source, tokens) {
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

it('guards an app with the tokens of an issuer', async () => {
  const tokens = [issuer.accessToken({ groups: ['admin'] }), issuer.accessToken(), 'none'];
  expect(await statuses(issuer, tokens)).toEqual([200, 403, 401]);
});

it.each(['first', 'second'])('starts anew: the %s time', async () => {
  const ana = await cognito.createUser({ username: 'ana', groups: ['admin'] });
  const bob = await cognito.createUser({ username: 'bob' });
  expect(await statuses(cognito, [ana.accessToken, bob.accessToken])).toEqual([200, 403]);
});
