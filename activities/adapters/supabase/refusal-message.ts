import { refusalAnswer } from './answers.ts';

const longestMessage = 300;

/**
 * The provider's own words out of an answer's body, on one line and at most 300 characters.
 *
 * @param token is blanked should the provider repeat it
 */
export function refusalMessage(bodyText: string, token: string): string {
  let message = bodyText;
  try {
    const parsed = refusalAnswer.safeParse(JSON.parse(bodyText));
    if (parsed.success) message = parsed.data.message;
  } catch {
    // A gateway in front of the API answers HTML or nothing.
  }
  const line = message.replaceAll(token, '***').replaceAll(/\s+/g, ' ').trim();
  if (line === '') return 'no message';
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}
