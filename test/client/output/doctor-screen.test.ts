import { describe, expect, it } from 'vitest';
import { doctorScreen } from '../../../client/output/doctor-screen.ts';
import { styleFor } from '../../../client/output/style.ts';
import type { DoctorReport, ReadinessItem } from '../../../workflows/contracts/readiness.ts';
import { Paper } from '../peer/terminal.ts';

const item = (change: Partial<ReadinessItem>): ReadinessItem => ({
  group: 'beyond',
  item: 'Workers',
  procedure: 'beyond',
  state: 'ok',
  found: '2 asked for work lately',
  todo: [],
  ...change,
});

const report = (items: readonly ReadinessItem[]): DoctorReport => ({
  environment: 'production',
  at: '2025-11-29T03:12:00.123Z',
  tookMs: 900,
  provider: { project: 'vendhub (abc)', region: 'eu-central-1', redundancy: 'unknown' },
  items,
  scenarios: null,
});

const screen = { width: 80, style: styleFor(new Paper(), {}), now: new Date(0) };

describe('the screen of dr doctor', () => {
  it('prints unknown as unknown, and counts each state', () => {
    const lines = doctorScreen(
      report([item({}), item({ state: 'unknown', found: 'no answer', todo: ['Look at it.'] })]),
      screen,
    );
    expect(lines).toContain('  redundancy        unknown');
    expect(lines).toContain('  ok         Workers: 2 asked for work lately');
    expect(lines).toContain('  UNKNOWN    Workers: no answer');
    expect(lines).toContain('             Do: Look at it.');
    expect(lines).toContain('2 items: 1 ok, 0 attention, 0 failed, 1 unknown');
  });

  it('breaks a long command so that a shell still reads it as one', () => {
    const command = `temporal operator search-attribute create ${'--name DrEnvironment --type Keyword '.repeat(3)}`;
    const lines = doctorScreen(report([item({ state: 'failed', todo: [command] })]), screen);
    const printed = lines.slice(lines.findIndex((line) => line.includes('temporal operator')));
    const whole = printed
      .slice(0, printed.indexOf(''))
      .join('\n')
      .replaceAll(/ \\\n\s+/g, ' ');
    expect(whole.trim()).toBe(command.trim());
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
