import { join } from 'node:path';
import type { ClusterLayout } from './layout.ts';
import type { RunProgram } from './programs.ts';
import type { Role } from './superuser.ts';
import type { BaseBackup } from './timelines.ts';

/**
 * Takes a base backup of the running server. It carries the WAL that it needs itself: waiting for the archive inside
 * `pg_basebackup` would cost a fixed second.
 */
export async function takeBaseBackup(
  runProgram: RunProgram,
  layout: ClusterLayout,
  server: { readonly port: number; readonly superuser: Role },
  backup: { readonly id: string; readonly timeline: number },
): Promise<BaseBackup> {
  const startedAt = Date.now();
  const connection = [
    '-h',
    '127.0.0.1',
    '-p',
    String(server.port),
    '-U',
    server.superuser.name,
    '--no-password',
  ];
  const options = ['-D', join(layout.baseBackups, backup.id), '-X', 'fetch', '-c', 'fast', '--no-sync'];
  await runProgram('pg_basebackup', [...connection, ...options], {
    environment: { PGPASSWORD: server.superuser.password },
  });
  return { ...backup, startedAt, finishedAt: Date.now() };
}
