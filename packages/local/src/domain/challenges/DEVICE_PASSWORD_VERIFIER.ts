import { findDevice } from '../devices/devices.js';
import { deviceNotFound } from '../devices/faults.js';
import { incorrectCredentials } from '../passwords/faults.js';
import { checkMaySignIn } from '../sign-in/admission.js';
import { checkLockout, countWrongPassword } from '../sign-in/attempts.js';
import { invalidSession } from '../sign-in/faults.js';
import { progressOf } from '../sign-in/sessions.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required, withProven } from '../sign-in/sign-in-progress.js';
import { endExchange, findExchange, proofHolds } from '../sign-in/srp-exchange.js';
import { findUserAsAdmin } from '../users/users.js';

/** Answers DEVICE_PASSWORD_VERIFIER: the device proves the password that it made when it was confirmed. */
export const DEVICE_PASSWORD_VERIFIER: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const { responses } = answer;
  const deviceKey = required(responses, 'DEVICE_KEY');
  const exchange = findExchange(context, client, responses, 'DEVICE_PASSWORD_VERIFIER');
  const user = context.storage.users.findBySub(pool.id, exchange.subject);
  const named = findUserAsAdmin(context, pool, required(responses, 'USERNAME'));
  if (user === undefined || named?.sub !== user.sub) throw invalidSession();
  checkMaySignIn(user);
  checkLockout(context, pool, user.sub);
  const device = findDevice(context, pool, user, deviceKey);
  if (exchange.progress.deviceKey !== deviceKey) throw deviceNotFound();
  const identity = { realm: device.groupKey, name: device.deviceKey };
  if (!proofHolds(identity, device.password.verifier, exchange, responses)) {
    context.storage.transaction(() => {
      endExchange(context, exchange);
      countWrongPassword(context, pool, user.sub);
    });
    throw incorrectCredentials();
  }
  return continueSignIn(
    context,
    { client, pool, user },
    withProven(progressOf(exchange.progress, user, responses), 'DEVICE_PASSWORD_VERIFIER'),
    { write: () => endExchange(context, exchange), clientMetadata: answer.clientMetadata },
  );
};
