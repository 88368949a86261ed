import { Inject, Injectable } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { WsException } from '@nestjs/websockets';
import { lastValueFrom } from 'rxjs';
import type { Bid } from '../ledger/bid.js';

/** The name under which the connection to the ledger is injected. */
export const LEDGER = Symbol('ledger');

/** Asks the ledger on a user's behalf, with the user's own token. */
@Injectable()
export class LedgerClient {
  constructor(@Inject(LEDGER) private readonly ledger: ClientProxy) {}

  bid(token: string, amount: unknown): Promise<Bid> {
    return this.#ask('bid', { token, amount });
  }

  sell(token: string): Promise<Bid> {
    return this.#ask('sell', { token });
  }

  async #ask(pattern: string, data: object): Promise<Bid> {
    try {
      return await lastValueFrom(this.ledger.send<Bid>(pattern, data));
    } catch (error) {
      // What the ledger refuses is told to the bidder; any other failure is ours, and stays here.
      throw isRefusal(error) ? new WsException(error) : error;
    }
  }
}

function isRefusal(error: unknown): error is { code: string; message: string } {
  return typeof error === 'object' && error !== null && 'statusCode' in error && 'code' in error;
}
