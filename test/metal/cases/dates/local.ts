// Dates in local time, which is UTC: the machine has no time zone, and the cases run on Node with TZ=UTC.
import { test } from '../../test.ts';

const DATES = [0, -1, 1_700_000_000_123, 8.64e15, -62_198_755_200_001, Number.NaN].map((time) => new Date(time));
const missing = [1][3];

test('Date.prototype.getFullYear: of the time', () => console.log(DATES.map((date) => date.getFullYear())));
test('Date.prototype.getMonth: of the time', () => console.log(DATES.map((date) => date.getMonth())));
test('Date.prototype.getDate: of the time', () => console.log(DATES.map((date) => date.getDate())));
test('Date.prototype.getHours: of the time', () => console.log(DATES.map((date) => date.getHours())));
test('Date.prototype.getMinutes: of the time', () => console.log(DATES.map((date) => date.getMinutes())));
test('Date.prototype.getSeconds: of the time', () => console.log(DATES.map((date) => date.getSeconds())));
test('Date.prototype.getMilliseconds: of the time', () => console.log(DATES.map((date) => date.getMilliseconds())));
test('Date.prototype.getDay: of the time', () => console.log(DATES.map((date) => date.getDay())));
test('Date.prototype.getTimezoneOffset: is none', () => console.log(DATES.map((date) => date.getTimezoneOffset())));
test('Date.prototype.toString: says it in words', () => console.log(DATES.map((date) => date.toString())));
test('Date.prototype.toDateString: says it in words', () => console.log(DATES.map((date) => date.toDateString())));
test('Date.prototype.toTimeString: says it in words', () => console.log(DATES.map((date) => date.toTimeString())));
test('Date.prototype.setFullYear: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setFullYear(2030), date, date.setFullYear(missing), date.getTime());
});
test('Date.prototype.setMonth: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setMonth(14), date, date.setMonth(missing), date.getTime());
});
test('Date.prototype.setDate: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setDate(31), date, date.setDate(missing), date.getTime());
});
test('Date.prototype.setHours: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setHours(25), date, date.setHours(missing), date.getTime());
});
test('Date.prototype.setMinutes: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setMinutes(61), date, date.setMinutes(missing), date.getTime());
});
test('Date.prototype.setSeconds: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setSeconds(-1), date, date.setSeconds(missing), date.getTime());
});
test('Date.prototype.setMilliseconds: what is too much carries', () => {
  const date = new Date(1_700_000_000_123);
  console.log(date.setMilliseconds(1001), date, date.setMilliseconds(missing), date.getTime());
});
test('new Date: of its parts', () => {
  console.log(new Date(2024, 1, 29, 12, 30, 1, 5), new Date(99, 0), new Date(2024, 12, 0), new Date(-1, 0));
  console.log(new Date(2024, missing).getTime(), new Date(missing, 1).getTime(), new Date(2024, 0, 1.9, 1.9));
});
test('Date: without new is the time as a text', () => console.log(Date().length, Date().slice(-33)));
