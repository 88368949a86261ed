import { findDevice } from '../devices/devices.js';
import { deviceNotFound } from '../devices/faults.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';
import { openExchange, publicValue } from '../sign-in/srp-exchange.js';

/** Answers DEVICE_SRP_AUTH with the device's half of an exchange; DEVICE_PASSWORD_VERIFIER is next. */
export const DEVICE_SRP_AUTH: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const deviceKey = required(answer.responses, 'DEVICE_KEY');
  const clientPublic = publicValue(answer.responses);
  const { session, user, progress } = answeredSession(context, answer, 'DEVICE_SRP_AUTH');
  const device = findDevice(context, pool, user, deviceKey);
  // The challenge was for the device that the session knows.
  if (session.progress.deviceKey !== deviceKey) throw deviceNotFound();
  const exchange = context.storage.transaction(() => {
    useSession(context, session);
    return openExchange(
      context,
      client,
      { challenge: 'DEVICE_PASSWORD_VERIFIER', subject: user.sub, progress, clientPublic },
      device.password,
    );
  });
  return {
    ChallengeName: 'DEVICE_PASSWORD_VERIFIER',
    ChallengeParameters: { ...exchange, USERNAME: user.username, DEVICE_KEY: deviceKey },
  };
};
