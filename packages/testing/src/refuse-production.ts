/**
 * Whoever holds a test issuer signs any user in, and an embedded Cognito gives its codes to everybody: neither may
 * be within reach of an app that serves people.
 *
 * @throws Error when `NODE_ENV` is `production`.
 */
export function refuseProduction(): void {
  if (process.env['NODE_ENV']?.trim().toLowerCase() !== 'production') return;
  throw new Error(
    '@cognest/testing mints tokens for any user, and does not load when NODE_ENV is "production". ' +
      'Import it in tests only, keep it in devDependencies, and run tests with NODE_ENV=test.',
  );
}

refuseProduction();
