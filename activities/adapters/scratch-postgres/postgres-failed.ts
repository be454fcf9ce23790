/** PostgreSQL or one of its programs failed; the message ends with the last lines of its log. */
export class PostgresFailed extends Error {
  override readonly name = 'PostgresFailed';
}
