import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { execa } from 'execa';
import { startSandbox } from '../sandbox/index.ts';
import { figures } from './figures.ts';
import { measurePairs, measureWorkerStarts, type Pair } from './measure.ts';

/** What the runbook may cost over the same calls by hand. */
const targetRatio = 1.1;
const pairsWanted = Number(process.argv[2] ?? 3);
if (!Number.isInteger(pairsWanted) || pairsWanted < 1) {
  console.error('Usage: npm run bench -- [pairs], such as: npm run bench -- 5');
  process.exit(2);
}

const sandbox = await startSandbox({ onProgress: (line) => console.error(line) });
const pairs: Pair[] = [];
try {
  await measurePairs(sandbox, pairsWanted, (pair) => {
    pairs.push(pair);
    console.error(
      `pair ${pairs.length} of ${pairsWanted}: ${seconds(pair.byHandMs)} and ${seconds(pair.runbookMs)}`,
    );
  });
  const starts = await measureWorkerStarts(sandbox, pairsWanted);
  print(starts);
} finally {
  await sandbox.stop();
}
// Each in a process of its own: of some the memory is measured, and a crash wants a production of its own.
for (const bench of ['crash.ts', 'export.ts', 'pipeline.ts']) {
  const script = fileURLToPath(new URL(bench, import.meta.url));
  await execa(process.execPath, ['--import', 'tsx', script, String(pairsWanted)], { stdio: 'inherit' });
}

function print(starts: Awaited<ReturnType<typeof measureWorkerStarts>>): void {
  const table = new Table({
    head: ['', 'median', 'min', 'max'],
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, values: readonly number[], unit: (value: number) => string) => {
    const { median, min, max } = figures(values);
    table.push([name, unit(median), unit(min), unit(max)]);
  };
  const ratio = (value: number) => value.toFixed(3);
  row(
    'restore by hand',
    pairs.map(({ byHandMs }) => byHandMs),
    seconds,
  );
  row(
    'restore by the runbook',
    pairs.map(({ runbookMs }) => runbookMs),
    seconds,
  );
  row(
    '  more than by hand, each pair',
    pairs.map(({ byHandMs, runbookMs }) => runbookMs - byHandMs),
    seconds,
  );
  row(
    '  ratio, each pair',
    pairs.map(({ byHandMs, runbookMs }) => runbookMs / byHandMs),
    ratio,
  );
  row(
    '  waited for people, left out',
    pairs.map(({ waitedForPeopleMs }) => waitedForPeopleMs),
    seconds,
  );
  row('worker start, prebuilt bundle', starts.withBundle, seconds);
  row('worker start, bundling', starts.without, seconds);
  console.log(table.toString());
  const { median } = figures(pairs.map(({ byHandMs, runbookMs }) => runbookMs / byHandMs));
  console.log(
    `${pairs.length} pairs, alternating; median ratio ${ratio(median)}, target at most ${targetRatio}: ${median <= targetRatio ? 'met' : 'MISSED'}.`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
