import { AccessToken, CognitoAuthService, Public } from '@cognest/nest';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  ChangePasswordDto,
  ConfirmDto,
  NewPasswordDto,
  RefreshDto,
  ResetPasswordDto,
  SignInDto,
  SignUpDto,
  UsernameDto,
} from './auth.dto.js';

@ApiTags('auth')
@Controller('auth')
@Public()
export class AuthController {
  constructor(private readonly auth: CognitoAuthService) {}

  @Post('sign-up')
  signUp(@Body() { username, password, email }: SignUpDto) {
    return this.auth.signUp({ username, password, userAttributes: { email } });
  }

  @Post('confirm')
  @HttpCode(204)
  async confirm(@Body() { username, code }: ConfirmDto): Promise<void> {
    await this.auth.confirmSignUp({ username, confirmationCode: code });
  }

  @Post('resend-code')
  @HttpCode(200)
  resend(@Body() { username }: UsernameDto) {
    return this.auth.resendConfirmationCode({ username });
  }

  /** Answers with tokens, or with the challenge that has to be met first. */
  @Post('sign-in')
  @HttpCode(200)
  signIn(@Body() { username, password }: SignInDto) {
    return this.auth.signIn({ username, password });
  }

  /** An invited user's first sign-in: the answer to the challenge NEW_PASSWORD_REQUIRED. */
  @Post('new-password')
  @HttpCode(200)
  newPassword(@Body() { username, session, newPassword }: NewPasswordDto) {
    const challenge = { name: 'NEW_PASSWORD_REQUIRED', username, session } as const;
    return this.auth.respondToChallenge(challenge, { newPassword });
  }

  @Post('refresh')
  @HttpCode(200)
  refresh(@Body() { refreshToken }: RefreshDto) {
    return this.auth.refresh({ refreshToken });
  }

  @Post('forgot-password')
  @HttpCode(200)
  forgotPassword(@Body() { username }: UsernameDto) {
    return this.auth.forgotPassword({ username });
  }

  @Post('reset-password')
  @HttpCode(204)
  async resetPassword(@Body() { username, code, newPassword }: ResetPasswordDto): Promise<void> {
    await this.auth.confirmForgotPassword({ username, confirmationCode: code, password: newPassword });
  }
}

/** What only somebody signed in may do. Nothing opens it, so it is closed. */
@ApiTags('auth')
@ApiBearerAuth()
@Controller('auth')
export class AccountController {
  constructor(private readonly auth: CognitoAuthService) {}

  @Post('change-password')
  @HttpCode(204)
  async changePassword(
    @AccessToken() accessToken: string,
    @Body() { previousPassword, newPassword }: ChangePasswordDto,
  ): Promise<void> {
    await this.auth.changePassword({ accessToken, previousPassword, proposedPassword: newPassword });
  }

  /** Ends every session of the user, on every device. */
  @Post('sign-out-everywhere')
  @HttpCode(204)
  async signOutEverywhere(@AccessToken() accessToken: string): Promise<void> {
    await this.auth.globalSignOut({ accessToken });
  }
}
