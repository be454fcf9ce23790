import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createPostgresPrograms, createSchemaDumper } from '../../activities/adapters/pg-programs/index.ts';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { createKeyring } from '../../activities/vault/keyring.ts';
import { storeBackup } from '../../activities/vault/store-backup.ts';
import { startTestStore } from '../sandbox/s3/test-store.ts';
import { measureInTurn, reportTurns } from './in-turn.ts';
import { startSampleDatabase } from './sample-database.ts';

/**
 * Stores a backup of a database in a bucket (exported, compressed, encrypted, read back, manifest written), in turn with
 * `pg_dump -Fc | openssl enc` into the same bucket, which reads nothing back: `node --import tsx test/bench/pipeline.ts
 * [pairs]`, with BENCH_ROWS other than 1,000,000 on request. Both derive their keys with the same number of rounds. We
 * run inside a process that is up, as the worker is.
 */
const rows = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const turns = Number(process.argv[2] ?? 5);
const limit = 0.5;
const passphrase = 'a passphrase of the bench';

const folder = await mkdtemp(join(tmpdir(), 'bench-pipeline-'));
const [database, { s3, store, stop }] = await Promise.all([startSampleDatabase(rows), startTestStore()]);
try {
  const { binFolder, cluster } = database;
  const connectionString = database.at('postgres');
  const keyring = createKeyring({ passphrase: async () => passphrase });
  const vault = {
    database: createPostgresDatabase({ connectionString }),
    schemaDumper: createSchemaDumper({ binFolder, connectionString }),
    sql: { connectionString, programs: createPostgresPrograms({ binFolder }) },
    locations: [{ name: 's3', store }],
    keyring,
    tool: { name: 'bench', version: '1' },
  };
  let minute = 0;
  const stored: number[] = [];
  const ours = {
    run: async () => {
      minute += 30;
      const at = new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString();
      const { backup } = await storeBackup(
        vault,
        { kind: 'recent', at, schemas: ['public'], leftoversOlderThanMs: 3_600_000 },
        { signal: new AbortController().signal, progress: () => undefined },
      );
      stored.push(backup.bytes);
    },
  };
  const dumpAndEncrypt = [
    `"$PG_BIN/pg_dump" -Fc --dbname="$PG_URL"`,
    `openssl enc -aes-256-cbc -pbkdf2 -iter ${keyring.iterations} -md sha256 -salt -pass env:BACKUP_PASSPHRASE`,
  ].join(' | ');
  const environment = {
    ...process.env,
    PG_BIN: binFolder,
    PG_URL: connectionString,
    BACKUP_PASSPHRASE: passphrase,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    AWS_DEFAULT_REGION: s3.region,
  };
  const sameUploader = {
    run: async () => {
      const script = `set -o pipefail; ${dumpAndEncrypt}`;
      const shell = spawn('bash', ['-c', script], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise<number | null>((resolve) => shell.once('close', resolve));
      await store.put('peer.dump.enc', shell.stdout, { contentType: 'application/octet-stream' });
      const code = await ended;
      if (code !== 0) throw new Error(`The peer ended with ${code}.`);
    },
  };
  const withAws = {
    run: () =>
      execa(
        'bash',
        [
          '-c',
          `set -o pipefail; ${dumpAndEncrypt} | aws s3 cp --only-show-errors --endpoint-url '${s3.endpoint}' - s3://evidence/peer-aws.dump.enc`,
        ],
        { env: environment },
      ),
  };
  const roots = [cluster.processId() ?? process.pid];
  reportTurns(
    'stored backup against pg_dump -Fc | openssl enc | our own uploader',
    await measureInTurn({ ours, theirs: sameUploader }, { turns, roots }),
    limit,
  );
  const aws = await execa('aws', ['--version'], { reject: false });
  if (aws.failed) console.log('no aws here: left out');
  else {
    reportTurns(
      'stored backup against pg_dump -Fc | openssl enc | aws s3 cp',
      await measureInTurn({ ours, theirs: withAws }, { turns, roots }),
      limit,
    );
  }
  const sizes = (await store.list('')).map(({ key, bytes }) => `${key} ${bytes}`);
  console.log(
    `${rows} rows; ours ${stored.at(-1)} bytes, theirs: ${sizes.filter((line) => line.startsWith('peer')).join(', ')} bytes`,
  );
  console.log(
    `peak memory of this process: ${((process.resourceUsage().maxRSS * 1024) / 1_000_000).toFixed(0)} MB`,
  );
} finally {
  await stop();
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
}
