// Errors show their name and message; the frames of a stack are no part of what is compared.
console.log([new Error('boom')], { error: new TypeError('wrong') }, [new RangeError()]);
console.log(Object.assign(new Error('with code'), { code: 5 }));
try {
  throw new SyntaxError('caught');
} catch (error) {
  console.log(String(error), error instanceof Error && error.message, error);
}
