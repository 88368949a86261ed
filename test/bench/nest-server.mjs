// One app in a process of its own: `node nest-server.mjs <platform> <contestant> <address of the keys>`. It tells its
// port over IPC, then its processor time as often as it is asked, and ends with its parent.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLIENT_ID, ISSUER, POOL_ID } from './lib/pool.mjs';

const [platform = '', contestant = '', keysUrl = ''] = process.argv.slice(2);
/** @type {Record<string, () => Promise<any>>} */
const beside = {
  '@cognest/nest': () => import('@cognest/nest'),
  '@nestjs/common': () => import('@nestjs/common'),
  '@nestjs/core': () => import('@nestjs/core'),
  '@nestjs/passport': () => import('@nestjs/passport'),
  '@nestjs/platform-express': () => import('@nestjs/platform-express'),
  '@nestjs/platform-fastify': () => import('@nestjs/platform-fastify'),
  jose: () => import('jose'),
  'jwks-rsa': () => import('jwks-rsa'),
  'passport-jwt': () => import('passport-jwt'),
  'reflect-metadata': () => import('reflect-metadata'),
};
const { resolve } = createRequire(join(import.meta.dirname, 'peers', 'package.json'));
/** @param {string} name @returns {Promise<any>} */
const inPeers = (name) => import(pathToFileURL(resolve(name)).href);
/** A package, from where this contestant has its own. @param {string} name @returns {Promise<any>} */
const load = async (name) => (contestant === '@nestjs-cognito/auth' ? inPeers(name) : beside[name]?.());

await load('reflect-metadata');
const { Controller, Get, Module, UseGuards, UnauthorizedException } = await load('@nestjs/common');
const { NestFactory } = await load('@nestjs/core');

/**
 * What a contestant adds to the app: modules, providers, and the guard on the handler.
 *
 * @typedef {{ imports?: unknown[], providers?: unknown[], guard?: unknown, ready?: (app: any) => unknown }} Parts
 * @type {Record<string, () => Promise<Parts> | Parts>}
 */
const contestants = {
  unguarded: () => ({}),
  // What Nest itself asks for, whatever the guard does.
  'a guard that does nothing': () => ({
    guard: class {
      canActivate() {
        return true;
      }
    },
  }),
  '@cognest/nest': async () => {
    const { CognitoModule } = await load('@cognest/nest');
    const verifier = { fetch: () => fetch(keysUrl) };
    return {
      imports: [CognitoModule.forRoot({ userPoolId: POOL_ID, clientId: CLIENT_ID, verifier })],
    };
  },
  '@nestjs-cognito/auth': async () => {
    const { AuthenticationGuard, CognitoAuthModule } = (await load('@nestjs-cognito/auth')).default;
    const jwtVerifier = { userPoolId: POOL_ID, clientId: CLIENT_ID, tokenUse: 'access' };
    return {
      imports: [CognitoAuthModule.register({ jwtVerifier })],
      guard: AuthenticationGuard,
      // Its keys come from AWS's address, which cannot be set.
      ready: async (app) => {
        const jwks = await (await fetch(keysUrl)).json();
        app.get('COGNITO_JWT_VERIFIER_INSTANCE_TOKEN', { strict: false }).jwtVerifier.cacheJwks(jwks);
      },
    };
  },
  'passport-jwt + jwks-rsa': async () => {
    const { AuthGuard, PassportStrategy } = await load('@nestjs/passport');
    const { ExtractJwt, Strategy } = (await load('passport-jwt')).default;
    const { passportJwtSecret } = (await load('jwks-rsa')).default;
    class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
      constructor() {
        super({
          jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
          secretOrKeyProvider: passportJwtSecret({ jwksUri: keysUrl, cache: true }),
          algorithms: ['RS256'],
          issuer: ISSUER,
        });
      }

      /** @param {any} payload */
      validate(payload) {
        return isOurs(payload) && payload;
      }
    }
    return { providers: [JwtStrategy], guard: AuthGuard('jwt') };
  },
  'jose by hand': async () => {
    const { createRemoteJWKSet, jwtVerify } = await load('jose');
    const keys = createRemoteJWKSet(new URL(keysUrl));
    class JoseGuard {
      /** @param {any} context */
      async canActivate(context) {
        const request = context.switchToHttp().getRequest();
        const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
        if (token === undefined) throw new UnauthorizedException();
        try {
          const { payload } = await jwtVerify(token, keys, { algorithms: ['RS256'], issuer: ISSUER });
          if (!isOurs(payload)) throw new Error('another token');
          request.user = payload;
          return true;
        } catch (cause) {
          throw new UnauthorizedException('not valid', { cause });
        }
      }
    }
    return { guard: JoseGuard };
  },
};

/** What general libraries leave to their user. @param {any} payload */
function isOurs(payload) {
  return payload.token_use === 'access' && payload.client_id === CLIENT_ID;
}

const parts = await contestants[contestant]?.();
if (parts === undefined) throw new Error(`no contestant "${contestant}"`);
const { imports = [], providers = [], guard, ready } = parts;

class Ping {
  ping() {
    return { ok: true };
  }
}
const descriptor = /** @type {PropertyDescriptor} */ (
  Object.getOwnPropertyDescriptor(Ping.prototype, 'ping')
);
Get('ping')(Ping.prototype, 'ping', descriptor);
if (guard !== undefined) UseGuards(guard)(Ping.prototype, 'ping', descriptor);
Controller()(Ping);
class AppModule {}
Module({ imports, providers, controllers: [Ping] })(AppModule);

const { ExpressAdapter, FastifyAdapter } = await load(`@nestjs/platform-${platform.toLowerCase()}`);
const app = await NestFactory.create(AppModule, new (ExpressAdapter ?? FastifyAdapter)(), { logger: false });
await app.listen(0, '127.0.0.1');
await ready?.(app);
process.on('disconnect', () => process.exit());
// Asked for the processor time that it has had, in microseconds.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.send?.(app.getHttpServer().address().port);
