import type { ObjectAttributes } from '../../uploads/ports.ts';
import type { AnswerHeaders } from './transport.ts';

const kept = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const metadataPrefix = 'x-amz-meta-';

/** What of an answer belongs to the object and must be given back when it is restored. */
export function readAttributes(headers: AnswerHeaders): ObjectAttributes {
  const attributes: Record<string, string> = {};
  for (const name of [...kept, ...headers.names.filter((each) => each.startsWith(metadataPrefix))]) {
    const value = headers.get(name);
    // Supabase Storage gives a header that it has nothing for, and an empty one would be stored as such.
    if (value !== undefined && value !== '') attributes[name] = value;
  }
  return attributes;
}

/**
 * Whether the ETag says nothing about the content: objects that are encrypted with keys of KMS or of the customer have
 * ETags that are no MD5.
 */
export function isOpaque(headers: AnswerHeaders): boolean {
  return (
    (headers.get('x-amz-server-side-encryption') ?? '').startsWith('aws:kms') ||
    headers.get('x-amz-server-side-encryption-customer-algorithm') !== undefined
  );
}
