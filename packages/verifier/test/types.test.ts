import type { ReadableStream } from 'node:stream/web';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type AccessTokenClaims,
  type CognitoClaims,
  createRevocations,
  createVerifier,
  type FetchLike,
  type IdTokenClaims,
  isMachine,
  type PoolOptions,
  type Revocations,
  type Verifier,
  VerifierError,
  type VerifierErrorCode,
  type VerifierErrorKind,
} from '../src/index.js';
import { JWKS } from './support/pool.js';

const pool = { userPoolId: 'eu-west-1_a', clientId: 'x', jwks: JWKS };

// The compiler is the test; nothing here needs to run.
describe('types', () => {
  it('of the claims follow from tokenUse', () => {
    expectTypeOf(createVerifier({ ...pool, tokenUse: 'access' })).toEqualTypeOf<
      Verifier<AccessTokenClaims>
    >();
    expectTypeOf(createVerifier({ ...pool, tokenUse: 'id' })).toEqualTypeOf<Verifier<IdTokenClaims>>();
    expectTypeOf(createVerifier({ ...pool, tokenUse: ['access'] })).toEqualTypeOf<
      Verifier<AccessTokenClaims>
    >();
    expectTypeOf(createVerifier({ ...pool, tokenUse: ['access', 'id'] })).toEqualTypeOf<
      Verifier<CognitoClaims>
    >();
    expectTypeOf(createVerifier({ ...pool, tokenUse: null })).toEqualTypeOf<Verifier<CognitoClaims>>();
  });

  it('of the claims of several pools are those of all of them', () => {
    const access = { ...pool, tokenUse: 'access' } as const;
    const id = { ...pool, userPoolId: 'eu-west-1_b', tokenUse: 'id' } as const;
    expectTypeOf(createVerifier([access])).toEqualTypeOf<Verifier<AccessTokenClaims>>();
    expectTypeOf(createVerifier([access, id])).toEqualTypeOf<Verifier<CognitoClaims>>();
    const both = { ...pool, userPoolId: 'eu-west-1_c', tokenUse: ['access', 'id'] } as const;
    expectTypeOf(createVerifier([access, both])).toEqualTypeOf<Verifier<CognitoClaims>>();
    expectTypeOf(createVerifier([{ ...pool, tokenUse: 'id' }])).toEqualTypeOf<Verifier<IdTokenClaims>>();
    const list: PoolOptions<'access'>[] = [access];
    expectTypeOf(createVerifier(list)).toEqualTypeOf<Verifier<AccessTokenClaims>>();
    expectTypeOf(createVerifier([id], { cache: false })).toEqualTypeOf<Verifier<IdTokenClaims>>();
  });

  it('of the claims are told apart by token_use, and are read-only', () => {
    const use = (claims: CognitoClaims) => {
      // @ts-expect-error which token it is must be asked first
      claims.client_id.length;
      if (claims.token_use === 'access') {
        expectTypeOf(claims).toEqualTypeOf<AccessTokenClaims>();
        expectTypeOf(claims.client_id).toEqualTypeOf<string>();
        expectTypeOf(claims['aud']).toEqualTypeOf<unknown>();
      } else {
        expectTypeOf(claims.aud).toEqualTypeOf<string>();
        expectTypeOf(claims['custom:team']).toEqualTypeOf<unknown>();
      }
      expectTypeOf(claims['cognito:groups']).toEqualTypeOf<readonly string[] | undefined>();
      // @ts-expect-error claims are frozen
      claims.sub = 'x';
      // @ts-expect-error and so are lists in them
      claims['cognito:groups']?.push('admin');
      if (isMachine(claims)) expectTypeOf(claims.username).toEqualTypeOf<undefined>();
    };
    expectTypeOf(use).toBeFunction();
  });

  it('ask for every option that closes something', () => {
    const misuse = () => {
      // @ts-expect-error a client must be named, or switched off with null
      createVerifier({ userPoolId: 'eu-west-1_a', tokenUse: 'access' });
      // @ts-expect-error a token use must be named, or switched off with null
      createVerifier({ userPoolId: 'eu-west-1_a', clientId: 'x' });
      // @ts-expect-error there is no such token use
      createVerifier({ ...pool, tokenUse: 'refresh' });
      // @ts-expect-error there is no such option
      createVerifier({ userPoolId: 'eu-west-1_a', clientId: 'x', tokenUse: 'access', client: 'x' });
      // @ts-expect-error what is common to all pools stands apart
      createVerifier([{ userPoolId: 'eu-west-1_a', clientId: 'x', tokenUse: 'access', cache: false }]);
      // @ts-expect-error a list does not say whether any or all are meant
      createVerifier({ ...pool, tokenUse: 'access', groups: ['admin'] });
      // @ts-expect-error neither any nor all
      createVerifier({ ...pool, tokenUse: 'access', groups: {} });
    };
    expectTypeOf(misuse).toBeFunction();
  });

  it('of fetch fit the platform’s, and others with an agent', () => {
    expectTypeOf<typeof globalThis.fetch>().toExtend<FetchLike>();
    // Shaped like undici's: a `Response` that is not the platform's, and one option more.
    type AgentFetch = (
      url: string | URL,
      init?: {
        signal?: AbortSignal | null;
        redirect?: 'error' | 'follow';
        headers?: object;
        dispatcher?: object;
      },
    ) => Promise<{
      status: number;
      redirected: boolean;
      body: ReadableStream | null;
      text(): Promise<string>;
    }>;
    const make = (agentFetch: AgentFetch, dispatcher: object) =>
      createVerifier({
        ...pool,
        tokenUse: 'id',
        fetch: (url, init) => agentFetch(url, { ...init, dispatcher }),
      });
    expectTypeOf(make).returns.toEqualTypeOf<Verifier<IdTokenClaims>>();
    // As old ones with a stream of Node.
    expectTypeOf<
      (url: string) => Promise<{ status: number; body: NodeJS.ReadableStream & AsyncIterable<Buffer> }>
    >().toExtend<FetchLike>();
    // @ts-expect-error an answer must have a status
    createVerifier({ ...pool, tokenUse: 'id', fetch: async () => ({ body: null }) });
  });

  it('of a check know the claims', () => {
    createVerifier({
      ...pool,
      tokenUse: 'access',
      check: (claims) => {
        expectTypeOf(claims).toEqualTypeOf<AccessTokenClaims>();
        return true;
      },
    });
    const verifier = createVerifier({ ...pool, tokenUse: 'id' });
    const use = () =>
      verifier.verify('token', {
        groups: { any: ['a'], all: ['b'] },
        check: async (claims) => {
          expectTypeOf(claims).toEqualTypeOf<IdTokenClaims>();
          return claims.email_verified === true;
        },
      });
    expectTypeOf(use).returns.resolves.toEqualTypeOf<IdTokenClaims>();
    expectTypeOf(verifier.verifyCached).returns.toEqualTypeOf<IdTokenClaims | undefined>();
    // @ts-expect-error only a boolean, so that forgetting to return is noticed
    createVerifier({ ...pool, tokenUse: 'id', check: () => {} });
  });

  it('of errors are literals', () => {
    const read = (error: VerifierError) => {
      expectTypeOf(error.code).toEqualTypeOf<VerifierErrorCode>();
      expectTypeOf(error.kind).toEqualTypeOf<VerifierErrorKind>();
      expectTypeOf(error.retryAfterS).toEqualTypeOf<number | undefined>();
      // @ts-expect-error no such code
      return error.code === 'expired';
    };
    expectTypeOf(read).toBeFunction();
    expectTypeOf<VerifierError>().toExtend<Error>();
    expectTypeOf(createRevocations()).toExtend<Revocations>();
  });

  it('fit the fetch of the platform', () => {
    createVerifier({ ...pool, tokenUse: 'access', fetch: globalThis.fetch });
    createVerifier({
      ...pool,
      tokenUse: 'access',
      fetch: (url, init) => fetch(url, { ...init, keepalive: true }),
    });
  });
});
