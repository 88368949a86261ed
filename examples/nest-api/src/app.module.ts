import { CognitoModule } from '@cognest/nest';
import { Module } from '@nestjs/common';
import { AdminController } from './admin/admin.controller.js';
import { ArticlesController } from './articles/articles.controller.js';
import { AccountController, AuthController } from './auth/auth.controller.js';
import { ProfileController } from './profile/profile.controller.js';

@Module({
  // Every option comes from the environment: the pool's and client's ids, the region, the endpoint.
  imports: [CognitoModule.forRoot()],
  controllers: [AuthController, AccountController, ProfileController, ArticlesController, AdminController],
})
export class AppModule {}
