/** A moment of the Management API as RFC 3339, UTC; the API leaves the offset out in places. Unreadable text stays. */
export function utc(moment: string): string {
  const withOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(moment) ? moment : `${moment}Z`;
  const parsed = new Date(withOffset);
  return Number.isNaN(parsed.getTime()) ? moment : parsed.toISOString();
}
