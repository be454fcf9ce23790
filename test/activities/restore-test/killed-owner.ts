import { Readable } from 'node:stream';
import { ownServer, testRestoreOf } from './world.ts';

/**
 * The process that `killed.test.ts` kills: its restore test begins to read rows that never come. It says so, and lives
 * on. Arguments: production's connection string; the folder for a server of its own, or the connection string of an
 * existing server.
 */
const [productionUrl = '', where = ''] = process.argv.slice(2);
await testRestoreOf(
  {
    openNewest: async () => ({
      key: 'daily/backup-2025-11-29.json.gz.enc',
      snapshotAt: '2025-11-29T03:00:00.000000Z',
      tables: [],
      body: new Readable({ read: () => process.stdout.write('loading') }),
      passedOver: [],
    }),
  },
  { productionUrl, server: where.startsWith('/') ? await ownServer(where) : { connectionString: where } },
);
