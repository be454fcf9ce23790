import type { Block } from '../../contracts/document.ts';

/** One measurement; its value is null where it was not known. */
export interface MonthlyFigure {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly value: number | null;
}

/** Which months there are, and how a figure is written. */
interface Months {
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly to: string;
  readonly show: (value: number) => string;
  readonly objective: number | null;
}

/** Every month from first to last, newest first, also those in which nothing was measured. */
export function monthlyTable(
  figures: readonly MonthlyFigure[],
  { from, to, show, objective }: Months,
): Block {
  const head = ['Month', 'Measured', 'Least', 'Median', 'Most', ...(objective === null ? [] : ['Missed'])];
  const rows = monthsBetween(from, to).map((month) => {
    const within = figures.filter(({ at }) => monthOf(at) === month);
    const known = within.flatMap(({ value }) => value ?? []).toSorted((a, b) => a - b);
    const middle = known[Math.floor((known.length - 1) / 2)];
    const unknown = within.length - known.length;
    const counted = `${known.length}${unknown === 0 ? '' : `, ${unknown} not known`}`;
    const shown = [known[0], middle, known.at(-1)].map((value) => (value === undefined ? '' : show(value)));
    const missed = objective === null ? 0 : known.filter((value) => value > objective).length;
    return [
      month,
      within.length === 0 ? 'nothing' : counted,
      ...shown,
      ...(objective === null ? [] : [known.length === 0 ? '' : String(missed)]),
    ];
  });
  return { kind: 'table', head, rows, numeric: head.map((_name, column) => column).slice(1) };
}

function monthsBetween(from: string, to: string): readonly string[] {
  const [first, last] = [monthNumber(from), monthNumber(to)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, back) => monthText(last - back));
}

function monthOf(at: string): string {
  return monthText(monthNumber(at));
}

function monthNumber(at: string): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}
