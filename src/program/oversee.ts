// Who oversees one pcheck: its service manager, where there is one, and the alarm of LOOP_ALARM.
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { type Overseer, together } from '../monitor/pulse.ts';
import { kernelMonotonicMicroseconds } from '../system/real/clock.ts';
import { openDatagram } from '../system/real/datagram.ts';
import type { LibcCalls } from '../system/real/kernel.ts';
import { realSystem } from '../system/real/system.ts';
import { createLoopAlarm } from './loop-alarm.ts';
import { createServiceManager, type ServiceManager } from './sd-notify.ts';

export type Oversight = {
  /** For the monitor. */
  readonly overseer: Overseer;
  readonly serviceManager: ServiceManager | undefined;
  /** The end begins: the loop turns no more. */
  end(): void;
};

/** `loopAlarmSeconds` is asked for at every turn of the loop. */
export function openOversight(kernel: LibcCalls, log: Log, loopAlarmSeconds: () => number): Oversight {
  const alarm = createLoopAlarm(kernel.alarm, loopAlarmSeconds);
  const serviceManager = openServiceManager(kernel, log);
  const pulses = serviceManager === undefined ? [alarm.pulse] : [alarm.pulse, serviceManager.pulse];
  return {
    overseer: { pulse: together(pulses), onTurn: serviceManager?.update },
    serviceManager,
    end() {
      alarm.disarm();
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
