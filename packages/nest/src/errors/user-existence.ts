import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CognitoIdentityProviderServiceException,
  type SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';

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
 * nothing to tell, after about the same time.
 */
export class UniformAnswers {
  readonly #recentMs = new Map<string, number[]>();
  /** What of a sign-up the pool's settings decide, as the last real one showed. */
  #signUp: { readonly confirmed: boolean; readonly sessionLength: number } = {
    confirmed: false,
    sessionLength: 0,
  };

  /** A real answer without what could not be made up: where a code went is known only of those who exist. */
  strip(operation: string, response: object, tookMs: number): void {
    Reflect.deleteProperty(response, 'CodeDeliveryDetails');
    if (operation === 'SignUp') {
      const { UserConfirmed, Session } = response as SignUpCommandOutput;
      this.#signUp = { confirmed: UserConfirmed === true, sessionLength: Session?.length ?? 0 };
    }
    const recent = this.#recentMs.get(operation) ?? [];
    recent.push(tookMs);
    if (recent.length > KEPT) recent.shift();
    this.#recentMs.set(operation, recent);
  }

  /** What a real answer would have been, when it would have come. */
  async simulate(operation: string, tookMs: number): Promise<object> {
    const recent = this.#recentMs.get(operation) ?? [];
    // One of those seen, not their mean: a constant would stand out among real ones.
    const likeMs = recent[Math.floor(Math.random() * recent.length)] ?? 0;
    if (likeMs > tookMs) await sleep(Math.min(likeMs - tookMs, MAX_WAIT_MS));
    if (operation !== 'SignUp') return {};
    const { confirmed, sessionLength } = this.#signUp;
    return {
      UserConfirmed: confirmed,
      UserSub: simulatedSub(),
      ...(sessionLength > 0 && { Session: simulatedSession(sessionLength) }),
    };
  }
}

/** How many durations are remembered of each operation. */
const KEPT = 32;
const MAX_WAIT_MS = 5_000;

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

function simulatedSession(length: number): string {
  return `AYABe${randomBytes(length).toString('base64url')}`.slice(0, length);
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
