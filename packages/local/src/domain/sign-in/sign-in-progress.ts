import type {
  AdminInitiateAuthResponse,
  AuthFlowType,
  ChallengeNameType,
  InitiateAuthResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { ChallengeResult } from '../../triggers/custom-auth.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { missingParameter } from '../faults.js';

/** `AuthParameters` or `ChallengeResponses`: their keys are checked here, not by the model. */
export type Parameters = Readonly<Record<string, string>>;

/** Tokens, or the challenge that comes before them; the public and the admin operations answer alike. */
export type AuthAnswer = InitiateAuthResponse & AdminInitiateAuthResponse;

/** @throws InvalidParameterException `Missing required parameter …` */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

/** What a sign-in under way has behind it. Kept with its session; the client sees nothing of it. */
export interface Progress {
  /** The flow that it began with. */
  readonly flow: AuthFlowType;
  /** The challenges met so far, the oldest first; `PASSWORD` for a password that was sent. */
  readonly proven: readonly ChallengeNameType[];
  /** A second factor was proven. */
  readonly mfa?: true;
  /** The device that the client says it is: a name, until `DEVICE_PASSWORD_VERIFIER` is among the proven. */
  readonly deviceKey?: string;
  /** Of a custom sign-in. */
  readonly custom?: CustomProgress;
  /** A challenge was answered under an alias: AWS lets such a sign-in confirm no device. */
  readonly underAlias?: boolean;
}

/** What the functions of a custom sign-in are told lies behind. */
export interface CustomProgress {
  readonly results: readonly ChallengeResult[];
  /** How many of the `proven` are among the results. */
  readonly seen: number;
  /** Sent at the start, for a proof of the password that may come. */
  readonly srpA?: string;
}

/** The progress after one more challenge was met. */
export function withProven(progress: Progress, challenge: ChallengeNameType): Progress {
  return { ...progress, proven: [...progress.proven, challenge] };
}

/** A challenge to put to the user. `ask` in `sign-in.ts` opens its session and answers with it. */
export interface NextChallenge {
  readonly name: ChallengeNameType;
  readonly parameters: Readonly<Record<string, string>>;
  /** What the answer is checked against; kept with the session. */
  readonly data?: object;
  /** `AvailableChallenges` of a sign-in by choice. */
  readonly available?: readonly ChallengeNameType[];
  /** Sends what the challenge asks for. Called when the session has been committed. */
  readonly deliver?: (clientMetadata: Parameters | undefined) => void | Promise<void>;
}

/** InitiateAuth, or AdminInitiateAuth, as its flow sees it. */
export interface FlowRequest {
  readonly operation: 'InitiateAuth' | 'AdminInitiateAuth';
  readonly access: ClientAccess;
  readonly flow: AuthFlowType;
  readonly parameters: Parameters;
  /** Reaches the triggers before the sign-in and none after it. */
  readonly clientMetadata: Parameters | undefined;
  readonly session: string | undefined;
}

/** One flow; `FLOWS` in `initiate-auth.ts` lists them. */
export type Flow = (context: OperationContext, request: FlowRequest) => Promise<AuthAnswer>;

/** RespondToAuthChallenge, or AdminRespondToAuthChallenge, as the challenge's responder sees it. */
export interface ChallengeAnswer {
  readonly operation: 'RespondToAuthChallenge' | 'AdminRespondToAuthChallenge';
  readonly access: ClientAccess;
  readonly responses: Parameters;
  readonly session: string | undefined;
  /** Reaches the triggers that run from here on. */
  readonly clientMetadata: Parameters | undefined;
}

/**
 * What answers one challenge: one file each in `challenges/`, listed in its index. The client's secret has
 * been checked and `USERNAME` is there.
 */
export type ChallengeResponder = (context: OperationContext, answer: ChallengeAnswer) => Promise<AuthAnswer>;

/** A key has at most 55 characters; of what is longer enough is kept to be nobody's. */
const MAX_DEVICE_KEY = 56;

/** The device that the client names, which need not be one. */
export function namedDevice(parameters: Parameters): string | undefined {
  return parameters['DEVICE_KEY']?.slice(0, MAX_DEVICE_KEY);
}
