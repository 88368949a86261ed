import { CognestError, show } from '../../errors/cognest-error.js';
import type { PasswordAuthFlow } from '../../options/cognito-options.js';
import { kindOf, requireObject, type TakenBy } from '../input-members.js';
import type { SignInContext, SignInInput } from './auth-types.js';
import { text } from './write-answer.js';

/** A sign-in as it is carried out. */
export interface SignInPlan {
  readonly authFlow: SignInInput['authFlow'] & string;
  readonly signed: boolean;
  /** `AuthParameters` of the flow. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The password that is proven by SRP. It is not sent. */
  readonly provenPassword: string | undefined;
  readonly session: string | undefined;
}

type Flow = SignInPlan['authFlow'];
type Given = Readonly<Record<string, unknown>>;
type Part = Omit<Partial<SignInPlan>, 'authFlow' | 'signed'>;

/** What any sign-in may hold. */
const COMMON: Readonly<Record<keyof SignInContext | 'authFlow', true>> = {
  authFlow: true,
  username: true,
  device: true,
  signed: true,
  clientMetadata: true,
  analyticsMetadata: true,
  userContextData: true,
  contextData: true,
};

type InputOf<Name, Given> = Given extends { readonly authFlow?: infer Flows }
  ? Name extends Flows
    ? Given
    : never
  : never;

/** The compiler sees to it that no member of a flow's input is left out. */
const FLOWS: {
  readonly [Name in Flow]: {
    readonly members: Readonly<
      Record<Exclude<TakenBy<InputOf<Name, SignInInput>>, keyof typeof COMMON>, true>
    >;
    /** The flow leaves no choice. */
    readonly signed?: boolean;
    readonly plan: (input: Given) => Part;
  };
} = {
  USER_PASSWORD_AUTH: { members: { password: true }, signed: false, plan: sentPassword },
  ADMIN_USER_PASSWORD_AUTH: { members: { password: true }, signed: true, plan: sentPassword },
  USER_SRP_AUTH: { members: { password: true, srpA: true }, plan: provenPassword },
  CUSTOM_AUTH: {
    members: { password: true, srpA: true },
    plan: (input) => {
      if (input['password'] === undefined && input['srpA'] === undefined) return {};
      const { parameters, ...proof } = provenPassword(input);
      return { ...proof, parameters: { ...parameters, CHALLENGE_NAME: 'SRP_A' } };
    },
  },
  USER_AUTH: {
    members: {
      password: true,
      srpA: true,
      preferredChallenge: true,
      session: true,
      targetAcrValues: true,
      accessToken: true,
      maxAgeS: true,
    },
    plan: planChoice,
  },
};

/**
 * @param moduleFlow - the module's option `authFlow`.
 * @throws {CognestError} `argument_invalid` for what the flow does not take, or lacks.
 */
export function planSignIn(input: SignInInput, moduleFlow: PasswordAuthFlow): SignInPlan {
  requireObject('The input of signIn()', input);
  const authFlow = input.authFlow ?? moduleFlow;
  if (typeof authFlow !== 'string' || !Object.hasOwn(FLOWS, authFlow)) {
    throw new CognestError(
      'argument_invalid',
      `"authFlow" must be one of ${Object.keys(FLOWS).join(', ')}, got ${typeof authFlow === 'string' ? 'another text' : kindOf(authFlow)}`,
    );
  }
  const flow = FLOWS[authFlow];
  const known = Object.keys({ ...COMMON, ...flow.members });
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const unknown = given.find(([member]) => !known.includes(member));
  if (unknown !== undefined) {
    throw new CognestError(
      'argument_invalid',
      `signIn() with ${authFlow} takes no ${show(unknown[0])}; there are ${known.join(', ')}`,
    );
  }
  if (input.signed !== undefined && typeof input.signed !== 'boolean') {
    throw new CognestError('argument_invalid', `"signed" must be true or false, got ${kindOf(input.signed)}`);
  }
  const signed = input.signed ?? flow.signed ?? moduleFlow === 'ADMIN_USER_PASSWORD_AUTH';
  if (flow.signed !== undefined && signed !== flow.signed) {
    throw new CognestError(
      'argument_invalid',
      `signIn() with ${authFlow} is ${flow.signed ? 'always' : 'never'} signed: leave "signed" out`,
    );
  }
  const { provenPassword, session, parameters = {} } = flow.plan(input as unknown as Given);
  return { authFlow, signed, parameters, provenPassword, session };
}

function sentPassword(input: Given): Part {
  return { parameters: { PASSWORD: text(input, 'password') } };
}

/** The password for us to prove, or the public value of a caller who does. */
function provenPassword(input: Given): Part {
  if (input['srpA'] === undefined) return { provenPassword: text(input, 'password') };
  if (input['password'] !== undefined) {
    throw new CognestError('argument_invalid', '"password" and "srpA" exclude each other');
  }
  return { parameters: { SRP_A: text(input, 'srpA') } };
}

function planChoice(input: Given): Part {
  const { password, srpA, preferredChallenge, targetAcrValues, maxAgeS } = input;
  const withPassword = password !== undefined || srpA !== undefined;
  const preferred = preferredChallenge ?? (withPassword ? 'PASSWORD_SRP' : undefined);
  const asItIs = preferred === 'PASSWORD' && srpA === undefined;
  if (withPassword && !asItIs && preferred !== 'PASSWORD_SRP') {
    throw new CognestError(
      'argument_invalid',
      `A sign-in with this "preferredChallenge" takes no "${srpA === undefined ? 'password' : 'srpA'}"`,
    );
  }
  const first = withPassword ? (asItIs ? sentPassword(input) : provenPassword(input)) : {};
  return {
    ...first,
    parameters: {
      ...(preferred !== undefined && {
        PREFERRED_CHALLENGE: text({ preferredChallenge: preferred }, 'preferredChallenge'),
      }),
      ...(targetAcrValues !== undefined && { TARGET_ACR_VALUES: acrValues(targetAcrValues) }),
      ...(input['accessToken'] !== undefined && { ACCESS_TOKEN: text(input, 'accessToken') }),
      ...(maxAgeS !== undefined && { MAX_AGE: seconds(maxAgeS) }),
      ...first.parameters,
    },
    session: input['session'] === undefined ? undefined : text(input, 'session'),
  };
}

function acrValues(given: unknown): string {
  if (Array.isArray(given) && given.every((value) => typeof value === 'string' && /^\S+$/.test(value))) {
    return given.join(' ');
  }
  throw new CognestError('argument_invalid', '"targetAcrValues" must be a list of URIs');
}

function seconds(given: unknown): string {
  if (Number.isSafeInteger(given) && (given as number) >= 0) return String(given);
  throw new CognestError(
    'argument_invalid',
    `"maxAgeS" must be a whole number of seconds, got ${typeof given === 'number' ? given : kindOf(given)}`,
  );
}
