import { CognitoUsersService, Groups } from '@cognest/nest';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Ticket } from './ticket.js';

/** A field with a rule of its own: who opened a ticket sees it in full, but for this. */
@Resolver(() => Ticket)
export class TicketFieldsResolver {
  constructor(private readonly users: CognitoUsersService) {}

  /** Where to answer. What Cognito refuses has a code and a status here, too. */
  @ResolveField(() => String, { nullable: true })
  @Groups('agent')
  async email(@Parent() { owner }: Ticket): Promise<string | undefined> {
    const { userAttributes } = await this.users.get({ username: owner });
    return userAttributes.email;
  }
}
