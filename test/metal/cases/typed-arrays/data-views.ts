// A DataView reads and writes any width at any offset, in either byte order, inside its bytes only.
const view = new DataView(new ArrayBuffer(16));
view.setUint8(0, 300);
view.setInt8(1, 200);
view.setUint16(2, 70000);
view.setInt16(4, -2, true);
view.setUint32(6, 1e20);
view.setInt32(10, 4294967295, true);
console.log(
  new Uint8Array(view.buffer),
  view.getUint8(0),
  view.getInt8(1),
  view.getUint16(2, true),
  view.getInt16(4, true),
  view.getUint32(6),
  view.getInt32(10),
);
view.setFloat32(0, 1.1);
view.setFloat64(8, Math.PI, true);
console.log(view.getFloat32(0), view.getFloat64(8, true), view.getFloat64(8), view.byteLength, view.byteOffset);
const part = new DataView(view.buffer, 4, 2);
for (const attempt of [
  () => part.getUint8(1),
  () => part.getUint8(2),
  () => part.getUint16(1),
  () => part.setUint8(-1, 0),
  () => view.getFloat64(9),
]) {
  try {
    console.log(attempt());
  } catch (error) {
    console.log(error instanceof RangeError);
  }
}
