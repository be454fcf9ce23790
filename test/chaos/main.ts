import { Command } from 'commander';
import { allCases } from './cases/index.ts';
import { resultTable, seconds } from './result-table.ts';
import type { CaseResult } from './run-case.ts';
import { runCases } from './run-cases.ts';

/** `npm run chaos`: what becomes of recoveries in which workers die and people say no; exit code 1 when a rule was broken. */
const command = new Command('npm run chaos --')
  .description('Kills and freezes workers in recoveries, and ends gates without an approval.')
  .option('--scenario <name>', 'only this scenario')
  .option('--step <ids...>', 'only at these steps')
  .argument('[part]', 'only cases with this part in their name')
  .parse();
const { scenario, step } = command.opts<{ scenario?: string; step?: string[] }>();
const [part = ''] = command.args;
const wanted = allCases.filter(
  (chaosCase) =>
    (scenario === undefined || chaosCase.scenario === scenario) &&
    (step === undefined || step.includes(chaosCase.step)) &&
    chaosCase.name.includes(part),
);
if (wanted.length === 0) command.error('No case is so.');

const startedAt = Date.now();
const results: CaseResult[] = [];
for await (const result of runCases(wanted)) {
  results.push(result);
  const verdict = result.violations.length === 0 ? 'holds' : `BROKEN: ${result.violations.join('; ')}`;
  const asked = result.asked.length === 0 ? '' : `, asked: ${result.asked.join('; ')}`;
  console.log(
    `${results.length}/${wanted.length} ${result.scenario}: ${result.name}: ${verdict}${asked} (${seconds(result.durationMs)})`,
  );
}
console.log(resultTable(results));
const broken = results.filter(({ violations }) => violations.length > 0).length;
console.log(`${results.length} cases, ${broken} broken, ${seconds(Date.now() - startedAt)}.`);
process.exitCode = broken === 0 ? 0 : 1;
