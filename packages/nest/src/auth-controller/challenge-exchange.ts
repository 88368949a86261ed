import type { JsonSchema } from '../openapi/swagger-metadata.js';
import type { CognitoChallenge } from '../services/auth/challenges.js';
import { requestInvalid } from './endpoint.decorator.js';
import { attributes, type BodySchema, body, json, oneOf, optional, text } from './schema.js';

type ChallengeName = CognitoChallenge['name'];

const code = text({ max: 2048, pattern: /^\S+$/, what: 'without spaces', example: '123456' });
const password = text({ max: 256, secret: true });
const credential = json(16_384, 'What `PublicKeyCredential.toJSON()` gives.');
const MFA_TYPES = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const;
const FIRST_FACTORS = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const;

/**
 * What a browser answers to a challenge, by its name. The steps of SRP and of a remembered device are not here: the
 * service takes them by itself.
 */
const ANSWERS = {
  NEW_PASSWORD_REQUIRED: body({
    newPassword: password,
    userAttributes: optional(attributes('At least the attributes that the challenge requires.')),
  }),
  SMS_MFA: body({ code }),
  EMAIL_OTP: body({ code }),
  SMS_OTP: body({ code }),
  SOFTWARE_TOKEN_MFA: body({ code }),
  SELECT_MFA_TYPE: body({ answer: oneOf(MFA_TYPES, 'The second factor.') }),
  MFA_SETUP: body({
    code: optional(code),
    friendlyDeviceName: optional(text({ max: 256, description: 'What the user calls their app.' })),
    email: optional(text({ max: 256, pattern: /^[^\s@]+@[^\s@]+$/, what: 'that is an e-mail address' })),
  }),
  SELECT_CHALLENGE: body({
    answer: oneOf(FIRST_FACTORS, 'How to begin.'),
    password: optional(password),
    credential: optional(credential),
  }),
  PASSWORD: body({ password }),
  ADMIN_NO_SRP_AUTH: body({ password }),
  PASSWORD_SRP: body({ password }),
  WEB_AUTHN: body({ credential }),
  CUSTOM_CHALLENGE: body({
    answer: text({ max: 2048, description: "What the pool's own triggers ask for." }),
  }),
} as const satisfies Partial<Record<ChallengeName, BodySchema<unknown>>>;

/** The schema of any answer. */
export const ANSWER_SCHEMA: JsonSchema = {
  description: 'What the challenge asks for, by its name.',
  anyOf: Object.entries(ANSWERS).map(([name, { json: schema }]) => ({ title: name, ...schema })),
};

/**
 * The checked answer to a challenge; `undefined` for one that no browser answers.
 *
 * @throws {ProblemException} 400 `request_invalid`
 */
export function readAnswer(challenge: CognitoChallenge, given: Record<string, unknown>): object | undefined {
  if (!Object.hasOwn(ANSWERS, challenge.name)) return undefined;
  const result = (ANSWERS as Record<string, BodySchema<unknown>>)[challenge.name]?.check(given, ['answer']);
  if (result === undefined || 'value' in result) return result?.value as object | undefined;
  throw requestInvalid(result.issues);
}

/** What a user is shown of a challenge, beside its name. The rest stays sealed. */
const SHOWN = [
  'availableChallenges',
  'credentialRequestOptions',
  'deliveryMedium',
  'destination',
  'friendlyDeviceName',
  'mfaTypes',
  'parameters',
  'requiredAttributes',
] as const;

/** A challenge as it goes to a browser. */
export interface ChallengeAnswer {
  readonly status: 'challenge';
  readonly challenge: {
    readonly name: ChallengeName;
    /** To be sent back with the answer. Nobody can read or change what is in it. */
    readonly sealed: string;
    /** What to show to the user: where a code was sent, what there is to choose from. */
    readonly [shown: string]: unknown;
  };
}

export function showChallenge(challenge: CognitoChallenge, sealed: string): ChallengeAnswer {
  const shown = Object.entries(challenge).filter(([name]) => (SHOWN as readonly string[]).includes(name));
  return { status: 'challenge', challenge: { name: challenge.name, sealed, ...Object.fromEntries(shown) } };
}
