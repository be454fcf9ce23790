import { join } from 'node:path';
import type { ServerLayout } from './server-layout.ts';

/**
 * The configuration of a server that is thrown away: nothing in it need survive a crash, so it never waits for a disk.
 *
 * @param port on 127.0.0.1
 */
export function scratchConfiguration(layout: ServerLayout, port: number): string {
  const entries: Record<string, string> = {
    data_directory: layout.data,
    hba_file: join(layout.data, 'pg_hba.conf'),
    ident_file: join(layout.data, 'pg_ident.conf'),
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '30',
    shared_buffers: '64MB',
    maintenance_work_mem: '128MB',
    // In the data folder, so that a killed server leaves nothing in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '2GB',
    autovacuum: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // Failing statements are told to who sent them; in a log they would leave data of the backup behind.
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
  };
  return Object.entries(entries)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}
