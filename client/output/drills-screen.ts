import type { DrillsReport } from '../../workflows/contracts/drills.ts';
import { duration, utc } from '../../workflows/runbook/format.ts';
import { commandText, nextLines } from './command-text.ts';
import type { Screen } from './screen.ts';
import { hang } from './text.ts';

/** The last drills, the faults by scenario with what is missing to make them, and what to do next. */
export function drillsScreen(report: DrillsReport, { width, style }: Screen): string[] {
  const { environment, refusal, faults, records } = report;
  const possible = faults.find(({ missing }) => missing === null);
  return [
    ...(refusal === null ? [] : hang('NO DRILLS HERE  ', refusal, width)),
    records.length === 0 ? `No drill of ${environment} is recorded.` : `Last drills of ${environment}:`,
    ...records.flatMap(({ scenario, fault, startedAt, finishedAt, verdict, succeeded, startedBy }) => {
      const took = duration(Date.parse(finishedAt) - Date.parse(startedAt));
      const [first = '', ...rest] = hang(
        `  ${verdict}  `,
        `${utc(`${startedAt.slice(0, 16)}Z`)}, ${scenario}: ${fault.title}; ${took}, started by ${startedBy}`,
        width,
      );
      return [`  ${style(succeeded ? 'good' : 'bad', verdict)}${first.slice(2 + verdict.length)}`, ...rest];
    }),
    'Faults:',
    ...faults.flatMap(({ id, scenario, title, missing }) =>
      hang(`  ${id}  `, `${scenario}: ${title}${missing === null ? '' : ` (not here: ${missing})`}`, width),
    ),
    ...nextLines(
      refusal !== null || possible === undefined
        ? [{ text: commandText({ command: 'doctor', environment }), why: 'what else is missing' }]
        : [
            {
              text: commandText({ command: `drill ${possible.scenario}`, environment }),
              why: 'hold one: it breaks the environment for real',
            },
          ],
      width,
    ),
  ];
}
