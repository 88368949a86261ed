import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class UsernameDto {
  @ApiProperty({ example: 'grace', description: 'User name, or verified e-mail address' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(128)
  username!: string;
}

export class SignInDto extends UsernameDto {
  @ApiProperty({ example: 'Correct-horse-9' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  password!: string;
}

export class SignUpDto extends SignInDto {
  @ApiProperty({ example: 'grace', description: 'No e-mail address: that is given beside it' })
  declare username: string;

  @ApiProperty({ example: 'grace@example.com' })
  @IsEmail()
  email!: string;
}

export class ConfirmDto extends UsernameDto {
  @ApiProperty({ example: '123456', description: 'The code that was sent' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2048)
  code!: string;
}

export class NewPasswordDto extends UsernameDto {
  @ApiProperty({ description: 'As it came with the challenge' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2048)
  session!: string;

  @ApiProperty({ example: 'Correct-horse-9' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  newPassword!: string;
}

export class RefreshDto {
  @ApiProperty()
  @IsString()
  @IsNotEmpty()
  @MaxLength(8192)
  refreshToken!: string;
}

export class ResetPasswordDto extends ConfirmDto {
  @ApiProperty({ example: 'Correct-horse-10' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  newPassword!: string;
}

export class ChangePasswordDto {
  @ApiProperty()
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  previousPassword!: string;

  @ApiProperty({ example: 'Correct-horse-10' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  newPassword!: string;
}
