import type { ClusterLayout } from './layout.ts';

/** What is set apart from the fixed settings. */
export interface ServerSettings {
  readonly port: number;
  readonly listenAddresses: readonly string[];
  /** Longest time that a commit waits for its WAL segment to be archived under traffic, in seconds. */
  readonly archiveTimeoutSeconds: number;
}

/**
 * The server's configuration. It lies outside the data folder, so that a restore does not rewind it. `fsync` is off:
 * the cluster survives a crash of PostgreSQL, not one of the machine.
 */
export function serverConfiguration(layout: ClusterLayout, settings: ServerSettings): string {
  const entries: Record<string, string> = {
    data_directory: layout.data,
    hba_file: layout.accessRules,
    ident_file: layout.userNameMap,
    listen_addresses: settings.listenAddresses.join(','),
    port: String(settings.port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '100',
    shared_buffers: '32MB',
    // In the data folder, so that a killed server leaves nothing in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
    fsync: 'off',
    wal_level: 'replica',
    hot_standby: 'off',
    archive_mode: 'on',
    archive_timeout: `${settings.archiveTimeoutSeconds}s`,
    archive_command: archiveCommand(layout.archive),
    restore_command: restoreCommand(layout.archive),
    track_commit_timestamp: 'on',
    shared_preload_libraries: 'pg_stat_statements',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'ISO',
    lc_messages: 'C',
    log_connections: 'authorization',
    log_line_prefix: '%m [%p] %h %u@%d ',
  };
  return Object.entries(entries)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

/** Succeeds when the identical file is there already, and never replaces a different one. */
function archiveCommand(archive: string): string {
  const file = `${shellQuoted(archive)}/%f`;
  const partial = `${shellQuoted(archive)}/.%f.partial`;
  return `if test -f ${file}; then cmp -s "%p" ${file}; else cp "%p" ${partial} && mv ${partial} ${file}; fi`;
}

function restoreCommand(archive: string): string {
  const file = `${shellQuoted(archive)}/%f`;
  return `test -f ${file} && cp ${file} "%p"`;
}

function shellQuoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''").replaceAll('%', '%%')}'`;
}
