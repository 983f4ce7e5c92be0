// Found by `make fuzz`: numbers that a built-in returns, given on at once.
import { test, testAsync } from '../../test.ts';

function* numbers(text: string): Generator<number, number, number | undefined> {
  yield Number.parseFloat(text);
  const got = yield parseFloat('2.5');
  yield Math.sqrt(16);
  return got ?? Number.parseFloat('7.5');
}

async function* later(text: string): AsyncGenerator<number> {
  yield Number.parseFloat(text);
  yield text.indexOf('a');
}

test('yield: of what a built-in returns', () => {
  const steps = numbers('x');
  console.log([...numbers('1.5')], steps.next(), steps.next(), steps.next(9), steps.next());
});

testAsync('await: of what a built-in returns', async () => {
  console.log(await Number.parseFloat('8.25'));
  for await (const n of later('4.5a')) console.log(n);
});

test('Number: of a string that is not there', () => {
  const text: string = ['1'][new Uint8Array(3).length];
  console.log(Number(text), Number('12'), Number(`${1}2`), ['3', '4'].map(Number));
});
