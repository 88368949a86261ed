// One function per library, which loads it and gives back what verifies a token: for the long runs as well as for
// measuring how long the first verification takes.
import { CLIENT_ID, ISSUER, POOL_ID } from './pool.mjs';

/** @typedef {(token: string) => unknown} Verify */

const cognest = { userPoolId: POOL_ID, clientId: CLIENT_ID, tokenUse: /** @type {const} */ ('access') };

/** @param {string} url @param {import('@cognest/verifier').VerifierOptions} [options] */
export async function cognestVerifier(url, options = {}) {
  const { createVerifier } = await import('@cognest/verifier');
  const verifier = createVerifier({ ...cognest, fetch: () => fetch(url), ...options });
  await verifier.hydrate();
  return verifier;
}

/** @type {Record<string, (url: string, pem: string) => Promise<Verify>>} */
export const libraries = {
  '@cognest/verifier': async (url) => {
    const verifier = await cognestVerifier(url);
    return (token) => verifier.verify(token);
  },
  'aws-jwt-verify': async (url) => {
    const { CognitoJwtVerifier } = await import('aws-jwt-verify');
    const verifier = CognitoJwtVerifier.create(cognest);
    // It fetches over https only.
    verifier.cacheJwks(/** @type {any} */ (await (await fetch(url)).json()));
    return (token) => verifier.verify(token);
  },
  jose: async (url) => {
    const { createRemoteJWKSet, jwtVerify } = await import('jose');
    const keys = createRemoteJWKSet(new URL(url));
    return async (token) => {
      const { payload } = await jwtVerify(token, keys, { algorithms: ['RS256'], issuer: ISSUER });
      checkCognitoClaims(payload);
      return payload;
    };
  },
  'fast-jwt, key given, no cache': async (_url, pem) => fastJwt(pem, false),
  'fast-jwt, key given, its cache': async (_url, pem) => fastJwt(pem, 10_000),
  'jsonwebtoken + jwks-rsa': async (url) => {
    const { default: jsonwebtoken } = await import('jsonwebtoken');
    const { default: jwksRsa } = await import('jwks-rsa');
    const client = jwksRsa({ jwksUri: url, cache: true });
    return (token) =>
      new Promise((resolve, reject) => {
        jsonwebtoken.verify(
          token,
          (header, done) => {
            client.getSigningKey(header.kid).then(
              (key) => done(null, key.getPublicKey()),
              (error) => done(error),
            );
          },
          { algorithms: ['RS256'], issuer: ISSUER },
          (error, payload) => {
            if (error !== null || typeof payload !== 'object') return reject(error);
            checkCognitoClaims(payload);
            resolve(payload);
          },
        );
      });
  },
  'passport-jwt + jwks-rsa': async (url) => {
    const { ExtractJwt, Strategy } = await import('passport-jwt');
    const { default: jwksRsa } = await import('jwks-rsa');
    const strategy = new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKeyProvider: jwksRsa.passportJwtSecret({ jwksUri: url, cache: true }),
        algorithms: ['RS256'],
        issuer: ISSUER,
      },
      (/** @type {any} */ payload, /** @type {any} */ done) => {
        checkCognitoClaims(payload);
        done(null, payload);
      },
    );
    return (token) =>
      new Promise((resolve, reject) => {
        const attempt = Object.create(strategy);
        Object.assign(attempt, {
          success: resolve,
          fail: reject,
          error: reject,
          pass: reject,
          redirect: reject,
        });
        attempt.authenticate({ headers: { authorization: `Bearer ${token}` } });
      });
  },
};

/** @param {string} pem @param {number | false} cache @returns {Promise<Verify>} */
async function fastJwt(pem, cache) {
  const { createVerifier } = await import('fast-jwt');
  const verify = createVerifier({ key: pem, algorithms: ['RS256'], allowedIss: ISSUER, cache });
  return (token) => {
    const payload = verify(token);
    checkCognitoClaims(payload);
    return payload;
  };
}

/** What a general library leaves to its user. @param {any} payload */
function checkCognitoClaims(payload) {
  if (payload.token_use !== 'access' || payload.client_id !== CLIENT_ID) throw new Error('another token');
}
