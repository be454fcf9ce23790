import { condition, setHandler } from '@temporalio/workflow';
import {
  type JudgedOrder,
  type MonitorCarried,
  type MonitorInput,
  type MonitorStatus,
  monitorQuery,
} from '../../contracts/monitor.ts';
import type { Silence } from '../../contracts/monitoring.ts';
import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { fingerprintOf, stillSettled } from './evidence.ts';
import { IncidentDesk } from './incident-desk.ts';
import { Lookout, type Seen } from './lookout.ts';
import { OrderDesk } from './order-desk.ts';
import { reportedBesideText } from './page-text.ts';
import { type Notebook, Pager } from './pager.ts';

const usualRunMs = 5 * 60_000;
/** How long one look may go on where nothing changes, ms: what `dr monitor` shows is no older. */
const lookMs = { nothing: 30_000, loosely: 10_000, closely: 2_000 } as const;
/** The first look is shown soon. */
const firstLookMs = 5_000;
/** How often a recovery is looked at while a look goes on, ms. */
const followMs = 15_000;
/** How long to wait after a look that failed, ms. */
const afterFailureMs = 5_000;
/** Verdicts that are remembered. */
const rememberedVerdicts = 50;

/** One run of the monitor. */
export class Watch implements Notebook {
  readonly environment: string;
  carried: MonitorCarried;
  private readonly isFirst: boolean;
  private readonly runMs: number;
  private readonly lookout = new Lookout();
  private readonly orders: OrderDesk;
  /** What the look under way was told to begin anew. */
  private forgetting: MonitorCarried['forget'] = [];
  private trouble: string | null = null;
  private stopped = false;

  constructor({ environment, carried, runMs = usualRunMs }: MonitorInput) {
    this.environment = environment;
    this.runMs = runMs;
    this.isFirst = carried === undefined;
    this.carried = carried ?? nothingYet(new Date().toISOString());
    this.orders = new OrderDesk((id) => this.carried.verdicts.some((verdict) => verdict.id === id));
    setHandler(monitorQuery, () => this.status());
  }

  /** Looks and reacts until the run is over; gives what the next one begins with, null when it was told to stop. */
  async run(): Promise<MonitorCarried | null> {
    const { environment } = this;
    const policy = await activities.governance.admit({ environment, startedBy: null });
    if (this.isFirst) await this.readStored();
    const incidents = new IncidentDesk(this, policy);
    if (this.isFirst) await incidents.resume();
    else await incidents.lookAtRecovery();
    const endsAt = Date.now() + this.runMs;
    for (;;) {
      if (!this.lookout.busy) {
        if (Date.now() >= endsAt && !this.orders.waiting) return this.carried;
        this.look(incidents);
      }
      const news = () => this.lookout.ready || this.orders.waiting;
      // A look at all pages may take long: what becomes of a recovery is followed meanwhile.
      if (incidents.follows === 'nothing') await condition(news);
      else await condition(news, followMs, { summary: 'until the recovery is followed again' });
      await this.takeOrders(policy, incidents);
      const seen = this.lookout.take();
      if (seen !== null) await this.takeIn(seen);
      this.endSilence();
      if (!this.stopped) await incidents.react();
      if (this.stopped) return this.leave();
    }
  }

  private look(incidents: IncidentDesk): void {
    const { environment, carried } = this;
    const { states, memory, forget, lookedAt } = carried;
    this.lookout.begin({
      environment,
      states,
      memory,
      forMs: lookedAt === null ? firstLookMs : lookMs[incidents.follows],
      recoveryRunning: incidents.dataIsChanging,
      writeMarkers: true,
      ...(forget.length === 0 ? {} : { forget }),
    });
    this.forgetting = forget;
    this.note({ forget: [] });
  }

  private async takeIn(seen: Seen): Promise<void> {
    if ('trouble' in seen) {
      this.trouble = seen.trouble;
      this.note({ forget: [...new Set([...this.carried.forget, ...this.forgetting])] });
      await condition(() => this.orders.waiting, afterFailureMs, {
        summary: 'until the next look, after one that failed',
      });
      return;
    }
    this.trouble = null;
    const { states, memory, evidence, endedAt, marker } = seen.observation;
    const { settled, forget } = this.carried;
    this.note({
      states,
      memory,
      // What begins anew was seen before somebody decided so.
      evidence: evidence.filter(({ signal }) => !forget.includes(signal)),
      settled: stillSettled(settled, states),
      lookedAt: endedAt,
      ...(marker === null ? {} : { marker }),
    });
  }

  private async takeOrders(policy: Policy, incidents: IncidentDesk): Promise<void> {
    while (this.orders.waiting) {
      const judged = await this.orders.judgeNext(policy);
      if (judged === undefined) return;
      const { id, accepted, verdict } = judged;
      await this.obey(judged, policy, incidents);
      this.note({
        verdicts: [...this.carried.verdicts, { id, accepted, verdict }].slice(-rememberedVerdicts),
      });
    }
  }

  private async obey(judged: JudgedOrder, policy: Policy, incidents: IncidentDesk): Promise<void> {
    if (!judged.accepted) return;
    switch (judged.kind) {
      case 'silence':
        return this.keepSilence(judged.silence);
      case 'unsilence':
        return this.keepSilence(null);
      case 'stop':
        this.stopped = true;
        return;
      case 'report': {
        const { report } = judged;
        const { open, reports } = this.carried;
        if (open !== null) {
          this.note({ open: { ...open, reports: [...open.reports, report] } });
        } else if ((await incidents.lookAtRecovery()) && incidents.recoveryRuns) {
          await new Pager(this, policy).page(reportedBesideText(this.environment, report.evidence));
        } else {
          this.note({ reports: [...reports, report] });
        }
      }
    }
  }

  private async keepSilence(silence: Silence | null): Promise<void> {
    const { environment } = this;
    this.note({ silence });
    // The monitor's own run holds it as well.
    await activities.incidents.writeSilence({ environment, silence }).catch(() => undefined);
  }

  private endSilence(): void {
    const { silence } = this.carried;
    if (silence !== null && Date.parse(silence.until) <= Date.now()) this.note({ silence: null });
  }

  /** The look goes on elsewhere until it hears of it; it changes nothing but the marker. */
  private leave(): null {
    this.lookout.end();
    return null;
  }

  /** What an earlier monitor left open is followed on. */
  private async readStored(): Promise<void> {
    const { environment } = this;
    const stored = await activities.incidents.readStoredWatch({ environment }).catch(() => null);
    if (stored === null) return;
    const { incident, silence } = stored;
    this.note({
      silence,
      open:
        incident === null
          ? null
          : {
              incident,
              reports: incident.evidence
                .filter(({ signal }) => signal === 'user-report' || signal === 'outside-alert')
                .map((evidence) => ({ evidence, sinceKnown: false })),
              recovery: null,
              heldBack: null,
              diagnosedFrom: fingerprintOf(incident.evidence),
            },
    });
  }

  private status(): MonitorStatus {
    const { environment, trouble, stopped } = this;
    const { since, states, open, silence, settled, told, verdicts, lookedAt, marker } = this.carried;
    const shown = { since, states, open, silence, settled, told, verdicts, lookedAt };
    return { environment, ...shown, ...(marker === undefined ? {} : { marker }), trouble, stopped };
  }

  private note(patch: Partial<MonitorCarried>): void {
    this.carried = { ...this.carried, ...patch };
  }
}

function nothingYet(since: string): MonitorCarried {
  return {
    since,
    states: [],
    memory: null,
    evidence: [],
    open: null,
    reports: [],
    silence: null,
    settled: [],
    forget: [],
    beside: null,
    breachTold: false,
    told: [],
    toldFrom: '',
    verdicts: [],
    pages: 0,
    lookedAt: null,
  };
}
