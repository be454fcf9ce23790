import type { DecisionRecord } from '../../workflows/contracts/decisions.ts';
import { utc } from '../../workflows/runbook/format.ts';
import type { Screen } from './screen.ts';
import { hang } from './text.ts';

/** How the run judged an answer. */
export function verdictLines(record: DecisionRecord, { width, style }: Screen): string[] {
  const word = record.accepted ? 'ACCEPTED' : 'REFUSED';
  const said = `${record.kind} by ${record.by} (identity unverified) at ${utc(record.at)}: ${record.verdict}`;
  const [first = '', ...rest] = hang(`${word}  `, said, width);
  return [
    `${style(record.accepted ? 'good' : 'bad', word)}${first.slice(word.length)}`,
    ...rest,
    ...(record.reason === null ? [] : hang('reason: ', record.reason, width)),
    ...(record.breakGlass === null
      ? []
      : hang('BROKEN GLASS: ', `one person alone; reported and mailed to all: ${record.breakGlass}`, width)),
  ];
}
