// An image that prints the date and the clocks beside it. The command line may say how the CMOS clock is to count: binary, twelve (hours).

import { clockAt, clockHertz, clockNow, clockSetWall, clockWall } from '../../../kernel/hal/clock.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { portRead8, portWrite8 } from '../../../kernel/hal/ports.ts';

const INDEX_PORT = 0x70;
const DATA_PORT = 0x71;
const STATUS_B = 0x0b;
const BINARY = 0x04;
const HOURS_24 = 0x02;

const names = readOptions().map(({ name }) => name);
if (names.includes('mode')) {
  portWrite8(INDEX_PORT, STATUS_B);
  const rest = portRead8(DATA_PORT) & ~(BINARY | HOURS_24) & 0xff;
  const mode = (names.includes('binary') ? BINARY : 0) | (names.includes('twelve') ? 0 : HOURS_24);
  portWrite8(INDEX_PORT, STATUS_B);
  portWrite8(DATA_PORT, rest | mode);
}

console.log(`date ${new Date().toISOString()}`);
const origin = performance.timeOrigin;
console.log(`origin ${new Date(origin).toISOString()}`);

// All clocks are one: what passes on one passes on the others.
const before = [Date.now(), performance.now(), clockNow() / 1e6, clockWall()];
while (performance.now() < before[1]! + 50);
const after = [Date.now(), performance.now(), clockNow() / 1e6, clockWall()];
const passed = after.map((value, index) => value - before[index]!);
console.log(`together ${passed.every((ms) => ms >= 49 && ms - passed[1]! < 2 && passed[1]! - ms < 2)}`);
console.log(`alike ${Math.abs(Date.now() - (origin + performance.now())) < 2}`);

// The date can be set; what was counted before goes on.
clockSetWall(Date.UTC(2044, 1, 29, 12) * 1000 + 999, clockNow());
console.log(`set ${new Date().toISOString()} ${performance.now() >= after[1]!}`);

// A reading of the counter, as a device may take one.
console.log(
  `before ${clockAt(0, 0)}, later ${Math.round((clockAt(1, 0) - clockAt(0, 0x80000000)) / (2 ** 31 / (clockHertz() / 1e9)))}`,
);
