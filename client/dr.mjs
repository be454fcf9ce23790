#!/usr/bin/env node
// The cache of the loader would be left in the folder for temporary files.
process.env['TSX_DISABLE_CACHE'] ??= '1';
const { register } = await import('tsx/esm/api');

register();
await import('./dr.ts');
