import { AccessToken, type CognitoUser, CurrentUser, Groups } from '@cognest/nest';
import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Bid } from '../ledger/bid.js';
import { LedgerClient } from './ledger-client.js';

/** Nobody gets a socket without a token, and nobody keeps one for longer than the token is good. */
@WebSocketGateway()
export class AuctionGateway {
  @WebSocketServer()
  private readonly everybody!: { emit(event: string, data: unknown): unknown };

  constructor(private readonly ledger: LedgerClient) {}

  @SubscribeMessage('who')
  who(@CurrentUser() user: CognitoUser) {
    return { username: user.username, groups: user.groups };
  }

  @SubscribeMessage('bid')
  async bid(@MessageBody('amount') amount: unknown, @AccessToken() token: string): Promise<Bid> {
    const highest = await this.ledger.bid(token, amount);
    this.everybody.emit('highest', highest);
    return highest;
  }

  @SubscribeMessage('sell')
  @Groups('auctioneer')
  async sell(@AccessToken() token: string): Promise<Bid> {
    const sold = await this.ledger.sell(token);
    this.everybody.emit('sold', sold);
    return sold;
  }
}
