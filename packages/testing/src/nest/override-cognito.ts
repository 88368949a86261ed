import { COGNITO_OPTIONS, type CognitoModuleOptions, RESOLVED_OPTIONS, resolveOptions } from '@cognest/nest';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { refuseProduction } from '../refuse-production.js';
import { type TestPool, underTest } from './under-test.js';

/**
 * Makes an app that is being tested take the tokens of a test issuer, or of an embedded Cognito. Nothing else changes:
 * the guard and every policy stay in force, and so do all other options of the app's `CognitoModule`. What the app says
 * about its pools (ids, secret, endpoint, region, keys, client) is not used, nor is the environment.
 *
 * The app does not boot when it has a pool that nothing here stands for, and `compile()` fails when no `CognitoModule` is
 * in the testing module.
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
  builder.overrideProvider(RESOLVED_OPTIONS).useFactory({
    // Injected, so that they are the app's own, whether forRoot or forRootAsync gave them.
    inject: [COGNITO_OPTIONS],
    factory: (options: CognitoModuleOptions) => {
      overridden.add(builder);
      return resolveOptions(underTest(options, source), {});
    },
  });
  // Nest overrides what there is, and says nothing of what there is not.
  const compile = builder.compile.bind(builder);
  builder.compile = async (...options) => {
    const testing = await compile(...options);
    if (overridden.has(builder)) return testing;
    await testing.close();
    throw new Error(NO_MODULE);
  };
  return builder;
}

const overridden = new WeakSet<TestingModuleBuilder>();

const NO_MODULE =
  'overrideCognito has nothing to override: no CognitoModule is in the testing module. Import the module of your app that ' +
  'has CognitoModule.forRoot() or forRootAsync(), as in Test.createTestingModule({ imports: [AppModule] }); to test a ' +
  'controller without it, import CognitoModule.forRoot(issuer.moduleOptions()) and leave overrideCognito out. Where it is ' +
  'imported, two copies of @cognest/nest are installed: "npm ls @cognest/nest" shows them.';
