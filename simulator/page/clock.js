/** The simulated clock on the office's wall, and how far it can be moved. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WIB = 7 * HOUR; // UTC+7, no summer time
const POSTING_HOUR = 8;
const WORK_DAYS = 5; // after the last day of a quarter, then it locks

const DATED = new Intl.DateTimeFormat("id-ID", {
  timeZone: "Asia/Jakarta",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});
const DAY_NAMED = new Intl.DateTimeFormat("id-ID", {
  timeZone: "Asia/Jakarta",
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const TIMED = new Intl.DateTimeFormat("id-ID", {
  timeZone: "Asia/Jakarta",
  hour: "2-digit",
  minute: "2-digit",
});

/** `Sen, 6 Jul 2026 09.00 WIB` */
export function shown(moment) {
  return `${DATED.format(moment)} ${timeOf(moment)} WIB`;
}

/** `09.00` */
export function timeOf(moment) {
  return TIMED.format(moment);
}

/** `Senin, 6 Juli 2026` */
export function dayOf(moment) {
  return DAY_NAMED.format(moment);
}

/** The ways on from this moment: what a button says, and the moment it leads to. */
export function moves(now) {
  const end = quarterEnd(now);
  const lock = nextLock(now);
  return [
    { label: "+1 jam", at: new Date(+now + HOUR) },
    { label: "+1 hari", at: new Date(+now + DAY) },
    { label: "Maju ke pukul 08.00 berikutnya", at: nextPosting(now) },
    { label: `Maju ke akhir triwulan (${quarterBefore(end)})`, at: end },
    { label: `Maju ke hari kunci (${quarterBefore(lock)})`, at: lock },
  ];
}

/** Local time as if it were UTC, so that its fields can be read. */
function local(moment) {
  return new Date(+moment + WIB);
}

function nextPosting(now) {
  const midnight = Math.floor(+local(now) / DAY) * DAY;
  const today = midnight + POSTING_HOUR * HOUR - WIB;
  return new Date(today > +now ? today : today + DAY);
}

/** The first moment after the quarter, or after one `later` than it. */
export function quarterEnd(moment, later = 0) {
  const here = local(moment);
  const quarter = Math.floor(here.getUTCMonth() / 3) + 1 + later;
  return new Date(Date.UTC(here.getUTCFullYear(), quarter * 3, 1) - WIB);
}

/** The quarter that ended last, as officials number it: `TW III`. */
function quarterBefore(moment) {
  const started = local(quarterEnd(moment, -1));
  return `TW ${["IV", "I", "II", "III"][started.getUTCMonth() / 3]}`;
}

/** When the last quarter locks, or this one when that is past. */
export function nextLock(now) {
  const last = lockOf(quarterEnd(now, -1));
  return last > now ? last : lockOf(quarterEnd(now));
}

/** The posting hour of the fifth day from Monday to Friday; holidays are the office's own. */
function lockOf(end) {
  let day = +local(end);
  for (let left = WORK_DAYS; ; day += DAY) {
    const weekday = new Date(day).getUTCDay();
    if (weekday >= 1 && weekday <= 5 && --left === 0) break;
  }
  return new Date(day - WIB + POSTING_HOUR * HOUR);
}
