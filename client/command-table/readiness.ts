import type { CommandTable } from './entry.ts';

/** Commands that tell whether a recovery would go well, and keep it so. */
export const readinessCommands: CommandTable = {
  checklist: {
    usage: 'checklist',
    summary: 'answer the checklist: what was done when, what is overdue',
    load: async () => (await import('../commands/checklist.ts')).checklist,
  },
  procedure: {
    usage: 'procedure [scenario]',
    summary: 'print a procedure for recovering by hand; works without Temporal',
    load: async () => (await import('../commands/procedure.ts')).procedure,
  },
  doctor: {
    usage: 'doctor',
    summary: 'look whether a recovery could begin now: the production checklist',
    load: async () => (await import('../commands/doctor.ts')).doctor,
  },
  review: {
    usage: 'review',
    summary: 'show the audits and reviews: what they ask, what was answered',
    load: async () => (await import('../commands/review.ts')).review,
    below: {
      start: {
        usage: 'start [name]',
        summary: 'begin a review now',
        load: async () => (await import('../commands/review.ts')).startReview,
      },
    },
  },
  attest: {
    usage: 'attest [item]',
    summary: 'vouch for what no program can know, such as that the team is trained',
    load: async () => (await import('../commands/attest.ts')).attest,
  },
};
