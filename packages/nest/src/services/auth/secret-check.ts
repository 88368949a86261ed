import {
  GetTokensFromRefreshTokenCommand,
  NotAuthorizedException,
} from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import type { CognitoApi } from '../cognito-api.js';

/** What was found out of the secret; `unknown` where the service did not say. */
type Verdict = { readonly secret: 'right' | 'unknown' } | { readonly secret: 'wrong'; readonly error: Error };

/** How long a verdict holds: whoever guesses makes one call more of it, and a new secret is soon seen. */
const HOLDS_MS = 60_000;
/** No refresh token, in a form that Cognito looks at. */
const NO_TOKEN = 'none';

/**
 * Whether the option `clientSecret` is the app client's, where a refusal may have another reason: `SECRET_HASH` is made
 * of a user name as well, and `RevokeToken` has one answer for a secret and for a token that are wrong. Cognito looks at
 * a secret before it looks at what else a call brings, so that a call without a user and without a token tells.
 */
export class SecretCheck {
  readonly #api: CognitoApi;
  readonly #logger = new Logger(SecretCheck.name);
  #asked: { readonly verdict: Promise<Verdict>; readonly untilMs: number } | undefined;
  #told: Verdict['secret'] = 'right';

  constructor(api: CognitoApi) {
    this.#api = api;
  }

  /**
   * The refusal that says so, where the secret is wrong: the app is set up wrongly, and no caller is to blame. Said in
   * the log once, until it has been right. It is `undefined` where the secret is right, and where nothing can be told.
   */
  async refusal(): Promise<Error | undefined> {
    const nowMs = Date.now();
    if (this.#asked === undefined || this.#asked.untilMs <= nowMs) {
      this.#asked = { verdict: this.#ask(), untilMs: nowMs + HOLDS_MS };
    }
    const verdict = await this.#asked.verdict;
    return verdict.secret === 'wrong' ? verdict.error : undefined;
  }

  async #ask(): Promise<Verdict> {
    const verdict = await this.#try();
    if (verdict.secret !== this.#told) this.#tell(verdict.secret);
    this.#told = verdict.secret;
    return verdict;
  }

  async #try(): Promise<Verdict> {
    const command = new GetTokensFromRefreshTokenCommand({ RefreshToken: NO_TOKEN, ...this.#api.asClient });
    try {
      await this.#api.call('GetTokensFromRefreshToken', (client) => client.send(command));
    } catch (error) {
      if (isSecretRefused(error)) return { secret: 'wrong', error };
      if (error instanceof NotAuthorizedException) return { secret: 'right' };
    }
    return { secret: 'unknown' };
  }

  #tell(secret: Verdict['secret']): void {
    const pool = `the pool "${this.#api.poolName}"`;
    if (secret === 'wrong') {
      this.#logger.error(
        `The option "clientSecret" of ${pool} is ${this.#api.hasSecret ? 'not that' : 'missing: it must be that'} of the ` +
          `app client ${this.#api.clientId}. Every call that needs it is refused, refreshes among them`,
      );
    } else if (secret === 'unknown') {
      this.#logger.warn(
        `The app client ${this.#api.clientId} of ${pool} has refused a refresh or a sign-out: with a wrong user name or ` +
          'token it is the caller’s fault; if no sign-in works either, look at the option "clientSecret"',
      );
    }
  }
}

/** Whether Cognito says that the secret, or what was made of it, is wrong or missing. */
export function isSecretRefused(error: unknown): error is NotAuthorizedException {
  return error instanceof NotAuthorizedException && /secret/i.test(error.message);
}
