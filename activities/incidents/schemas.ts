import { z } from 'zod';
import { type Incident, type Silence, signalNames } from '../../workflows/contracts/monitoring.ts';
import { isRunnableScenario, type RunnableScenario } from '../../workflows/contracts/names.ts';

const moment = z.iso.datetime({ offset: true });

/** One of the signals that the monitor knows. */
export const signal = z.enum(signalNames);

/** A scenario that has a runbook. */
export const scenario = z.custom<RunnableScenario>(isRunnableScenario);

const evidence = z.object({
  signal,
  scenario: scenario.nullable(),
  since: moment,
  lastGoodAt: moment.nullable(),
  found: z.string(),
  expected: z.string(),
  unreachable: z.array(z.enum(['application', 'application-platform', 'database', 'database-provider'])),
});

/** An incident as it is stored. */
export const incidentSchema: z.ZodType<Incident> = z.object({
  environment: z.string(),
  id: z.string(),
  openedAt: moment,
  incidentAt: moment,
  scenario: scenario.nullable(),
  alsoPossible: z.array(scenario),
  because: z.string(),
  target: z.object({ kind: z.enum(['at', 'just-before']), moment }).nullable(),
  evidence: z.array(evidence),
  closedAt: moment.nullable(),
  ending: z.enum(['recovered', 'false-alarm', 'dismissed', 'not-recovered']).nullable(),
});

/** A silence as it is stored; null for one that was ended. */
export const silenceSchema: z.ZodType<Silence | null> = z
  .object({ by: z.string(), reason: z.string(), from: moment, until: moment })
  .nullable();
