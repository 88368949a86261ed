import { checkMaySignIn } from '../admission.js';
import { checkLockout, countWrongPassword } from '../attempts.js';
import { findDevice } from '../devices.js';
import { deviceNotFound, incorrectCredentials, invalidSession } from '../faults.js';
import { progressOf } from '../sessions.js';
import { continueSignIn } from '../sign-in.js';
import { type ChallengeResponder, required, withProven } from '../sign-in-progress.js';
import { endExchange, findExchange, proofHolds } from '../srp-exchange.js';
import { findUserAsAdmin } from '../users.js';

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
