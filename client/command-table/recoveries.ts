import type { CommandTable } from './entry.ts';

/** Commands that start a recovery, answer it, follow it and look back at it. */
export const recoveryCommands: CommandTable = {
  start: {
    usage: 'start [scenario]',
    summary: 'start a recovery',
    load: async () => (await import('../commands/start.ts')).start,
  },
  plan: {
    usage: 'plan [scenario]',
    summary: 'show what a recovery would find and do; changes nothing',
    load: async () => (await import('../commands/plan.ts')).plan,
  },
  status: {
    usage: 'status',
    summary: 'show how the recovery stands and what it asks',
    load: async () => (await import('../commands/status.ts')).status,
  },
  watch: {
    usage: 'watch',
    summary: 'follow the recovery until it ends',
    load: async () => (await import('../commands/watch.ts')).watch,
  },
  approve: {
    usage: 'approve',
    summary: 'approve exactly the plan that you read',
    load: async () => (await import('../commands/approve.ts')).approve,
  },
  reject: {
    usage: 'reject',
    summary: 'reject the plan: the run goes to its safe state',
    load: async () => (await import('../commands/reject.ts')).reject,
  },
  retry: {
    usage: 'retry',
    summary: 'try the failed step again',
    load: async () => (await import('../commands/retry.ts')).retry,
  },
  replan: {
    usage: 'replan',
    summary: 'go back to another moment instead: new plan, new approval',
    load: async () => (await import('../commands/replan.ts')).replan,
  },
  skip: {
    usage: 'skip',
    summary: 'leave the failed step out, where that is allowed',
    load: async () => (await import('../commands/skip.ts')).skip,
  },
  'go-over': {
    usage: 'go-over',
    summary: 'go over into the other scenario that the question offers',
    load: async () => (await import('../commands/go-over.ts')).goOver,
  },
  abort: {
    usage: 'abort',
    summary: 'stop the run, at any time: it goes to its safe state',
    load: async () => (await import('../commands/abort.ts')).abort,
  },
  confirm: {
    usage: 'confirm',
    summary: 'confirm that a person did a manual step, and what they saw',
    load: async () => (await import('../commands/confirm.ts')).confirm,
  },
  list: {
    usage: 'list',
    summary: 'list recoveries and plans',
    load: async () => (await import('../commands/list.ts')).list,
  },
  report: {
    usage: 'report',
    summary: 'print the report of a recovery that is over, or the figures of months',
    load: async () => (await import('../commands/report.ts')).report,
  },
  repair: {
    usage: 'repair',
    summary: 'take back what a run that is over left in force',
    load: async () => (await import('../commands/repair.ts')).repair,
  },
};
