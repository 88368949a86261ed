import { createHash } from 'node:crypto';
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  ListTermsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CognitoServiceError } from '../../src/errors.js';
import { SIGNED, serve } from './support.js';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const POOL = 'us-east-1_Abc123';

function sdkFor(endpoint: string): CognitoIdentityProviderClient {
  const client = new CognitoIdentityProviderClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => client.destroy());
  return client;
}

describe('a success', () => {
  it('answers compact JSON with its type and a request id that the operation knows', async () => {
    let requestId = '';
    const server = await serve({
      GetUser: (_input, context) => {
        requestId = context.requestId;
        return { Username: 'ana', UserAttributes: [] };
      },
    });
    const response = await server.call('GetUser', { AccessToken: 'abc' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(response.headers.get('x-amzn-requestid')).toBe(requestId);
    expect(requestId).toMatch(UUID_V4);
    expect(await response.text()).toBe('{"Username":"ana","UserAttributes":[]}');
  });

  it('has no body at all when the operation has no output shape', async () => {
    const server = await serve({ DeleteUser: () => undefined });
    const response = await server.call('DeleteUser', { AccessToken: 'abc' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('0');
    expect(await response.text()).toBe('');
  });

  it('is {} when the output is empty', async () => {
    const server = await serve({ GlobalSignOut: () => ({}) });
    expect(await (await server.call('GlobalSignOut', { AccessToken: 'abc' })).text()).toBe('{}');
  });

  it('writes dates as epoch seconds, binary as base64, and leaves out what is absent', async () => {
    const server = await serve({
      GetUser: () => ({
        A: new Date(1_790_257_791_224),
        B: [new Date(1_790_272_691_960), new Date(1_790_272_691_000)],
        C: undefined,
        D: null,
        E: Buffer.from([1, 2, 3]),
        F: { G: undefined, H: [] },
      }),
    });
    expect(await (await server.call('GetUser', { AccessToken: 'abc' })).text()).toBe(
      '{"A":1790257791.224,"B":[1790272691.96,1790272691],"E":"AQID","F":{"H":[]}}',
    );
  });

  it('is understood by the SDK, dates included', async () => {
    const server = await serve({
      AdminGetUser: () => ({ Username: 'ana', UserCreateDate: new Date(1_790_257_791_224) }),
    });
    const output = await sdkFor(server.endpoint).send(
      new AdminGetUserCommand({ UserPoolId: POOL, Username: 'ana' }),
    );
    expect(output.UserCreateDate).toEqual(new Date(1_790_257_791_224));
  });
});

describe('an error', () => {
  it('carries type and message in body and headers', async () => {
    const server = await serve({
      GetUser: () => {
        throw new CognitoServiceError('NotAuthorizedException', 'Invalid Access Token');
      },
    });
    const response = await server.call('GetUser', { AccessToken: 'abc' });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('NotAuthorizedException:');
    expect(response.headers.get('x-amzn-errormessage')).toBe('Invalid Access Token');
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await response.text()).toBe(
      '{"__type":"NotAuthorizedException","message":"Invalid Access Token"}',
    );
  });

  it('may have no message', async () => {
    const server = await serve({
      GetUser: () => {
        throw new CognitoServiceError('NotAuthorizedException');
      },
    });
    expect(await (await server.call('GetUser', { AccessToken: 'abc' })).text()).toBe(
      '{"__type":"NotAuthorizedException"}',
    );
  });

  it('keeps a message that no header could carry out of the header', async () => {
    const server = await serve({
      GetUser: async () => {
        throw new CognitoServiceError(
          'InvalidParameterException',
          `Bad\r\nset-cookie: x=1 é${'x'.repeat(50_000)}`,
        );
      },
    });
    const response = await server.call('GetUser', { AccessToken: 'abc' });
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-amzn-errormessage')).toMatch(/^Bad\?\?set-cookie: x=1 \?x+$/);
    // Nor is the body as long as whoever caused it likes.
    expect(((await response.json()) as { message: string }).message).toHaveLength(16_384);
  });

  it('that is a bug answers InternalErrorException and is logged without the secrets of the request', async () => {
    const server = await serve({
      SignUp: (input) => {
        throw new Error(`cannot store ${JSON.stringify(input)}`);
      },
    });
    const response = await server.call('SignUp', {
      ClientId: 'client7',
      Username: 'ana-of-the-test',
      Password: 'pa55word!',
      UserAttributes: [{ Name: 'email', Value: 'ana@example.com' }],
      UserContextData: { IpAddress: '10.1.2.3' },
      ClientMetadata: { key: 'visible' },
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      __type: 'InternalErrorException',
      message: 'Internal server error',
    });
    expect(server.errors).toHaveLength(1);
    expect(server.errors[0]).toContain('SignUp failed (request ');
    expect(server.errors[0]).toContain('visible');
    for (const secret of ['pa55word!', 'ana-of-the-test', 'ana@example.com', 'client7', '10.1.2.3']) {
      expect(server.errors[0]).not.toContain(secret);
    }
  });
});

describe('what is not there', () => {
  it('says which operation is missing, and the SDK neither retries it nor takes it for a success', async () => {
    const server = await serve({ GetUser: () => ({}) });
    const client = sdkFor(server.endpoint);
    await expect(client.send(new ListTermsCommand({ UserPoolId: POOL }))).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'ListTerms is not supported by @cognest/local yet. Its README lists the operations that are.',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
  });

  it.each(['Nonsense', 'constructor', '__proto__', 'toString', 'default', ''])(
    'an operation that AWS does not have: %j',
    async (name) => {
      const server = await serve({ GetUser: () => ({}) });
      const response = await server.call(name);
      expect(response.status).toBe(400);
      expect(await response.text()).toBe('{"__type":"UnknownOperationException"}');
    },
  );

  it('a call without a target, or with that of another service', async () => {
    const server = await serve({ GetUser: () => ({}) });
    for (const headers of [{}, { 'x-amz-target': 'DynamoDB_20120810.GetItem' }]) {
      const response = await fetch(server.endpoint, { method: 'POST', headers, body: '{}' });
      expect(await response.json()).toEqual({ __type: 'UnknownOperationException' });
    }
  });

  it.each([
    ['GET', '/'],
    ['GET', '/nowhere'],
    ['PUT', '/'],
    ['DELETE', '/'],
    ['POST', '/elsewhere'],
    ['GET', '/%zz'],
    ['GET', '//'],
    ['GET', `/${'x'.repeat(5000)}`],
  ])('%s %s', async (method, path) => {
    const server = await serve();
    const response = await fetch(server.endpoint + path, { method });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      code: 'BadRequest',
      message: 'The server did not understand the operation that was requested.',
      type: 'client',
    });
  });
});

describe('the order of checks', () => {
  const operations = { AdminGetUser: () => ({}), GetUser: (input: object) => input };

  it('JSON comes before the signature', async () => {
    const server = await serve(operations);
    for (const body of ['{', 'nonsense', '{"UserPoolId":1}']) {
      const response = await server.call('AdminGetUser', body);
      expect(response.status).toBe(400);
      expect(await response.text()).toBe('{"__type":"SerializationException"}');
    }
    expect(await (await server.call('AdminGetUser', '[]')).text()).toBe(
      '{"__type":"SerializationException","Message":"Expected map or null"}',
    );
  });

  it('the signature comes before the constraints', async () => {
    const server = await serve(operations);
    expect(await (await server.call('AdminGetUser', {})).json()).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
    expect(await (await server.call('AdminGetUser', {}, SIGNED)).json()).toMatchObject({
      __type: 'InvalidParameterException',
    });
  });

  it('an empty body and null are an empty input', async () => {
    const server = await serve(operations);
    for (const body of ['', 'null', '{}']) {
      expect(await (await server.call('GetUser', body)).json()).toEqual({
        __type: 'InvalidParameterException',
        message:
          "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null",
      });
    }
  });
});

describe('the signature', () => {
  const operations = { AdminGetUser: () => ({ Username: 'ana' }), GetUser: () => ({ Username: 'ana' }) };
  const input = { UserPoolId: POOL, Username: 'ana' };
  const hash = (header: string) => createHash('sha256').update(header).digest('base64');
  const credential = "Authorization header requires 'Credential' parameter.";
  const signature = "Authorization header requires 'Signature' parameter.";
  const signedHeaders = "Authorization header requires 'SignedHeaders' parameter.";
  const date = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";

  it('of any credentials is accepted', async () => {
    const server = await serve(operations);
    expect((await server.call('AdminGetUser', input, SIGNED)).status).toBe(200);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['Bearer abc', {}, [credential, signature, signedHeaders, date]],
    ['garbage', { 'x-amz-date': 'x' }, [credential, signature, signedHeaders]],
    ['AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b', { 'x-amz-date': 'x' }, [signature]],
    ['AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c', {}, [date]],
    ['AWS4-HMAC-SHA256 Credential=, SignedHeaders=b, Signature=c', { date: 'x' }, [credential]],
  ])('%s', async (authorization, headers, missing) => {
    const server = await serve(operations);
    const response = await server.call('AdminGetUser', input, { authorization, ...headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: 'IncompleteSignatureException',
      message: `${missing.join(' ')} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash(authorization)}`,
    });
  });

  it('is ignored where none is wanted', async () => {
    const server = await serve(operations);
    for (const authorization of ['garbage', 'Bearer abc', SIGNED.authorization]) {
      expect((await server.call('GetUser', { AccessToken: 'abc' }, { authorization })).status).toBe(200);
    }
  });

  it('is what the SDK sends, and leaves out for unsigned operations', async () => {
    const server = await serve(operations);
    const client = sdkFor(server.endpoint);
    expect((await client.send(new AdminGetUserCommand(input))).Username).toBe('ana');
    expect((await client.send(new GetUserCommand({ AccessToken: 'abc' }))).Username).toBe('ana');
  });
});
