import type { ProbeGroup } from '../look.ts';

const mostNamed = 5;

/** Errors that the platform's own advisors name, and did not when the monitor began. */
export const adviceProbe: ProbeGroup = {
  name: 'advice',
  signals: ['security-advice'],
  duringRecovery: true,
  everyMs: ({ everyMs }) => everyMs.advice,
  patienceMs: ({ patienceMs }) => patienceMs.other,
  async look({ dependencies: { settings }, memory }) {
    const advice = (await settings.advisories('security'))
      .filter(({ level }) => level === 'error')
      .map(({ name, object }) => (object === null ? name : `${name} ${object}`));
    const known = memory.advice;
    const fresh = known === null ? [] : advice.filter((line) => !known.includes(line));
    return {
      readings: [
        {
          signal: 'security-advice',
          verdict: fresh.length > 0 ? 'bad' : 'good',
          found:
            fresh.length > 0
              ? `The platform advises of ${fresh.length} new errors: ${fresh.slice(0, mostNamed).join(', ')}.`
              : `The platform advises of nothing new; ${advice.length} errors were known.`,
          expected: 'no new error',
        },
      ],
      ...(fresh.length === 0 ? { memory: { advice } } : {}),
    };
  },
};
