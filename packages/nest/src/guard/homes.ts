import { CognestError } from '../errors/cognest-error.js';
import type { Policy } from '../policy/policy.js';
import type { CognitoAuthenticator } from './cognito-authenticator.js';

/** By what one app judges. */
export interface Home {
  readonly authenticator: CognitoAuthenticator;
  /** For whom nothing more is said. */
  readonly policy: Policy;
}

/** Of the apps of this process that have the module, by the HTTP platform's own object for them: two may share one. */
const homes = new Map<object, Set<Home>>();

/** @returns what takes it away again. */
export function addHome(platform: object, home: Home): () => void {
  const here = homes.get(platform) ?? new Set();
  homes.set(platform, here.add(home));
  return () => {
    here.delete(home);
    if (here.size === 0) homes.delete(platform);
  };
}

/**
 * The app that a request came to, as Express and Fastify say it. Where there is one alone, it is that one.
 *
 * @throws {CognestError} `config_invalid` where it cannot be told which one of several it is.
 */
export function homeOf(request: object): Home | undefined {
  const { app, server } = request as { readonly app?: unknown; readonly server?: unknown };
  // A plug-in of Fastify's sees an heir of its app.
  for (let at: unknown = server ?? app; isObject(at); at = Object.getPrototypeOf(at)) {
    const here = homes.get(at);
    if (here !== undefined) return oneOf(here);
  }
  return oneOf([...homes.values()].flatMap((here) => [...here]));
}

function oneOf(found: Iterable<Home>): Home | undefined {
  const [only, ...others] = found;
  if (others.length === 0) return only;
  throw new CognestError(
    'config_invalid',
    'the strategy "cognito" of Passport cannot tell to which app of this process a request came; use CognitoAuthGuard, or ' +
      'one process for each app',
  );
}

function isObject(given: unknown): given is object {
  return (typeof given === 'object' && given !== null) || typeof given === 'function';
}
