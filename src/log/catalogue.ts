// Every message that psaver logs: level, text, what it means, what to do. The texts marked `compatible` are
// those of the original (SPEC 5, [C]) and never change. Who logs them, and where they go, is decided elsewhere.

export type Level = 'crit' | 'err' | 'warning' | 'notice' | 'info' | 'debug';

type Message = {
  readonly level: Level;
  readonly text: string;
  readonly compatible?: true;
  readonly meaning: string;
  readonly action: string;
};

export const catalogue = {
  up: {
    level: 'info',
    text: '({name} ,pid={pid}) Up',
    compatible: true,
    meaning:
      'The process of this entry was found, at the start, after a restart, or in place of another one, and is watched from now on.',
    action: 'Nothing.',
  },
  down: {
    level: 'warning',
    text: 'Process [{name} ,pid={pid}] Down',
    compatible: true,
    meaning:
      'The process is gone and no other one matches, or too few match, or it hangs (its check failed). Also logged after each restart that failed. pid is the last known one, 0 if there never was one.',
    action:
      'Nothing yet: the restart script follows, or RETRY_OVER. Why it died is in the service’s own log, or in the kernel’s (`dmesg`, “Out of memory”).',
  },
  tryRestart: {
    level: 'notice',
    text: 'Try to restart ({name})',
    compatible: true,
    meaning: 'The restart script is started now; it uses up one retry.',
    action:
      'Nothing. If it comes often, look into the service’s own log and into SHM_DUMP_FILE.PENT_ID.out, where the script writes.',
  },
  setPidFail: {
    level: 'warning',
    text: 'Set pid fail ({name})',
    compatible: true,
    meaning:
      'When pcheck started, or a reload added the entry, no process matched within start_wait. The restart script follows and uses up a retry.',
    action:
      "Nothing, if the service was not running. If it was, NAME or the options do not fit it: compare them with `tr '\\0' ' ' </proc/PID/cmdline` and `readlink /proc/PID/exe`, correct the pfile, `padmin -f PFILE -c reload`.",
  },
  retryOverExit: {
    level: 'err',
    text: '({name}) RETRY_OVER:EXIT',
    compatible: true,
    meaning: 'The process is gone again and all retries within the grace time are used up.',
    action:
      'A cluster moves the service now. Without one it is down: find out why it does not stay up on this node (its own log, SHM_DUMP_FILE.PENT_ID.out), start it, then start pcheck.',
  },
  retryOverContinue: {
    level: 'err',
    text: '({name}) RETRY_OVER:CONTINUE',
    compatible: true,
    meaning: 'All retries are used up; this entry is not restarted any more, the others go on.',
    action:
      'Find out why the service does not stay up, and start it by hand: it is watched again as soon as it is there. Then `padmin -f PFILE -c reset -i PENT_ID` gives its retries back; without that the next death ends here again.',
  },
  retryOverShutdown: {
    level: 'err',
    text: '({name}) RETRY_OVER:SHUTDOWN',
    meaning: 'All retries are used up; SHUTDOWN_COMMAND is run, then pcheck ends with status 1.',
    action:
      'This node goes down, if SHUTDOWN_COMMAND does what its name says. Find out on the way back up why the service did not stay up.',
  },
  fatal: {
    level: 'crit',
    text: '({name}) FATAL',
    compatible: true,
    meaning:
      'pcheck ends with status 1 because of this entry. No entry of this pfile is watched any more. Lines about retry_over_cmd and SHUTDOWN_COMMAND may follow.',
    action:
      'A cluster moves the service now. Without one: find out why it does not stay up (the lines before this one, its own log), start it, then start pcheck.',
  },
  sigterm: {
    level: 'notice',
    text: 'SIGTERM Catch (15)!!',
    compatible: true,
    meaning:
      'pcheck was asked to end by a cluster, a service manager or kill(1). The services run on, unwatched.',
    action: 'Nothing, if that was meant. Else see who stopped it, and start it again.',
  },
  stopped: {
    level: 'notice',
    text: 'Stop pcheck!!',
    compatible: true,
    meaning: 'pcheck ends with status 0. The services run on, unwatched.',
    action: 'Nothing, if that was meant.',
  },
  commandExecute: {
    level: 'notice',
    text: 'Command execute. [{command}] pfile={pfile}',
    compatible: true,
    meaning: 'Written by padmin: the pcheck of this pfile has taken the command.',
    action: 'Nothing. After [stop], do not forget `padmin -f PFILE -c start`.',
  },
  started: {
    level: 'notice',
    text: 'pcheck {version} started: pfile={pfile} ipckey={ipckey} entries={entries} interval={intervalSeconds}s',
    meaning: 'pcheck has read the pfile and begins to look for the processes.',
    action: 'Nothing.',
  },
  pfileWarning: {
    level: 'warning',
    text: '{pfile}:{line}:{column}: warning: {problem}',
    meaning: 'This place of the pfile is allowed, but hardly meant. pcheck goes on with it as it is written.',
    action: 'Correct it, or leave it if it is meant; `pcheck -t -f PFILE` shows the line with a caret.',
  },
  pfileMoreWarnings: {
    level: 'warning',
    text: '{pfile}: {count} more warnings are not shown',
    meaning: 'The pfile has more warnings than the log is burdened with.',
    action: 'pcheck -t -f PFILE shows them all.',
  },
  sigint: {
    level: 'notice',
    text: 'SIGINT Catch (2)!!',
    meaning: 'pcheck was asked to end from a terminal (Ctrl-C). The services run on, unwatched.',
    action: 'Nothing, if that was meant.',
  },
  sigquit: {
    level: 'notice',
    text: 'SIGQUIT Catch (3)!!',
    meaning: 'pcheck was asked to end from a terminal (Ctrl-\\). The services run on, unwatched.',
    action: 'Nothing, if that was meant.',
  },
  cannotLook: {
    level: 'warning',
    text: 'cannot look at the processes: {error}; nothing is decided until it works again',
    meaning:
      '/proc cannot be read. Nobody is taken for dead because of it, and no death is seen either; pcheck tries again every second.',
    action:
      'EMFILE, ENFILE: raise the limit of open files (`ulimit -n`, `LimitNOFILE=` in a unit). ENOMEM: free memory. ENOENT: mount /proc. pcheck need not be started again.',
  },
  closeFailed: {
    level: 'warning',
    text: 'while ending: {error}',
    meaning: 'A file or socket could not be cleared away; pcheck ends with the status that it has decided.',
    action:
      'Nothing for the service. What is left in the runtime directory keeps no later pcheck from starting; if one does not start all the same, its own message tells why.',
  },
  reloaded: {
    level: 'notice',
    text: 'pfile read again: {kept} entries kept, {added} added, {removed} removed',
    meaning: 'padmin reload or SIGHUP; entries that stayed the same keep process and counters.',
    action: 'Nothing, if these are the numbers that you expect.',
  },
  reloadRefused: {
    level: 'warning',
    text: 'the pfile was not read again, nothing has changed: {reason}',
    meaning: 'The new pfile is not usable; the old one stays in force.',
    action:
      '`pcheck -t -f PFILE` shows every mistake with its line. Correct them and reload once more: pcheck will not start with this pfile either.',
  },
  removedScriptEnded: {
    level: 'notice',
    text: '({name}) restart script {reason}; the entry was removed by a reload, nothing follows',
    meaning: 'The script was in progress when its entry was taken out of the pfile.',
    action: 'Nothing. What the script has started runs on, unwatched.',
  },
  shutdownRequested: {
    level: 'notice',
    text: 'shutdown by padmin',
    meaning: 'padmin asked pcheck to end. The services run on, unwatched.',
    action: 'Nothing, if that was meant.',
  },
  monitoringStopped: {
    level: 'notice',
    text: '({name}) monitoring off',
    meaning: 'padmin stop: a death of this process is not acted upon until padmin start.',
    action: 'Do not forget `padmin -f PFILE -c start` when the work on the service is done.',
  },
  monitoringStarted: {
    level: 'notice',
    text: '({name}) monitoring on',
    meaning: 'padmin start: this process is watched again. If it is gone, that is a death now.',
    action: 'Nothing.',
  },
  retryCleared: {
    level: 'info',
    text: '({name}) retry_count 0 again: up without a break for {graceSeconds} s',
    meaning: 'The grace time has passed since the last restart: the entry has all its retries again.',
    action: 'Nothing.',
  },
  restartPostponed: {
    level: 'info',
    text: '({name}) next restart in {waitSeconds} s ({reason})',
    meaning:
      'The process is down; the script is not run at once because of restart_delay or restart_interval.',
    action: 'Nothing. A process that comes back meanwhile, by itself or by hand, is taken on.',
  },
  restartFailed: {
    level: 'warning',
    text: '({name}) restart failed: {reason}',
    meaning:
      'The process was not there within start_wait after the restart script. It counts as a death: the next retry follows, or RETRY_OVER. A process that hangs (its check_cmd failed) and was not ended by the script does not count as there.',
    action:
      "Read what the script wrote: SHM_DUMP_FILE.PENT_ID.out. If the service does run, NAME or the options do not fit it: compare them with `tr '\\0' ' ' </proc/PID/cmdline`. If it is only slow to appear, raise start_wait. Where a process hangs, let the script end it first.",
  },
  scriptFailed: {
    level: 'notice',
    text: '({name}) restart script {reason}; the process has start_wait ({startWaitSeconds} s) to appear',
    meaning:
      'The status of a script does not decide: if the process appears all the same, it is up. What the script wrote follows.',
    action: 'Nothing yet. `restart failed` follows, or `Up`.',
  },
  scriptFailedButUp: {
    level: 'warning',
    text: '({name}) restart script {reason}, but the process is there',
    meaning:
      'The script reported a failure, or was ended at its time limit, although the process that it had to start was found.',
    action:
      'Not urgent. Correct the script’s exit status, or see what else it complains about in SHM_DUMP_FILE.PENT_ID.out.',
  },
  scriptBecameService: {
    level: 'info',
    text: '({name}) restart script became the service by exec',
    meaning: 'The script’s own process matches the entry; the restart is over and has no time limit.',
    action: 'Nothing.',
  },
  scriptTimeout: {
    level: 'warning',
    text: '({name}) restart script still running after {timeoutSeconds} s: SIGTERM to its process group',
    meaning:
      'restart_timeout has passed. Processes that match the entry are spared; SIGKILL follows after ten seconds.',
    action:
      'See why the script hangs: it must start the service in the background and return. If it only needs longer, raise restart_timeout.',
  },
  scriptKilled: {
    level: 'warning',
    text: '({name}) restart script ignored SIGTERM for {graceSeconds} s: SIGKILL to its process group',
    meaning: 'The script, or something that it started, did not end at SIGTERM.',
    action:
      'See what it waits for; a network mount or a disk that hangs is the usual reason. Then as for “still running”.',
  },
  scriptUnkillable: {
    level: 'err',
    text: '({name}) restart script has not ended {waitSeconds} s after SIGKILL: no restart of this entry until it does',
    meaning:
      'The kernel cannot end a process that waits for a device or a network file system (state D). It is told once; two scripts of one entry never run side by side.',
    action:
      'See what it waits for (`ps -o pid,stat,wchan,args`, /proc/PID/stack) and free that; else move the service by hand.',
  },
  scriptsStopped: {
    level: 'notice',
    text: 'restart scripts in progress were stopped: {names}',
    meaning:
      'pcheck ends, so that no script goes on and starts a service on the wrong node. What the script has started in its own process group ends with it.',
    action:
      'Nothing, when a cluster stops the service anyway. Else the service is down or half started: start it.',
  },
  groupLeft: {
    level: 'warning',
    text: '({name}) {count} processes of the {what} still run after SIGKILL',
    meaning:
      'Its own process has ended, others of its process group have not: they wait for a device or a network file system (state D), or are started faster than they can be ended.',
    action: 'See what they are and wait for (`ps -eo pid,pgid,stat,wchan,args`), and end them by hand.',
  },
  startHangs: {
    level: 'warning',
    text: '({name}) start of the {what} hangs for {seconds} s already: {file}',
    meaning:
      'The kernel has not come to its program yet: a file system that does not answer, or an on-access scanner. Only this entry waits; at the time limit the start is given up, and nothing is started later.',
    action: 'See whether its file can be read (`head -c 1 FILE`), and what holds its file system up.',
  },
  startOver: {
    level: 'notice',
    text: '({name}) start of the {what} hangs no more, after {seconds} s: {file}',
    meaning: 'It has begun, or could not be started, or was given up: the lines that follow tell.',
    action: 'Nothing.',
  },
  scriptOutputLost: {
    level: 'warning',
    text: '({name}) output of the restart script is lost: {file}: {error}',
    meaning: 'The output file cannot be written; the script runs all the same.',
    action:
      'Make the folder of SHM_DUMP_FILE, free space on its disk, correct the file’s mode, or remove what lies there and is no regular file.',
  },
  outputsLost: {
    level: 'warning',
    text: 'the output of all scripts is lost: {error}',
    meaning: 'The folder of SHM_DUMP_FILE cannot be used; the scripts run all the same.',
    action: 'See what the error says of the folder. The next full check tries again.',
  },
  outputNotCut: {
    level: 'warning',
    text: '({name}) output file is too long and cannot be cut: {file}: {error}',
    meaning: 'The file is longer than 1 MiB; the next full check tries again.',
    action:
      'See that tail and dd are in the PATH of pcheck, and whether its disk takes writes. A file that grows on may be emptied by hand (`: >FILE`).',
  },
  lastOutput: {
    level: 'warning',
    text: '({name}) {what} wrote: {line}',
    meaning: 'One of the last three lines, cut to 200 characters, of a script or command that failed.',
    action: 'Read on in SHM_DUMP_FILE.PENT_ID.out if they do not suffice.',
  },
  orphans: {
    level: 'notice',
    text: '({name}) {orphans} workers of the dead process are left; they do not pass for the service',
    meaning: 'Forks of the dead process that never became another program still run.',
    action:
      'Nothing, if the service comes up beside them. If it does not (“address already in use”), end them, and let the restart script do so from now on.',
  },
  tooFew: {
    level: 'warning',
    text: '({name}) only {count} of min_proc_count={minProcCount} processes',
    meaning: 'Fewer processes match than the entry asks for, for longer than workers need to be recycled.',
    action:
      'Nothing yet: Down and the restart script follow. If the service is well, min_proc_count is too high.',
  },
  tooMany: {
    level: 'warning',
    text: '({name}) {count} processes, more than max_proc_count={maxProcCount}',
    meaning: 'Two full checks in a row found too many processes. Nothing is restarted because of it.',
    action: 'See whether the service was started twice, or leaks workers, and end what is too much.',
  },
  checkFailed: {
    level: 'warning',
    text: '({name}) check {fails} of {limit} failed: check_cmd {reason}',
    meaning: 'The process lives, but its stall check failed; after {limit} in a row it counts as down.',
    action:
      'Read what the check wrote: SHM_DUMP_FILE.PENT_ID.out. If the service is well, the check is too strict: check_timeout, check_fails.',
  },
  checkNotRun: {
    level: 'warning',
    text: '({name}) check not run: check_cmd {reason}',
    meaning:
      'The check could not be started, which says nothing of the process and does not count. The process is watched, but a hang is not seen.',
    action:
      'ENOENT, EACCES: see that check_cmd is there and executable. EAGAIN, ENOMEM: this machine can start no more processes; see what fills it.',
  },
  retryReset: {
    level: 'notice',
    text: '({name}) retry_count 0 again: reset by padmin',
    meaning: 'padmin reset: the entry has all its retries again.',
    action: 'Nothing.',
  },
  commandFailed: {
    level: 'warning',
    text: '({name}) {command} {reason}',
    meaning:
      'retry_over_cmd or SHUTDOWN_COMMAND failed, or was killed at its time limit; what was decided follows all the same.',
    action:
      'Correct the command. If it was SHUTDOWN_COMMAND, this node is still up: see to it that the service does not run on two nodes.',
  },
  resumed: {
    level: 'notice',
    text: 'took up {entries} entries of pcheck[{pid}], which was killed; its record is {gapSeconds} s old',
    meaning: 'Counters, grace clocks and a script in progress go on as if pcheck had not been away.',
    action:
      'Find out what killed it: the kernel (`dmesg`, “Out of memory”), a watchdog, LOOP_ALARM, somebody’s kill -9.',
  },
  recordPutAside: {
    level: 'warning',
    text: 'the record of an earlier pcheck is not used: {problem}; moved to {file}',
    meaning: 'It cannot be understood, so pcheck starts afresh, with all retry_count 0.',
    action: 'Nothing; keep the file if you want to report it.',
  },
  recordFailed: {
    level: 'warning',
    text: 'cannot write the record: {error}',
    meaning:
      'If pcheck were killed now, the next one would start with old counters or none. Nothing else depends on it.',
    action: 'Free memory or space on the filesystem of the runtime directory (/run).',
  },
  runtimeOnDisk: {
    level: 'warning',
    text: 'neither {directory} nor /dev/shm lies in memory (tmpfs): pcheck waits when their disk does',
    meaning:
      'Record and verdict are written before a restart, by pcheck itself. On a disk that is frozen or stuck that takes until it is not.',
    action: 'Mount a tmpfs there, or name a directory in memory (XDG_RUNTIME_DIR; for root /run).',
  },
  longTurn: {
    level: 'warning',
    text: 'pcheck was held up for {seconds} s: no death was seen, and padmin was not answered',
    meaning:
      'One turn of its loop has taken that long, the time not counted for which it had no CPU. Told once an hour at most; `padmin show param --json` has the longest.',
    action: 'Report it, with the lines before it.',
  },
  pathSilent: {
    level: 'warning',
    text: '({name}) no answer about {what} for {seconds} s: {file}',
    meaning:
      'Its file system, or the server behind it, hangs. pcheck takes NAME and exe as it knew them last, and a pidfile as missing. Other entries do not wait.',
    action: 'See what the file system waits for (`dmesg`; processes in state D).',
  },
  pathAnswers: {
    level: 'notice',
    text: '({name}) {what} answers again, after {seconds} s: {file}',
    meaning: 'What was found there counts from now on. It is told of an entry that was removed as well.',
    action: 'Nothing.',
  },
  linesSilent: {
    level: 'warning',
    text: 'cannot read the command line for {seconds} s: pid {pids}',
    meaning:
      'Something holds their memory maps locked. They count as unreadable: who was a match stays one, anybody else is a match only by comm or exe, without include strings. Others are read.',
    action:
      'See what they do (`cat /proc/PID/stack`, `ps -o pid,stat,wchan,comm PID`); a process that hangs this way does not serve either.',
  },
  linesAnswer: {
    level: 'notice',
    text: 'no longer waits for the command line: pid {pids}',
    meaning: 'Their command lines were read, or they have ended.',
    action: 'Nothing.',
  },
  dumpFailed: {
    level: 'warning',
    text: 'cannot write the dump file {file}: {error}',
    meaning: 'The dump file shows an older state. Nothing else depends on it: restarts go on.',
    action: 'Free space on its disk, or correct its mode or that of its folder.',
  },
  dumpStuck: {
    level: 'warning',
    text: 'the dump file {file} is being written for {seconds} s already: is its disk stuck?',
    meaning: 'A child waits for the disk; pcheck itself does not, and restarts go on.',
    action: 'See what its disk or mount waits for (`dmesg`; processes in state D).',
  },
  dumpFolderShared: {
    level: 'warning',
    text: 'others may write to {folder}, the folder of SHM_DUMP_FILE (uid {uid}, {mode})',
    meaning:
      'They can remove or replace what pcheck writes there: `padmin --last`, or who reads the verdict beside the dump file, would see nothing, or what they have put there. pcheck follows nothing of theirs, writes over nothing of theirs, and reads nothing there.',
    action:
      'Name a folder that only root, or the user that runs pcheck, may write to; or make this one so: `chown root`, `chmod go-w`.',
  },
  dumpFolderRefused: {
    level: 'warning',
    text: 'nothing is written to {folder}, the folder of SHM_DUMP_FILE: {problem}',
    meaning:
      'Somebody else could have laid that link, and would decide where root writes. There is no dump file, no link to the verdict, and the output of scripts is lost. Watching and restarts go on.',
    action: 'Give SHM_DUMP_FILE the path that the link leads to, or `chown -h root` the link and its folder.',
  },
  dumpFolderSilent: {
    level: 'warning',
    text: '{folder}, the folder of SHM_DUMP_FILE, does not answer; another pcheck that writes the same dump file would not be noticed',
    meaning:
      'Its file system, or the server behind it, hangs. pcheck watches and restarts; what scripts write meanwhile is lost. The dump file is written when it answers again.',
    action: 'See what the file system waits for (`dmesg`; processes in state D).',
  },
  verdictFailed: {
    level: 'warning',
    text: 'the verdict cannot be written: {file}: {error}',
    meaning:
      'What a cluster manager may ask for is not told, or not beside the dump file. A manager that reads it takes pcheck for dead when the last verdict is stale. Watching and restarts go on.',
    action:
      'Free space where it lies, or clear away what lies there and is not pcheck’s own. Without a manager that reads it: nothing.',
  },
  heldTwice: {
    level: 'warning',
    text: 'entries {first} and {second} hold the same process, pid={pid}; only entry {first} restarts it',
    meaning: 'The NAME and include_strings of two entries fit one process.',
    action: 'Make include_strings of the two entries tell them apart, then `padmin -f PFILE -c reload`.',
  },
  linesDropped: {
    level: 'warning',
    text: '{count} log lines were dropped: {sink} did not take them',
    meaning: 'The reader was stuck or absent for longer than the queue could bridge. Watching went on.',
    action:
      'See whether the syslog daemon runs, or who should read standard error, or whether the disk of the log is full or hangs.',
  },
  logStuck: {
    level: 'warning',
    text: '{sink} has taken no log lines for {seconds} s: they wait',
    meaning:
      'The disk of this log hangs, or nobody reads it. Watching, restarts, padmin and the other logs go on; what comes on top of some thousand lines is dropped and counted.',
    action:
      'See why the disk does not answer (`dmesg`, a frozen file system, a network that is away), or who should read there.',
  },
  logFailing: {
    level: 'warning',
    text: '{sink} cannot be written: {reason}; this is tried again',
    meaning:
      'Log lines do not get into this file. They wait, as far as there is room for them, and are written when it is possible again.',
    action:
      'Free space on its disk, make its folder, or correct its owner and mode; after the file was replaced, `padmin -f PFILE -c reload`.',
  },
  logWorks: {
    level: 'notice',
    text: '{sink} is written again',
    meaning: 'What was told before about this log is over: all lines that waited are where they belong.',
    action: 'Nothing.',
  },
  noEvents: {
    level: 'notice',
    text: 'deaths are found at the full checks only, not at once: {reason}',
    meaning:
      'The kernel does not tell this pcheck when a process ends (it needs pidfd_open(2), Linux 5.3), or PSAVER_EVENTS=off is in its environment. A death is noticed within MONITOR_INTERVAL.',
    action: 'Nothing, or a shorter MONITOR_INTERVAL. A sandbox or container may forbid the call.',
  },
  unwatchable: {
    level: 'warning',
    text: 'the end of a process cannot be told at once ({error}); it is looked for at the full checks',
    meaning:
      'The kernel refused to tell of the end of a process that pcheck watches. Its death is noticed within MONITOR_INTERVAL. Logged once for each error.',
    action:
      'EMFILE, ENFILE: raise the limit of open files (`ulimit -n`, LimitNOFILE=); each watched process takes one.',
  },
  noSyslog: {
    level: 'notice',
    text: 'there is no {socket}: messages go there as soon as a syslog daemon makes it',
    meaning: 'No syslog daemon runs; standard error has all messages meanwhile.',
    action: 'Start a syslog daemon, or use --no-syslog.',
  },
  cannotStart: {
    level: 'err',
    text: 'pcheck cannot start: {reason}',
    meaning:
      'pcheck ended before it watched anything. A cluster takes that for a failure of the service. Standard error tells the reason with more detail.',
    action: 'Correct what the reason names; `pcheck -t -f PFILE` checks a pfile and runs nothing.',
  },
  notifySocketUnknown: {
    level: 'info',
    text: 'NOTIFY_SOCKET={address} is no address that pcheck knows; the service manager is told nothing',
    meaning: 'pcheck knows a path that begins with / and a name that begins with @.',
    action: 'Start pcheck with Type=exec instead of Type=notify, or from a service manager of this machine.',
  },
  fullCheck: {
    level: 'debug',
    text: 'full check of {entries} entries in {milliseconds} ms',
    meaning: 'With -v only: every entry was looked at.',
    action: 'Nothing.',
  },
  defect: {
    level: 'crit',
    text: 'a defect of pcheck: {error}',
    meaning:
      'pcheck met a condition that its authors ruled out, and ends with status 70. The services run on, unwatched.',
    action: 'Start pcheck again. Please report it with this line and those before it.',
  },
} as const satisfies Record<string, Message>;

export type MessageId = keyof typeof catalogue;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The values that a message's text asks for. */
export type MessageValues<Id extends MessageId> = {
  readonly [Name in Placeholders<(typeof catalogue)[Id]['text']>]: string | number;
};

/** A message on its way, its values not yet put in. */
export type LogMessage = {
  [Id in MessageId]: {
    readonly id: Id;
    readonly values: MessageValues<Id>;
    /** The entry that it is about, where several may have one NAME. */
    readonly pentId?: number;
  };
}[MessageId];

export function message<Id extends MessageId>(id: Id, values: MessageValues<Id>): LogMessage {
  // The pair is a member of the union by construction; TypeScript cannot see that for an open Id.
  return { id, values } as LogMessage;
}
