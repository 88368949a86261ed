import { CognitoAuthModule, CognitoModule } from '@cognest/nest';
import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { NotesController } from './notes.controller.js';

@Module({
  imports: [CognitoModule.forRoot(), CognitoAuthModule.forRoot(), ThrottlerModule.forRoot([])],
  controllers: [NotesController],
})
export class AppModule {}
