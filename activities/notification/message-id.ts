/** A Message-ID that is the same whenever the same mail goes to the same person. */
export function messageId(recipientId: string, domain: string): string {
  return `<${recipientId}@${domain}>`;
}
