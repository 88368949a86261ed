import { CognitoAuthModule, CognitoModule } from '@cognest/nest';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { ThrottlerModule } from '@nestjs/throttler';
import { TicketFieldsResolver } from './tickets/ticket-fields.resolver.js';
import { TicketStore } from './tickets/ticket-store.js';
import { TicketsResolver } from './tickets/tickets.resolver.js';

@Module({
  imports: [
    // Every option comes from the environment: the pool's and client's ids, the region, the endpoint.
    CognitoModule.forRoot(),
    // Signing in and out, at /auth.
    CognitoAuthModule.forRoot({ parts: ['sign-in', 'session'] }),
    // Where failed sign-ins are counted.
    ThrottlerModule.forRoot([]),
    GraphQLModule.forRoot<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      autoSchemaFile: true,
      // Without these, Nest calls neither the guard nor the exception filter for fields.
      fieldResolverEnhancers: ['guards', 'filters'],
      subscription: true,
      graphiql: false,
      queryDepth: 5,
    }),
  ],
  providers: [TicketStore, TicketsResolver, TicketFieldsResolver],
})
export class AppModule {}
