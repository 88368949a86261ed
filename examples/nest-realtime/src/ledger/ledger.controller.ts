import { CurrentUser, Groups } from '@cognest/nest';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import type { Bid } from './bid.js';

const MAX_AMOUNT = 1_000_000;

/** Keeps the highest bid. It takes nobody's word for who bids: each message brings its user's own token. */
@Controller()
export class LedgerController {
  #highest: Bid | undefined;

  @MessagePattern('bid')
  bid(@Payload('amount') amount: unknown, @CurrentUser('username') bidder: string): Bid {
    if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1 || amount > MAX_AMOUNT) {
      throw refused('amount_invalid', `"amount" must be a whole number from 1 to ${MAX_AMOUNT}`);
    }
    if (this.#highest !== undefined && amount <= this.#highest.amount) {
      throw refused('bid_too_low', `The highest bid is ${this.#highest.amount}; bid more`);
    }
    this.#highest = { bidder, amount };
    return this.#highest;
  }

  @MessagePattern('sell')
  @Groups('auctioneer')
  sell(): Bid {
    if (this.#highest === undefined) throw refused('no_bid', 'Nobody has bid yet');
    const sold = this.#highest;
    this.#highest = undefined;
    return sold;
  }
}

/** In the shape of the guard's own refusals, so that a client handles both alike. */
function refused(code: string, message: string): RpcException {
  return new RpcException({ status: 'error', statusCode: 422, code, message });
}
