import type {
  BreachEvidence,
  Indicator,
  IndicatorFinding,
  LogEvidence,
  SecurityApplied,
  SecurityBaseline,
  SecurityComparison,
  SecurityProbe,
} from '../../workflows/contracts/security.ts';
import { applySecurity } from './apply-security.ts';
import { compareSecurity } from './compare-security.ts';
import type { SecurityDependencies } from './dependencies.ts';
import { type EvidenceRequest, gatherEvidence } from './gather-evidence.ts';
import { type LogRequest, preserveLogs } from './preserve-logs.ts';
import { probeSecurity } from './probe-security.ts';
import { runIndicators } from './run-indicators.ts';

export type { SecurityDependencies } from './dependencies.ts';

/** What is done for the security of production; each is described where it is written. */
export interface SecurityActivities {
  compareSecurity(baseline: SecurityBaseline): Promise<SecurityComparison>;
  applySecurity(baseline: SecurityBaseline): Promise<SecurityApplied>;
  probeSecurity(baseline: SecurityBaseline): Promise<readonly SecurityProbe[]>;
  gatherEvidence(request: EvidenceRequest): Promise<BreachEvidence>;
  preserveLogs(request: LogRequest): Promise<LogEvidence>;
  /** In production itself. */
  runIndicators(request: {
    readonly indicators: readonly Indicator[];
    readonly since: string;
  }): Promise<readonly IndicatorFinding[]>;
}

/** Makes the activities of security. */
export function createSecurityActivities(dependencies: SecurityDependencies): SecurityActivities {
  return {
    compareSecurity: (baseline) => compareSecurity(dependencies, baseline),
    applySecurity: (baseline) => applySecurity(dependencies, baseline),
    probeSecurity: (baseline) => probeSecurity(dependencies, baseline),
    gatherEvidence: (request) => gatherEvidence(dependencies, request),
    preserveLogs: (request) => preserveLogs(dependencies, request),
    runIndicators: (request) => runIndicators(dependencies.database, request),
  };
}
