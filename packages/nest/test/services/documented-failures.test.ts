import { createServer } from 'node:http';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, describe, expect, it } from 'vitest';
import { failedOperation } from '../../src/errors/failed-operation.js';
import { httpAnswer } from '../../src/errors/http-answer.js';
import { cognitoErrorTable } from '../../src/index.js';
import { startApp } from '../support/app.js';
import { type DocumentedMethod, documentedMethods } from '../support/documented-methods.js';
import { closeServer, listen } from '../support/pool.js';

/*
 * What the docstrings of the services say is thrown, for each method: whatever a server answers, in AWS's JSON protocol.
 * Those failures that the embedded Cognito has are provoked there too, by the tests of each service.
 */

/** What a method is called with, where an empty input does not come as far as a call. */
const challenge = { name: 'MFA_SETUP', username: 'ada', session: 'session' };
const INPUTS: Readonly<Record<string, readonly unknown[]>> = {
  signIn: [{ username: 'ada', password: 'x' }],
  respondToChallenge: [{ ...challenge, name: 'SMS_MFA' }, { code: '123456' }],
  setUpSoftwareToken: [challenge, { issuer: 'Example' }],
  refresh: [{ refreshToken: 'x' }],
  confirmDevice: [{ accessToken: 'x', newDeviceMetadata: { deviceKey: 'k', deviceGroupKey: 'g' } }],
};

const methods = documentedMethods().filter(({ operations }) => operations.length > 0);
const failures = methods.flatMap((one) =>
  one.failures.map((failure) => [`${one.service.name}.${one.method}`, failure, one] as const),
);

type Answer = 'nothing' | 'a page of a proxy' | 'the end of the connection' | { readonly __type: string };

/** What the server does with every request. */
let answer: Answer = 'nothing';
const MESSAGE = 'In Cognito’s own words.';

const server = createServer((request, response) => {
  request.resume();
  if (answer === 'the end of the connection') request.socket.destroy();
  else if (answer === 'a page of a proxy') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Welcome</h1></html>');
  } else if (answer !== 'nothing') {
    response.writeHead(400, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': 'request-1',
    });
    response.end(JSON.stringify({ ...answer, message: MESSAGE }));
  }
});
const endpoint = await listen(server);
const start = (options: object) =>
  startApp(
    {
      userPoolId: 'eu-central-1_AbCdEfGhI',
      clientId: 'client1',
      endpoint,
      client: { credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }, maxAttempts: 1 },
      // Otherwise some of them are answered like a success.
      preventUserExistenceErrors: 'LEGACY',
      ...options,
    },
    [],
  );
const app = await start({});
const impatient = await start({ requestTimeoutMs: 200 });
afterAll(async () => {
  await app.close();
  await impatient.close();
  await closeServer(server);
});

async function errorOf({ nest }: typeof app, { service, method }: DocumentedMethod): Promise<Error> {
  const target = nest.get(service) as unknown as Record<string, (...input: unknown[]) => unknown>;
  try {
    const result = target[method]?.(...(INPUTS[method] ?? [{}]));
    await ((result as AsyncGenerator).next?.() ?? result);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`${method}() succeeded`);
}

describe('what a method is documented to throw', () => {
  it('is read from the docstrings', () => {
    expect(methods.length).toBeGreaterThan(95);
    expect(failures.length).toBeGreaterThan(230);
    for (const [name, failure] of failures) expect(sdk, name).toHaveProperty(failure);
  });

  it.each(failures)('%s: %s', async (_, failure, documented) => {
    answer = { __type: failure };
    const error = await errorOf(app, documented);
    expect(error).toBeInstanceOf((sdk as unknown as Record<string, new () => Error>)[failure]);
    expect(error).toMatchObject({ name: failure, message: MESSAGE, $metadata: { requestId: 'request-1' } });
    expect(documented.operations).toContain(failedOperation(error));

    // Over HTTP it is what the table says of it, and not something unheard of.
    const operation = failedOperation(error);
    const table: Readonly<Record<string, { status: number; code: string }>> = cognitoErrorTable;
    const entry = table[`${operation}:${failure}`] ?? table[failure];
    expect(entry, `${failure} stands in the table of errors`).toBeDefined();
    const { problem } = httpAnswer(error as never, cognitoErrorTable, true);
    expect(problem).toMatchObject({ status: entry?.status, code: entry?.code });
  });
});

describe('what every method throws', () => {
  const named = methods.map((one) => [`${one.service.name}.${one.method}`, one] as const);

  it.each(named)('%s: where what answers is not Cognito, or nothing', async (_, documented) => {
    answer = 'a page of a proxy';
    expect(await errorOf(app, documented)).toMatchObject({ code: 'cognito_response_invalid' });
    answer = 'the end of the connection';
    expect(await errorOf(app, documented)).toMatchObject({ code: 'cognito_unreachable' });
  });

  it('where no answer comes in time', async () => {
    answer = 'nothing';
    const errors = await Promise.all(methods.map((documented) => errorOf(impatient, documented)));
    expect(errors.map((error) => (error as { code?: string }).code)).toEqual(
      methods.map(() => 'cognito_timeout'),
    );
  });
});
