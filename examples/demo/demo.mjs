// `npm run demo`: a service dies four times. pcheck restarts it three times, then ends, which is what makes a
// cluster fail over. Runs as any user, in a temporary folder, and leaves nothing behind.
import { furnish, outputIn } from './folder.mjs';
import { say, show } from './print.mjs';
import { openStage } from './stage.mjs';

const RETRIES = 3;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}
// Nobody reads any more (`| head`, a closed terminal): an unhandled error would end us before we have cleared.
process.stdout.on('error', (error) => interruption.abort(error));
const stage = await openStage(interruption.signal);
let status = 0;
for (const act of [play, stage.clear]) {
  try {
    await act();
  } catch (error) {
    status = 1;
    const { message } = interruption.signal.reason ?? error;
    say(`The demo did not get to its end: ${message}`, 'red');
    show(outputIn(stage.folder));
  }
}
if (status === 0) say(`That was the demo, in ${seconds()} s. All that it started and wrote is gone again.`);
process.exit(status);

async function play() {
  const { folder, url } = stage;
  const pfile = `${folder}/pfile`;
  furnish(folder);

  say(`A service is started: it answers on ${url} with its pid.`);
  await stage.run(`${folder}/restart.sh`);
  const firstPid = await answer();

  say(`This pfile names the process to watch, the script that restarts it, and the retries: ${RETRIES}.`);
  await stage.run('cat', pfile);

  say('pcheck is started. It did not start the service: it finds it by its NAME.');
  stage.startPcheck('bin/pcheck', '--no-syslog', '-f', pfile);
  expect('the pid that pcheck found', await pidUp(1), firstPid);

  say('padmin shows what pcheck sees: the service is AVAIL and was never restarted (retry_count 0).');
  await showPent(pfile, { pid: firstPid, proc_sts: 'AVAIL', retry_count: 0, rerun_time: '--------' });

  say('The service is killed, as a crash would end it: pcheck runs the script, and the service is back.');
  let pid = await killAndSeeRestart(firstPid, 1);

  say('padmin shows the new pid, that one retry is used, and since when (rerun_time).');
  const { rerun_time } = await showPent(pfile, { pid, proc_sts: 'AVAIL', retry_count: 1 });
  expect('rerun_time a date', !Number.isNaN(Date.parse(rerun_time)), true);

  for (let retry = 2; retry <= RETRIES; retry++) {
    say(`It is killed again: retry ${retry} of ${RETRIES}.`);
    pid = await killAndSeeRestart(pid, retry);
  }

  say('It is killed once more: restarting is no cure, the retries are used up, and pcheck ends.');
  stage.kill(pid);
  const status = await stage.pcheckEnd();
  await stage.logged(/\) RETRY_OVER:EXIT$/);
  await stage.logged(/\) FATAL$/);
  expect('the exit status of pcheck', status, 1);

  say(
    `pcheck's exit status is ${status}. To a cluster manager (CLUSTERPRO X, Pacemaker) this end of its monitor is a\n` +
      'failure: it moves the service to another node, whose pcheck starts with retry_count 0.',
  );
}

/** Shows what the service answers as soon as it does; returns the pid in it. */
async function answer() {
  const text = await stage.until(`${stage.url} answers`, ask);
  show(`${stage.url} answers: ${text}`);
  return Number(/^pid (\d+)$/m.exec(text)?.[1]);
}

async function ask() {
  try {
    const response = await fetch(stage.url, { signal: AbortSignal.timeout(1000) });
    return await response.text();
  } catch {
    // Refused: it does not listen yet.
    return undefined;
  }
}

async function killAndSeeRestart(pid, retry) {
  stage.kill(pid);
  const newPid = await pidUp(retry + 1);
  expect('the pid that answers', await answer(), newPid);
  return newPid;
}

/** The pid in the `count`th Up that pcheck logs. */
async function pidUp(count) {
  const [, pid] = await stage.logged(/ ,pid=(\d+)\) Up$/, count);
  return Number(pid);
}

async function showPent(pfile, expected) {
  const text = await stage.run('bin/padmin', '-f', pfile, '-c', 'show', 'pent');
  const shown = Object.fromEntries(text.split('\n').map((line) => line.split(/\s*= (.*)/)));
  for (const [key, value] of Object.entries(expected)) expect(key, shown[key], String(value));
  return shown;
}

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what} should be ${expected}, but is ${actual}`);
}

function seconds() {
  return (performance.now() / 1000).toFixed(1);
}
