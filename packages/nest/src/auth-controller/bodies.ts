import { ANSWER_SCHEMA } from './challenge-exchange.js';
import { attributes, type BodyOf, body, flag, json, oneOf, optional, text } from './schema.js';

/** Cognito's sessions and tokens have up to a few thousand characters. */
const SEALED_MAX = 16_384;
const TOKEN_MAX = 8192;

const username = text({
  max: 128,
  // As Cognito's own pattern, which leaves out spaces and control characters.
  pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u,
  what: 'without spaces',
  description: 'The user name; or, where the pool has aliases, a verified e-mail address or phone number.',
  example: 'grace',
});
const password = (description: string) => text({ max: 256, description, secret: true });
const code = text({
  max: 2048,
  pattern: /^\S+$/,
  what: 'without spaces',
  description: 'The code that was sent.',
  example: '123456',
});

export const SignUpBody = body({
  username,
  password: password('At least as strong as the pool wants it.'),
  attributes: optional(attributes('What the user says about themselves, by the name of the attribute.')),
});
export const UsernameBody = body({ username });
export const ConfirmBody = body({ username, code });
const identifying = (description: string) =>
  text({ max: 256, pattern: /^[\x21-\x7e]+$/, what: 'without spaces', description });

const confirmed = body({
  deviceKey: identifying('Its key.'),
  deviceGroupKey: identifying('The key of its group.'),
  devicePassword: text({ max: 256, description: 'What it proves itself with.', secret: true }),
});
const device = {
  ...confirmed,
  json: {
    ...confirmed.json,
    description: 'As `POST devices` gave it, in a pool that remembers devices. Not with a cookie session.',
  },
};

export const SignInBody = body({
  username,
  password: optional(password("The user's password. Left out in a sign-in by choice.")),
  preferredChallenge: optional(
    oneOf(['EMAIL_OTP', 'PASSWORD', 'SMS_OTP', 'WEB_AUTHN'], 'In a sign-in by choice: how to begin.'),
  ),
  device: optional(device),
});
const sealed = text({ max: SEALED_MAX, description: 'The sealed challenge, as it came.' });
export const SealedBody = body({ challenge: sealed });
export const ChallengeBody = body({
  challenge: sealed,
  // What it may be depends on the challenge, which only the seal knows: it is checked in two steps.
  answer: { ...json(SEALED_MAX, 'What the challenge asks for.'), json: ANSWER_SCHEMA },
});
export const RefreshBody = body({
  refreshToken: optional(
    text({ max: TOKEN_MAX, description: 'As a sign-in gave it. Not with a cookie session.', secret: true }),
  ),
  username: optional(username),
  deviceKey: optional(
    identifying(
      'In a pool that remembers devices: that of the sign-in, known or new. Not with a cookie session.',
    ),
  ),
});
export const SignOutBody = body({
  refreshToken: optional(
    text({
      max: TOKEN_MAX,
      description: 'The one of the session that ends. Not with a cookie session.',
      secret: true,
    }),
  ),
});
export const ResetPasswordBody = body({ username, code, newPassword: password('The password from now on.') });
export const ChangePasswordBody = body({
  previousPassword: password('The password until now.'),
  newPassword: password('The password from now on.'),
});
export const AttributesBody = body({
  attributes: attributes('The attributes to write, by name; those that are left out stay as they are.'),
});
export const CodeBody = body({ code });
export const TotpBody = body({
  code,
  friendlyDeviceName: optional(text({ max: 256, description: 'What the user calls their app.' })),
});
const factor = optional(
  body({
    enabled: flag('Whether the user signs in with it.'),
    preferred: optional(flag('Whether it is the first one to be asked for. Default: no.')),
  }),
);
export const MfaBody = body({ softwareToken: factor, sms: factor, email: factor });
export const ConfirmDeviceBody = body({
  deviceKey: optional(
    identifying('`tokens.newDeviceMetadata.deviceKey` of the sign-in. Not with a cookie session.'),
  ),
  deviceGroupKey: optional(
    identifying('`tokens.newDeviceMetadata.deviceGroupKey` of the sign-in. Not with a cookie session.'),
  ),
  name: optional(text({ max: 128, description: 'What the user calls it.' })),
  remembered: optional(
    flag('Whether the device is remembered, where the pool leaves it to the user. Default: no.'),
  ),
});
export const DeviceBody = body({ remembered: flag('Whether the device is remembered.') });
export const PasskeyBody = body({
  credential: json(SEALED_MAX, 'What `PublicKeyCredential.toJSON()` gives.'),
});

/** What stands in a path or a query: a key that Cognito gave, the name of an attribute. */
export const identifier = text({ max: 4096, pattern: /^[\x21-\x7e]+$/, what: 'without spaces' });
/** The attributes that codes are sent to. */
export const verifiable = oneOf(['email', 'phone_number'], 'The address.');

export const NoBody = body({});

export type SignUpRequest = BodyOf<typeof SignUpBody>;
export type UsernameRequest = BodyOf<typeof UsernameBody>;
export type ConfirmRequest = BodyOf<typeof ConfirmBody>;
export type SignInRequest = BodyOf<typeof SignInBody>;
export type SealedRequest = BodyOf<typeof SealedBody>;
export type ChallengeRequest = BodyOf<typeof ChallengeBody>;
export type RefreshRequest = BodyOf<typeof RefreshBody>;
export type SignOutRequest = BodyOf<typeof SignOutBody>;
export type ResetPasswordRequest = BodyOf<typeof ResetPasswordBody>;
export type ChangePasswordRequest = BodyOf<typeof ChangePasswordBody>;
export type AttributesRequest = BodyOf<typeof AttributesBody>;
export type CodeRequest = BodyOf<typeof CodeBody>;
export type TotpRequest = BodyOf<typeof TotpBody>;
export type MfaRequest = BodyOf<typeof MfaBody>;
export type ConfirmDeviceRequest = BodyOf<typeof ConfirmDeviceBody>;
export type DeviceRequest = BodyOf<typeof DeviceBody>;
export type PasskeyRequest = BodyOf<typeof PasskeyBody>;
