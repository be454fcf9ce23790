import type {
  DamageReport,
  Reconciliation,
  RewindInventory,
  SilenceProof,
  Verification,
} from '../../workflows/contracts/evidence.ts';
import type { LossSurvey } from '../../workflows/contracts/recovery-point.ts';
import { type DamageQuestion, examineDamage } from './examine-damage.ts';
import { proveSilence, type SilenceDemand } from './prove-silence.ts';
import { type LossLimits, type LossRecheck, recheckLoss } from './recheck-loss.ts';
import {
  type ReconciliationDependencies,
  type ReconciliationRequest,
  reconcileAfterRewind,
} from './reconcile-after-rewind.ts';
import { type LossQuestion, surveyLoss } from './survey-loss.ts';
import { type InventoryRequest, takeInventory } from './take-inventory.ts';
import { type RestoreExpectation, verifyRestored } from './verify-restored.ts';

/** What a recovery asks of the database around a restore; each is described where it is written. */
export interface DatabaseActivities {
  surveyLoss(question: LossQuestion): Promise<LossSurvey>;
  examineDamage(question: DamageQuestion): Promise<DamageReport>;
  recheckLoss(limits: LossLimits): Promise<LossRecheck>;
  proveSilence(demand: SilenceDemand): Promise<SilenceProof>;
  takeInventory(request: InventoryRequest): Promise<RewindInventory>;
  verifyRestored(expectation: RestoreExpectation): Promise<Verification>;
  reconcileAfterRewind(request: ReconciliationRequest): Promise<Reconciliation>;
}

/**
 * Makes the database's activities. They throw `DrError` of `database-unreachable` (retried), `database-login-refused`
 * and `database-query-failed`, and what each names beside.
 */
export function createDatabaseActivities(dependencies: ReconciliationDependencies): DatabaseActivities {
  const { database } = dependencies;
  return {
    surveyLoss: (question) => surveyLoss(database, question),
    examineDamage: (question) => examineDamage(database, question),
    recheckLoss: (limits) => recheckLoss(database, limits),
    proveSilence: (demand) => proveSilence(database, demand),
    takeInventory: (request) => takeInventory(dependencies, request),
    verifyRestored: (expectation) => verifyRestored(database, expectation),
    reconcileAfterRewind: (request) => reconcileAfterRewind(dependencies, request),
  };
}
