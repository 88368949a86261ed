import { CognestError } from '../../errors/cognest-error.js';
import type { PasswordAuthFlow } from '../../options/cognito-options.js';
import { attributeValue, toAttributeRecord, type UserAttributes } from '../user-attributes.js';

interface Challenge<Name extends string> {
  readonly name: Name;
  /** The real user name, which the answer must carry, whatever alias the sign-in used. */
  readonly username: string;
  /** Opaque, for one answer, valid for 3 to 15 minutes. */
  readonly session: string;
  /** The flow that the sign-in used; the answer goes the same way. */
  readonly authFlow: PasswordAuthFlow;
}

/** The user was invited with a temporary password and must choose their own. */
export interface NewPasswordRequiredChallenge extends Challenge<'NEW_PASSWORD_REQUIRED'> {
  /** The attributes that the pool requires and the user lacks: the answer's `userAttributes` must have them. */
  readonly requiredAttributes: readonly string[];
  /** The attributes that the user has. */
  readonly userAttributes: UserAttributes;
}

/** What Cognito may ask for before it hands out tokens, told apart by `name`. Plain data. */
export type CognitoChallenge = NewPasswordRequiredChallenge;

/** What each challenge takes for an answer. */
export interface ChallengeAnswers {
  NEW_PASSWORD_REQUIRED: {
    newPassword: string;
    /** At least the challenge's `requiredAttributes`. An attribute that has a value already is refused. */
    userAttributes?: UserAttributes | undefined;
    /** Handed to the pool's triggers. */
    clientMetadata?: Readonly<Record<string, string>> | undefined;
  };
}

/**
 * As much of a challenge as answering it takes: what an app that sent the challenge through a browser must get back.
 * Without `authFlow` the module's is assumed.
 */
export type AnswerableChallenge<Kind extends CognitoChallenge = CognitoChallenge> =
  Kind extends CognitoChallenge
    ? Pick<Kind, 'name' | 'username' | 'session'> & Partial<Pick<Kind, 'authFlow'>>
    : never;

type UnionToIntersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  member: infer Intersection,
) => void
  ? Intersection
  : never;

/** The answer that fits a challenge. For a union that was not narrowed, one that fits all of its members. */
export type AnswerTo<Given extends AnswerableChallenge> = UnionToIntersection<
  Given extends { readonly name: infer Name extends keyof ChallengeAnswers } ? ChallengeAnswers[Name] : never
>;

/** What Cognito asked for is not modelled yet. Everything needed to go on with the SDK's client is in here. */
export class UnsupportedChallengeError extends CognestError {
  override readonly name = 'UnsupportedChallengeError';
  /** As Cognito names it, e.g. `SMS_MFA`. */
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
      `Cognito answered with the challenge ${challengeName}, which this version of @cognest/nest does not support`,
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

/** What Cognito answered, before it is known which challenge it is. */
export interface RawChallenge {
  readonly challengeName: string;
  readonly session: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** The name that the sign-in used, for a challenge that names nobody. */
  readonly username: string;
  readonly authFlow: PasswordAuthFlow;
}

/** @throws {UnsupportedChallengeError} */
export function readChallenge(raw: RawChallenge): CognitoChallenge {
  const { challengeName, session, parameters, authFlow } = raw;
  if (challengeName !== 'NEW_PASSWORD_REQUIRED' || session === undefined) {
    throw new UnsupportedChallengeError(challengeName, parameters, session);
  }
  return {
    name: challengeName,
    username: parameters['USER_ID_FOR_SRP'] ?? raw.username,
    session,
    authFlow,
    requiredAttributes: readJson<string[]>(parameters['requiredAttributes'], []).map((name) =>
      name.replace(/^userAttributes\./, ''),
    ),
    userAttributes: toAttributeRecord(Object.entries(readJson<object>(parameters['userAttributes'], {}))),
  };
}

/** The `ChallengeResponses` of an answer, without `USERNAME` and `SECRET_HASH`. */
export function writeAnswer(
  challenge: AnswerableChallenge,
  answer: ChallengeAnswers[CognitoChallenge['name']],
): Record<string, string> {
  if (challenge.name !== 'NEW_PASSWORD_REQUIRED') {
    throw new CognestError(
      'argument_invalid',
      `There is no challenge named ${JSON.stringify(challenge.name)}`,
    );
  }
  const attributes = Object.entries(answer.userAttributes ?? {}).filter(([, value]) => value !== undefined);
  return {
    NEW_PASSWORD: answer.newPassword,
    ...Object.fromEntries(
      attributes.map(([name, value]) => [`userAttributes.${name}`, attributeValue(name, value)]),
    ),
  };
}

function readJson<Value>(text: string | undefined, fallback: Value): Value {
  return text === undefined || text === '' ? fallback : (JSON.parse(text) as Value);
}
