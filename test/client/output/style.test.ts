import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../client/output/style.ts';
import { Paper } from '../peer/terminal.ts';

const terminal = () => Object.assign(new Paper(), { isTTY: true });

describe('colours', () => {
  it('are used on a terminal only', () => {
    expect(styleFor(terminal(), {})('bad', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(styleFor(new Paper(), {})('bad', 'x')).toBe('x');
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('are left out where %o says so', (environment) => {
    expect(styleFor(terminal(), environment)('bad', 'x')).toBe('x');
  });
});
