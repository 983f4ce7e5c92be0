// Date: what can be done without a time zone.
import { test } from '../../test.ts';

test('new Date: of milliseconds', () => {
  console.log(
    new Date(0),
    new Date(-1),
    new Date(1.9).getTime(),
    new Date(-1.9).getTime(),
    new Date(8.64e15).getTime(),
    new Date(8.64e15 + 1).getTime(),
    new Date(NaN).getTime(),
  );
});

test('new Date: of a text', () => {
  console.log(new Date('2024-02-29T12:00:00Z'), new Date('2024-02-29'), new Date('nonsense').getTime());
});

test('new Date: of a date is a copy', () => {
  const date = new Date(5);
  const copy = new Date(date);
  copy.setTime(9);
  console.log(date.getTime(), copy.getTime());
});

test('new Date: without a value is now', () => {
  const before = Date.now();
  const now = new Date().getTime();
  console.log(now >= before, now - before < 1000);
});

test('Date.now: is a whole number of milliseconds', () => {
  console.log(Number.isInteger(Date.now()), Date.now() > 1.6e12);
});

test('Date.UTC: parts that overflow carry', () => {
  console.log(
    Date.UTC(2024, 0),
    Date.UTC(2024, 14, 35),
    Date.UTC(2024, 0, 1, 24, 60, 60, 1000),
    Date.UTC(2024, -1),
    Date.UTC(2024, 0, 0),
  );
});

test('Date.UTC: years from 0 to 99 are of the 1900s', () => {
  console.log(Date.UTC(99, 0), Date.UTC(0, 0), Date.UTC(100, 0), Date.UTC(-1, 0), Date.UTC(99.9, 0));
});

test('Date.UTC: NaN where a part is none or the time is too far', () => {
  console.log(
    Date.UTC(NaN, 0),
    Date.UTC(2024, NaN),
    Date.UTC(275760, 8, 13, 0, 0, 0, 1),
    Date.UTC(275760, 8, 13),
    Date.UTC(2024),
    Date.UTC(Infinity, 0),
  );
});

test('Date.parse: the format of the language', () => {
  console.log(
    Date.parse('2024-02-29T12:34:56.789Z'),
    Date.parse('2024'),
    Date.parse('2024-02'),
    Date.parse('2024-02-29T12:34+01:00'),
    Date.parse('+012024-01-01T00:00:00Z'),
  );
});

test('Date.parse: NaN for what is out of range', () => {
  console.log(
    Date.parse('2024-13-01'),
    Date.parse('2024-00-01'),
    Date.parse('2024-01-32'),
    Date.parse('2024-01-01T24:00:01Z'),
    Date.parse('2024-01-01T23:60Z'),
    Date.parse('-000000-01-01T00:00:00Z'),
  );
});

test('Date.prototype.getTime: undoes toISOString', () => {
  for (const time of [0, 951782399999, -62135596800000, 4102444800000])
    console.log(Date.parse(new Date(time).toISOString()) === time);
});

test('Date.prototype.valueOf: is the time', () => {
  console.log(new Date(7).valueOf(), new Date(NaN).valueOf());
});

test('Date.prototype.getUTCFullYear: before the year 0', () => {
  console.log([0, -62167219200001, 8.64e15, -8.64e15, NaN].map((time) => new Date(time).getUTCFullYear()));
});

test('Date.prototype.getUTCMonth: counts from 0', () => {
  console.log(['2024-01-31', '2024-12-01', 'x'].map((text) => new Date(text).getUTCMonth()));
});

test('Date.prototype.getUTCDate: in leap years', () => {
  console.log(
    ['2024-02-29', '1900-03-01', '2000-02-29', '2023-02-28'].map((text) => new Date(text).getUTCDate()),
    new Date(Date.UTC(1900, 1, 29)).getUTCDate(),
  );
});

test('Date.prototype.getUTCDay: 0 is Sunday', () => {
  console.log([0, 86400000 * 3, -86400000 * 4, -1, NaN].map((time) => new Date(time).getUTCDay()));
});

test('Date.prototype.getUTCHours: also before 1970', () => {
  console.log([0, -1, 3600000 * 25, -3600000].map((time) => new Date(time).getUTCHours()));
});

test('Date.prototype.getUTCMinutes: also before 1970', () => {
  console.log([59999, 60000, -1].map((time) => new Date(time).getUTCMinutes()));
});

test('Date.prototype.getUTCSeconds: also before 1970', () => {
  console.log([999, 1000, -1].map((time) => new Date(time).getUTCSeconds()));
});

test('Date.prototype.getUTCMilliseconds: also before 1970', () => {
  console.log([999, 1000, -1, NaN].map((time) => new Date(time).getUTCMilliseconds()));
});

test('Date.prototype.setTime: rounds towards zero and limits', () => {
  const date = new Date(0);
  console.log(date.setTime(1.9), date.setTime(-1.9), date.setTime(8.64e15 + 1), date.getTime(), date.setTime(5));
});

test('Date.prototype.setUTCFullYear: with month and day', () => {
  const date = new Date('2024-02-29T01:02:03.004Z');
  console.log(
    date.setUTCFullYear(2023),
    date,
    date.setUTCFullYear(2020, 1, 29),
    date,
    date.setUTCFullYear(NaN),
    date.setUTCFullYear(2021),
    date,
  );
});

test('Date.prototype.setUTCMonth: carries', () => {
  const date = new Date('2024-01-31T00:00:00Z');
  console.log(date.setUTCMonth(1), date, date.setUTCMonth(-1), date, date.setUTCMonth(0, 15), date);
});

test('Date.prototype.setUTCDate: carries', () => {
  const date = new Date('2024-03-15T00:00:00Z');
  console.log(date.setUTCDate(0), date, date.setUTCDate(32), date, date.setUTCDate(-5), date);
});

test('Date.prototype.setUTCHours: with minutes, seconds and milliseconds', () => {
  const date = new Date(0);
  console.log(date.setUTCHours(25), date.setUTCHours(1, 2, 3, 4), date, date.setUTCHours(-1), date);
});

test('Date.prototype.setUTCMinutes: carries', () => {
  const date = new Date(0);
  console.log(date.setUTCMinutes(90), date.setUTCMinutes(1, 90, 2000), date);
});

test('Date.prototype.setUTCSeconds: carries', () => {
  const date = new Date(0);
  console.log(date.setUTCSeconds(3600), date.setUTCSeconds(1, 1500), date);
});

test('Date.prototype.setUTCMilliseconds: carries', () => {
  const date = new Date(0);
  console.log(date.setUTCMilliseconds(-1), date, date.setUTCMilliseconds(NaN), date.getTime());
});

test('Date.prototype.setUTCHours: on an invalid date stays invalid', () => {
  const date = new Date(NaN);
  console.log(date.setUTCHours(1), date.setUTCDate(1), date.setUTCMonth(1), date.getTime());
});

test('Date.prototype.toISOString: years of six digits', () => {
  console.log(
    new Date(-62198755200000).toISOString(),
    new Date(253402300800000).toISOString(),
    new Date(8.64e15).toISOString(),
    new Date(-8.64e15).toISOString(),
  );
});

test('Date.prototype.toISOString: throws RangeError for an invalid date', () => {
  console.log(new Date(NaN).toISOString());
});

test('Date.prototype.toJSON: null for an invalid date', () => {
  console.log(new Date(0).toJSON(), new Date(NaN).toJSON(), JSON.stringify([new Date(0), new Date(NaN)]));
});

test('Date.prototype.toUTCString: names day and month', () => {
  console.log(
    new Date(0).toUTCString(),
    new Date('2024-02-29T23:59:59Z').toUTCString(),
    new Date(NaN).toUTCString(),
    new Date(-62198755200000).toUTCString(),
  );
});

test('Date: differences are milliseconds', () => {
  console.log(
    new Date('2024-03-01').getTime() - new Date('2024-02-28').getTime(),
    new Date('2023-03-01').getTime() - new Date('2023-02-28').getTime(),
  );
});

test('Date: every day of four years', () => {
  let date = Date.UTC(2000, 0, 1);
  const lengths: number[] = [];
  let days = 0;
  for (let i = 0; i < 1461; i++) {
    days++;
    date += 86400000;
    if (new Date(date).getUTCDate() === 1) {
      lengths.push(days);
      days = 0;
    }
  }
  console.log(lengths.join(' '));
});
