import { quickPolicy, startProduction } from '../end-to-end/production.ts';
import { allCases } from './cases.ts';
import { resultTable, seconds } from './result-table.ts';
import { type CaseResult, runCase } from './run-case.ts';

/** `npm run chaos [-- part of a name]`: kills and freezes workers in recoveries; exit code 1 when a rule was broken. */
const wanted = allCases.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const policy = { ...quickPolicy, restore: { ...quickPolicy.restore, requestDeadlineMs: 3_000 } };
const start = () => startProduction({ policy });

const startedAt = Date.now();
const results: CaseResult[] = [];
let production = await start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void production.stop().finally(() => process.exit(130)));
}
for (const [index, chaosCase] of wanted.entries()) {
  const caseStartedAt = Date.now();
  const result = await runCase(production, chaosCase).catch(async (error: unknown): Promise<CaseResult> => {
    // What is left of this production says nothing about the next case.
    await production.stop();
    production = await start();
    const durationMs = Date.now() - caseStartedAt;
    return { name: chaosCase.name, durationMs, asked: [], restoreRequests: 0, violations: [String(error)] };
  });
  results.push(result);
  const verdict = result.violations.length === 0 ? 'holds' : `BROKEN: ${result.violations.join('; ')}`;
  console.log(`${index + 1}/${wanted.length} ${result.name}: ${verdict} (${seconds(result.durationMs)})`);
}
await production.stop();
console.log(resultTable(results));
const broken = results.filter(({ violations }) => violations.length > 0).length;
console.log(`${results.length} cases, ${broken} broken, ${seconds(Date.now() - startedAt)}.`);
process.exitCode = broken === 0 && results.length > 0 ? 0 : 1;
