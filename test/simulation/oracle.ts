// Judges a world: after every log line, start of a script and step, against SPEC 3, 4 and 7. Written apart from
// src/: it knows the truth of the world and what pcheck tells, never what pcheck thinks. The exceptions from its
// rules have names (exceptions.ts).
import { parseDump } from '../../src/entry/dump.ts';
import type { EntryReport } from '../../src/entry/snapshot.ts';
import type { LogMessage } from '../../src/log/catalogue.ts';
import type { Pfile } from '../../src/pfile/types.ts';
import type { SimulatedSystem } from '../../src/system/simulated/system.ts';
import type { ScriptCommand, StartedScript } from '../../src/system/types.ts';
import { identityOf, intervalEnd, type Left, newTracked, type Tracked } from './oracle-entry.ts';
import { type Recorded, readRecord } from './oracle-record.ts';
import type { Being, Population } from './population.ts';
import { fits, isAlive, isScript, type Verdict } from './truth.ts';
import { Violation } from './violation.ts';

const SLACK_MILLISECONDS = 300;
const TERM_TO_KILL_MILLISECONDS = 10_000;
const BLIND_RETRY_MILLISECONDS = 1000;
const LONGEST_END_MILLISECONDS = 1000 + 4 * 10_000 + 4 * 30_000;

export function createOracle(system: SimulatedSystem, population: Population) {
  const { clock, disk } = system;
  let entries: Tracked[] = [];
  let retired: Tracked[] = [];
  let intervalMilliseconds = 10_000;
  /** Until then pcheck could not act: it was blind, held up, or not there. */
  let excusedUntil = 0;
  let isRunning = false;
  let begunAt = 0;
  let wasBlindAtFirst = false;
  let isOver = false;
  let mustEndSince: number | undefined;
  let endingSince: number | undefined;
  /** The record on disk is not the last one that pcheck wanted to write. */
  let isRecordStale = false;
  /** pcheck was killed in the middle of a step, which the record may hold already. */
  let wasKilledWithin = false;
  let mayResume: 'yes' | 'no' = 'no';
  let hasResumed = false;
  /** Scripts, checks and commands that this pcheck has to stop when it ends. */
  const ours = new Set<Being>();
  const seen = {
    restarts: 0,
    retryOvers: 0,
    adoptions: 0,
    clearings: 0,
    resumes: 0,
    timeouts: 0,
    stalls: 0,
  };

  const now = () => clock.now().monotonic;

  function broken(invariant: string, entry: Tracked | undefined, details: string): never {
    const of = entry === undefined ? '' : `${entry.pent.name} `;
    throw new Violation(invariant, `${of}${details}`);
  }

  function byName(name: string | number): Tracked {
    const entry = entries.find(({ pent }) => pent.name === name);
    if (entry === undefined) throw new Violation('every message tells of an entry', String(name));
    return entry;
  }

  /** Entries of one NAME may have a script each: one of the pfile, others that were removed while theirs ran. */
  function byScriptOf(name: string | number, dueAt: (entry: Tracked) => number): Tracked {
    const [due] = [...entries, ...retired]
      .filter((entry) => entry.pent.name === name && hasScript(entry) && dueAt(entry) <= now() + 1)
      .sort((one, other) => dueAt(one) - dueAt(other));
    return due ?? byName(name);
  }

  /** As far as pcheck can know: after a time-out it lasts as long as its group, and its end may not be told yet. */
  function hasScript({ scripts, timedOutAt }: Tracked): boolean {
    return [...scripts].some(
      (script) =>
        isAlive(script) ||
        isLikelyUnheard(script) ||
        (timedOutAt !== undefined && [...population.all].some((being) => isOfGroup(being, script))),
    );
  }

  function isLikelyUnheard({ diedAt }: Being): boolean {
    return diedAt === now() || excusedUntil >= now();
  }

  function isOfGroup({ process }: Being, script: Being): boolean {
    return process.processGroup === script.process.pid;
  }

  function limitDueAt({ limitAt, timedOutAt }: Tracked): number {
    return timedOutAt === undefined ? limitAt : Infinity;
  }

  function killDueAt({ timedOutAt, killedAt }: Tracked): number {
    return killedAt === undefined ? (timedOutAt ?? Infinity) + TERM_TO_KILL_MILLISECONDS : Infinity;
  }

  /** Whether the moment is over for one who could act all the time until now. */
  function isLate(moment: number, slack = SLACK_MILLISECONDS): boolean {
    return now() > Math.max(moment, excusedUntil) + slack;
  }

  function namedByPidfile({ pent }: Tracked, being: Being): boolean {
    if (pent.pidfile === undefined) return false;
    return Number.parseInt(disk.get(pent.pidfile) ?? '', 10) === being.process.pid;
  }

  /** A worker that the dead process left behind (SPEC 4.2). */
  function isOrphan(entry: Tracked, being: Being): Verdict {
    const kin = [...entry.dead].filter(([dead, { image }]) => dead !== being && image === being.image);
    if (namedByPidfile(entry, being)) return 'no';
    // Of one that was noted while a script ran, or that lived while nobody looked: the log does not tell.
    if (kin.length === 0) return population.hasDeadKin(being) ? 'unknown' : 'no';
    const verdicts = kin.map(([dead, left]) => wasLeftBy(dead, left, being));
    if (verdicts.includes('yes')) return 'yes';
    return verdicts.includes('unknown') ? 'unknown' : 'no';
  }

  function wasLeftBy(dead: Being, { noticedAt, startWaitSeconds }: Left, being: Being): Verdict {
    if (Number.isNaN(noticedAt)) return 'unknown';
    // It lives, but as something else now: whether its forks are workers that it left, nobody says.
    if (isAlive(dead)) return 'unknown';
    if (being.process.session !== dead.process.session) return 'unknown';
    const age = (dead.diedAt ?? now()) - dead.bornAt;
    const limit = startWaitSeconds * 1000;
    if (age < limit - 20) return 'no';
    // A sibling, not a child: both were forked by another.
    if (being.bornAt < dead.bornAt) return 'unknown';
    // How old it was when it was seen the last time, only pcheck knows.
    const unseen = intervalMilliseconds + SLACK_MILLISECONDS;
    return age - unseen < limit || excusedUntil > noticedAt - unseen ? 'unknown' : 'yes';
  }

  /** How many fit at least; those of this very moment are too young to have been seen. */
  function surelyThere(entry: Tracked): Being[] {
    return [...population.all].filter((being) => {
      if (being.bornAt >= now() || being === entry.stalled) return false;
      const verdict = fits(entry.pent, being);
      if (verdict !== 'yes' && !(verdict === 'unknown' && being === entry.held)) return false;
      return isOrphan(entry, being) === 'no';
    });
  }

  function possiblyThere(entry: Tracked): Being[] {
    return [...population.all].filter(
      (being) =>
        being !== entry.stalled && fits(entry.pent, being) !== 'no' && isOrphan(entry, being) !== 'yes',
    );
  }

  function isGone({ held, pent }: Tracked): boolean {
    return held === undefined || !isAlive(held) || fits(pent, held) === 'no';
  }

  /** Two entries of the pfile mean the same program: the first restarts it. */
  function isShared({ pent }: Tracked): boolean {
    const program = pent.name.at(-1);
    return entries.some(({ pent: other }) => other.name !== pent.name && other.name.at(-1) === program);
  }

  function isHealthy(entry: Tracked): boolean {
    const there = surelyThere(entry);
    if (there.length < entry.pent.minProcCount) return false;
    if (!isGone(entry)) return true;
    return entry.pent.pidfile === undefined || there.some((being) => namedByPidfile(entry, being));
  }

  /** The truth has changed: since when is what is watched gone, or too few of it there? */
  function lookAtTruth(): void {
    for (const entry of entries) {
      if (entry.status !== 'AVAIL') continue;
      if (!isGone(entry)) entry.goneSince = undefined;
      else entry.goneSince ??= entry.held?.diedAt ?? now();
      if (surelyThere(entry).length < entry.pent.minProcCount) entry.lastFewAt = now();
      if (possiblyThere(entry).length >= entry.pent.minProcCount) entry.fewSince = undefined;
      else entry.fewSince ??= now();
    }
  }

  function noticed(entry: Tracked): void {
    const { goneSince } = entry;
    if (goneSince === undefined || entry.status !== 'AVAIL' || !entry.isOn) return;
    // When others are there, but too few, these are counted once more.
    const unseenSince = Math.max(goneSince, entry.startedAt);
    if (isLate(unseenSince + intervalMilliseconds, SLACK_MILLISECONDS + recountMilliseconds())) {
      broken('a dead process is noticed within MONITOR_INTERVAL', entry, `gone since ${goneSince}`);
    }
  }

  function recountMilliseconds(): number {
    return Math.min(1000, intervalMilliseconds);
  }

  /** What is held is gone, or something else: it may have left workers behind. */
  function leaves(entry: Tracked): void {
    const { held } = entry;
    if (held !== undefined && (isGone(entry) || held === entry.stalled) && !entry.dead.has(held)) {
      const { startWaitSeconds } = entry.pent;
      // While monitoring is off, nothing is told of when it was noticed.
      const isTold = entry.isOn && entry.startedAt !== now();
      entry.dead.set(held, { image: entry.heldImage, noticedAt: isTold ? now() : NaN, startWaitSeconds });
    }
  }

  /** Exception: what another entry of the same turn began has ended it since the look. */
  function diedJustNow(pid: number): Being | undefined {
    const { last } = population;
    return last?.process.pid === pid && last.diedAt === now() ? last : undefined;
  }

  function up(entry: Tracked, pid: number): void {
    lookAtTruth();
    noticed(entry);
    leaves(entry);
    const being = population.byPid(pid) ?? diedJustNow(pid);
    if (being === undefined) broken('Up tells of a live process', entry, `pid ${pid}`);
    if (isAlive(being) && fits(entry.pent, being) === 'no')
      broken('Up tells of a process that fits', entry, `pid ${pid}`);
    if (isOrphan(entry, being) === 'yes') broken('an orphaned worker is no successor', entry, `pid ${pid}`);
    if (being === entry.stalled) broken('a stalled process is not its own successor', entry, `pid ${pid}`);
    if (entry.status === 'AVAIL' && entry.pent.pidfile === undefined && !isGone(entry)) {
      broken('a healthy process is not left for another', entry, `pid ${entry.held?.process.pid}`);
    }
    if (entry.status === 'AVAIL') seen.adoptions += 1;
    entry.status = 'AVAIL';
    entry.isLeftToAnother = false;
    // Its kin are of the service now.
    for (const [dead, { image }] of entry.dead) if (image === being.image) entry.dead.delete(dead);
    entry.heldImage = being.image;
    Object.assign(entry, { held: being, stalled: undefined, goneSince: undefined });
    Object.assign(entry, { fewSince: undefined, graceFrom: now(), checkFails: 0, checkedAt: now() });
    Object.assign(entry, { actsBy: Infinity, timedOutAt: undefined, killedAt: undefined });
  }

  function down(entry: Tracked): void {
    lookAtTruth();
    const isOfRestart = entry.failedAt === now() || entry.startedAt === now();
    if (entry.status !== 'AVAIL' && !isOfRestart) broken('Down follows AVAIL', entry, entry.status);
    const isStall = entry.stalledAt === now();
    if (entry.status === 'AVAIL' && !isStall) {
      noticed(entry);
      leaves(entry);
      if (!isShared(entry) && isHealthy(entry)) {
        broken('a healthy process is never down', entry, pidsOf(surelyThere(entry)));
      }
    }
    if (isStall) {
      seen.stalls += 1;
      entry.stalled = entry.held;
    }
    entry.status = isShared(entry) && !isStall ? 'UNAVAIL' : 'RESTART';
    entry.downAt = now();
    entry.isLeftToAnother = isShared(entry);
    leaves(entry);
    entry.held = undefined;
    awaitDecision(entry, entry.pent.restartDelaySeconds * 1000);
  }

  /** After a death, or a process that was not found: a script or the retry-over is due. */
  function awaitDecision(entry: Tracked, delayMilliseconds: number): void {
    const isOut = entry.retryCount >= entry.pent.retry;
    const delayed = now() + delayMilliseconds;
    entry.actsBy = isShared(entry) ? Infinity : isOut ? delayed : Math.max(delayed, intervalEnd(entry));
  }

  function tryRestart(entry: Tracked): void {
    const isReset = entry.resetAt === now() && entry.status === 'UNAVAIL';
    const isDue = entry.status === 'RESTART' || isReset || entry.startedAt === now();
    if (!isDue && !isShared(entry) && !entry.isLeftToAnother) {
      broken('a healthy one is never restarted', entry, `it is ${entry.status}`);
    }
    if (!entry.isOn) broken('nothing is restarted while monitoring is off', entry, '');
    if (entry.retryCount >= entry.pent.retry) {
      broken('never more than RETRY restarts', entry, `${entry.retryCount} of ${entry.pent.retry}`);
    }
    if (now() < intervalEnd(entry) - 1) broken('restart_interval is waited for', entry, '');
    if (entry.stalled === undefined && !isShared(entry) && isHealthy(entry)) {
      broken('a healthy one is never restarted', entry, pidsOf(surelyThere(entry)));
    }
    seen.restarts += 1;
    const { restartTimeoutSeconds, startWaitSeconds } = entry.pent;
    const limit = restartTimeoutSeconds === 0 ? Infinity : restartTimeoutSeconds * 1000;
    entry.retryCount += 1;
    entry.restartCount += 1;
    Object.assign(entry, { status: 'RESTART', lastRunAt: now(), triedAt: now(), scriptStartedAt: now() });
    Object.assign(entry, { timedOutAt: undefined, killedAt: undefined, limitAt: now() + limit });
    entry.actsBy = now() + limit + TERM_TO_KILL_MILLISECONDS + 200 + startWaitSeconds * 1000;
  }

  function retryOver(entry: Tracked, action: string): void {
    const wasDecided = entry.wasEnding;
    entry.wasEnding = false;
    if (!wasDecided && entry.retryCount < entry.pent.retry) {
      broken('retry-over when the retries are used up', entry, `${entry.retryCount} of ${entry.pent.retry}`);
    }
    const isDue = entry.status === 'RESTART' || entry.resetAt === now() || entry.startedAt === now();
    if (!isDue && !isShared(entry) && !wasDecided && !entry.isLeftToAnother) {
      broken('retry-over when the process is down', entry, `it is ${entry.status}`);
    }
    if (entry.pent.action !== action) broken('retry-over does what ACTION says', entry, action);
    seen.retryOvers += 1;
    Object.assign(entry, { status: 'UNAVAIL', actsBy: Infinity, overAt: now() });
    if (action !== 'continue') mustEndSince ??= now();
  }

  function retryCleared(entry: Tracked): void {
    const { pent, graceFrom } = entry;
    const isUp = entry.status === 'AVAIL' && entry.isOn;
    if (!isUp || pent.graceSeconds === 0 || now() < graceFrom + pent.graceSeconds * 1000 - 1) {
      broken('retry_count is cleared after GRACE', entry, `up since ${graceFrom}, ${entry.status}`);
    }
    seen.clearings += 1;
    entry.retryCount = 0;
  }

  function checkFailed(entry: Tracked, fails: number): void {
    entry.checkFails += 1;
    // A check that passed between, or another check_cmd, begins the count anew without a word.
    if (fails === 1) entry.checkFails = 1;
    if (fails !== entry.checkFails) broken('failed checks are counted in a row', entry, `${fails}`);
    if (entry.pent.check !== undefined && fails >= entry.pent.check.fails) entry.stalledAt = now();
  }

  function scriptBecameService(name: string): void {
    for (const { pent, scripts } of [...entries, ...retired]) {
      if (pent.name !== name) continue;
      for (const being of scripts) {
        if (isScript(being)) continue;
        scripts.delete(being);
        ours.delete(being);
      }
    }
  }

  function removedScriptEnded(name: string): void {
    const entry = retired.find(({ pent, scripts }) => pent.name === name && ![...scripts].some(isAlive));
    if (entry === undefined) throw new Violation('the end of a removed script is told when it is over', name);
    retired = retired.filter((other) => other !== entry);
  }

  function monitoring(entry: Tracked, isOn: boolean): void {
    entry.isOn = isOn;
    entry.checkFails = 0;
    entry.actsBy = Infinity;
    entry.checkedAt = now();
    entry.goneSince = undefined;
    entry.fewSince = undefined;
    if (isOn) entry.startedAt = now();
    else entry.stalled = undefined;
    entry.isStatusUnsure = true;
  }

  function logged(message: LogMessage): void {
    const { id, values } = message;
    switch (id) {
      case 'up':
        up(byName(values.name), Number(values.pid));
        break;
      case 'down':
        down(byName(values.name));
        break;
      case 'setPidFail': {
        const entry = byName(values.name);
        if (entry.status !== 'INIT') broken('Set pid fail is of the start', entry, entry.status);
        const waited = now() - entry.lookedForSince;
        if (waited < entry.startWaitAtFirst * 1000 - 1)
          broken('start_wait is waited for', entry, `${waited}`);
        entry.status = 'RESTART';
        awaitDecision(entry, 0);
        break;
      }
      case 'tryRestart':
        tryRestart(byName(values.name));
        break;
      case 'restartFailed': {
        const entry = byName(values.name);
        entry.failedAt = now();
        if (!entry.isOn) Object.assign(entry, { status: 'UNAVAIL', actsBy: Infinity });
        break;
      }
      case 'retryOverExit':
        retryOver(byName(values.name), 'exit');
        break;
      case 'retryOverContinue':
        retryOver(byName(values.name), 'continue');
        break;
      case 'retryOverShutdown':
        retryOver(byName(values.name), 'shutdown');
        break;
      case 'retryCleared':
        retryCleared(byName(values.name));
        break;
      case 'retryReset': {
        const entry = byName(values.name);
        Object.assign(entry, { retryCount: 0, resetAt: now() });
        break;
      }
      case 'monitoringStopped':
        monitoring(byName(values.name), false);
        break;
      case 'monitoringStarted':
        monitoring(byName(values.name), true);
        break;
      case 'scriptTimeout': {
        const entry = byScriptOf(values.name, limitDueAt);
        if (now() < entry.limitAt - 1) broken('restart_timeout is waited for', entry, `${entry.limitAt}`);
        if (isLate(entry.limitAt)) broken('restart_timeout is kept', entry, `${entry.limitAt}`);
        seen.timeouts += 1;
        entry.timedOutAt = now();
        break;
      }
      case 'scriptKilled': {
        const entry = byScriptOf(values.name, killDueAt);
        if (now() < killDueAt(entry) - 1) broken('SIGKILL is 10 s after SIGTERM', entry, '');
        entry.killedAt = now();
        break;
      }
      case 'tooFew':
        byName(values.name).tooFewAt = now();
        break;
      case 'checkFailed':
        checkFailed(byName(values.name), Number(values.fails));
        break;
      case 'scriptBecameService':
        scriptBecameService(String(values.name));
        break;
      case 'removedScriptEnded':
        removedScriptEnded(String(values.name));
        break;
      case 'resumed':
        hasResumed = true;
        seen.resumes += 1;
        if (mayResume === 'no') broken('an old or foreign record is not taken up', undefined, '');
        break;
      case 'defect':
      case 'closeFailed':
        broken('pcheck has no defects', undefined, JSON.stringify(values));
        break;
      default:
      // Told for people only.
    }
  }

  function spawned(command: ScriptCommand, { pid }: StartedScript): void {
    const being = pid === undefined ? undefined : population.byPid(pid);
    const { path, environment } = command;
    const isLast = path === '/over' || path === '/shutdown';
    if (being !== undefined) ours.add(being);
    if (isLast) return;
    if (isOver || endingSince !== undefined || mustEndSince !== undefined) {
      broken('nothing is spawned after the end', undefined, path);
    }
    const entry = byName(environment['PSAVER_NAME'] ?? '');
    const kind = path === '/start' ? entry.scripts : entry.checks;
    for (const other of kind) {
      if (!isAlive(other) || !isScript(other)) kind.delete(other);
      else if (path === '/start') broken('never two scripts of one entry', entry, pidsOf([other]));
      else broken('checks of an entry never overlap', entry, pidsOf([other]));
    }
    if (being !== undefined) kind.add(being);
    if (path === '/check') {
      if (entry.status !== 'AVAIL' || !entry.isOn) broken('checks run in AVAIL only', entry, entry.status);
      entry.checkedAt = now();
      return;
    }
    if (entry.triedAt !== now()) broken('a script is told before it is run', entry, '');
    if (Number(environment['PSAVER_RETRY_COUNT']) !== entry.retryCount) {
      broken('a script is told the counters', entry, environment['PSAVER_RETRY_COUNT'] ?? '');
    }
  }

  return {
    seen,
    logged,
    spawned,
    lookAtTruth,
    /** Exception: a script that could not be killed ends when it likes. */
    died(being: Being): void {
      const entry = entries.find(({ scripts }) => scripts.has(being));
      if (being.isUnkillable && entry !== undefined) {
        entry.actsBy = now() + 200 + entry.pent.startWaitSeconds * 1000;
      }
      lookAtTruth();
    },
    dumped(text: string): void {
      const dump = parseDump(text);
      if ('problem' in dump) broken('the dump can be read', undefined, dump.problem);
      for (const { name, retryCount, restartCount } of dump.pents) {
        const entry = byName(name);
        if (entry.unsure !== undefined) continue;
        if (entry.retryCount !== retryCount || entry.restartCount !== restartCount) {
          broken('the dump holds the counters', entry, `${retryCount} ${restartCount}`);
        }
      }
    },
    /** pcheck cannot see or act until it is told otherwise. */
    hindered(): void {
      excusedUntil = Infinity;
    },
    unhindered(milliseconds: number): void {
      excusedUntil = now() + BLIND_RETRY_MILLISECONDS;
      for (const entry of entries) {
        entry.actsBy += milliseconds + BLIND_RETRY_MILLISECONDS;
      }
    },
    beginning(pfile: Pfile): void {
      intervalMilliseconds = pfile.parameters.monitorIntervalSeconds * 1000;
      Object.assign(ours, {});
      isOver = false;
      begunAt = now();
      wasBlindAtFirst = system.proc.failure !== undefined;
      isRunning = true;
      hasResumed = false;
      mustEndSince = undefined;
      endingSince = undefined;
      excusedUntil = Math.max(excusedUntil, now());
      const record = readRecord(system, pfile);
      mayResume = record.usable;
      const before = [...entries];
      entries = pfile.pents.map((pent) => {
        const known = before.find(({ identity }) => identity === identityOf(pent));
        const recorded = record.entries.get(identityOf(pent));
        if (record.usable === 'no' || recorded === undefined) return newTracked(pent, now());
        return takenUp(pent, known, recorded);
      });
      retired = [];
      ours.clear();
      for (const { scripts } of entries) for (const being of scripts) ours.add(being);
      wasKilledWithin = false;
      isRecordStale = false;
    },
    begun(): void {
      if (mayResume === 'yes' && !hasResumed) broken('a killed pcheck is resumed', undefined, '');
      mayResume = 'no';
    },
    reloaded(pfile: Pfile): void {
      intervalMilliseconds = pfile.parameters.monitorIntervalSeconds * 1000;
      excusedUntil = Math.max(excusedUntil, now());
      const known = [...entries, ...retired];
      const before = entries;
      entries = pfile.pents.map((pent) => {
        const entry = known.find(({ identity }) => identity === identityOf(pent));
        if (entry === undefined) return newTracked(pent, now());
        entry.leftRunning = undefined;
        if (retired.includes(entry)) entry.unsure = 'it was added again while its script may run';
        entry.pent = pent;
        entry.checkedAt = now();
        const { startWaitSeconds, restartDelaySeconds, restartIntervalSeconds } = pent;
        entry.actsBy += (startWaitSeconds + restartDelaySeconds + restartIntervalSeconds) * 1000;
        return entry;
      });
      for (const entry of before) {
        if (entries.includes(entry)) continue;
        entry.leftRunning = [...entry.scripts].find((being) => isAlive(being) && isScript(being));
      }
      retired = [...retired, ...before].filter(
        (entry) => !entries.includes(entry) && entry.status === 'RESTART',
      );
    },
    retryOver(): void {
      if (mustEndSince === undefined) broken('only a retry-over ends pcheck', undefined, '');
    },
    ending(): void {
      endingSince = now();
    },
    ended(): void {
      isRunning = false;
      isOver = true;
      endingSince = undefined;
      mustEndSince = undefined;
      for (const being of ours) {
        if (!isAlive(being) || !isScript(being) || being.isUnkillable) continue;
        // Exception: one that ran before this pcheck, which could not look at the processes when it began.
        if (being.bornAt < begunAt && wasBlindAtFirst) continue;
        broken('the end stops scripts and checks', undefined, being.process.argv.join(' '));
      }
      if (system.record.read() !== undefined) broken('an ordinary end leaves no record', undefined, '');
    },
    killed(isWithin: boolean): void {
      isRunning = false;
      // What was decided for other entries in the turn of a retry-over is recorded, too, and not told.
      wasKilledWithin = isWithin || endingSince !== undefined || mustEndSince !== undefined;
      if (endingSince !== undefined || mustEndSince !== undefined) isOver = true;
      endingSince = undefined;
      mustEndSince = undefined;
    },
    recorded(error: string | undefined): void {
      isRecordStale = error !== undefined;
    },
    /** After every step, with what padmin shows. */
    judge(reports: readonly EntryReport[]): void {
      lookAtTruth();
      if (endingSince !== undefined && isLate(endingSince + LONGEST_END_MILLISECONDS)) {
        broken('nothing waits for ever', undefined, 'the end');
      }
      if (!isRunning || endingSince !== undefined) return;
      if (mustEndSince !== undefined) broken('retry-over ends pcheck', undefined, '');
      for (const entry of retired) judgeRetired(entry);
      const record = readRecord(system, undefined);
      for (const entry of entries) {
        const report = reports.find(({ name }) => name === entry.pent.name);
        if (report === undefined) broken('every entry is shown', entry, '');
        compare(entry, report);
        const recorded = record.entries.get(entry.identity);
        if (!isRecordStale && record.writtenAt >= begunAt && recorded !== undefined)
          compareRecord(entry, recorded);
        judgeDeadlines(entry);
      }
    },
    calmed(): string[] {
      return entries.filter((entry) => !isSettled(entry)).map(({ pent, status }) => `${pent.name} ${status}`);
    },
  };

  function takenUp(pent: Tracked['pent'], known: Tracked | undefined, recorded: Recorded): Tracked {
    const entry = newTracked(pent, recorded.since ?? now());
    const counts = [recorded.retryCount, recorded.restartCount];
    if (known !== undefined && !isRecordStale && !wasKilledWithin && known.unsure === undefined) {
      if (counts[0] !== known.retryCount || counts[1] !== known.restartCount) {
        broken(
          'the record holds the counters',
          known,
          `${counts.join(' ')}, told ${known.retryCount} ${known.restartCount}`,
        );
      }
    }
    if (known !== undefined && wasKilledWithin && !isRecordStale && known.unsure === undefined) {
      // One restart more, or cleared, or cleared and restarted.
      const possible = [known.retryCount, known.retryCount + 1, 0, 1];
      if (!possible.includes(recorded.retryCount)) {
        broken(
          'the record holds the counters',
          known,
          `${counts.join(' ')}, told ${known.retryCount} ${known.restartCount}`,
        );
      }
    }
    entry.retryCount = recorded.retryCount;
    entry.restartCount = recorded.restartCount;
    entry.isOn = recorded.isOn;
    entry.status = recorded.status;
    entry.lastRunAt = recorded.lastRunAt;
    entry.graceFrom = recorded.since ?? now();
    entry.startWaitAtFirst = 0;
    entry.wasEnding = recorded.isEnding;
    entry.isLeftToAnother = recorded.isLeftToAnother;
    entry.checkFails = recorded.checkFails;
    entry.limitAt = recorded.hasNoLimit ? Infinity : (recorded.limitUntil ?? now());
    entry.timedOutAt = recorded.terminatedAt;
    const process = population.byIdentity(recorded.pid, recorded.startTicks);
    entry.held = process;
    for (const [dead, left] of known?.dead ?? []) {
      // Exception: the record that could be written last does not know of it.
      entry.dead.set(dead, isRecordStale ? { ...left, noticedAt: NaN } : left);
    }
    if (known?.held !== undefined && known.held !== process) {
      // What became of it was recorded, but not told any more.
      const { heldImage: image, pent: before } = known;
      entry.dead.set(known.held, { image, noticedAt: NaN, startWaitSeconds: before.startWaitSeconds });
    }
    entry.heldImage = (process === known?.held ? known?.heldImage : process?.image) ?? 0;
    entry.checkedAt = now();
    entry.stalled = population.byIdentity(recorded.stalled?.pid, recorded.stalled?.startTicks);
    entry.isStatusUnsure = true;
    entry.actsBy = Infinity;
    // Exception: the record that could be written last knows another script, or none.
    if (recorded.isRunning && !isRecordStale)
      for (const being of known?.scripts ?? []) entry.scripts.add(being);
    return entry;
  }

  function compare(entry: Tracked, report: EntryReport): void {
    if (entry.unsure !== undefined) {
      if (report.restartCount !== entry.restartCount) entry.scripts.clear();
      Object.assign(entry, { retryCount: report.retryCount, restartCount: report.restartCount });
      entry.isStatusUnsure = true;
      entry.unsure = undefined;
    }
    if (report.retryCount !== entry.retryCount || report.restartCount !== entry.restartCount) {
      broken('padmin shows the counters', entry, `${report.retryCount} ${report.restartCount}`);
    }
    if ((report.monitoring === 'on') !== entry.isOn)
      broken('padmin shows monitor_sts', entry, report.monitoring);
    if (entry.isStatusUnsure || !entry.isOn || isShared(entry)) {
      adoptStatus(entry, report);
    } else if (report.status !== entry.status) {
      broken('padmin and log agree', entry, `shown ${report.status}, told ${entry.status}`);
    }
    if (entry.status === 'AVAIL' && entry.held !== undefined && report.pid !== entry.held.process.pid) {
      broken('padmin shows the process', entry, `shown ${report.pid}, told ${entry.held.process.pid}`);
    }
  }

  /** After what is not told line by line (start, resume, monitoring off), the state is taken as shown. */
  function adoptStatus(entry: Tracked, { status, pid }: EntryReport): void {
    const { pent } = entry;
    if (entry.status !== status || entry.isStatusUnsure) {
      const longest = pent.restartTimeoutSeconds + pent.startWaitSeconds * 2 + pent.restartDelaySeconds;
      const whole = (longest + pent.restartIntervalSeconds) * 1000 + TERM_TO_KILL_MILLISECONDS;
      const isBounded = entry.isOn && !isShared(entry) && entry.limitAt < Infinity;
      const isWaiting = status === 'INIT' || status === 'RESTART';
      entry.actsBy = isBounded && isWaiting ? now() + whole : Infinity;
    }
    if (status === 'AVAIL' && entry.held?.process.pid !== pid) {
      entry.held = population.byPid(pid);
      entry.graceFrom = Math.max(entry.graceFrom, entry.startedAt);
    }
    if (status === 'AVAIL' && entry.startedAt > entry.graceFrom) entry.graceFrom = entry.startedAt;
    entry.status = status;
    entry.isStatusUnsure = false;
  }

  function compareRecord(entry: Tracked, recorded: Recorded): void {
    if (recorded.retryCount !== entry.retryCount || recorded.restartCount !== entry.restartCount) {
      broken('the record holds the counters', entry, `${recorded.retryCount} ${recorded.restartCount}`);
    }
    if (recorded.isOn !== entry.isOn) broken('the record holds monitor_sts', entry, '');
  }

  function judgeRetired(entry: Tracked): void {
    const slack = SLACK_MILLISECONDS + BLIND_RETRY_MILLISECONDS;
    for (const being of entry.scripts) {
      if (isAlive(being) && isScript(being) && !being.isUnkillable) {
        if (isLate(entry.limitAt + TERM_TO_KILL_MILLISECONDS, slack))
          broken('nothing waits for ever', entry, 'the script of a removed entry');
      }
    }
    const { leftRunning, killedAt = 0 } = entry;
    if (leftRunning?.diedAt === undefined || !isScript(leftRunning) || hasScript(entry)) return;
    const overSince = Math.max(leftRunning.diedAt, killedAt);
    if (isLate(overSince, slack))
      broken('the end of a removed script is told', entry, `over since ${overSince}`);
  }

  function judgeDeadlines(entry: Tracked): void {
    const { pent, status, isOn } = entry;
    const isStuckForGood = [...entry.scripts].some((being) => isAlive(being) && being.isUnkillable);
    // Exception: its script cannot be killed.
    if (isStuckForGood) entry.actsBy = Infinity;
    if (isLate(entry.actsBy) && status !== 'AVAIL') {
      broken('nothing waits for ever', entry, `${status}, due at ${entry.actsBy}`);
    }
    if (status !== 'AVAIL' || !isOn) return;
    noticed(entry);
    const fewLimit = (entry.fewSince ?? Infinity) + intervalMilliseconds;
    if (isLate(fewLimit, SLACK_MILLISECONDS + recountMilliseconds()))
      broken('too few are noticed', entry, `since ${entry.fewSince}`);
    const graceEnd = entry.graceFrom + pent.graceSeconds * 1000;
    const isFew = !isLate(entry.lastFewAt + intervalMilliseconds, SLACK_MILLISECONDS + recountMilliseconds());
    if (entry.retryCount > 0 && pent.graceSeconds > 0 && isLate(graceEnd) && !isFew) {
      broken('retry_count is cleared after GRACE', entry, `up since ${entry.graceFrom}`);
    }
    if (pent.check !== undefined && !isFew) {
      const { intervalSeconds, timeoutSeconds } = pent.check;
      const due = entry.checkedAt + (intervalSeconds + timeoutSeconds) * 1000;
      if (isLate(due, 1500)) broken('checks are run at their intervals', entry, `last ${entry.checkedAt}`);
    }
  }

  function isSettled(entry: Tracked): boolean {
    if (entry.status === 'AVAIL') return !isGone(entry);
    if (entry.status === 'UNAVAIL') return entry.overAt > 0 || isShared(entry);
    const hangs = [...population.all].some(
      ({ script }) =>
        script?.command.path === '/start' && script.command.environment['PSAVER_NAME'] === entry.pent.name,
    );
    // Exception: restart_timeout was 0 when its script was started.
    return entry.status === 'RESTART' && entry.limitAt === Infinity && hangs;
  }

  function pidsOf(beings: readonly Being[]): string {
    return `pids ${beings.map(({ process }) => process.pid).join(' ')}`;
  }
}
