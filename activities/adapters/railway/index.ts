export type { RailwayAccess } from './access.ts';
export { createRailwayPlatform } from './platform.ts';
