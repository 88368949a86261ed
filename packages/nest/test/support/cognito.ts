import { type Cognito, ManualClock, startCognito, type Triggers } from '@cognest/local';
import type { CognitoModuleOptions } from '../../src/index.js';

export const POOL = 'eu-central-1_Local1234';
/** Reveals whether a user exists, as clients made over the API do. */
export const LEGACY_CLIENT = 'legacyclient';
/** Does not. */
export const DISCREET_CLIENT = 'discreetclient';
export const SECRET_CLIENT = 'secretclient';
export const SECRET = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const PASSWORD = 'Correct-horse-9';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

export interface TestCognito {
  readonly cognito: Cognito;
  readonly clock: ManualClock;
  /** The newest code that was sent to a user. */
  code(username: string): string;
  options(options?: CognitoModuleOptions): CognitoModuleOptions;
}

/** The embedded Cognito with one pool, on a free port and in memory. */
export async function startTestCognito(triggers: Triggers = {}): Promise<TestCognito> {
  const clock = new ManualClock();
  const ExplicitAuthFlows = [
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ] as const;
  const settings = { ExplicitAuthFlows: [...ExplicitAuthFlows] };
  const cognito = await startCognito({
    port: 0,
    memory: true,
    region: 'eu-central-1',
    clock,
    triggers,
    seed: {
      pools: [
        {
          id: POOL,
          name: 'test',
          settings: {
            AutoVerifiedAttributes: ['email'],
            AliasAttributes: ['email'],
            Schema: [
              { Name: 'email', AttributeDataType: 'String', Required: true, Mutable: true },
              { Name: 'plan', AttributeDataType: 'String', Mutable: true },
            ],
          },
          clients: [
            { id: LEGACY_CLIENT, name: 'legacy', settings },
            {
              id: DISCREET_CLIENT,
              name: 'discreet',
              settings: { ...settings, PreventUserExistenceErrors: 'ENABLED' },
            },
            { id: SECRET_CLIENT, name: 'secret', secret: SECRET, settings },
            {
              id: 'adminonly',
              name: 'admin only',
              settings: { ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
            },
          ],
          groups: [{ name: 'admin' }],
          users: [
            {
              username: 'ada',
              password: PASSWORD,
              attributes: { email: 'ada@example.com', email_verified: true },
              groups: ['admin'],
            },
          ],
        },
      ],
    },
  });
  return {
    cognito,
    clock,
    code: (username) => {
      const last = cognito.messages({ username }).at(-1);
      if (last === undefined) throw new Error(`nothing was sent to ${username}`);
      return last.code;
    },
    options: (options = {}) => ({
      userPoolId: POOL,
      clientId: LEGACY_CLIENT,
      endpoint: cognito.endpoint,
      client: { credentials },
      // Services that speak as Cognito does.
      preventUserExistenceErrors: 'LEGACY',
      ...options,
    }),
  };
}
