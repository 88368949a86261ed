import 'reflect-metadata';
import {
  CognitoAuthService,
  CognitoModule,
  type CognitoUser,
  CurrentUser,
  Groups,
  Public,
} from '@cognest/nest';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';

@Controller()
export class AppController {
  constructor(private readonly auth: CognitoAuthService) {}

  @Post('sign-in')
  @Public()
  @HttpCode(200)
  signIn(@Body() { username, password }: { username: string; password: string }) {
    return this.auth.signIn({ username, password });
  }

  @Get('me')
  me(@CurrentUser() user: CognitoUser) {
    return { username: user.username, groups: user.groups };
  }

  @Get('reports')
  @Groups('analyst')
  reports() {
    return [];
  }
}

@Module({ imports: [CognitoModule.forRoot()], controllers: [AppController] })
export class AppModule {}
