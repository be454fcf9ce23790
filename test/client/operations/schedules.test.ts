import { describe, expect, it } from 'vitest';
import { policy } from '../../../worker/policy.ts';
import { operationsOfThisFile } from './peer/operations.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ');
const ids = policy.schedules.map(({ id }) => id);

const operations = operationsOfThisFile();
const { dr } = operations;

describe('dr schedules', () => {
  it('says that no backup is taken by itself where none was applied', async () => {
    const { code, out } = await dr('schedules', '-e', 'bare');
    expect(code).toBe(0);
    expect(flat(out)).toContain('No schedule of bare is in Temporal: no backup is taken by itself.');
    expect(out).toContain('npx dr schedules apply --environment bare');
  });

  it('applies what the policy says, once, and shows when each runs next', async () => {
    const first = await dr('schedules', 'apply', '-e', 'applied');
    expect(first.code).toBe(0);
    for (const id of ids) expect(first.out).toContain(`created: ${id}\n`);
    const again = await dr('schedules', 'apply', '-e', 'applied');
    expect(again.out).toContain('Every schedule was as the policy says.');

    const { code, out } = await dr('schedules', '-e', 'applied');
    expect(code).toBe(0);
    for (const id of ids) expect(out).toMatch(new RegExp(`^${id} `, 'm'));
    expect(out).toMatch(/^backup-daily +backup +\d{4}-\d\d-\d\d 03:00 +none$/m);
    expect(out).toMatch(/^backup-validation +backup-validation +\d{4}-\d\d-\d\d 04:00 +none$/m);
    expect(out).toMatch(/^backup-recent +backup +\d{4}-\d\d-\d\d \d\d:(15|45) /m);
    expect(out).toContain('Nothing was missed or skipped.');
    expect(out).toContain('npx dr checklist --environment applied');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('names one that is not as the policy says, and how to mend it', async () => {
    await dr('schedules', 'apply', '-e', 'altered');
    const handle = operations.server.client.schedule.getHandle('altered-backup-daily');
    await handle.pause('by mistake');
    await handle.update((schedule) => ({
      ...schedule,
      spec: { cronExpressions: ['0 9 * * *'], timezone: 'UTC' },
    }));
    const { out } = await dr('schedules', '-e', 'altered');
    expect(out).toMatch(/^backup-daily .*\n {2}not as the policy says; paused$/m);
    expect(out).not.toContain('Nothing was missed or skipped.');
    expect(out).toContain('npx dr schedules apply --environment altered');

    const mended = await dr('schedules', 'apply', '-e', 'altered');
    expect(mended.out).toContain('updated: backup-daily');
    expect(mended.out).toContain('Nothing was missed or skipped.');
  });

  it('gives a script the coming moments', async () => {
    await dr('schedules', 'apply', '-e', 'scripted');
    const document: unknown = JSON.parse((await dr('schedules', '-e', 'scripted', '--json')).out);
    expect(document).toMatchObject({
      changes: [],
      schedules: ids.map((id) => ({ id, nextAt: expect.arrayContaining([expect.stringMatching(/Z$/)]) })),
    });
  });
});
