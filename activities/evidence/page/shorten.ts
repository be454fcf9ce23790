/** Text of at most so many characters as a reader counts them; what is left out shows as an ellipsis. */
export function shorten(text: string, most: number): string {
  const characters = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
