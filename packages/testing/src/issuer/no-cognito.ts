import type { TestModuleOptions } from '../test-module-options.js';

/**
 * Stands where the connection to AWS would be: a test with an issuer alone calls nothing, above all not the real
 * Cognito with the credentials of whoever runs the tests.
 */
export const noCognito: TestModuleOptions['client'] = {
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
  requestHandler: {
    handle: async ({ headers }: { headers: Readonly<Record<string, string>> }) => {
      const operation = headers['x-amz-target']?.split('.').at(-1) ?? 'An operation of Cognito';
      throw new Error(
        `${operation} was called, and this test has an issuer of tokens but no Cognito: ` +
          'start one with createTestingCognito(), or put another provider in place of the service.',
      );
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  },
};
