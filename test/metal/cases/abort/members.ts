// AbortController, AbortSignal and DOMException, one member at a time.
import { test } from '../../test.ts';

test('new AbortController: is not aborted', () => {
  const controller = new AbortController();
  console.log(controller.signal.aborted, controller.signal.reason);
});

test('AbortController.prototype.signal: is always the same', () => {
  const controller = new AbortController();
  console.log(controller.signal === controller.signal, controller.signal instanceof AbortSignal);
});

test('AbortController.prototype.abort: once, with a reason', () => {
  const controller = new AbortController();
  controller.abort('first');
  controller.abort('second');
  console.log(controller.signal.aborted, controller.signal.reason);
});

test('AbortController.prototype.abort: without a reason is an AbortError', () => {
  const controller = new AbortController();
  controller.abort();
  const reason = controller.signal.reason as DOMException;
  console.log(reason.name, reason.message, reason.code, reason instanceof DOMException, reason instanceof Error);
});

test('new AbortSignal: throws TypeError', () => {
  try {
    new AbortSignal();
  } catch (error) {
    console.log(error instanceof TypeError);
  }
});

test('AbortSignal.abort: is aborted already', () => {
  const signal = AbortSignal.abort('why');
  console.log(signal.aborted, signal.reason, (AbortSignal.abort().reason as DOMException).name);
});

test('AbortSignal.any: follows the first', () => {
  const a = new AbortController();
  const b = new AbortController();
  const any = AbortSignal.any([a.signal, b.signal]);
  console.log(any.aborted);
  b.abort('b');
  a.abort('a');
  console.log(any.aborted, any.reason, AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort(1)]).reason);
});

test('AbortSignal.prototype.aborted: changes once', () => {
  const controller = new AbortController();
  const seen = [controller.signal.aborted];
  controller.signal.addEventListener('abort', () => seen.push(controller.signal.aborted));
  controller.abort();
  console.log(seen);
});

test('AbortSignal.prototype.reason: may be any value', () => {
  for (const reason of [0, null, 'text', false]) {
    const controller = new AbortController();
    controller.abort(reason);
    console.log(controller.signal.reason);
  }
});

test('AbortSignal.prototype.onabort: is called with the event', () => {
  const controller = new AbortController();
  controller.signal.onabort = (event) => console.log(event.type, event.target === controller.signal);
  controller.abort();
  console.log(typeof controller.signal.onabort, new AbortController().signal.onabort);
});

test('AbortSignal.prototype.throwIfAborted: throws the reason', () => {
  const controller = new AbortController();
  controller.signal.throwIfAborted();
  controller.abort(new RangeError('enough'));
  controller.signal.throwIfAborted();
});

test('AbortSignal.prototype.addEventListener: in order, each once', () => {
  const controller = new AbortController();
  const first = (): void => console.log('first');
  controller.signal.addEventListener('abort', first);
  controller.signal.addEventListener('abort', () => console.log('second'), { once: true });
  controller.signal.addEventListener('abort', first);
  controller.signal.addEventListener('abort', { handleEvent: (event) => console.log('object', event.type) });
  controller.abort();
  controller.abort();
});

test('AbortSignal.prototype.removeEventListener: is not called any more', () => {
  const controller = new AbortController();
  const listener = (): void => console.log('never');
  controller.signal.addEventListener('abort', listener);
  controller.signal.removeEventListener('abort', listener);
  controller.signal.removeEventListener('abort', listener);
  controller.abort();
  console.log(controller.signal.aborted);
});

test('new DOMException: of a message and a name', () => {
  const error = new DOMException('text', 'AbortError');
  console.log(error.name, error.message, error.code, String(error), error instanceof Error);
  console.log(String(new DOMException()), new DOMException('m').name);
});

test('DOMException.prototype.code: is 0 for most', () => {
  console.log(
    ['AbortError', 'TimeoutError', 'DataCloneError', 'OperationError', 'Mine'].map(
      (name) => new DOMException('', name).code,
    ),
  );
});

test('DOMException.prototype.name: is Error unless it is told', () => {
  console.log(new DOMException('a').name, new DOMException('a', 'Own').name, new DOMException('a', { name: 'N' }).name);
});

test('DOMException.prototype.message: may be empty', () => {
  console.log(new DOMException().message === '', new DOMException('m').message);
});

test('DOMException.prototype.cause: by options', () => {
  console.log(new DOMException('m', { name: 'N', cause: 5 }).cause);
});

test('AggregateError.prototype.errors: is a list of its own', () => {
  const errors = [1, 2];
  const error = new AggregateError(errors);
  errors.push(3);
  console.log(error.errors, Object.keys(error));
});
