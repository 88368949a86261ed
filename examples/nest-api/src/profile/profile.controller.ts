import { AccessToken, CognitoAuthService, type CognitoUser, CurrentUser, OptionalAuth } from '@cognest/nest';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

@ApiTags('me')
@Controller('me')
export class ProfileController {
  constructor(private readonly auth: CognitoAuthService) {}

  /** What the token says: no call to Cognito. Undecorated, so signed in is enough. */
  @Get()
  me(@CurrentUser() user: CognitoUser) {
    return { sub: user.sub, username: user.username, groups: user.groups };
  }

  /** What the pool says now. */
  @Get('attributes')
  attributes(@AccessToken() accessToken: string) {
    return this.auth.getUser({ accessToken });
  }

  /** Who the caller is, if anybody: what a page asks when it opens. */
  @Get('or-nobody')
  @OptionalAuth()
  orNobody(@CurrentUser() user?: CognitoUser) {
    return { username: user?.username ?? null, groups: user?.groups ?? [] };
  }
}
