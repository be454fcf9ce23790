/** Types of what people upload; a ledger knows the type that was really stored, so this is for files without one. */
const types: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  csv: 'text/csv',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
};

/** Media type by the ending of a key; `application/octet-stream` for one that is not known. */
export function contentTypeOf(key: string): string {
  const ending = /\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
  return types[ending] ?? 'application/octet-stream';
}
