import { CurrentUser, Groups, Public } from '@cognest/nest';
import { IntrinsicException } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { PubSub } from 'mercurius';
import { Ticket } from './ticket.js';
import { TicketStore } from './ticket-store.js';

const OPENED = 'ticketOpened';
const MAX_SUBJECT_LENGTH = 200;

/** What nothing is said about takes a valid access token: each operation by itself. */
@Resolver()
export class TicketsResolver {
  constructor(private readonly store: TicketStore) {}

  @Query(() => String)
  @Public()
  hours(): string {
    return 'Monday to Friday, 9 to 17';
  }

  @Query(() => [Ticket])
  myTickets(@CurrentUser('username') username: string): Ticket[] {
    return this.store.all().filter(({ owner }) => owner === username);
  }

  @Query(() => [Ticket])
  @Groups('agent')
  queue(): Ticket[] {
    return this.store.all().filter(({ open }) => open);
  }

  @Mutation(() => Ticket)
  openTicket(
    @Args('subject') subject: string,
    @CurrentUser('username') username: string,
    @Context('pubsub') pubsub: PubSub,
  ): Ticket {
    const given = subject.trim();
    if (given.length === 0 || given.length > MAX_SUBJECT_LENGTH) {
      throw new BadInput(`"subject" must have 1 to ${MAX_SUBJECT_LENGTH} characters, got ${given.length}`);
    }
    const ticket = this.store.open(given, username);
    pubsub.publish({ topic: OPENED, payload: { [OPENED]: ticket } });
    return ticket;
  }

  @Mutation(() => Ticket)
  @Groups('agent')
  closeTicket(@Args('id', { type: () => ID }) id: string): Ticket {
    const ticket = this.store.close(id);
    if (ticket === undefined) throw new BadInput('There is no ticket of this id');
    return ticket;
  }

  /** Ends with the token of the `connectionParams`: when it expires, or is revoked. */
  @Subscription(() => Ticket)
  @Groups('agent')
  ticketOpened(@Context('pubsub') pubsub: PubSub) {
    return pubsub.subscribe(OPENED);
  }
}

/** Nest logs every other error of a resolver: a log that anybody could fill. */
class BadInput extends IntrinsicException {
  readonly extensions = { code: 'BAD_USER_INPUT', status: 400 };
}
