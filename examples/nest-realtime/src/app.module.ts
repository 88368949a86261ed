import { CognitoAuthModule, CognitoModule } from '@cognest/nest';
import { type DynamicModule, Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { ThrottlerModule } from '@nestjs/throttler';
import { AuctionGateway } from './auction/auction.gateway.js';
import { LEDGER, LedgerClient } from './auction/ledger-client.js';
import { revocations } from './revocations.js';

@Module({
  imports: [
    // Every other option comes from the environment: the pool's and client's ids, the region, the endpoint.
    CognitoModule.forRoot({ revocations }),
    // Signing in and out, at /auth.
    CognitoAuthModule.forRoot({ parts: ['sign-in', 'session'] }),
    // Where failed sign-ins are counted.
    ThrottlerModule.forRoot([]),
  ],
  providers: [LedgerClient, AuctionGateway],
})
class AppModule {}

/** @param ledger - where the ledger listens. */
export function withLedger(ledger: { host: string; port: number }): DynamicModule {
  const client = { name: LEDGER, transport: Transport.TCP, options: ledger } as const;
  return { module: AppModule, imports: [ClientsModule.register([client])] };
}
