// Dates in UTC: parts, text, parsing.
const times = [
  0,
  1e12,
  -1,
  -62198755200000,
  8.64e15,
  253402300800000,
  -1e14,
  1234567890123,
  Date.UTC(2024, 1, 29),
  NaN,
];
for (const time of times) {
  const date = new Date(time);
  console.log(
    date.getTime(),
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
    date.getUTCDay(),
    date.toJSON(),
    date,
  );
}
const texts = [
  '2020-01-02T03:04:05.678Z',
  '2020-01-02',
  '2020',
  '2020-05',
  '2020-01-02T03:04Z',
  '2020-01-02T03:04:05Z',
  '2020-01-02T03:04:05+02:00',
  '2020-01-02T03:04:05-05:30',
  '2020-13-02',
  'x',
  '',
  '+002020-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2020-01-02T24:00:00Z',
  '2020-01-02T25:00:00Z',
  '2020-01-02T03:04:05.6Z',
  '2020-01-02T03:04:05.6789Z',
  '2020-02-30T00:00:00Z',
];
for (const text of texts) console.log(text, Date.parse(text), new Date(text).getTime());
console.log(
  Date.UTC(2020, 1, 29),
  Date.UTC(2020, 12, 1),
  Date.UTC(2020),
  Date.UTC(2020, 0, 1, 25, 61, 61, 1001),
  Date.UTC(2020, 0, -1),
);
const date = new Date(0);
date.setUTCFullYear(2021);
date.setUTCMonth(13);
date.setUTCDate(0);
date.setUTCHours(25, 61);
date.setUTCSeconds(90);
console.log(
  date.toISOString(),
  JSON.stringify({ date }),
  date.getTime(),
  new Date(date).getTime(),
  new Date(date.getTime() + 1).getTime() - date.getTime(),
);
try {
  new Date(NaN).toISOString();
} catch (error) {
  console.log(error instanceof RangeError);
}
