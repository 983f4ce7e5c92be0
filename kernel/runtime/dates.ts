// Dates as text: the one format of ECMA-262 §21.4.1.32. The machine has no time zone but UTC.
//
//   2024-02-29T12:34:56.789Z    ±YYYYYY for years outside 0–9999    offsets ±hh:mm    a date alone is UTC

import { clockWall } from '../hal/clock.ts';

interface Reading {
  readonly text: string;
  at: number;
}

/** Date.parse: milliseconds since 1970, or NaN for what is not in the format. */
export const parseDate = (value: string): number => {
  const text = `${value}`;
  const reading: Reading = { text, at: 0 };
  const year = readYear(reading);
  const month = takes(reading, '-') ? readNumber(reading, 2) : 1;
  const day = reading.at > 4 && takes(reading, '-') ? readNumber(reading, 2) : 1;
  let time = 0;
  let offset = 0;
  if (takes(reading, 'T')) {
    time = readTime(reading);
    offset = readOffset(reading);
  }
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || reading.at !== text.length) return Number.NaN;
  const start = new Date(0).setUTCFullYear(year, month - 1, day);
  return start + time - offset;
};

/** What `new Date(value)` stands for. */
export const dateValue = (value: number | string | Date): number => {
  if (typeof value === 'string') return parseDate(value);
  return typeof value === 'number' ? value : value.getTime();
};

/** Date.prototype.toISOString. Throws RangeError for an invalid date. */
export const isoText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) throw new RangeError('Invalid time value');
  const year = date.getUTCFullYear();
  const shown = year >= 0 && year <= 9999 ? padded(year, 4) : `${year < 0 ? '-' : '+'}${padded(Math.abs(year), 6)}`;
  const day = `${shown}-${padded(date.getUTCMonth() + 1, 2)}-${padded(date.getUTCDate(), 2)}`;
  const time = `${padded(date.getUTCHours(), 2)}:${padded(date.getUTCMinutes(), 2)}:${padded(date.getUTCSeconds(), 2)}`;
  return `${day}T${time}.${padded(date.getUTCMilliseconds(), 3)}Z`;
};

/** Date.prototype.toJSON: null for an invalid date. */
export const dateJson = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : isoText(date));

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Date.prototype.toUTCString. */
export const utcText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) return 'Invalid Date';
  const day = `${DAYS[date.getUTCDay()]}, ${padded(date.getUTCDate(), 2)} ${MONTHS[date.getUTCMonth()]} ${yearText(date)}`;
  return `${day} ${clockText(date)} GMT`;
};

const yearText = (date: Date): string => {
  const year = date.getUTCFullYear();
  return `${year < 0 ? '-' : ''}${padded(Math.abs(year), 4)}`;
};

const clockText = (date: Date): string =>
  `${padded(date.getUTCHours(), 2)}:${padded(date.getUTCMinutes(), 2)}:${padded(date.getUTCSeconds(), 2)}`;

/** Date.prototype.toDateString. */
export const dayText = (date: Date): string =>
  Number.isNaN(date.getTime())
    ? 'Invalid Date'
    : `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${padded(date.getUTCDate(), 2)} ${yearText(date)}`;

/** Date.prototype.toTimeString: the machine's time is UTC. */
export const timeText = (date: Date): string =>
  Number.isNaN(date.getTime()) ? 'Invalid Date' : `${clockText(date)} GMT+0000 (Coordinated Universal Time)`;

/** Date.prototype.toString. */
export const dateText = (date: Date): string =>
  Number.isNaN(date.getTime()) ? 'Invalid Date' : `${dayText(date)} ${timeText(date)}`;

/** Date(): what time it is, as a text. */
export const nowText = (): string => dateText(new Date(dateNow()));

/** Date.prototype.getTimezoneOffset. */
export const timezoneOffset = (date: Date): number => (Number.isNaN(date.getTime()) ? Number.NaN : 0);

const padded = (value: number, width: number): string => `${value}`.padStart(width, '0');

const readYear = (reading: Reading): number => {
  if (takes(reading, '+')) return readNumber(reading, 6);
  if (!takes(reading, '-')) return readNumber(reading, 4);
  const year = readNumber(reading, 6);
  return year === 0 ? Number.NaN : -year;
};

const readTime = (reading: Reading): number => {
  const hours = readNumber(reading, 2);
  const minutes = takes(reading, ':') ? readNumber(reading, 2) : Number.NaN;
  const seconds = takes(reading, ':') ? readNumber(reading, 2) : 0;
  const milliseconds = takes(reading, '.') ? readFraction(reading) : 0;
  const isMidnight = hours === 24 && minutes === 0 && seconds === 0 && milliseconds === 0;
  if (!(hours < 24 || isMidnight) || !(minutes < 60) || !(seconds < 60)) return Number.NaN;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
};

/** Digits beyond the third are dropped. */
const readFraction = (reading: Reading): number => {
  const start = reading.at;
  while (isDigit(reading.text.charCodeAt(reading.at))) reading.at += 1;
  return reading.at === start ? Number.NaN : Number(reading.text.slice(start, reading.at).slice(0, 3).padEnd(3, '0'));
};

const readOffset = (reading: Reading): number => {
  if (takes(reading, 'Z')) return 0;
  let sign = 0;
  if (takes(reading, '+')) sign = 1;
  else if (takes(reading, '-')) sign = -1;
  if (sign === 0) return 0;
  const hours = readNumber(reading, 2);
  takes(reading, ':');
  return sign * (hours * 60 + readNumber(reading, 2)) * 60000;
};

const readNumber = (reading: Reading, digits: number): number => {
  const text = reading.text.slice(reading.at, reading.at + digits);
  for (let i = 0; i < digits; i++) if (!isDigit(text.charCodeAt(i))) return Number.NaN;
  reading.at += digits;
  return Number(text);
};

const takes = (reading: Reading, character: string): boolean => {
  if (reading.text.charAt(reading.at) !== character) return false;
  reading.at += 1;
  return true;
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Date.now, and what `new Date()` stands for: milliseconds since 1970. */
export const dateNow = (): number => clockWall();
