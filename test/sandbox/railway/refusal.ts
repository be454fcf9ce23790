import { GraphQLError } from 'graphql';

/** Something that the platform understood and does not do: HTTP 200 with `errors`. */
export class Refusal extends GraphQLError {
  override readonly name = 'Refusal';
}
