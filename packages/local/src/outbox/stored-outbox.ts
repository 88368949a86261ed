import type { Log } from '../protocol/log.js';
import type { Storage } from '../storage/storage.js';
import type { Outbox, OutgoingMessage } from './outbox.js';

/** Keeps every message, and prints it for whoever watches the server. */
export function createStoredOutbox(storage: Pick<Storage, 'messages'>, log: Pick<Log, 'info'>): Outbox {
  return {
    deliver: (message) => {
      storage.messages.append(message);
      log.info(formatMessage(message));
    },
  };
}

/** One readable block. What users typed cannot steer the terminal. */
export function formatMessage(message: OutgoingMessage): string {
  const { medium, destination, trigger, username, userPoolId, subject, body } = message;
  const kind = medium === 'EMAIL' ? 'E-mail' : 'SMS';
  const lines = [
    `${kind} to ${destination} (${trigger}, user ${username}, pool ${userPoolId})`,
    ...(subject === undefined ? [] : [`  Subject: ${subject}`]),
    ...body.split('\n').map((line) => `  ${line}`),
  ];
  return lines.map((line) => line.replace(/\p{Cc}/gu, ' ').trimEnd()).join('\n');
}
