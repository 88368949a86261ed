import { CurrentUser, Groups } from '@cognest/nest';
import { type ArgumentsHost, Catch, UseFilters, type WsExceptionFilter } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';

/** As the README of @cognest/nest has it. */
@Catch(WsException)
class AnswerOnWs implements WsExceptionFilter<WsException> {
  catch(exception: WsException, host: ArgumentsHost) {
    const ws = host.switchToWs();
    const client = ws.getClient<{ send(text: string): void }>();
    client.send(JSON.stringify({ event: 'exception', to: ws.getPattern(), data: exception.getError() }));
  }
}

@WebSocketGateway()
@UseFilters(AnswerOnWs)
export class QuotesGateway {
  @SubscribeMessage('who')
  who(@CurrentUser('username') username: string) {
    return { event: 'who', data: username };
  }

  @SubscribeMessage('quotes')
  @Groups('analyst')
  quotes() {
    return { event: 'quotes', data: [] };
  }
}
