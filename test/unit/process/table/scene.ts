// A process table that is asked again and again: what it finds, what it reads, and whose command lines answer when.
import type { MatchRule } from '../../../../src/process/matcher.ts';
import { createProcessReader } from '../../../../src/process/reader.ts';
import { createProcessTable, type Scan } from '../../../../src/process/table/process-table.ts';
import type { Depth } from '../../../../src/process/table/read-policy.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../../src/system/simulated/system.ts';

/** `shares`: in so many full checks everything has its turn. */
export function createScene(system: SimulatedSystem, rules: readonly MatchRule[], shares = 6) {
  const { proc, clock } = system;
  const reads: string[] = [];
  const told: number[] = [];
  const { readOfProcess } = proc;
  proc.readOfProcess = (pid, name, into) => {
    reads.push(`${pid} ${name}`);
    return readOfProcess(pid, name, into);
  };
  const { readHead, search } = system.commandLines;
  const commandLines = {
    ...system.commandLines,
    readHead: ((pid, ...more) => {
      reads.push(`${pid} head`);
      readHead(pid, ...more);
    }) satisfies typeof readHead,
    search: ((pid, ...more) => {
      reads.push(`${pid} search`);
      search(pid, ...more);
    }) satisfies typeof search,
  };
  const table = createProcessTable({
    proc,
    reader: createProcessReader(proc),
    commandLines,
    shares: () => shares,
    now: () => clock.now().monotonic,
    onAnswer: (keys) => void told.push(...keys),
  });
  setRules(rules);

  function setRules(next: readonly MatchRule[]): void {
    table.setRules(next.map((rule, key) => ({ key, rule })));
  }

  function scan(depth: Depth, youngSeconds = 10): Scan {
    table.beginTurn();
    const begun = table.scan(depth, youngSeconds);
    begun.advance(() => false);
    return begun;
  }

  function pidsOf(key: number, scanned: Scan): number[] {
    return table.matchesOf(key, scanned).map(({ pid }) => pid);
  }

  return {
    table,
    /** Of whose matches was told that they are others now. */
    told,
    setRules,
    scan,
    pidsOf,
    /** The pids that match the first rule after a scan. */
    look: (depth: Depth): number[] => pidsOf(0, scan(depth)),
    readsOf(task: () => void): string[] {
      reads.splice(0);
      task();
      return reads.splice(0);
    },
  };
}

/** Answers of command lines wait until they are let go, in their order. */
export function withHeldAnswers(): { readonly system: SimulatedSystem; readonly answers: (() => void)[] } {
  const system = createSimulatedSystem();
  const answers: (() => void)[] = [];
  system.deliver = (answer) => void answers.push(answer);
  return { system, answers };
}

export function letGo(answers: (() => void)[]): void {
  for (const answer of answers.splice(0)) answer();
}
