import { randomBytes } from 'node:crypto';
import {
  CognitoIdentityProviderServiceException,
  type SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { AnswerTimes, FLOOR_MS } from './answer-times.js';
import { type ChoiceQuestion, SignUpSession } from './sign-up-session.js';

/** What happens to a message on its way, so that it happens to nobody to whom none is sent. */
const DELIVERY_FAULTS = [
  'CodeDeliveryFailureException',
  'InvalidLambdaResponseException',
  'UnexpectedLambdaException',
  'UserLambdaValidationException',
] as const;

const NO_MESSAGE: ReadonlySet<string> = new Set([
  'UserNotFoundException',
  'UserNotConfirmedException',
  // The user has no verified address, is confirmed already, is disabled, was invited: by the message alone.
  'InvalidParameterException',
  'NotAuthorizedException',
  // Counted for those who exist.
  'LimitExceededException',
  ...DELIVERY_FAULTS,
]);

/**
 * The operations that do something for some users and nothing for others, so that no error could answer both: by
 * operation, the exceptions that tell which it was.
 */
const TELLING: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['SignUp', new Set(['UsernameExistsException', 'AliasExistsException'])],
  ['ForgotPassword', NO_MESSAGE],
  ['ResendConfirmationCode', NO_MESSAGE],
]);

/** The same exceptions with these words are about the request or the app client, and come whoever the user is. */
const NOT_ABOUT_THE_USER = /secret|validation errors? detected|user pool client|flow not enabled/i;

/** Whether success and failure of an operation together tell who exists. */
export function tellsByOutcome(operation: string): boolean {
  return TELLING.has(operation);
}

/** Whether `error` tells that a user exists, or that none does, where anybody else would have seen a success. */
export function tellsOfUser(
  operation: string,
  error: unknown,
): error is CognitoIdentityProviderServiceException {
  return (
    error instanceof CognitoIdentityProviderServiceException &&
    TELLING.get(operation)?.has(error.name) === true &&
    !NOT_ABOUT_THE_USER.test(error.message)
  );
}

/** Whether the operator must hear of an error that nobody is told of. */
export function isDeliveryFault({ name }: Error): boolean {
  return (DELIVERY_FAULTS as readonly string[]).includes(name);
}

/**
 * Makes the answers of one pool alike, whether or not there is the user: the same members, made up where there is
 * nothing to tell, after the same time.
 */
export class UniformAnswers {
  readonly #times: AnswerTimes;
  readonly #session: SignUpSession;

  /** @param floorMs - what an answer takes at least. Default 300. */
  constructor(ask: ChoiceQuestion, floorMs = FLOOR_MS) {
    this.#session = new SignUpSession(ask);
    this.#times = new AnswerTimes(floorMs);
  }

  /** A real answer without what could not be made up: where a code went is known only of those who exist. */
  strip(operation: string, response: object): void {
    Reflect.deleteProperty(response, 'CodeDeliveryDetails');
    if (operation === 'SignUp') this.#session.learn(response as SignUpCommandOutput);
  }

  /** What a real answer would have been. */
  async simulate(operation: string): Promise<object> {
    if (operation !== 'SignUp') return {};
    const Session = await this.#session.simulate();
    return {
      // Not as the last real one: that may have been a stranger's, whom a trigger has confirmed for the address.
      UserConfirmed: false,
      UserSub: simulatedSub(),
      ...(Session !== undefined && { Session }),
    };
  }

  /** Waits until any answer would have come, to a call that began at `startedAtMs` (`performance.now()`). */
  hold(operation: string, startedAtMs: number): Promise<void> {
    return this.#times.hold(operation, startedAtMs);
  }
}

const simulated = new Set<string>();
/** How many made-up subs are remembered: the app asks right after the call. */
const MAX_SIMULATED = 1_000;

function simulatedSub(): string {
  const bytes = randomBytes(16);
  // As Cognito's are.
  bytes[6] = 0x70;
  const sub = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  for (const oldest of simulated) {
    if (simulated.size < MAX_SIMULATED) break;
    simulated.delete(oldest);
  }
  simulated.add(sub);
  return sub;
}

/**
 * Whether a sign-up has found the user name taken: its result looks like any other. For what the caller of the route
 * does not see, as writing to the owner of the address that they have an account already, or not keeping a row for
 * `userSub`. Ask right after the call; let nothing of the answer depend on it.
 *
 * @example `if (isSimulatedSignUp(result)) await this.mails.accountExists(email)`
 */
export function isSimulatedSignUp(result: { readonly userSub?: string | undefined }): boolean {
  // What is no result of a sign-up is none that was made up.
  const userSub = (result as typeof result | null | undefined)?.userSub;
  return userSub !== undefined && simulated.has(userSub);
}
