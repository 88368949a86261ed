import type { ClientSecretDescriptorType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import { constraintViolatedBySecret, invalidParameter } from '../faults.js';
import { newClientSecret } from '../ids.js';
import { clientSecretNotFound, tooManySecrets } from './faults.js';

/** So that a secret can be replaced while both are in use. */
const MAX_SECRETS = 2;
const MIN_SECRET_LENGTH = 24;

/** @throws InvalidParameterException for a secret of one's own that is too short. */
export function checkSecret(secret: string): void {
  if (secret.length < MIN_SECRET_LENGTH) {
    throw constraintViolatedBySecret(
      'clientSecret',
      `Member must have length greater than or equal to ${MIN_SECRET_LENGTH}`,
    );
  }
}

/**
 * Gives a client that has a secret another one; both are good from then on.
 *
 * @returns its description, with the value when it was made here and not given.
 * @throws InvalidParameterException for a public client, LimitExceededException beyond two.
 */
export function addSecret(
  { storage, clock }: OperationContext,
  client: UserPoolClientRecord,
  given: string | undefined,
): ClientSecretDescriptorType {
  if (given !== undefined) checkSecret(given);
  if (client.secrets.length === 0) {
    throw invalidParameter('A secret cannot be added to a client that was created without one.');
  }
  if (client.secrets.length >= MAX_SECRETS) throw tooManySecrets();
  if (given !== undefined && client.secrets.includes(given)) {
    throw invalidParameter('The client has this secret already.');
  }
  const dates = datesOf(client);
  // Ids are made of the time, and have to differ.
  const createdAt = Math.max(clock.now(), ...dates.map((date) => date + 1));
  const secret = given ?? newClientSecret();
  storage.transaction(() =>
    storage.clients.update({
      ...client,
      secrets: [...client.secrets, secret],
      secretDates: [...dates, createdAt],
      modifiedAt: clock.now(),
    }),
  );
  return {
    ...described(client, createdAt),
    ...(given === undefined && { ClientSecretValue: secret }),
  };
}

/** The secrets of a client without their values, the oldest first. */
export function listSecrets(client: UserPoolClientRecord): ClientSecretDescriptorType[] {
  return datesOf(client).map((createdAt) => described(client, createdAt));
}

/** @throws ResourceNotFoundException for an id that is none, InvalidParameterException for the last secret. */
export function deleteSecret(
  { storage, clock }: OperationContext,
  client: UserPoolClientRecord,
  secretId: string,
): void {
  const dates = datesOf(client);
  const index = dates.findIndex((createdAt) => idOf(client, createdAt) === secretId);
  if (index === -1) throw clientSecretNotFound();
  if (dates.length === 1) throw invalidParameter('The last secret of a client cannot be deleted.');
  const others = <T>(list: readonly T[]) => list.filter((_, position) => position !== index);
  storage.transaction(() =>
    storage.clients.update({
      ...client,
      secrets: others(client.secrets),
      secretDates: others(dates),
      modifiedAt: clock.now(),
    }),
  );
}

function datesOf({ secrets, secretDates, createdAt }: UserPoolClientRecord): number[] {
  return secrets.map((_, index) => secretDates[index] ?? createdAt);
}

function idOf(client: UserPoolClientRecord, createdAt: number): string {
  return `${client.id}--${createdAt}`;
}

function described(client: UserPoolClientRecord, createdAt: number): ClientSecretDescriptorType {
  return { ClientSecretId: idOf(client, createdAt), ClientSecretCreateDate: new Date(createdAt) };
}
