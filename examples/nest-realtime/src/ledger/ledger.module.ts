import { CognitoModule } from '@cognest/nest';
import { Module } from '@nestjs/common';
import { revocations } from '../revocations.js';
import { LedgerController } from './ledger.controller.js';

@Module({
  imports: [
    CognitoModule.forRoot({
      revocations,
      // A message over TCP has no headers: this says where in its data the token is.
      messageToken: ({ data }) => {
        const token: unknown = (data as { token?: unknown } | null | undefined)?.token;
        return typeof token === 'string' ? token : undefined;
      },
    }),
  ],
  controllers: [LedgerController],
})
export class LedgerModule {}
