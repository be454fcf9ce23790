import { describe, expect, it } from 'vitest';
import { drillsScreen } from '../../client/output/drills-screen.ts';
import type { DrillsReport } from '../../workflows/contracts/drills.ts';
import { terminal } from './peer/terminal.ts';

/** What is wrong is found before Temporal is asked. */
const dr = (...words: string[]) => terminal(null).dr('drill', ...words);

describe('dr drill', () => {
  it.each([
    ['a scenario that has no runbook', ['flood'], '"flood" has no runbook'],
    ['a surprise that names what it breaks', ['data-loss', '--surprise'], 'are drawn by lot'],
    ['a surprise with a fault', ['--surprise', '--fault', 'deleted-rows'], 'are drawn by lot'],
    ['participants without a name', ['--participants', 'anna,,ben'], '--participants'],
  ])('refuses %s with exit code 2', async (_what, words, why) => {
    const { code, err } = await dr(...words);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });

  it('has a list below it, which is no scenario', async () => {
    const { code, out } = await dr('list', '--help');
    expect(code).toBe(0);
    expect(out).toContain('npx dr drill list');
  });
});

const report: DrillsReport = {
  environment: 'staging',
  refusal: null,
  faults: [
    { id: 'deleted-rows', scenario: 'data-loss', title: 'every second sale is deleted', missing: null },
    {
      id: 'damaged-pages',
      scenario: 'database-corruption',
      title: 'pages are overwritten',
      missing: 'DRILL_FAULT_COMMAND_PAGES is not set',
    },
  ],
  records: [
    {
      id: 'drill-staging-1',
      scenario: 'data-loss',
      fault: { id: 'deleted-rows', title: 'every second sale is deleted' },
      startedAt: '2026-01-05T14:00:00.000Z',
      finishedAt: '2026-01-05T14:12:00.000Z',
      verdict: 'verified (staging)',
      succeeded: true,
      startedBy: 'schedule',
    },
  ],
};
const screen = { width: 80, style: (_tone: string, text: string) => text, now: new Date() };

describe('the list of drills', () => {
  it('tells how the last ones went, what can be broken here, and what is missing for the rest', () => {
    const lines = drillsScreen(report, screen);
    const text = lines.join('\n').replace(/\s+/g, ' ');
    expect(text).toContain(
      'verified (staging) 2026-01-05 14:00 UTC, data-loss: every second sale is deleted',
    );
    expect(text).toContain('deleted-rows data-loss');
    expect(text).toContain('(not here: DRILL_FAULT_COMMAND_PAGES is not set)');
    expect(text).toContain('npx dr drill data-loss --environment staging');
    expect(lines.every((line) => line.length <= 80)).toBe(true);
  });

  it('offers no drill where none may be held, and says why', () => {
    const text = drillsScreen({ ...report, refusal: 'It is protected.' }, screen).join('\n');
    expect(text).toContain('NO DRILLS HERE  It is protected.');
    expect(text).not.toContain('npx dr drill ');
  });
});
