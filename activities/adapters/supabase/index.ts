export { createSupabaseApiProbe } from './api-probe.ts';
export type { SupabaseAccess } from './client.ts';
export { createSupabaseCredentials } from './credentials.ts';
export { createSupabaseLogs } from './logs.ts';
export { createSupabasePlatform } from './platform.ts';
export { createSupabasePower } from './power.ts';
export { createSupabaseReadOnlyQueries } from './read-only-query.ts';
export { createSupabaseSecurity } from './security.ts';
