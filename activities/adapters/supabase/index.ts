export type { SupabaseAccess } from './client.ts';
export { createSupabasePlatform } from './platform.ts';
