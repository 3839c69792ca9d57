/** The simulated clock: how its time is shown, and the times to which it can be moved. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WIB = 7 * HOUR; // UTC+7, no summer time
const POSTING_HOUR = 8;
const LOCK_AFTER_WORK_DAYS = 5; // after the last day of a quarter

const DATE_FORMAT = new Intl.DateTimeFormat("id-ID", {
  timeZone: "Asia/Jakarta",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});
const DAY_FORMAT = new Intl.DateTimeFormat("id-ID", {
  timeZone: "Asia/Jakarta",
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const TIME_FORMAT = new Intl.DateTimeFormat("id-ID", {
  timeZone: "Asia/Jakarta",
  hour: "2-digit",
  minute: "2-digit",
});

/** `Sen, 6 Jul 2026 09.00 WIB` */
export function dateAndTime(moment) {
  return `${DATE_FORMAT.format(moment)} ${timeText(moment)} WIB`;
}

/** `09.00` */
export function timeText(moment) {
  return TIME_FORMAT.format(moment);
}

/** `Senin, 6 Juli 2026` */
export function dayText(moment) {
  return DAY_FORMAT.format(moment);
}

/** The buttons that move the clock: each has a label and the time to which it moves. */
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

/** The local time as if it were UTC, so that its fields can be read. */
function asLocalTime(moment) {
  return new Date(+moment + WIB);
}

function nextPosting(now) {
  const midnight = Math.floor(+asLocalTime(now) / DAY) * DAY;
  const today = midnight + POSTING_HOUR * HOUR - WIB;
  return new Date(today > +now ? today : today + DAY);
}

/** The end of the quarter, or of the quarter `later` quarters after it. */
export function quarterEnd(moment, later = 0) {
  const localTime = asLocalTime(moment);
  const quarter = Math.floor(localTime.getUTCMonth() / 3) + 1 + later;
  return new Date(Date.UTC(localTime.getUTCFullYear(), quarter * 3, 1) - WIB);
}

/** The name of the quarter that ended before this time: `TW III`. */
function quarterBefore(moment) {
  const started = asLocalTime(quarterEnd(moment, -1));
  return `TW ${["IV", "I", "II", "III"][started.getUTCMonth() / 3]}`;
}

/** The next lock: of the last quarter, or of this one when that is past. */
export function nextLock(now) {
  const last = lockAfter(quarterEnd(now, -1));
  return last > now ? last : lockAfter(quarterEnd(now));
}

/** The posting hour of the fifth day from Monday to Friday; holidays are not considered. */
function lockAfter(end) {
  let day = +asLocalTime(end);
  for (let left = LOCK_AFTER_WORK_DAYS; ; day += DAY) {
    const weekday = new Date(day).getUTCDay();
    if (weekday >= 1 && weekday <= 5 && --left === 0) break;
  }
  return new Date(day - WIB + POSTING_HOUR * HOUR);
}
