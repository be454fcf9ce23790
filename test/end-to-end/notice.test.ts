import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Evidence, SignalName } from '../../workflows/contracts/monitoring.ts';
import type { Scenario } from '../../workflows/contracts/policy.ts';
import { Everything } from '../sandbox/drills/everything.ts';
import { damagePages, type PageDamage } from '../sandbox/postgres/damage-pages.ts';
import { startTraffic, type Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { down, healthStatus, served } from './crash.ts';
import { intrude, removeTraces, tracesLeft } from './intrusion.ts';
import type { Recovery } from './recovery.ts';
import { runOperation, takeBackup } from './run-operation.ts';
import { historyTexts } from './secrets.ts';
import { type StandbyProduction, startStandbyProduction } from './standby-production.ts';
import { asSuperuser, customersServed } from './truth.ts';
import {
  monitorOf,
  recoveryAfter,
  startMonitor,
  untilContent,
  untilMonitor,
  watchedPolicy,
} from './watched.ts';

const examined = z.object({
  memory: z.object({ examination: z.object({ at: z.string(), findings: z.array(z.string()) }) }),
});

let home: StandbyProduction;
let traffic: Traffic;
/** How many mails had been sent before the test. */
let mailsBefore: number;

beforeAll(async () => {
  home = await startStandbyProduction({ policy: watchedPolicy });
  traffic = startTraffic({ applicationUrl: home.standby.frontDoor.url, perSecond: 10 });
  await customersServed(traffic, sandbox());
  await takeBackup(sandbox());
  await runOperation(sandbox(), 'backUpConfiguration');
  await startMonitor(sandbox());
});
beforeEach(async () => {
  await untilContent(sandbox());
  await customersServed(traffic, sandbox());
  mailsBefore = sandbox().smtp.messages().length;
});
afterEach(() => home.production.endRun());
afterAll(async () => {
  await traffic?.stop();
  await home?.stop();
});

const sandbox = () => home.production.sandbox;
const service = () => sandbox().railway.service;

/** What was asked of both providers to change anything. */
const changes = () => [sandbox().supabase, sandbox().railway].map(({ calls }) => calls.writes().length);

/**
 * Breaks something and does nothing more. The first incident that is opened is of the right scenario, and what shows it
 * was good at no look that began after the break: an interval at most until the first, and fewer to confirm it.
 *
 * @param breakIt resolves when it is broken
 * @param goodUntilFound what a look may find good because it does not look that deep
 */
async function noticed(
  scenario: Scenario,
  breakIt: () => Promise<unknown>,
  goodUntilFound: readonly SignalName[] = [],
): Promise<{
  readonly recovery: Recovery;
  readonly evidence: readonly Evidence[];
  readonly brokenAt: Date;
}> {
  const startedAt = Date.now();
  await breakIt();
  const brokenAt = new Date();
  const { open } = await untilMonitor(sandbox(), 'opened an incident', (status) => status.open !== null);
  expect(open?.incident).toMatchObject({ scenario });
  const { evidence = [], openedAt = '' } = open?.incident ?? {};
  // What is only told, such as the error rate, may turn bad later by what the break leads to.
  const speaking = evidence.filter((each) => each.scenario !== null);
  for (const { signal, lastGoodAt } of speaking.filter((each) => !goodUntilFound.includes(each.signal))) {
    expect({ signal, goodAfterwards: Date.parse(String(lastGoodAt)) > brokenAt.getTime() }).toEqual({
      signal,
      goodAfterwards: false,
    });
  }
  const secondsAfter = (Date.parse(openedAt) - brokenAt.getTime()) / 1000;
  const because = evidence.map(({ signal }) => signal).join(', ');
  console.info(`${expect.getState().currentTestName}: noticed ${secondsAfter} s later by ${because}`);
  const recovery = await eventually('a recovery', () => recoveryAfter(sandbox(), startedAt));
  expect((await recovery.status()).scenario).toBe(scenario);
  return { recovery, evidence, brokenAt };
}

/** Nobody was told of another incident than this one, which ended so. */
async function toldOnly(scenario: Scenario, ending: string): Promise<void> {
  await untilMonitor(sandbox(), 'closed the incident', ({ open }) => open === null);
  const told = () => {
    const subjects = sandbox()
      .smtp.messages()
      .slice(mailsBefore)
      .map(({ subject }) => subject);
    return [...new Set(subjects.filter((subject) => /\] Incident( closed)?: /.test(subject)))];
  };
  await eventually('the mail of its end', () => told().some((one) => one.includes('closed')) || undefined);
  expect(told()).toEqual([`[sandbox] Incident: ${scenario}`, `[sandbox] Incident closed: ${ending}`]);
}

describe('a crash, with nobody touching anything,', () => {
  it('of a deployment that crashes on start is noticed, and the application is back before anybody is asked', async () => {
    const { recovery } = await noticed('application-crash', async () => {
      service().pushVersion('v3-throws-on-start');
      await replaced();
    });
    await isHealed(recovery);
    await confirmRevert(recovery);
    expect(service().active()?.version).toBe('v2');
  });

  it('of a variable that was removed is noticed, and recovered with no decision', async () => {
    const { recovery } = await noticed('application-crash', async () => {
      service().removeVariable('DATABASE_URL');
      await replaced();
    });
    expect(await recovery.result()).toMatchObject({
      outcome: 'recovered',
      status: { startedBy: 'monitor', decisions: [] },
    });
    await toldOnly('application-crash', 'recovered');
  });

  it('of memory that runs out again and again is noticed, and the application is back before anybody is asked', async () => {
    const { recovery } = await noticed(
      'application-crash',
      async () => {
        service().pushVersion('v4-exhausts-memory-after-5-requests');
        await replaced();
        await down(sandbox());
      },
      // Each restart answers until customers have used up the memory.
      ['health-check', 'deployment'],
    );
    await isHealed(recovery);
    await confirmRevert(recovery);
    expect(service().active()?.version).toBe('v2');
  });

  it('of a database that stopped is noticed; nothing is restarted, and it is recovered once that runs', async () => {
    const before = changes();
    const { recovery } = await noticed('application-crash', async () => {
      await sandbox().postgres.stop('immediate');
      await down(sandbox());
    });
    const failed = await recovery.asked('failed-step', 'name-cause');
    const { measures, decisions } = await recovery.status();
    expect({ measures, decisions }).toEqual({ measures: [], decisions: [] });
    expect(changes()).toEqual(before);
    await sandbox().postgres.start();
    await served(sandbox());
    await recovery.accepted('retry', { decision: failed.id });
    expect(await recovery.result()).toMatchObject({ outcome: 'recovered' });
    await toldOnly('application-crash', 'recovered');
  });

  /** Waits until the newest deployment has taken the place of all others. */
  const replaced = () =>
    eventually('the newest deployment replaces the others', () => {
      const [newest, ...others] = service().deployments();
      return (newest?.activated && others.every(({ status }) => status !== 'SUCCESS')) || undefined;
    });

  /** Users have the application again, and nobody has decided anything. */
  async function isHealed(recovery: Recovery): Promise<void> {
    await recovery.asked('manual-step', 'revert-commit');
    const { healthySince, decisions, measures } = await recovery.status();
    expect({ decisions, measures }).toEqual({ decisions: [], measures: [] });
    expect(healthySince).toMatch(/Z$/);
    expect(await healthStatus(sandbox())).toBe(200);
  }

  /** Says that the failing commit was reverted, which is outside of what a recovery can do. */
  async function confirmRevert(recovery: Recovery): Promise<void> {
    const { open } = await recovery.status();
    await recovery.accepted('confirm', { decision: open?.id ?? '', reason: 'pushed' });
    expect(await recovery.result()).toMatchObject({ outcome: 'recovered' });
    await toldOnly('application-crash', 'recovered');
  }
});

describe('with nobody touching anything, nothing is changed before a person begins it:', () => {
  let changesBefore: readonly number[];
  beforeEach(() => {
    changesBefore = changes();
  });

  async function waitsToBegin(recovery: Recovery): Promise<void> {
    const open = await recovery.next();
    expect(open).toMatchObject({ kind: 'start' });
    const { phase, measures, decisions } = await recovery.status();
    expect({ phase, measures, decisions }).toEqual({ phase: 'proposed', measures: [], decisions: [] });
    expect(changes()).toEqual(changesBefore);
  }

  /** What is not there any more needs no recovery. */
  async function withdrawsItself(scenario: Scenario, recovery: Recovery): Promise<void> {
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    await toldOnly(scenario, 'false-alarm');
    expect(changes()).toEqual(changesBefore);
  }

  async function isDismissed(scenario: Scenario, recovery: Recovery): Promise<void> {
    const { open } = await recovery.status();
    await recovery.accepted('reject', { decision: open?.id ?? '', reason: 'it is mended by hand' });
    expect(await recovery.result()).toMatchObject({ outcome: 'undone', status: { measures: [] } });
    await toldOnly(scenario, 'dismissed');
    expect(changes()).toEqual(changesBefore);
  }

  const corrupt = async (table: string, damage: PageDamage) => {
    // Only then an index tells of rows that a page of zeros takes away.
    await asSuperuser(sandbox(), (superuser) => superuser.query(`VACUUM ${table}`));
    return damagePages(sandbox().postgres, sandbox().superuserUrl, table, [damage]);
  };

  /** When every page was read after a moment and found whole, as the monitor's history tells. */
  async function foundWholeAfter(moment: Date): Promise<string[]> {
    const texts = historyTexts(await monitorOf(sandbox()).fetchHistory());
    const looks = texts.flatMap((text) => {
      const { data } = examined.safeParse(text.startsWith('{"') ? JSON.parse(text) : null);
      return data === undefined ? [] : [data.memory.examination];
    });
    expect(looks.some(({ findings }) => findings.length > 0)).toBe(true);
    return looks.flatMap(({ at, findings }) =>
      findings.length === 0 && Date.parse(at) > moment.getTime() ? [at] : [],
    );
  }

  it('a page of garbage is a corruption', async () => {
    let mend = async (): Promise<void> => undefined;
    const { recovery } = await noticed('database-corruption', async () => {
      mend = await corrupt('public.sales', { page: 2, with: 'garbage' });
    });
    await waitsToBegin(recovery);
    await mend();
    // The server goes on counting what it could not read: it does not withdraw itself.
    await isDismissed('database-corruption', recovery);
  });

  it('a page of zeros is a corruption', async () => {
    let mend = async (): Promise<void> => undefined;
    const { recovery, brokenAt } = await noticed('database-corruption', async () => {
      mend = await corrupt('public.dispense_jobs', { page: 3, with: 'zeros' });
    }, ['checksum-failures']);
    expect(await foundWholeAfter(brokenAt)).toEqual([]);
    await waitsToBegin(recovery);
    await mend();
    await withdrawsItself('database-corruption', recovery);
  });

  it('a function, a role and rows of an intruder are a breach', async () => {
    const stolen = sandbox().environment['DATABASE_URL'] ?? '';
    let leave = async (): Promise<void> => undefined;
    const { recovery, evidence } = await noticed('security-breach', async () => {
      const intruder = await intrude(stolen);
      leave = () => intruder.end();
    });
    expect(evidence.map(({ found }) => found).join(' ')).toContain('intruder');
    await waitsToBegin(recovery);
    expect(await tracesLeft(sandbox())).toBeGreaterThan(0);
    await leave();
    await removeTraces(sandbox());
    await withdrawsItself('security-breach', recovery);
  });

  it('both providers and the database gone are a complete failure', async () => {
    const before = service().active();
    const everything = new Everything({ production: sandbox(), frontDoor: home.standby.frontDoor });
    const { recovery, evidence } = await noticed('complete-failure', () => everything.takeAway());
    expect(new Set(evidence.flatMap(({ unreachable }) => unreachable))).toEqual(
      new Set(['application', 'application-platform', 'database', 'database-provider']),
    );
    await waitsToBegin(recovery);
    await isDismissed('complete-failure', recovery);
    // The application first: platforms that answer while it is down would speak of a crash.
    await sandbox().postgres.start();
    service().redeploy(before?.id ?? '', true);
    await served(sandbox());
    await everything.bringBack();
    await untilContent(sandbox());
  });
});
