import { CognitoAuthModule, CognitoModule, cookieSession } from '@cognest/nest';
import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { AdminController } from './admin/admin.controller.js';
import { ArticlesController } from './articles/articles.controller.js';
import { PageController } from './page/page.controller.js';
import { ProfileController } from './profile/profile.controller.js';

/** Tokens in cookies that no script can read: for the page at `/`. */
const session = cookieSession();

@Module({
  imports: [
    // Every other option comes from the environment: the pool's and client's ids, the region, the endpoint.
    CognitoModule.forRoot({ tokenSources: ['header', session] }),
    // The endpoints of an account twice: for programs, which keep tokens themselves, and for browsers.
    CognitoAuthModule.forRoot({ path: 'auth', issuer: 'Cognest example' }),
    CognitoAuthModule.forRoot({ path: 'session', session, issuer: 'Cognest example', signInByChoice: true }),
    // Where failed sign-ins are counted.
    ThrottlerModule.forRoot([]),
  ],
  controllers: [PageController, ProfileController, ArticlesController, AdminController],
})
export class AppModule {}
