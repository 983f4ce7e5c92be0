// Signals, their controllers, and what an abort throws. https://dom.spec.whatwg.org/#aborting-ongoing-activities
import { test, testAsync } from '../../test.ts';

test('new AbortController: has a signal that is not aborted', () => {
  const controller = new AbortController();
  console.log(controller.signal.aborted, controller.signal.reason, controller.signal === controller.signal);
});

test('AbortController.prototype.signal: cannot be replaced', () => {
  const controller = new AbortController();
  const { signal } = controller;
  try {
    (controller as { signal: AbortSignal }).signal = AbortSignal.abort();
  } catch (error) {
    console.log((error as Error).name);
  }
  console.log(controller.signal === signal);
});

test('AbortController.prototype.abort: has a reason of its own where none is given', () => {
  const controller = new AbortController();
  controller.abort();
  const { name, message, code } = controller.signal.reason as DOMException;
  console.log(name, message, code);
});

test('AbortController.prototype.abort: keeps the reason that came first', () => {
  const controller = new AbortController();
  controller.abort('first');
  controller.abort('second');
  console.log(controller.signal.reason);
});

test('AbortController.prototype.abort: calls listeners in order, once', () => {
  const controller = new AbortController();
  const seen: string[] = [];
  controller.signal.addEventListener('abort', () => seen.push('a'));
  controller.signal.addEventListener('abort', () => seen.push('b'));
  controller.abort();
  controller.abort();
  console.log(seen);
});

test('new AbortSignal: is not allowed', () => {
  try {
    console.log(new AbortSignal());
  } catch (error) {
    console.log((error as Error).name, (error as Error).message);
  }
});

test('AbortSignal.abort: is aborted from the beginning', () => {
  const signal = AbortSignal.abort(new RangeError('enough'));
  console.log(signal.aborted, (signal.reason as Error).message, AbortSignal.abort(0).reason);
});

test('AbortSignal.any: is aborted by the first, with its reason', () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const any = AbortSignal.any([one.signal, two.signal]);
  two.abort('two');
  one.abort('one');
  console.log(any.aborted, any.reason);
});

test('AbortSignal.any: of one that is aborted already, and of none', () => {
  console.log(AbortSignal.any([AbortSignal.abort('done')]).reason, AbortSignal.any([]).aborted);
});

testAsync('AbortSignal.timeout: is aborted in time', async () => {
  const signal = AbortSignal.timeout(5);
  const waited = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve((signal.reason as DOMException).name));
  });
  setTimeout(() => {}, 20);
  console.log(signal.aborted, await waited, signal.aborted);
});

test('AbortSignal.prototype.aborted: changes before the listeners are called', () => {
  const controller = new AbortController();
  controller.signal.addEventListener('abort', () => console.log(controller.signal.aborted));
  console.log(controller.signal.aborted);
  controller.abort();
});

test('AbortSignal.prototype.reason: can be anything but undefined', () => {
  for (const reason of [null, 0, '', false, undefined]) {
    const controller = new AbortController();
    controller.abort(reason);
    console.log(reason === undefined ? (controller.signal.reason as Error).name : controller.signal.reason);
  }
});

test('AbortSignal.prototype.onabort: is one more listener', () => {
  const controller = new AbortController();
  controller.signal.onabort = (event) => console.log('property', event.type);
  controller.signal.addEventListener('abort', () => console.log('listener'));
  controller.abort();
});

test('AbortSignal.prototype.throwIfAborted: throws the reason itself', () => {
  const controller = new AbortController();
  controller.signal.throwIfAborted();
  const reason = new TypeError('stop');
  controller.abort(reason);
  try {
    controller.signal.throwIfAborted();
  } catch (error) {
    console.log(error === reason);
  }
});

test('AbortSignal.prototype.addEventListener: takes the same listener once, and an object', () => {
  const controller = new AbortController();
  const listener = (): void => console.log('called');
  controller.signal.addEventListener('abort', listener);
  controller.signal.addEventListener('abort', listener);
  controller.signal.addEventListener('abort', {
    handleEvent: (event) => console.log(event.target === controller.signal),
  });
  controller.abort();
});

test('AbortSignal.prototype.removeEventListener: of one that is not there changes nothing', () => {
  const controller = new AbortController();
  const listener = (): void => console.log('called');
  controller.signal.removeEventListener('abort', listener);
  controller.signal.addEventListener('abort', listener);
  controller.signal.removeEventListener('abort', listener);
  controller.abort();
  console.log('nobody');
});

test('new DOMException: has a name and a message, empty where none are given', () => {
  const found = new DOMException('too late', 'TimeoutError');
  console.log(
    found.name,
    found.message,
    found instanceof Error,
    new DOMException().name,
    new DOMException().message === '',
  );
});

test('DOMException.prototype.code: is known for old names only', () => {
  console.log(
    ['AbortError', 'TimeoutError', 'DataError', 'NotFoundError', 'Other'].map(
      (name) => new DOMException('', name).code,
    ),
  );
});

test('DOMException.prototype.name: is Error by default', () => {
  console.log(new DOMException('a').name, new DOMException('a', 'b').name);
});

test('DOMException.prototype.message: is a text', () => {
  console.log(new DOMException('a'.repeat(3)).message);
});

test('DOMException.prototype.cause: comes with the options', () => {
  const cause = new Error('below');
  console.log((new DOMException('above', { name: 'DataError', cause }).cause as Error).message);
});
