// Who oversees one pcheck: its service manager, where there is one, the alarm of LOOP_ALARM, and who reads its
// verdict.
import type { Entry } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { type Overseer, together } from '../monitor/pulse.ts';
import type { Pfile } from '../pfile/types.ts';
import { kernelMonotonicMicroseconds } from '../system/real/clock.ts';
import type { LibcCalls } from '../system/real/kernel.ts';
import { openDatagram } from '../system/real/sinks/datagram.ts';
import { realSystem } from '../system/real/system.ts';
import type { VerdictFile } from '../system/real/verdict-file.ts';
import { createLoopAlarm } from './loop-alarm.ts';
import { createServiceManager, type ServiceManager } from './sd-notify.ts';
import { createVerdictKeeper } from './verdict.ts';

export type Oversight = {
  /** For the monitor. */
  readonly overseer: Overseer;
  readonly serviceManager: ServiceManager | undefined;
  /** The monitor begins. */
  begin(): void;
  /** This entry's retry-over ends pcheck. */
  failed(entry: Entry): void;
  /** The end, with this status, begins: the loop turns no more. */
  end(status: number): void;
};

/** `current` is asked for at every turn of the loop, since a reload may change it. */
export function openOversight(
  kernel: LibcCalls,
  log: Log,
  verdictFile: VerdictFile,
  current: () => Pfile,
): Oversight {
  const alarm = createLoopAlarm(kernel.alarm, () => current().parameters.loopAlarmSeconds);
  const serviceManager = openServiceManager(kernel, log);
  const verdict = createVerdictKeeper({
    file: verdictFile,
    log,
    pid: realSystem.proc.ownPid,
    uptimeSeconds: realSystem.proc.uptimeSeconds,
    ipckey: () => current().parameters.ipckey,
    monitorIntervalSeconds: () => current().parameters.monitorIntervalSeconds,
    putOff: (task) => void realSystem.clock.after(0, task),
  });
  const pulses = [
    alarm.pulse,
    verdict.pulse,
    ...(serviceManager === undefined ? [] : [serviceManager.pulse]),
  ];
  return {
    overseer: {
      pulse: together(pulses),
      onTurn(entries) {
        verdict.update(entries);
        serviceManager?.update(entries);
      },
    },
    serviceManager,
    begin: verdict.begin,
    failed: verdict.failed,
    end(status) {
      alarm.disarm();
      verdict.end(status);
      serviceManager?.stopping();
    },
  };
}

function openServiceManager(kernel: LibcCalls, log: Log): ServiceManager | undefined {
  const { environment, proc } = realSystem;
  const address = environment['NOTIFY_SOCKET'];
  if (address === undefined || address === '') return undefined;
  if (!/^[/@]./.test(address)) {
    log.write(message('notifySocketUnknown', { address }));
    return undefined;
  }
  return createServiceManager({
    environment,
    ownPid: proc.ownPid,
    monotonicMicroseconds: kernelMonotonicMicroseconds,
    send: openDatagram(kernel, address),
  });
}
