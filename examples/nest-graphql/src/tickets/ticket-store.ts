import { Injectable } from '@nestjs/common';
import type { Ticket } from './ticket.js';

/** How many are kept: they are in memory, and anybody who is signed in opens as many as they like. */
const MAX_TICKETS = 1_000;

@Injectable()
export class TicketStore {
  readonly #tickets = new Map<string, Ticket>();
  #opened = 0;

  all(): Ticket[] {
    return [...this.#tickets.values()];
  }

  open(subject: string, owner: string): Ticket {
    this.#opened += 1;
    const ticket: Ticket = { id: String(this.#opened), subject, open: true, owner };
    this.#tickets.set(ticket.id, ticket);
    for (const oldest of this.#tickets.keys()) {
      if (this.#tickets.size <= MAX_TICKETS) break;
      this.#tickets.delete(oldest);
    }
    return ticket;
  }

  close(id: string): Ticket | undefined {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return undefined;
    const closed: Ticket = { ...ticket, open: false };
    this.#tickets.set(id, closed);
    return closed;
  }
}
