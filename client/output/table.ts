import type { TableConstructorOptions } from 'cli-table3';

/** A table of columns only: no frame, no colours, two spaces between columns. */
export const borderless = {
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
} satisfies TableConstructorOptions;
