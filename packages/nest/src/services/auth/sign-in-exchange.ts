import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  type ChallengeNameType,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognestError } from '../../errors/cognest-error.js';
import { wireText } from '../../errors/wire-text.js';
import type { CognitoApi } from '../cognito-api.js';
import { type MembersOf, refuseOtherMembers } from '../input-members.js';
import { type AuthOutput, readTokens, usernameOf } from './auth-output.js';
import type { SignInContext, SignInResult } from './auth-types.js';
import type { AnswerContext } from './challenge-answers.js';
import type { AnswerableChallenge } from './challenges.js';
import type { RememberedDevice, SignInDevice } from './devices.js';
import { readChallenge, readSrp, realName } from './read-challenge.js';
import type { SignInPlan } from './sign-in-plan.js';
import { SrpClient } from './srp.js';
import { text, writeAnswer } from './write-answer.js';

const DEVICE: MembersOf<SignInDevice> = { deviceKey: true, deviceGroupKey: true, devicePassword: true };

/** What all calls of one step of a sign-in have in common. */
interface Step {
  readonly username: string;
  readonly signed: boolean;
  /** None of it can be forgotten: each member must be there, if only as `undefined`. */
  readonly context: { readonly [Member in Exclude<keyof AnswerContext, 'device'>]: AnswerContext[Member] };
  readonly device: SignInDevice | undefined;
}

/**
 * The calls that a sign-in is made of. What takes no asking is answered here: a password and a device that prove
 * themselves by SRP.
 */
export class SignInExchange {
  readonly #api: CognitoApi;

  constructor(api: CognitoApi) {
    this.#api = api;
  }

  async begin(plan: SignInPlan, input: SignInContext): Promise<SignInResult> {
    const step: Step = {
      username: text({ ...input }, 'username'),
      signed: plan.signed,
      ...readContext(input, plan.signed),
    };
    const initiate = (parameters: Record<string, string>) =>
      this.initiate(step, plan.authFlow, { USERNAME: step.username, ...parameters }, plan.session);
    return plan.provenPassword === undefined
      ? this.#settle(step, await initiate({ ...plan.parameters }))
      : this.#withProof(step, plan.provenPassword, (SRP_A) => initiate({ ...plan.parameters, SRP_A }));
  }

  async answer(
    challenge: AnswerableChallenge,
    answer: AnswerContext,
    signed: boolean,
  ): Promise<SignInResult> {
    const responses = writeAnswer(challenge.name, answer);
    const step: Step = {
      username: text({ ...challenge }, 'username'),
      signed,
      ...readContext(answer, signed),
    };
    const session = challenge.session === undefined ? undefined : text({ ...challenge }, 'session');
    const respond = (more: Record<string, string> = {}) =>
      this.#respond(step, challenge.name, session, { ...responses, ...more });

    switch (challenge.name) {
      case 'PASSWORD_VERIFIER':
      case 'DEVICE_PASSWORD_VERIFIER': {
        const PASSWORD_CLAIM_SECRET_BLOCK = text({ ...challenge }, 'secretBlock');
        const device = 'deviceKey' in challenge && { DEVICE_KEY: text({ ...challenge }, 'deviceKey') };
        return this.#settle(step, await respond({ PASSWORD_CLAIM_SECRET_BLOCK, ...device }));
      }
      case 'DEVICE_SRP_AUTH': {
        const named = step.device?.deviceKey ?? challenge.deviceKey;
        const deviceKey = text({ deviceKey: named }, 'deviceKey');
        if ('SRP_A' in responses) {
          return this.#settle({ ...step, device: { deviceKey } }, await respond({ DEVICE_KEY: deviceKey }));
        }
        const device = provable(step.device);
        if (device === undefined) {
          throw new CognestError(
            'argument_invalid',
            'The answer to DEVICE_SRP_AUTH must have "device" with deviceKey, deviceGroupKey and devicePassword, or "srpA"',
          );
        }
        return this.#settle(step, await this.#proveDevice(step, device, session));
      }
      case 'MFA_SETUP':
        return this.#settle(
          step,
          'EMAIL' in responses
            ? await respond()
            : await this.#respond(step, 'MFA_SETUP', await this.#verifySetUp(answer, session), {}),
        );
      default: {
        const { password } = answer as { password?: unknown };
        const isSrp = challenge.name === 'PASSWORD_SRP' || responses['ANSWER'] === 'PASSWORD_SRP';
        return isSrp && typeof password === 'string'
          ? this.#withProof(step, password, (SRP_A) => respond({ SRP_A }))
          : this.#settle(step, await respond());
      }
    }
  }

  /** `InitiateAuth`, or `AdminInitiateAuth` for what is signed. `SECRET_HASH` and `DEVICE_KEY` are filled in. */
  async initiate(
    step: Step,
    AuthFlow: SignInPlan['authFlow'] | 'REFRESH_TOKEN_AUTH',
    parameters: Record<string, string>,
    Session?: string,
  ): Promise<AuthOutput> {
    const request = {
      ClientId: this.#api.clientId,
      AuthFlow,
      AuthParameters: { ...parameters, ...this.#common(step) },
      Session,
    };
    return step.signed
      ? this.#api.run(AdminInitiateAuthCommand, 'AdminInitiateAuth', step.context, {
          ...request,
          ...this.#api.inPool,
        })
      : this.#api.run(InitiateAuthCommand, 'InitiateAuth', step.context, request);
  }

  #respond(
    step: Step,
    ChallengeName: ChallengeNameType,
    Session: string | undefined,
    responses: Record<string, string>,
  ): Promise<AuthOutput> {
    const request = {
      ClientId: this.#api.clientId,
      ChallengeName,
      Session,
      ChallengeResponses: { ...this.#common(step), ...responses, USERNAME: step.username },
    };
    return step.signed
      ? this.#api.run(AdminRespondToAuthChallengeCommand, 'AdminRespondToAuthChallenge', step.context, {
          ...request,
          ...this.#api.inPool,
        })
      : this.#api.run(RespondToAuthChallengeCommand, 'RespondToAuthChallenge', step.context, request);
  }

  #common({ username, device }: Step): Record<string, string> {
    const hash = this.#api.secretHash(username);
    return {
      ...(device !== undefined && { DEVICE_KEY: device.deviceKey }),
      ...(hash !== undefined && { SECRET_HASH: hash }),
    };
  }

  /** Sends the public value of an exchange and answers what comes back with a proof of the password. */
  async #withProof(
    step: Step,
    password: string,
    send: (publicValue: string) => Promise<AuthOutput>,
  ): Promise<SignInResult> {
    const srp = new SrpClient();
    const output = await send(srp.publicValue);
    // Cognito may ask for something else: a sign-in by choice in which the password is no way to begin.
    if (output.challengeName !== 'PASSWORD_VERIFIER') return this.#settle(step, output);
    const { challengeParameters: parameters = {}, session } = output;
    const named = { ...step, username: realName({ parameters, username: step.username }) };
    const realm = this.#api.userPoolId.slice(this.#api.userPoolId.lastIndexOf('_') + 1);
    const responses = prove(srp, parameters, { realm, name: named.username, password });
    return this.#settle(named, await this.#respond(named, 'PASSWORD_VERIFIER', session, responses));
  }

  async #proveDevice(
    step: Step,
    { deviceKey, deviceGroupKey, devicePassword }: RememberedDevice,
    session: string | undefined,
  ): Promise<AuthOutput> {
    const srp = new SrpClient();
    const output = await this.#respond(step, 'DEVICE_SRP_AUTH', session, {
      DEVICE_KEY: deviceKey,
      SRP_A: srp.publicValue,
    });
    if (output.challengeName !== 'DEVICE_PASSWORD_VERIFIER') return output;
    const responses = prove(srp, output.challengeParameters ?? {}, {
      realm: deviceGroupKey,
      name: deviceKey,
      password: devicePassword,
    });
    return this.#respond(step, 'DEVICE_PASSWORD_VERIFIER', output.session, {
      ...responses,
      DEVICE_KEY: deviceKey,
    });
  }

  /** The session with which a set-up that the user's app has shown a code of is answered. */
  async #verifySetUp(answer: object, session: string | undefined): Promise<string> {
    const { code, friendlyDeviceName } = answer as { code: string; friendlyDeviceName?: string };
    const output = await this.#api.run(
      VerifySoftwareTokenCommand,
      'VerifySoftwareToken',
      { userCode: code, friendlyDeviceName },
      { Session: session },
    );
    if (output.status !== 'SUCCESS' || output.session === undefined) {
      throw new CognestError(
        'cognito_response_invalid',
        `Cognito answered VerifySoftwareToken with the status ${wireText(output.status ?? 'none')}, and ${output.session === undefined ? 'no' : 'a'} session`,
      );
    }
    return output.session;
  }

  /** What the caller gets of an answer of Cognito's, after a device that can prove itself has done so. */
  async #settle(step: Step, given: AuthOutput): Promise<SignInResult> {
    let output = given;
    let username = realName({
      parameters: output.challengeParameters ?? {},
      username: step.username,
    });
    const device = provable(step.device);
    if (output.challengeName === 'DEVICE_SRP_AUTH' && device !== undefined) {
      output = await this.#proveDevice({ ...step, username }, device, output.session);
      username = realName({ parameters: output.challengeParameters ?? {}, username });
    }
    if (output.challengeName !== undefined) {
      const challenge = readChallenge({
        challengeName: output.challengeName,
        session: output.session,
        parameters: output.challengeParameters ?? {},
        availableChallenges: output.availableChallenges,
        username,
        signed: step.signed,
        deviceKey: step.device?.deviceKey,
      });
      return { status: 'challenge', challenge };
    }
    const tokens = readTokens(output.authenticationResult);
    return { status: 'signed-in', username: usernameOf(tokens.accessToken) ?? username, tokens };
  }
}

function prove(
  srp: SrpClient,
  parameters: Record<string, string>,
  identity: Parameters<SrpClient['prove']>[1],
): Record<string, string> {
  const challenge = readSrp(parameters);
  const { passwordClaimSignature, timestamp } = srp.prove(challenge, identity, new Date());
  return {
    PASSWORD_CLAIM_SECRET_BLOCK: challenge.secretBlock,
    PASSWORD_CLAIM_SIGNATURE: passwordClaimSignature,
    TIMESTAMP: timestamp,
  };
}

/** The device, if it has what it takes to prove itself. */
function provable(device: SignInDevice | undefined): RememberedDevice | undefined {
  return device?.devicePassword === undefined ? undefined : device;
}

/** @throws {CognestError} `argument_invalid` for a device that is none, or context of the other kind of sign-in. */
function readContext(given: AnswerContext, signed: boolean): Pick<Step, 'context' | 'device'> {
  const { analyticsMetadata, clientMetadata, contextData, userContextData, device } = given;
  const misplaced = signed ? userContextData : contextData;
  if (misplaced !== undefined) {
    throw new CognestError(
      'argument_invalid',
      signed
        ? 'A signed sign-in takes "contextData" and no "userContextData"'
        : '"contextData" goes with a signed sign-in: use "userContextData", or "signed: true"',
    );
  }
  return {
    context: { analyticsMetadata, clientMetadata, contextData, userContextData },
    device: device === undefined ? undefined : readDevice(device),
  };
}

function readDevice(given: SignInDevice): SignInDevice {
  refuseOtherMembers('"device"', given, DEVICE);
  const device: Readonly<Record<string, unknown>> = { ...given };
  const deviceKey = text(device, 'deviceKey');
  if (device['devicePassword'] === undefined) return { deviceKey };
  return {
    deviceKey,
    deviceGroupKey: text(device, 'deviceGroupKey'),
    devicePassword: text(device, 'devicePassword'),
  };
}
