import { CognestError } from '../../errors/cognest-error.js';
import { wireText } from '../../errors/wire-text.js';

/**
 * Cognito asked for what this version does not know: a challenge of the future. Everything needed to go on with the
 * SDK's client is in here.
 */
export class UnsupportedChallengeError extends CognestError {
  override readonly name = 'UnsupportedChallengeError';
  /** As Cognito names it. */
  readonly challengeName: string;
  readonly parameters: Readonly<Record<string, string>>;

  readonly #session: string | undefined;

  constructor(
    challengeName: string,
    parameters: Readonly<Record<string, string>>,
    session: string | undefined,
  ) {
    super(
      'challenge_unsupported',
      `Cognito answered with the challenge ${wireText(challengeName)}, which this version of @cognest/nest does not support`,
    );
    this.challengeName = challengeName;
    this.parameters = parameters;
    this.#session = session;
  }

  /** The session to answer with. Not a field, so that no logger that prints errors whole shows it. */
  get session(): string | undefined {
    return this.#session;
  }
}
