import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AttributeType, CreateUserPoolCommandInput } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { ABBREVIATIONS, codeName, DOCUMENTS, fromApi, MAPS, toApi } from '../src/services/casing.js';

/** The declarations of every structure of the installed SDK. */
const sdkTypes = (() => {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@aws-sdk/client-cognito-identity-provider');
  const models = join(dirname(entry), '..', 'dist-types', 'models');
  return readdirSync(models)
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => readFileSync(join(models, file), 'utf8'))
    .join('\n');
})();

const members = (pattern: RegExp) =>
  [...new Set([...sdkTypes.matchAll(pattern)].map(([, name]) => name))].sort();

describe('names', () => {
  it('know every abbreviation that a member of the SDK begins with', () => {
    expect(members(/^ {4}([A-Z]{2}\w*)\??:/gm)).toEqual(Object.keys(ABBREVIATIONS).sort());
  });

  it('know every map of the SDK, whose keys are the caller’s', () => {
    // `Attributes` is a map in the quota operations alone, which no service has; elsewhere it lists a user's attributes.
    expect(members(/^ {4}(\w+)\??: Record<string,/gm).filter((name) => name !== 'Attributes')).toEqual(
      [...MAPS].sort(),
    );
  });

  it('know every document of the SDK, no letter of which is changed', () => {
    expect(members(/^ {4}(\w+)\??: __DocumentType/gm)).toEqual([...DOCUMENTS].sort());
    const Credential = { id: 'x', response: { clientDataJSON: 'y' }, Attributes: [{ Name: 'a' }], Tags: {} };
    expect(fromApi({ Credential })).toEqual({ credential: Credential });
    expect(toApi({ credential: Credential })).toEqual({ Credential });
  });

  it('go to the API and back unchanged', () => {
    const input: CreateUserPoolCommandInput = {
      PoolName: 'p',
      UserPoolTags: { Team: 'a', team: 'b' },
      Schema: [{ Name: 'level', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '1' } }],
      LambdaConfig: { KMSKeyID: 'k', PreSignUp: 'arn' },
      AcrConfiguration: { 'urn:x': {} } as never,
    };
    const camel = fromApi(input);
    expect(camel).toEqual({
      poolName: 'p',
      userPoolTags: { Team: 'a', team: 'b' },
      schema: [{ name: 'level', attributeDataType: 'Number', numberAttributeConstraints: { minValue: '1' } }],
      lambdaConfig: { kmsKeyID: 'k', preSignUp: 'arn' },
      acrConfiguration: { 'urn:x': {} },
    });
    expect(toApi(camel)).toEqual(input);
  });
});

describe('names that the API writes in more than one way', () => {
  const structure = (...apiNames: string[]) => ({
    kind: 'structure' as const,
    members: new Map(apiNames.map((apiName) => [codeName(apiName), { apiName, shape: undefined }])),
  });
  it('are those of what they are members of', () => {
    const smsMessage = 'Code {####}';
    expect(toApi({ smsMessage }, structure('SmsMessage'))).toEqual({ SmsMessage: smsMessage });
    expect(toApi({ smsMessage }, structure('SMSMessage'))).toEqual({ SMSMessage: smsMessage });
    expect(toApi({ headerName: 'x' }, structure('headerName'))).toEqual({ headerName: 'x' });
  });
});

describe('values', () => {
  it('attributes are a record, and the verified ones are booleans', () => {
    const UserAttributes: AttributeType[] = [
      { Name: 'email', Value: 'a@example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'phone_number_verified', Value: 'false' },
      { Name: 'custom:a', Value: '' },
      { Name: 'none' },
    ];
    const { userAttributes } = fromApi({ UserAttributes });
    expect(userAttributes).toEqual({
      email: 'a@example.com',
      email_verified: true,
      phone_number_verified: false,
      'custom:a': '',
    });
    expect(toApi({ userAttributes: { ...userAttributes, name: undefined } })).toEqual({
      UserAttributes: UserAttributes.slice(0, 4),
    });
  });

  it('an attribute cannot reach the prototype', () => {
    const { userAttributes } = fromApi({ UserAttributes: [{ Name: '__proto__', Value: 'x' }] });
    expect(Object.getPrototypeOf(userAttributes)).toBe(Object.prototype);
    expect(Object.entries(userAttributes)).toEqual([['__proto__', 'x']]);
  });

  it('dates, bytes, empty lists and falsy values pass; what is undefined is left out', () => {
    const at = new Date(0);
    const bytes = new Uint8Array([1]);
    expect(
      fromApi({ At: at, Bytes: bytes, List: [], Zero: 0, No: false, Not: undefined, $metadata: {} }),
    ).toEqual({
      at,
      bytes,
      list: [],
      zero: 0,
      no: false,
    });
    expect(toApi({ at, bytes, list: [], zero: 0, no: false, not: undefined })).toEqual({
      At: at,
      Bytes: bytes,
      List: [],
      Zero: 0,
      No: false,
    });
  });
});
