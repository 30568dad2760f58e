// Which rule judges which log line.
import type { LogMessage } from '../../../src/log/catalogue.ts';
import type { Tracked } from './entry.ts';
import { restartPostponed, retryCleared, retryOver, setPidFail, tryRestart } from './restarts.ts';
import { broken, byName, now, type Scene } from './scene.ts';
import { removedScriptEnded, scriptBecameService, scriptKilled, scriptTimeout } from './scripts.ts';
import { isShared } from './there.ts';
import { down, up } from './up-down.ts';

export function logged(scene: Scene, message: LogMessage): void {
  const { id, values } = message;
  switch (id) {
    case 'up':
      up(scene, byName(scene, values.name), Number(values.pid));
      break;
    case 'down':
      down(scene, byName(scene, values.name));
      break;
    case 'setPidFail':
      setPidFail(scene, byName(scene, values.name));
      break;
    case 'tryRestart':
      tryRestart(scene, byName(scene, values.name));
      break;
    case 'restartPostponed':
      restartPostponed(scene, byName(scene, values.name));
      break;
    case 'restartFailed': {
      const entry = byName(scene, values.name);
      entry.failedAt = now(scene);
      if (!entry.isOn) Object.assign(entry, { status: 'UNAVAIL', actsBy: Infinity });
      break;
    }
    case 'retryOverExit':
      retryOver(scene, byName(scene, values.name), 'exit');
      break;
    case 'retryOverContinue':
      retryOver(scene, byName(scene, values.name), 'continue');
      break;
    case 'retryOverShutdown':
      retryOver(scene, byName(scene, values.name), 'shutdown');
      break;
    case 'retryCleared':
      retryCleared(scene, byName(scene, values.name));
      break;
    case 'retryReset': {
      const entry = byName(scene, values.name);
      Object.assign(entry, { retryCount: 0, resetAt: now(scene) });
      break;
    }
    case 'monitoringStopped':
      monitoring(scene, byName(scene, values.name), false);
      break;
    case 'monitoringStarted':
      monitoring(scene, byName(scene, values.name), true);
      break;
    case 'scriptTimeout':
      scriptTimeout(scene, String(values.name));
      break;
    case 'scriptKilled':
      scriptKilled(scene, String(values.name));
      break;
    case 'checkFailed':
      checkFailed(scene, byName(scene, values.name), Number(values.fails));
      break;
    case 'checkNotRun':
      byName(scene, values.name).checkedAt = now(scene);
      break;
    case 'scriptBecameService':
      scriptBecameService(scene, String(values.name));
      break;
    case 'removedScriptEnded':
      removedScriptEnded(scene, String(values.name));
      break;
    case 'resumed':
      scene.hasResumed = true;
      scene.seen.resumes += 1;
      if (scene.mayResume === 'no') broken('an old or foreign record is not taken up', undefined, '');
      break;
    case 'defect':
    case 'closeFailed':
      broken('pcheck has no defects', undefined, JSON.stringify(values));
      break;
    default:
    // Told for people only.
  }
}

function checkFailed(scene: Scene, entry: Tracked, fails: number): void {
  entry.checkFails += 1;
  // One that could not begin since the one before cannot be killed.
  entry.checkedAt = now(scene);
  // A check that passed between, or another check_cmd, begins the count anew without a word.
  if (fails === 1) entry.checkFails = 1;
  if (fails !== entry.checkFails) broken('failed checks are counted in a row', entry, `${fails}`);
  if (entry.pent.check !== undefined && fails >= entry.pent.check.fails) entry.stalledAt = now(scene);
}

function monitoring(scene: Scene, entry: Tracked, isOn: boolean): void {
  entry.isOn = isOn;
  entry.checkFails = 0;
  entry.actsBy = Infinity;
  entry.checkedAt = now(scene);
  entry.goneSince = undefined;
  entry.fewSince = undefined;
  // The one before it restarts the process, which nothing tells.
  if (isOn && isShared(scene, entry)) entry.isLeftToAnother = true;
  if (isOn) entry.startedAt = now(scene);
  else entry.stalled = undefined;
  entry.isStatusUnsure = true;
}
