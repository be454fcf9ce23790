/** A rotation cannot go on before somebody did what `message` says. What was done so far is kept. */
export class NeedsPerson extends Error {
  override readonly name = 'NeedsPerson';
}
