// Moments as people and log readers write them, in local time. For display only: decisions use the monotonic
// clock.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** ctime(3) without its newline: `Wed Oct 12 10:40:48 2011`. */
export function ctime(epochMilliseconds: number): string {
  const date = new Date(epochMilliseconds);
  return `${DAYS[date.getDay()]} ${syslogTime(epochMilliseconds)} ${date.getFullYear()}`;
}

/** As syslog(3) writes it: `Oct  2 10:40:48`. */
export function syslogTime(epochMilliseconds: number): string {
  const date = new Date(epochMilliseconds);
  return `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2, ' ')} ${clockTime(date)}`;
}

/** Sortable: `2011-10-02 10:40:48`. */
export function sortableTime(epochMilliseconds: number): string {
  const date = new Date(epochMilliseconds);
  return `${[date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')} ${clockTime(date)}`;
}

function clockTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
