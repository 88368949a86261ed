import { Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType()
export class Ticket {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly subject!: string;

  @Field(() => Boolean)
  readonly open!: boolean;

  /** Whose it is. No field of the schema: what of it is told, and to whom, the resolver of the fields says. */
  readonly owner!: string;
}
