// calendar, a small program of the kind a kernel is made of.
const bcd = (v: number): number => (v & 15) + (v >> 4) * 10;
console.log(bcd(0x59), bcd(0x23));
const days = (y: number, m: number, d: number): number => {
  y -= m <= 2 ? 1 : 0;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const mp = (m + 9) % 12;
  const doy = Math.floor((153 * mp + 2) / 5) + d - 1;
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy;
  return era * 146097 + doe - 719468;
};
console.log(days(2026, 11, 22), days(1970, 1, 1), days(2000, 2, 29));

export {};
