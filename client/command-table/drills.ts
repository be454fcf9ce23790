import type { CommandTable } from './entry.ts';

/** Commands for drills. */
export const drillCommands: CommandTable = {
  drill: {
    usage: 'drill [scenario]',
    summary: 'break an environment that is not production, and recover it by the runbook',
    load: async () => (await import('../commands/drill.ts')).drill,
    takesWord: true,
    below: {
      list: {
        usage: 'list',
        summary: 'show what can be drilled here, and how the last drills went',
        load: async () => (await import('../commands/drill-list.ts')).listDrills,
      },
    },
  },
};
