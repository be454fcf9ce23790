import type { LatestRecovery, MonitorCarried, OpenIncident, Report } from '../../contracts/monitor.ts';
import {
  type Diagnosis,
  type Evidence,
  type Incident,
  type SignalName,
  signalNames,
} from '../../contracts/monitoring.ts';
import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { diagnose, fingerprintOf, joined, otherScenarios, probed, troubled, unsettled } from './evidence.ts';
import { breachText, changedText, closedText, noticedText, openedText } from './page-text.ts';
import { type Notebook, Pager } from './pager.ts';
import { startRecovery, withdrawRecovery } from './recovery-of.ts';

/** Opens, follows and closes the one incident of an environment. */
export class IncidentDesk {
  private readonly book: Notebook;
  private readonly policy: Policy;
  private readonly pager: Pager;
  private latest: LatestRecovery = { kind: 'none' };

  constructor(book: Notebook, policy: Policy) {
    this.book = book;
    this.policy = policy;
    this.pager = new Pager(book, policy);
  }

  /** Whether somebody changes data now: what is seen of it then says nothing. */
  get dataIsChanging(): boolean {
    const { latest } = this;
    return latest.kind === 'running' && !latest.proposed && latest.scenario !== 'application-crash';
  }

  /** Whether a recovery goes on whose end is waited for. */
  get follows(): 'closely' | 'loosely' | 'nothing' {
    const { open } = this.book.carried;
    if (open?.recovery == null) return 'nothing';
    return open.recovery.withdrawn === null ? 'loosely' : 'closely';
  }

  /** Whether a recovery is there that the monitor did not propose, or that has begun. */
  get recoveryRuns(): boolean {
    return this.latest.kind === 'running' && !this.latest.proposed;
  }

  /** Reads how the newest recovery stands. What cannot be read now is read at the next look. */
  async lookAtRecovery(): Promise<boolean> {
    const { environment } = this.book;
    const latest = await activities.coordination.latestRecovery({ environment }).catch(() => null);
    if (latest !== null) this.latest = latest;
    return latest !== null;
  }

  /** Finds the recovery of an incident that an earlier monitor had opened. */
  async resume(): Promise<void> {
    await this.lookAtRecovery();
    const { latest } = this;
    const { open } = this.book.carried;
    if (open === null || latest.kind === 'none' || latest.startedAt < open.incident.openedAt) return;
    const { scenario } = open.incident;
    if (scenario !== null) this.note({ open: { ...open, recovery: { scenario, withdrawn: null } } });
  }

  /** Does what follows from everything that is known now. */
  async react(): Promise<void> {
    if (!(await this.lookAtRecovery())) return;
    await this.followRecovery();
    await this.sayBreach();
    const { open } = this.book.carried;
    if (open === null) await this.considerOpening();
    else await this.followIncident(open);
  }

  private async followRecovery(): Promise<void> {
    const { latest } = this;
    const { open, beside } = this.book.carried;
    if (latest.kind === 'running') {
      if (open === null) this.note({ beside: latest.scenario ?? beside ?? 'unknown' });
      // Somebody started one while nothing was started for the incident: it is what serves it.
      else if (open.recovery === null && open.incident.scenario !== null) {
        const { scenario } = open.incident;
        this.note({ open: { ...open, recovery: { scenario, withdrawn: null } } });
      }
      return;
    }
    if (open !== null && open.recovery !== null) await this.recoveryEnded(open, open.recovery, latest);
    else if (beside !== null) {
      this.note({ beside: null });
      this.beginAnew(beside === 'application-crash' ? troubled(this.book.carried) : signalNames);
    }
  }

  private async recoveryEnded(
    open: OpenIncident,
    { withdrawn }: NonNullable<OpenIncident['recovery']>,
    latest: Exclude<LatestRecovery, { kind: 'running' }>,
  ): Promise<void> {
    const outcome = latest.kind === 'ended' ? latest.outcome : 'other';
    if (outcome === 'undone' && withdrawn === 'another-scenario') {
      this.note({ open: { ...open, recovery: null } });
      return;
    }
    const untouched = withdrawn === null ? 'dismissed' : 'false-alarm';
    const endings = { recovered: 'recovered', undone: untouched, other: 'not-recovered' } as const;
    await this.close(open, endings[outcome]);
  }

  private async considerOpening(): Promise<void> {
    const { silence, reports, told, toldFrom } = this.book.carried;
    if (this.latest.kind === 'running' || silence !== null) return;
    const seen = unsettled(this.book.carried);
    const signals = seen.map(({ signal }) => signal);
    this.note({ told: told.filter((signal) => signals.includes(signal)) });
    if (reports.length === 0 && fingerprintOf(seen) === toldFrom) return;
    const diagnosis = await diagnose(seen, reports);
    if (diagnosis?.scenario != null) return this.open(diagnosis, seen, reports);
    this.note({ told: signals, toldFrom: fingerprintOf(seen) });
    const fresh = seen.filter(({ signal }) => !told.includes(signal));
    if (fresh.length > 0) await this.pager.page(noticedText(this.book.environment, fresh));
  }

  private async open(
    diagnosis: Diagnosis,
    seen: readonly Evidence[],
    reports: readonly Report[],
  ): Promise<void> {
    const evidence = [...seen, ...reports.map((report) => report.evidence)];
    const openedAt = new Date().toISOString();
    const incident: Incident = {
      environment: this.book.environment,
      id: `${openedAt.replace(/[:.]/g, '-')}-${diagnosis.scenario ?? 'unknown'}`,
      openedAt,
      ...diagnosis,
      evidence,
      closedAt: null,
      ending: null,
    };
    const diagnosedFrom = fingerprintOf(evidence);
    const opened = { incident, reports, recovery: null, heldBack: null, diagnosedFrom };
    this.note({ reports: [], told: seen.map(({ signal }) => signal), toldFrom: '', open: opened });
    const open = await this.start(opened);
    await Promise.all([this.store(incident), this.pager.page(openedText(open))]);
  }

  /** Starts what the incident asks for, unless something hinders; gives the incident as it is then. */
  private async start(open: OpenIncident): Promise<OpenIncident> {
    const { scenario } = open.incident;
    const { environment } = this.book;
    if (scenario === null) return open;
    const left = this.latest.kind === 'ended' && this.latest.leftMeasures;
    const heldBack = left
      ? `NOTHING IS STARTED: the last recovery left measures in force, such as a stopped application. Decide on those first: npx dr repair --environment ${environment}`
      : null;
    if (!left) await startRecovery(open, scenario);
    const now = { ...open, heldBack, recovery: left ? null : { scenario, withdrawn: null } };
    this.note({ open: now });
    const startedAt = new Date().toISOString();
    if (!left) this.latest = { kind: 'running', startedAt, scenario, proposed: true };
    return now;
  }

  private async followIncident(open: OpenIncident): Promise<void> {
    const seen = unsettled(this.book.carried);
    const evidence = [...seen, ...open.reports.map((report) => report.evidence)];
    const diagnosedFrom = fingerprintOf(evidence);
    const now = diagnosedFrom === open.diagnosedFrom ? open : await this.diagnoseAgain(open, seen, evidence);
    if (now === null) {
      if (open.recovery === null) await this.close(open, 'false-alarm');
      else await this.withdraw(open, 'no-evidence', 'nothing of it is to be seen any more');
      return;
    }
    if (now.recovery !== null || this.latest.kind === 'running' || this.book.carried.silence !== null) return;
    const started = await this.start(now);
    if (started.heldBack !== open.heldBack) await this.pager.page(openedText(started));
  }

  /** The incident as the evidence is now; null where that speaks for no runbook any more. */
  private async diagnoseAgain(
    open: OpenIncident,
    seen: readonly Evidence[],
    evidence: readonly Evidence[],
  ): Promise<OpenIncident | null> {
    const diagnosis = await diagnose(seen, open.reports);
    if (diagnosis?.scenario == null) return null;
    const before = open.incident.scenario;
    const incidentAt = [open.incident.incidentAt, diagnosis.incidentAt].sort()[0] ?? diagnosis.incidentAt;
    const all = joined(open.incident.evidence, evidence);
    const bound = open.recovery !== null && this.isBegun(open.recovery);
    const incident: Incident = bound
      ? { ...open.incident, evidence: all, alsoPossible: otherScenarios(diagnosis, open.incident) }
      : { ...open.incident, ...diagnosis, incidentAt, evidence: all };
    const now = { ...open, incident, diagnosedFrom: fingerprintOf(evidence) };
    this.note({ open: now });
    await this.store(incident);
    if (before === null || incident.scenario === before || open.recovery === null) return now;
    await this.pager.page(changedText(incident, before));
    return this.withdraw(now, 'another-scenario', `${incident.scenario ?? 'another'} is likelier now`);
  }

  /** A crash is recovered at once; everything else only begins when a person says so. */
  private isBegun({ scenario }: NonNullable<OpenIncident['recovery']>): boolean {
    return scenario === 'application-crash' && this.latest.kind === 'running' && !this.latest.proposed;
  }

  private async withdraw(
    open: OpenIncident,
    withdrawn: 'no-evidence' | 'another-scenario',
    reason: string,
  ): Promise<OpenIncident> {
    const { recovery } = open;
    if (recovery === null || recovery.withdrawn !== null || this.isBegun(recovery)) return open;
    const now = { ...open, recovery: { ...recovery, withdrawn } };
    this.note({ open: now });
    await withdrawRecovery(this.book.environment, reason);
    return now;
  }

  private async sayBreach(): Promise<void> {
    const { carried, environment } = this.book;
    const { latest } = this;
    const breach = unsettled(carried).filter(({ scenario }) => scenario === 'security-breach');
    if (breach.length === 0) return this.note({ breachTold: false });
    const recovery = carried.open?.recovery ?? null;
    const mayStillBeTakenBack = recovery !== null && recovery.withdrawn === null && !this.isBegun(recovery);
    const running = latest.kind === 'running' && !latest.proposed ? (latest.scenario ?? 'unknown') : null;
    if (
      running === null ||
      running === 'security-breach' ||
      mayStillBeTakenBack ||
      carried.breachTold ||
      carried.silence !== null
    )
      return;
    this.note({ breachTold: true });
    await this.pager.page(breachText(environment, running, breach));
  }

  private async close(open: OpenIncident, ending: NonNullable<Incident['ending']>): Promise<void> {
    const closedAt = new Date().toISOString();
    const incident: Incident = { ...open.incident, closedAt, ending };
    this.note({ open: null, beside: null });
    if (ending === 'recovered') {
      this.beginAnew(
        open.incident.scenario === 'application-crash' ? troubled(this.book.carried) : signalNames,
      );
    } else if (ending !== 'false-alarm') {
      const signals = probed(open.incident.evidence.filter(({ scenario }) => scenario !== null));
      this.beginAnew(signals);
      const others = this.book.carried.settled.filter(({ signal }) => !signals.includes(signal));
      this.note({ settled: [...others, ...signals.map((signal) => ({ signal, at: closedAt }))] });
    }
    await Promise.all([this.store(incident), this.pager.page(closedText(incident))]);
  }

  /** What was seen of these signals belongs to the past. */
  private beginAnew(signals: readonly SignalName[]): void {
    const { evidence, forget } = this.book.carried;
    // What no recovery mends, such as the age of a backup, was told and stays told.
    const mended = signals.filter((signal) =>
      this.policy.monitor.rules.some((rule) => rule.signal === signal && rule.scenario !== null),
    );
    this.note({
      evidence: evidence.filter(({ signal }) => !mended.includes(signal)),
      forget: [...new Set([...forget, ...mended])],
    });
  }

  /** The incident lives in the monitor's own run as well: a store that is away holds nothing back. */
  private async store(incident: Incident): Promise<void> {
    await activities.incidents.writeMonitoredIncident(incident).catch(() => undefined);
  }

  private note(patch: Partial<MonitorCarried>): void {
    this.book.carried = { ...this.book.carried, ...patch };
  }
}
