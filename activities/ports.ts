export type * from './ports/application.ts';
export type * from './ports/credentials-and-security.ts';
export type * from './ports/database.ts';
export type * from './ports/database-platform.ts';
export type * from './ports/notices.ts';
export type * from './ports/orchestration.ts';
export type * from './ports/programs.ts';
export type * from './ports/stores.ts';
