import { COGNITO_OPTIONS, type CognitoModuleOptions, RESOLVED_OPTIONS, resolveOptions } from '@cognest/nest';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { refuseProduction } from '../refuse-production.js';
import { type TestPool, underTest } from './under-test.js';

/**
 * Makes an app that is being tested take the tokens of a test issuer, or of an embedded Cognito. Nothing else changes:
 * the guard and every policy stay in force, and so do all other options of the app's `CognitoModule`. What the app says
 * about its pools (ids, secret, endpoint, region, keys, client) is not used, nor is the environment.
 *
 * The app does not boot when it has a pool that nothing here stands for.
 *
 * @param builder - from `Test.createTestingModule`; it is returned.
 * @param source - an issuer of `createTestIssuer`, or what `createTestingCognito` resolved to; for an app with several
 *   pools one for each, by name: `{ default: issuer, partners: another }`.
 */
export function overrideCognito(
  builder: TestingModuleBuilder,
  source: TestPool | Readonly<Record<string, TestPool>>,
): TestingModuleBuilder {
  refuseProduction();
  return builder.overrideProvider(RESOLVED_OPTIONS).useFactory({
    // Injected, so that they are the app's own, whether forRoot or forRootAsync gave them.
    inject: [COGNITO_OPTIONS],
    factory: (options: CognitoModuleOptions) => resolveOptions(underTest(options, source), {}),
  });
}
