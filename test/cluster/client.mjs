// An HTTP client that asks all the time: a new request every 50 ms whether or not the last one was answered. Prints
// one line for each that was answered: when it was asked, when the answer was there, and the answer's first word.
import { get } from 'node:http';

const [, , url] = process.argv;
const PERIOD_MILLISECONDS = 50;
const PATIENCE_MILLISECONDS = 2000;

setInterval(ask, PERIOD_MILLISECONDS);

function ask() {
  const askedAt = Date.now();
  // No answer is what the lines that are missing tell.
  const request = get(url, { agent: false, timeout: PATIENCE_MILLISECONDS }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      body += chunk;
    });
    response.on('error', ignore);
    response.on('end', () => {
      if (response.statusCode !== 200) return;
      process.stdout.write(`${askedAt} ${Date.now()} ${body.trim().split(/\s/)[0]}\n`);
    });
  });
  request.on('error', ignore);
  request.on('timeout', () => request.destroy());
}

function ignore() {
  return;
}
