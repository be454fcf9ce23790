import type { IdentifyCall } from '../http/observe.ts';

const operations: readonly {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly write: boolean;
  /** Its body is not kept. */
  readonly secret?: true;
}[] = [
  { name: 'get-project', method: 'GET', path: /^$/, write: false },
  { name: 'get-health', method: 'GET', path: /^\/health$/, write: false },
  { name: 'list-backups', method: 'GET', path: /^\/database\/backups$/, write: false },
  { name: 'get-backup-schedule', method: 'GET', path: /^\/database\/backups\/schedule$/, write: false },
  { name: 'restore-pitr', method: 'POST', path: /^\/database\/backups\/restore-pitr$/, write: true },
  { name: 'get-network-restrictions', method: 'GET', path: /^\/network-restrictions$/, write: false },
  {
    name: 'apply-network-restrictions',
    method: 'POST',
    path: /^\/network-restrictions\/apply$/,
    write: true,
  },
  { name: 'list-api-keys', method: 'GET', path: /^\/api-keys$/, write: false },
  { name: 'create-api-key', method: 'POST', path: /^\/api-keys$/, write: true },
  { name: 'delete-api-key', method: 'DELETE', path: /^\/api-keys\/[^/]+$/, write: true },
  { name: 'get-legacy-api-keys', method: 'GET', path: /^\/api-keys\/legacy$/, write: false },
  { name: 'set-legacy-api-keys', method: 'PUT', path: /^\/api-keys\/legacy$/, write: true },
  { name: 'list-signing-keys', method: 'GET', path: /^\/config\/auth\/signing-keys$/, write: false },
  {
    name: 'create-signing-key',
    method: 'POST',
    path: /^\/config\/auth\/signing-keys$/,
    write: true,
    secret: true,
  },
  {
    name: 'move-signing-key',
    method: 'PATCH',
    path: /^\/config\/auth\/signing-keys\/[^/]+$/,
    write: true,
  },
  { name: 'set-password', method: 'PATCH', path: /^\/database\/password$/, write: true, secret: true },
  { name: 'get-ssl-enforcement', method: 'GET', path: /^\/ssl-enforcement$/, write: false },
  { name: 'set-ssl-enforcement', method: 'PUT', path: /^\/ssl-enforcement$/, write: true },
  { name: 'pause', method: 'POST', path: /^\/pause$/, write: true },
  { name: 'unpause', method: 'POST', path: /^\/restore$/, write: true },
  { name: 'query-read-only', method: 'POST', path: /^\/database\/query\/read-only$/, write: false },
  { name: 'get-advice', method: 'GET', path: /^\/advisors\/[^/]+$/, write: false },
  { name: 'get-logs', method: 'GET', path: /^\/analytics\/endpoints\/logs\.all$/, write: false },
  { name: 'rest', method: 'GET', path: /^\/rest\/v1\//, write: false },
];

/** Names the operation of a request, without the bodies that hold a secret. */
export const identifySupabaseCall: IdentifyCall = ({ method, path, bodyText }) => {
  const below = path.replace(/^\/v1\/projects\/[^/]*/, '');
  const operation = operations.find((known) => known.method === method && known.path.test(below));
  return {
    operation: operation?.name ?? 'unknown',
    write: operation?.write ?? method !== 'GET',
    body: bodyText === '' ? null : operation?.secret === true ? '(secret)' : bodyText,
  };
};

/** The names of all operations that are spoken. */
export const supabaseOperations: readonly string[] = operations.map(({ name }) => name);
