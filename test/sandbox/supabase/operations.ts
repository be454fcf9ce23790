import type { IdentifyCall } from '../http/observe.ts';

const operations: readonly {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly write: boolean;
}[] = [
  { name: 'get-project', method: 'GET', path: /^$/, write: false },
  { name: 'get-health', method: 'GET', path: /^\/health$/, write: false },
  { name: 'list-backups', method: 'GET', path: /^\/database\/backups$/, write: false },
  { name: 'restore-pitr', method: 'POST', path: /^\/database\/backups\/restore-pitr$/, write: true },
  { name: 'get-network-restrictions', method: 'GET', path: /^\/network-restrictions$/, write: false },
  {
    name: 'apply-network-restrictions',
    method: 'POST',
    path: /^\/network-restrictions\/apply$/,
    write: true,
  },
];

/** Names the operation of a request; none of the bodies that are spoken here holds a secret. */
export const identifySupabaseCall: IdentifyCall = ({ method, path, bodyText }) => {
  const below = path.replace(/^\/v1\/projects\/[^/]*/, '');
  const operation = operations.find((known) => known.method === method && known.path.test(below));
  return {
    operation: operation?.name ?? 'unknown',
    write: operation?.write ?? method !== 'GET',
    body: bodyText === '' ? null : bodyText,
  };
};
