// ArrayBuffer and DataView.
import { test } from '../../test.ts';

test('new ArrayBuffer: is all zeros', () => {
  console.log(
    new ArrayBuffer(3).byteLength,
    new Uint8Array(new ArrayBuffer(2)),
    new ArrayBuffer(0).byteLength,
    new ArrayBuffer(1.9).byteLength,
    new ArrayBuffer(NaN).byteLength,
  );
});

test('new ArrayBuffer: a length that is none throws RangeError', () => {
  try {
    console.log(new ArrayBuffer(-1).byteLength);
  } catch (error) {
    console.log(error instanceof RangeError);
  }
});

test('ArrayBuffer.isView: typed arrays and DataViews are', () => {
  console.log(
    ArrayBuffer.isView(new Uint8Array(1)),
    ArrayBuffer.isView(new DataView(new ArrayBuffer(1))),
    ArrayBuffer.isView(new ArrayBuffer(1)),
    ArrayBuffer.isView([]),
    ArrayBuffer.isView(null),
    ArrayBuffer.isView(new Float64Array()),
  );
});

test('ArrayBuffer.prototype.byteLength: counts bytes', () => {
  console.log(new Float64Array(3).buffer.byteLength, new ArrayBuffer(7).byteLength);
});

test('ArrayBuffer.prototype.slice: is a copy of a part', () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const part = bytes.buffer.slice(1, 3);
  bytes[1] = 99;
  console.log(
    new Uint8Array(part),
    new Uint8Array(bytes.buffer.slice(-2)),
    bytes.buffer.slice(3, 1).byteLength,
    bytes.buffer.slice(1.9).byteLength,
    new Uint8Array(bytes.buffer.slice(NaN, -1)),
    bytes.buffer.slice(9).byteLength,
  );
});

test('new ArrayBuffer: is shown with its bytes', () => {
  console.log(new Uint8Array([1, 255]).buffer, new ArrayBuffer(0));
});

test('new DataView: of a part of a buffer', () => {
  const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
  const view = new DataView(buffer, 1, 2);
  console.log(
    view.byteOffset,
    view.byteLength,
    view.getUint8(0),
    new DataView(buffer, 2).byteLength,
    new DataView(buffer, 4).byteLength,
    view.buffer === buffer,
  );
});

test('new DataView: outside the buffer throws RangeError', () => {
  const buffer = new ArrayBuffer(4);
  for (const make of [
    () => new DataView(buffer, 5),
    () => new DataView(buffer, -1),
    () => new DataView(buffer, 2, 3),
    () => new DataView(buffer, 0, -1),
  ]) {
    try {
      console.log(make().byteLength);
    } catch (error) {
      console.log(error instanceof RangeError);
    }
  }
});

test('DataView.prototype.buffer: is the memory below', () => {
  const buffer = new ArrayBuffer(4);
  console.log(new DataView(buffer, 1).buffer === buffer);
});

test('DataView.prototype.byteLength: of the view', () => {
  console.log(new DataView(new ArrayBuffer(8), 2).byteLength, new DataView(new ArrayBuffer(8), 2, 3).byteLength);
});

test('DataView.prototype.byteOffset: of the view', () => {
  console.log(new DataView(new ArrayBuffer(8), 2).byteOffset, new DataView(new ArrayBuffer(8)).byteOffset);
});

test('DataView.prototype.getInt8: is signed', () => {
  const view = new DataView(new Uint8Array([127, 128, 255]).buffer);
  console.log(view.getInt8(0), view.getInt8(1), view.getInt8(2));
});

test('DataView.prototype.getUint8: is not', () => {
  const view = new DataView(new Uint8Array([127, 128, 255]).buffer);
  console.log(view.getUint8(0), view.getUint8(1), view.getUint8(2));
});

test('DataView.prototype.getInt16: highest byte first unless asked', () => {
  const view = new DataView(new Uint8Array([0x80, 0x01, 0xff]).buffer);
  console.log(
    view.getInt16(0),
    view.getInt16(0, true),
    view.getInt16(1),
    view.getInt16(1, true),
    view.getInt16(0, false),
  );
});

test('DataView.prototype.getUint16: highest byte first unless asked', () => {
  const view = new DataView(new Uint8Array([0x80, 0x01, 0xff]).buffer);
  console.log(view.getUint16(0), view.getUint16(0, true), view.getUint16(1), view.getUint16(1, true));
});

test('DataView.prototype.getInt32: at any place', () => {
  const view = new DataView(new Uint8Array([0, 0xfe, 0xdc, 0xba, 0x98, 0]).buffer);
  console.log(view.getInt32(1), view.getInt32(1, true), view.getInt32(0), view.getInt32(2, true));
});

test('DataView.prototype.getUint32: at any place', () => {
  const view = new DataView(new Uint8Array([0, 0xfe, 0xdc, 0xba, 0x98, 0]).buffer);
  console.log(view.getUint32(1), view.getUint32(1, true), view.getUint32(0), view.getUint32(2, true));
});

test('DataView.prototype.getFloat32: of both orders', () => {
  const view = new DataView(new Uint8Array([0x3f, 0x80, 0, 0, 0xc0, 0x49, 0x0f, 0xdb, 0x7f, 0xc0, 0, 0]).buffer);
  console.log(view.getFloat32(0), view.getFloat32(4), view.getFloat32(8), view.getFloat32(0, true));
});

test('DataView.prototype.getFloat64: of both orders', () => {
  const view = new DataView(new Uint8Array([0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18, 0x7f, 0xf0]).buffer);
  console.log(view.getFloat64(0), view.getFloat64(0, true), view.getFloat64(2));
});

test('DataView.prototype.setInt8: keeps the lowest 8 bits', () => {
  const view = new DataView(new ArrayBuffer(3));
  view.setInt8(0, -1);
  view.setInt8(1, 300);
  view.setInt8(2, 1.9);
  console.log(view.buffer);
});

test('DataView.prototype.setUint8: keeps the lowest 8 bits', () => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint8(0, -1);
  view.setUint8(1, 300);
  view.setUint8(2, NaN);
  view.setUint8(3, 2 ** 40 + 7);
  console.log(view.buffer);
});

test('DataView.prototype.setInt16: of both orders', () => {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt16(0, -2);
  view.setInt16(2, 0x1234, true);
  console.log(view.buffer);
});

test('DataView.prototype.setUint16: of both orders', () => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, 0x12345);
  view.setUint16(2, 65535.9, true);
  console.log(view.buffer);
});

test('DataView.prototype.setInt32: of both orders', () => {
  const view = new DataView(new ArrayBuffer(9));
  view.setInt32(1, -2);
  view.setInt32(5, 0x12345678, true);
  console.log(view.buffer);
});

test('DataView.prototype.setUint32: of both orders', () => {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, 0xdeadbeef);
  view.setUint32(4, 2 ** 32 + 1, true);
  console.log(view.buffer);
});

test('DataView.prototype.setFloat32: rounds to 32 bits', () => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat32(0, 0.1);
  view.setFloat32(4, 1e40, true);
  console.log(view.buffer, view.getFloat32(0), view.getFloat32(4, true));
});

test('DataView.prototype.setFloat64: of both orders', () => {
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat64(0, Math.PI);
  view.setFloat64(8, -0, true);
  console.log(view.buffer, view.getFloat64(0), view.getFloat64(8, true));
});

test('DataView.prototype.getUint32: outside throws RangeError', () => {
  const view = new DataView(new ArrayBuffer(4));
  for (const offset of [1, -1, 4, Infinity]) {
    try {
      console.log(view.getUint32(offset));
    } catch (error) {
      console.log(offset, error instanceof RangeError);
    }
  }
  console.log(view.getUint32(0.9), view.getUint32(NaN), view.getUint32(-0.9));
});

test('DataView.prototype.setUint16: outside throws RangeError and stores nothing', () => {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer, 1, 2);
  for (const offset of [1, 2, -1]) {
    try {
      view.setUint16(offset, 0xffff);
    } catch (error) {
      console.log(offset, error instanceof RangeError, bytes);
    }
  }
  view.setUint16(0, 0xffff);
  console.log(bytes);
});
