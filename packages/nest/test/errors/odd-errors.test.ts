import { NotAuthorizedException } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { CognestError, cognitoErrorTable, httpAnswer, isSimulatedSignUp } from '../../src/index.js';

const SECRET = 'hunter2';
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable(new Error(SECRET), {});
  revoke();
  return proxy;
};
const throwing = (member: string) =>
  Object.defineProperty(new Error(SECRET), member, {
    get() {
      throw new Error(SECRET);
    },
  });

/** Whatever may be thrown, and what is made to be hard to look at. */
const odd: readonly [what: string, thrown: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', SECRET],
  ['a number', Number.NaN],
  ['a bigint', 1n],
  ['a symbol', Symbol(SECRET)],
  ['a function', () => SECRET],
  ['a list', [SECRET]],
  ['an object without prototype', Object.assign(Object.create(null), { message: SECRET })],
  ['a frozen object', Object.freeze({ message: SECRET })],
  ['a frozen error', Object.freeze(new Error(SECRET))],
  ['a proxy of an error', new Proxy(new Error(SECRET), {})],
  ['a proxy that was revoked', revoked()],
  ['an error whose name cannot be read', throwing('name')],
  ['an error whose message cannot be read', throwing('message')],
  ['an error whose metadata cannot be read', throwing('$metadata')],
  ['an error with a name that is none', Object.assign(new Error(SECRET), { name: { a: 1 } })],
  ['an error with the name of a method', Object.assign(new Error(SECRET), { name: 'toString' })],
  ['an error with the name of the prototype', Object.assign(new Error(SECRET), { name: '__proto__' })],
  ['what just looks like an exception', { name: 'InvalidParameterException', message: SECRET }],
];

describe('httpAnswer', () => {
  it.each(odd)('answers %s as any bug', (_, thrown) => {
    for (const authenticated of [false, true]) {
      const answer = httpAnswer(thrown, cognitoErrorTable, authenticated);
      expect(answer).toEqual({
        problem: {
          type: 'about:blank',
          title: 'Internal Server Error',
          status: 500,
          code: 'misconfigured',
          detail: cognitoErrorTable.UnknownException.detail,
        },
        headers: {},
      });
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    }
  });

  it('goes on knowing frozen exceptions, and those behind a proxy', () => {
    const error = new NotAuthorizedException({ message: 'Incorrect username or password.', $metadata: {} });
    for (const given of [Object.freeze(error), new Proxy(error, {})]) {
      expect(httpAnswer(given, cognitoErrorTable, false)).toMatchObject({
        problem: { status: 401, code: 'not_authorized' },
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
  });

  it.each([
    ['without entries', {}],
    ['without the entry that is asked for', { UnknownException: undefined }],
    ['that is none', undefined],
    ['that is null', null],
  ])('answers by a table %s', (_, table) => {
    for (const error of [new CognestError('pool_unknown', SECRET), new Error(SECRET)]) {
      const { problem } = httpAnswer(error, table as never, false);
      expect(problem).toMatchObject({ status: 500, code: 'misconfigured' });
      expect(JSON.stringify(problem)).not.toContain(SECRET);
    }
  });

  it('takes the entry of the app for the unknown', () => {
    const table = { UnknownException: { status: 503, code: 'out_of_order', detail: 'Later.' } };
    expect(httpAnswer(undefined, table, false).problem).toMatchObject({ status: 503, code: 'out_of_order' });
  });
});

describe('isSimulatedSignUp', () => {
  it.each([undefined, null, 'x', 5, {}, { userSub: { a: 1 } }, []])('is no for %j', (result) => {
    expect(isSimulatedSignUp(result as never)).toBe(false);
  });
});
