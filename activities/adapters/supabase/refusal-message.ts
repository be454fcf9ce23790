import { refusalAnswer } from './answers.ts';

const longestMessage = 300;

/**
 * The provider's own words out of an answer's body, on one line and at most 300 characters.
 *
 * @param secrets are blanked should the provider repeat them
 */
export function refusalMessage(bodyText: string, secrets: readonly string[]): string {
  let message = bodyText;
  try {
    const parsed = refusalAnswer.safeParse(JSON.parse(bodyText));
    if (parsed.success) message = parsed.data.message;
  } catch {
    // A gateway in front of the API answers HTML or nothing.
  }
  const blanked = secrets.reduce(
    (text, secret) => (secret === '' ? text : text.replaceAll(secret, '***')),
    message,
  );
  const line = blanked.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return 'no message';
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}
