/** What the project refuses to do, in the words of the answer 400. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
