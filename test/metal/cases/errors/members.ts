// Error, its children and what they carry.
import { test } from '../../test.ts';

test('new Error: message and name', () => {
  const error = new Error('text');
  console.log(error.message, error.name, String(error), Object.keys(error), error instanceof Error);
});

test('new Error: without a message', () => {
  const error = new Error();
  console.log(error.message === '', String(error), 'message' in error, Object.hasOwn(error, 'message'));
});

test('Error: called without new', () => {
  console.log(String(Error('a')), Error('a') instanceof Error, String(TypeError('b')));
});

test('new Error: the message becomes text', () => {
  console.log(
    new Error(5 as unknown as string).message === '5',
    new Error(undefined).message === '',
    new Error(null as unknown as string).message,
  );
});

test('new Error: with a cause', () => {
  const cause = new TypeError('inner');
  const error = new Error('outer', { cause });
  console.log(
    error.cause === cause,
    'cause' in error,
    'cause' in new Error('x'),
    new Error('x', {}).cause,
    Object.keys(error),
  );
});

test('Error.prototype.cause: may be anything', () => {
  console.log(
    new Error('x', { cause: 0 }).cause,
    new Error('x', { cause: undefined }).cause,
    'cause' in new Error('x', { cause: undefined }),
  );
});

test('Error.prototype.name: may be set', () => {
  const error = new Error('m');
  error.name = 'Custom';
  console.log(String(error), error.name, error instanceof Error);
});

test('Error.prototype.message: may be set', () => {
  const error = new Error('m');
  error.message = 'other';
  console.log(String(error));
});

test('Error: toString leaves out what is empty', () => {
  const error = new Error('m');
  error.name = '';
  const silent = new Error('');
  console.log(error.toString(), silent.toString(), `${new RangeError('r')}`);
});

test('new EvalError: is an Error', () => {
  const error = new EvalError('e');
  console.log(String(error), error instanceof EvalError, error instanceof Error, error.name);
});

test('new RangeError: is an Error', () => {
  const error = new RangeError('e', { cause: 1 });
  console.log(
    String(error),
    error instanceof RangeError,
    error instanceof Error,
    error instanceof TypeError,
    error.cause,
  );
});

test('new ReferenceError: is an Error', () => {
  const error = new ReferenceError('e');
  console.log(String(error), error instanceof ReferenceError, error instanceof Error, error.name);
});

test('new SyntaxError: is an Error', () => {
  const error = new SyntaxError('e');
  console.log(String(error), error instanceof SyntaxError, error instanceof Error, error.constructor === SyntaxError);
});

test('new TypeError: is an Error', () => {
  const error = new TypeError('e');
  console.log(String(error), error instanceof TypeError, error instanceof Error, error instanceof RangeError);
});

test('new URIError: is an Error', () => {
  const error = new URIError('e');
  console.log(String(error), error instanceof URIError, error instanceof Error, error.name);
});

test('new AggregateError: keeps several errors', () => {
  const error = new AggregateError([new Error('a'), 'b'], 'both', { cause: 7 });
  console.log(
    String(error),
    error.errors.length,
    String(error.errors[0]),
    error.errors[1],
    error.cause,
    error instanceof Error,
  );
});

test('new AggregateError: of any iterable', () => {
  console.log(new AggregateError(new Set([1, 2])).errors, new AggregateError([]).message === '');
});

class NotFound extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`${path} is not there`);
    this.name = 'NotFound';
    this.path = path;
  }
}
class FileNotFound extends NotFound {}
class Plain extends TypeError {}

test('new Error: subclasses carry more', () => {
  const error = new FileNotFound('/a');
  console.log(
    String(error),
    error.path,
    error instanceof FileNotFound,
    error instanceof NotFound,
    error instanceof Error,
    error.constructor.name,
  );
});

test('new Error: a subclass without a constructor', () => {
  const error = new Plain('p', { cause: 1 });
  console.log(String(error), error.name, error.cause, error instanceof TypeError, error instanceof Error);
});

test('Error: any value can be thrown', () => {
  for (const value of [1, 'text', null, undefined, { a: 1 }, [1]] as unknown[]) {
    try {
      throw value;
    } catch (caught) {
      console.log(caught === value, caught);
    }
  }
});

test('EvalError: without new', () => {
  console.log(String(EvalError('a')), EvalError('a') instanceof EvalError);
});

test('RangeError: without new', () => {
  console.log(String(RangeError('a')), RangeError('a') instanceof RangeError);
});

test('ReferenceError: without new', () => {
  console.log(String(ReferenceError('a')), ReferenceError('a') instanceof ReferenceError);
});

test('SyntaxError: without new', () => {
  console.log(String(SyntaxError('a')), SyntaxError('a') instanceof SyntaxError);
});

test('TypeError: without new', () => {
  console.log(String(TypeError('a')), TypeError('a') instanceof TypeError);
});

test('URIError: without new', () => {
  console.log(String(URIError('a')), URIError('a') instanceof URIError);
});

test('AggregateError: without new', () => {
  console.log(String(AggregateError([1], 'a')), AggregateError([1]).errors);
});
