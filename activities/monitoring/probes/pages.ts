import type { DamageReport } from '../../../workflows/contracts/evidence.ts';
import type { Policy } from '../../../workflows/contracts/policy.ts';
import { examineDamage } from '../../database/examine-damage.ts';
import type { Database } from '../../ports.ts';
import type { ProbeGroup } from '../look.ts';
import { wholePages } from './checksums.ts';

/** For a person; the rest is found again by the recovery. */
const mostFindings = 5;
const longestFinding = 300;

const underWay = new WeakMap<Database, Promise<DamageReport>>();

/** Reading every page may take longer than a look: what an ended look began is waited for, and not begun anew. */
function examineOnce(database: Database, { schemas, timestampColumns }: Policy): Promise<DamageReport> {
  const begun = underWay.get(database);
  if (begun !== undefined) return begun;
  // Invariants and row counts are looked at more often, elsewhere.
  const question = { schemas, timestampColumns, invariants: [], baseline: null };
  const examining = examineDamage(database, question).finally(() => underWay.delete(database));
  underWay.set(database, examining);
  return examining;
}

/**
 * Reads every page of every table and holds tables against their indexes: a page of zeros passes its checksum, and
 * nobody else notices it.
 */
export const pagesProbe: ProbeGroup = {
  name: 'pages',
  signals: [],
  duringRecovery: false,
  everyMs: ({ everyMs }) => everyMs.pages,
  patienceMs: ({ patienceMs }) => patienceMs.pages,
  async look({ dependencies: { database, policy } }) {
    const report = await examineOnce(database, policy);
    const findings = report.findings
      .filter(({ proves }) => proves)
      .map(({ found }) => found.slice(0, longestFinding))
      .slice(0, mostFindings);
    const examination = { at: report.examinedAt, findings };
    if (findings.length === 0) return { readings: [], memory: { examination } };
    return {
      readings: [
        {
          signal: 'checksum-failures',
          verdict: 'bad',
          found: `${findings.join('; ')}.`,
          expected: wholePages,
        },
      ],
      memory: { examination },
    };
  },
};
