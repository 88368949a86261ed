import type { JsonSchema } from '../openapi/swagger-metadata.js';

/** The schemas of what the endpoints answer. */

const text = (description?: string): JsonSchema => ({
  type: 'string',
  ...(description !== undefined && { description }),
});
const texts = { type: 'array', items: { type: 'string' } };
const object = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => ({
  type: 'object',
  properties,
  required,
});

const SIGNED_IN = {
  ...object(
    {
      status: { type: 'string', enum: ['signed-in'] },
      username: text('The real user name.'),
      expiresAt: { type: 'string', format: 'date-time', description: 'When the access token expires.' },
      newDevice: {
        type: 'boolean',
        enum: [true],
        description: 'The device is a new one to the pool: `POST devices` makes it known.',
      },
      tokens: object(
        {
          accessToken: text(),
          idToken: text(),
          refreshToken: text('After a refresh: only where refresh tokens rotate.'),
          tokenType: { type: 'string', example: 'Bearer' },
          expiresIn: { type: 'integer', description: 'Seconds.' },
          expiresAt: { type: 'string', format: 'date-time' },
          newDeviceMetadata: object({ deviceKey: text(), deviceGroupKey: text() }),
        },
        ['accessToken', 'idToken', 'tokenType', 'expiresIn', 'expiresAt'],
      ),
    },
    ['status', 'username', 'expiresAt'],
  ),
  description: 'With a cookie session, the tokens are in the cookies and not here.',
};

const CHALLENGE = object({
  status: { type: 'string', enum: ['challenge'] },
  challenge: object(
    {
      name: { type: 'string', example: 'NEW_PASSWORD_REQUIRED' },
      sealed: text('To be sent back with the answer.'),
      requiredAttributes: texts,
      availableChallenges: texts,
      mfaTypes: texts,
      deliveryMedium: text('How a code was sent: `SMS` or `EMAIL`.'),
      destination: text('Where a code was sent, masked.'),
      friendlyDeviceName: text(),
      credentialRequestOptions: { type: 'object', additionalProperties: true },
      parameters: { type: 'object', additionalProperties: { type: 'string' } },
    },
    ['name', 'sealed'],
  ),
});

export const REFRESHED_SCHEMA = SIGNED_IN;
export const SIGN_IN_SCHEMA: JsonSchema = { anyOf: [SIGNED_IN, CHALLENGE] };
export const TOTP_SETUP_SCHEMA: JsonSchema = {
  ...CHALLENGE,
  properties: {
    ...(CHALLENGE['properties'] as object),
    secretCode: text('For users who type it in: Base32.'),
    otpauthUri: text('For a QR code.'),
  },
};
export const ACCEPTED_SCHEMA: JsonSchema = object({ status: { type: 'string', enum: ['accepted'] } });
export const SIGN_UP_SCHEMA: JsonSchema = object(
  {
    status: { type: 'string', enum: ['accepted'] },
    userConfirmed: { type: 'boolean', description: 'Not with uniform answers.' },
  },
  ['status'],
);
export const PROFILE_SCHEMA: JsonSchema = object(
  {
    username: text(),
    attributes: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string' }, { type: 'boolean' }] },
    },
    mfa: object({ methods: texts, preferred: text() }, ['methods']),
  },
  ['username', 'attributes', 'mfa'],
);
export const SENT_SCHEMA: JsonSchema = object({
  sent: {
    type: 'array',
    items: object({ attribute: text(), medium: text(), destination: text('Masked.') }, []),
  },
});
export const TOTP_SECRET_SCHEMA: JsonSchema = object({
  secretCode: text('For users who type it in: Base32.'),
  otpauthUri: text('For a QR code.'),
});
const DATE: JsonSchema = { type: 'string', format: 'date-time' };
export const DEVICES_SCHEMA: JsonSchema = object(
  {
    devices: {
      type: 'array',
      items: object({ deviceKey: text(), name: text(), remembered: { type: 'boolean' }, lastSignIn: DATE }, [
        'deviceKey',
        'remembered',
      ]),
    },
    next: text('For the next page.'),
  },
  ['devices'],
);
export const CONFIRMED_DEVICE_SCHEMA: JsonSchema = object({
  remembered: { type: 'boolean' },
  device: {
    ...object({ deviceKey: text(), deviceGroupKey: text(), devicePassword: text() }, ['deviceKey']),
    description:
      'To be kept as a password is, and sent with each sign-in. With a cookie session: its key alone.',
  },
});
export const PASSKEYS_SCHEMA: JsonSchema = object(
  {
    passkeys: {
      type: 'array',
      items: object({ credentialId: text(), name: text(), relyingPartyId: text(), createdAt: DATE }, [
        'credentialId',
      ]),
    },
    next: text('For the next page.'),
  },
  ['passkeys'],
);
export const PASSKEY_OPTIONS_SCHEMA: JsonSchema = object({
  credentialCreationOptions: { type: 'object', additionalProperties: true },
});
