require('reflect-metadata');
const { createTestIssuer } = require('@cognest/testing');
const { overrideCognito } = require('@cognest/testing/nest');
const { Test } = require('@nestjs/testing');
const { AppModule } = require('./app.module.js');

it('is guarded, with the tokens of an issuer', async () => {
  const issuer = createTestIssuer();
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const app = (await overrideCognito(builder, issuer).compile()).createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const status = async (token) =>
    (await fetch(`${await app.getUrl()}/reports`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status(issuer.accessToken({ groups: ['analyst'] }))).toBe(200);
  expect(await status(issuer.accessToken())).toBe(403);
  expect(await status('none')).toBe(401);
  await app.close();
});
