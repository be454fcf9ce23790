import type { CommandTable } from './entry.ts';

/** Commands for what runs without a person: the schedules and the monitor. */
export const standingCommands: CommandTable = {
  schedules: {
    usage: 'schedules',
    summary: 'show when backups, tests and checks run',
    load: async () => (await import('../commands/schedules.ts')).schedules,
    below: {
      apply: {
        usage: 'apply',
        summary: 'make the schedules what the policy says',
        load: async () => (await import('../commands/schedules.ts')).applySchedules,
      },
    },
  },
  monitor: {
    usage: 'monitor',
    summary: 'show what the monitor sees, what it opened, what silences it',
    load: async () => (await import('../commands/monitor.ts')).monitor,
    below: {
      start: {
        usage: 'start',
        summary: 'start the monitor',
        load: async () => (await import('../commands/monitor.ts')).startMonitor,
      },
      stop: {
        usage: 'stop',
        summary: 'end the monitor, and keep it ended',
        load: async () => (await import('../commands/monitor-orders.ts')).stopMonitor,
      },
      silence: {
        usage: 'silence',
        summary: 'open and start nothing for a time, such as during maintenance',
        load: async () => (await import('../commands/monitor-orders.ts')).silence,
      },
      unsilence: {
        usage: 'unsilence',
        summary: 'end the silence: what is bad is opened at once',
        load: async () => (await import('../commands/monitor-orders.ts')).unsilence,
      },
    },
  },
  'report-incident': {
    usage: 'report-incident [signal]',
    summary: 'tell the monitor what it does not see; it proposes what fits',
    load: async () => (await import('../commands/report-incident.ts')).reportIncident,
  },
};
