import type { CommandTable } from './entry.ts';

/** Commands for backups and for the copy of the uploaded files. */
export const backupCommands: CommandTable = {
  backup: {
    usage: 'backup',
    summary: 'take a backup now, and look after backups',
    load: async () => (await import('../commands/backup.ts')).backup,
    below: {
      list: {
        usage: 'list',
        summary: 'list what is stored where, newest first',
        load: async () => (await import('../commands/backup-list.ts')).listBackups,
      },
      restore: {
        usage: 'restore [name]',
        summary: 'restore a backup into a database that is not production',
        load: async () => (await import('../commands/backup-restore.ts')).restoreBackup,
      },
      validate: {
        usage: 'validate',
        summary: "check the provider's backups, our own and the database",
        load: async () => (await import('../commands/backup-validate.ts')).validateBackups,
      },
      'test-restore': {
        usage: 'test-restore',
        summary: 'restore the newest backup elsewhere and look at it',
        load: async () => (await import('../commands/backup-test-restore.ts')).testRestore,
      },
      retention: {
        usage: 'retention',
        summary: 'remove backups that nothing asks to keep',
        load: async () => (await import('../commands/backup-retention.ts')).applyRetention,
      },
      configuration: {
        usage: 'configuration',
        summary: 'store the encrypted configuration',
        load: async () => (await import('../commands/backup-configuration.ts')).backUpConfiguration,
      },
      'full-test': {
        usage: 'full-test',
        summary: 'back up, validate, restore from every location',
        load: async () => (await import('../commands/backup-full-test.ts')).testEverything,
      },
    },
  },
  uploads: {
    usage: 'uploads',
    summary: 'look after the copy of the uploaded files',
    load: async () => (await import('../commands/uploads.ts')).uploads,
    below: {
      sync: {
        usage: 'sync',
        summary: 'copy uploaded files to where the policy says',
        load: async () => (await import('../commands/uploads.ts')).syncUploads,
      },
    },
  },
};
