import { fileURLToPath } from 'node:url';

/** Path of the application's main file. */
export const applicationProgram = fileURLToPath(new URL('application/main.ts', import.meta.url));
