import { describe, expect, it } from 'vitest';
import { scenarioWorkflows } from '../../workflows/contracts/names.ts';
import { terminal } from './peer/terminal.ts';

const scenarios = Object.keys(scenarioWorkflows);
const here = terminal(null);

describe('dr procedure', () => {
  it('prints a procedure without a server and without any variable', async () => {
    const { code, out, err } = await here.dr('procedure', 'data-loss');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^# Data loss: by hand\n/);
    expect(out).toContain('restore-pitr');
  });

  it('lists the scenarios when none is named', async () => {
    const { code, out } = await here.dr('procedure');
    expect(code).toBe(0);
    for (const scenario of scenarios) expect(out).toContain(`npx dr procedure ${scenario}\n`);
  });

  it('prints all of them one after the other', async () => {
    const { code, out } = await here.dr('procedure', '--all');
    expect(code).toBe(0);
    expect(out.match(/^# .*: by hand$/gm)).toHaveLength(scenarios.length);
  });

  it('prints one JSON document', async () => {
    const { out } = await here.dr('procedure', 'application-crash', '--json');
    expect(JSON.parse(out)).toEqual([
      {
        scenario: 'application-crash',
        title: 'Application crash',
        markdown: expect.stringContaining('## Support'),
      },
    ]);
  });

  it.each([['earthquake'], ['data-loss', '--all']])('refuses %s %s with exit code 2', async (...words) => {
    const { code, out, err } = await here.dr('procedure', ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words.length === 1 ? 'security-breach' : 'Give one of them.');
  });
});
