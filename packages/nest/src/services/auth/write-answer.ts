import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError, show } from '../../errors/cognest-error.js';
import { type MembersOf, type TakenBy } from '../input-members.js';
import { attributeValue } from '../user-attributes.js';
import { isWellFormed } from '../well-formed.js';
import type { AnswerContext, ChallengeAnswers } from './challenge-answers.js';
import { isChallengeName } from './read-challenge.js';

/*
 * Answers at run time. The compiler has checked what a programmer wrote; a request body that was passed on whole it has
 * not seen. So each member is looked at, and one that the challenge does not take is refused.
 */

type Members = Readonly<Record<string, unknown>>;

/** What any answer may hold beside. */
const CONTEXT: MembersOf<AnswerContext> = {
  clientMetadata: true,
  analyticsMetadata: true,
  userContextData: true,
  contextData: true,
  device: true,
};

/** How an answer is written. The compiler sees to it that no member of its type is left out. */
interface Form<Answer> {
  readonly members: Readonly<Record<Exclude<TakenBy<Answer>, keyof AnswerContext>, true>>;
  /** The `ChallengeResponses`, without those that every challenge has, and without what SRP makes of a password. */
  readonly write: (answer: Members) => Record<string, string>;
}

const CODE = (response: string): Form<ChallengeAnswers['SMS_MFA']> => ({
  members: { code: true },
  write: (answer) => ({ [response]: text(answer, 'code') }),
});

const PASSWORD: Form<ChallengeAnswers['PASSWORD']> = {
  members: { password: true },
  write: (answer) => ({ PASSWORD: text(answer, 'password') }),
};

const SRP: Form<ChallengeAnswers['PASSWORD_SRP']> = {
  members: { password: true, srpA: true },
  write: (answer) => srpA(answer, true),
};

const PROOF: Form<ChallengeAnswers['PASSWORD_VERIFIER']> = {
  members: { passwordClaimSignature: true, timestamp: true },
  write: (answer) => ({
    PASSWORD_CLAIM_SIGNATURE: text(answer, 'passwordClaimSignature'),
    TIMESTAMP: text(answer, 'timestamp'),
  }),
};

const FORMS: { readonly [Name in ChallengeNameType]: Form<ChallengeAnswers[Name]> } = {
  NEW_PASSWORD_REQUIRED: {
    members: { newPassword: true, userAttributes: true },
    write: (answer) => ({
      NEW_PASSWORD: text(answer, 'newPassword'),
      ...Object.fromEntries(
        Object.entries(record(answer, 'userAttributes') ?? {})
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [`userAttributes.${name}`, attributeValue(name, value)]),
      ),
    }),
  },
  SMS_MFA: CODE('SMS_MFA_CODE'),
  EMAIL_OTP: CODE('EMAIL_OTP_CODE'),
  SMS_OTP: CODE('SMS_OTP_CODE'),
  SOFTWARE_TOKEN_MFA: CODE('SOFTWARE_TOKEN_MFA_CODE'),
  SELECT_MFA_TYPE: { members: { answer: true }, write: (answer) => ({ ANSWER: text(answer, 'answer') }) },
  MFA_SETUP: {
    members: { code: true, friendlyDeviceName: true, email: true },
    // The code goes to VerifySoftwareToken, before.
    write: (answer) => {
      refuseBoth(answer, 'code', 'email');
      refuseBoth(answer, 'friendlyDeviceName', 'email');
      if (answer['email'] !== undefined) return { EMAIL: text(answer, 'email') };
      text(answer, 'code');
      if (answer['friendlyDeviceName'] !== undefined) text(answer, 'friendlyDeviceName');
      return {};
    },
  },
  SELECT_CHALLENGE: {
    members: { answer: true, password: true, srpA: true, credential: true },
    write: (answer) => ({ ANSWER: text(answer, 'answer'), ...writeChoice(answer) }),
  },
  PASSWORD,
  ADMIN_NO_SRP_AUTH: PASSWORD,
  PASSWORD_SRP: SRP,
  WEB_AUTHN: { members: { credential: true }, write: (answer) => ({ CREDENTIAL: credential(answer) }) },
  CUSTOM_CHALLENGE: { members: { answer: true }, write: (answer) => ({ ANSWER: text(answer, 'answer') }) },
  DEVICE_SRP_AUTH: {
    members: { srpA: true },
    write: (answer) => (answer['srpA'] === undefined ? {} : { SRP_A: text(answer, 'srpA') }),
  },
  PASSWORD_VERIFIER: PROOF,
  DEVICE_PASSWORD_VERIFIER: PROOF,
};

/**
 * The `ChallengeResponses` of an answer, without those that every challenge has, and without what SRP makes of a
 * password.
 *
 * @throws {CognestError} `argument_invalid` for a challenge that there is not, a member that the challenge does not
 *   take, or one that it lacks.
 */
export function writeAnswer(challengeName: unknown, answer: unknown): Record<string, string> {
  if (!isChallengeName(challengeName)) {
    throw new CognestError('argument_invalid', `There is no challenge named ${show(challengeName)}`);
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new CognestError('argument_invalid', `The answer to ${challengeName} must be an object`);
  }
  const { members, write } = FORMS[challengeName];
  const known = Object.keys({ ...members, ...CONTEXT });
  const unknown = Object.entries(answer).find(
    ([member, value]) => value !== undefined && !known.includes(member),
  );
  if (unknown !== undefined) {
    throw new CognestError(
      'argument_invalid',
      `The answer to ${challengeName} has no member ${show(unknown[0])}; there are ${known.join(', ')}`,
    );
  }
  // Own members only: nothing is inherited from a prototype that somebody has changed.
  return write(Object.assign(Object.create(null), answer) as Members);
}

type Choice = ChallengeAnswers['SELECT_CHALLENGE'];
type ChoiceOf<Kind, Given> = Given extends { readonly answer: infer Kinds }
  ? Kind extends Kinds
    ? Given
    : never
  : never;

/** What goes with each way to begin, as the types have it. */
const CHOICES: {
  readonly [Kind in Choice['answer']]: Readonly<
    Record<Exclude<TakenBy<ChoiceOf<Kind, Choice>>, 'answer'>, true>
  >;
} = {
  EMAIL_OTP: {},
  SMS_OTP: {},
  WEB_AUTHN: { credential: true },
  PASSWORD: { password: true },
  PASSWORD_SRP: { password: true, srpA: true },
};

function writeChoice(answer: Members): Record<string, string> {
  const choice = answer['answer'];
  // One that is not known here is Cognito's to judge.
  const members = Object.hasOwn(CHOICES, choice as string) ? CHOICES[choice as Choice['answer']] : {};
  const { answer: _, ...beside } = FORMS.SELECT_CHALLENGE.members;
  const other = Object.keys(beside).find(
    (member) => answer[member] !== undefined && !Object.hasOwn(members, member),
  );
  if (other !== undefined) {
    throw new CognestError('argument_invalid', `The choice ${show(choice)} does not take "${other}"`);
  }
  if (choice === 'PASSWORD_SRP') return srpA(answer, false);
  if (answer['password'] !== undefined) return { PASSWORD: text(answer, 'password') };
  if (answer['credential'] !== undefined) return { CREDENTIAL: credential(answer) };
  return {};
}

/** What of an answer with SRP is sent as it was given: the password never is. */
function srpA(answer: Members, required: boolean): Record<string, string> {
  refuseBoth(answer, 'password', 'srpA');
  if (answer['srpA'] !== undefined) return { SRP_A: text(answer, 'srpA') };
  if (required || answer['password'] !== undefined) text(answer, 'password');
  return {};
}

function credential(answer: Members): string {
  const given = record(answer, 'credential') ?? missing('credential', 'an object', undefined);
  try {
    return JSON.stringify(given);
  } catch {
    // In a circle, too deep, of big numbers.
    throw new CognestError('argument_invalid', '"credential" cannot be written as JSON');
  }
}

/**
 * A text that must be there. The value is in no message: it may be a password.
 *
 * @throws {CognestError} `argument_invalid`
 */
export function text(given: Readonly<Record<string, unknown>>, member: string): string {
  const value = given[member];
  if (typeof value !== 'string') return missing(member, 'a string', value);
  // SECRET_HASH and the proofs are made of UTF-8, and what is sent would be another text.
  if (!isWellFormed(value))
    throw new CognestError('argument_invalid', `"${member}" must be well-formed Unicode`);
  return value;
}

function record(answer: Members, member: string): object | undefined {
  const value = answer[member];
  if (value === undefined) return undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : missing(member, 'an object', value);
}

function missing(member: string, expected: string, value: unknown): never {
  const got = value === undefined ? 'nothing' : value === null ? 'null' : `a value of type ${typeof value}`;
  throw new CognestError('argument_invalid', `"${member}" must be ${expected}, got ${got}`);
}

function refuseBoth(answer: Members, one: string, other: string): void {
  if (answer[one] !== undefined && answer[other] !== undefined) {
    throw new CognestError('argument_invalid', `"${one}" and "${other}" exclude each other`);
  }
}
