import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError, show } from '../../errors/cognest-error.js';
import { attributeValue } from '../user-attributes.js';
import { isChallengeName } from './read-challenge.js';

/*
 * Answers at run time. The compiler has checked what a programmer wrote; a request body that was passed on whole it has
 * not seen. So each member is looked at, and one that the challenge does not take is refused.
 */

type Members = Readonly<Record<string, unknown>>;

/** What any answer may hold beside. */
const CONTEXT = ['clientMetadata', 'analyticsMetadata', 'userContextData', 'contextData', 'device'] as const;

interface Form {
  readonly members: readonly string[];
  /** The `ChallengeResponses`, without those that every challenge has, and without what SRP makes of a password. */
  readonly write: (answer: Members) => Record<string, string>;
}

const CODE = (response: string): Form => ({
  members: ['code'],
  write: (answer) => ({ [response]: text(answer, 'code') }),
});

const PASSWORD: Form = {
  members: ['password'],
  write: (answer) => ({ PASSWORD: text(answer, 'password') }),
};

const SRP: Form = {
  members: ['password', 'srpA'],
  write: (answer) => srpA(answer, true),
};

const PROOF: Form = {
  members: ['passwordClaimSignature', 'timestamp'],
  write: (answer) => ({
    PASSWORD_CLAIM_SIGNATURE: text(answer, 'passwordClaimSignature'),
    TIMESTAMP: text(answer, 'timestamp'),
  }),
};

const FORMS: Readonly<Record<ChallengeNameType, Form>> = {
  NEW_PASSWORD_REQUIRED: {
    members: ['newPassword', 'userAttributes'],
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
  SELECT_MFA_TYPE: { members: ['answer'], write: (answer) => ({ ANSWER: text(answer, 'answer') }) },
  MFA_SETUP: {
    members: ['code', 'friendlyDeviceName', 'email'],
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
    members: ['answer', 'password', 'srpA', 'credential'],
    write: (answer) => ({ ANSWER: text(answer, 'answer'), ...writeChoice(answer) }),
  },
  PASSWORD,
  ADMIN_NO_SRP_AUTH: PASSWORD,
  PASSWORD_SRP: SRP,
  WEB_AUTHN: { members: ['credential'], write: (answer) => ({ CREDENTIAL: credential(answer) }) },
  CUSTOM_CHALLENGE: { members: ['answer'], write: (answer) => ({ ANSWER: text(answer, 'answer') }) },
  DEVICE_SRP_AUTH: {
    members: ['srpA'],
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
  const known: readonly string[] = [...members, ...CONTEXT];
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

function writeChoice(answer: Members): Record<string, string> {
  const choice = answer['answer'];
  const takes: Readonly<Record<string, readonly string[]>> = {
    PASSWORD: ['password'],
    PASSWORD_SRP: ['password', 'srpA'],
    WEB_AUTHN: ['credential'],
  };
  const members = Object.hasOwn(takes, choice as string) ? (takes[choice as string] ?? []) : [];
  const other = ['password', 'srpA', 'credential'].find(
    (member) => answer[member] !== undefined && !members.includes(member),
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
  return JSON.stringify(record(answer, 'credential') ?? missing('credential', 'an object', undefined));
}

/**
 * A text that must be there. The value is in no message: it may be a password.
 *
 * @throws {CognestError} `argument_invalid`
 */
export function text(given: Readonly<Record<string, unknown>>, member: string): string {
  const value = given[member];
  return typeof value === 'string' ? value : missing(member, 'a string', value);
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
