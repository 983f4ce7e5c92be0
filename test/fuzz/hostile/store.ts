// What a checked build does at each store of a machine module: a value that its type does not hold stops the machine. Here it is a RangeError.

const checked =
  (name: string, low: number, high: number) =>
  <T>(value: T): T => {
    const isHeld = typeof value === 'number' && value >= low && value <= high && value % 1 === 0;
    if (!isHeld) throw new RangeError(`${String(value)} is stored as ${name}, in a machine module`);
    return value;
  };

export const i8 = checked('i8', -(2 ** 7), 2 ** 7 - 1);
export const u8 = checked('u8', 0, 2 ** 8 - 1);
export const i16 = checked('i16', -(2 ** 15), 2 ** 15 - 1);
export const u16 = checked('u16', 0, 2 ** 16 - 1);
export const i32 = checked('i32', -(2 ** 31), 2 ** 31 - 1);
export const u32 = checked('u32', 0, 2 ** 32 - 1);
export const u53 = checked('u53', 0, Number.MAX_SAFE_INTEGER);
