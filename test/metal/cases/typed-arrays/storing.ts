// A store converts to the element's type (modulo, not saturated); outside the array it does nothing, and a read is undefined.
const values = [1, -1, 300, 70000, 4294967295, 4294967296, 2.5, -3.7, 1e20, -1e20, 1e300, NaN, Infinity, -Infinity, -0];
const arrays = [
  new Uint8Array(15),
  new Int8Array(15),
  new Uint16Array(15),
  new Int16Array(15),
  new Uint32Array(15),
  new Int32Array(15),
  new Uint8ClampedArray(15),
  new Float32Array(15),
  new Float64Array(15),
];
for (const array of arrays) {
  values.forEach((value, i) => {
    array[i] = value;
  });
  array[15] = 7;
  array[-1] = 7;
  console.log(array, array[15], array[-1], array.length);
}
console.log(
  new Uint8Array(values),
  Uint8Array.from(values),
  Uint8Array.of(256, -1),
  new Int16Array(2).fill(70000),
  new Uint8Array([1, 2]).map((x) => x * 200),
);
const clamped = new Uint8ClampedArray([0.5, 1.5, 2.5, 254.5, 255.5, -0.5, 300, NaN]);
console.log(clamped);
let read: number | undefined = new Uint8Array(2)[5];
console.log(
  read,
  read === undefined,
  [...new Uint8Array([1, 2, 3])].map((x) => x / 2),
);
const view = new Uint8Array(8).subarray(2, 5);
view[3] = 9;
view[2] = 9;
read = view[3];
console.log(view, view.byteOffset, new Uint8Array(view.buffer), read);
