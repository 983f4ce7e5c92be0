const a = new AbortController();
console.log(a, a.signal, a.signal.aborted, a.signal.reason, a.signal.onabort);
const d = AbortSignal.any([a.signal]);
const e = AbortSignal.any([d, new AbortController().signal]);
d.addEventListener('abort', () => console.log('d', d.aborted, e.aborted, a.signal.aborted));
e.addEventListener('abort', () => console.log('e', d.aborted, e.aborted, a.signal.aborted));
a.signal.addEventListener('abort', (event) => {
  console.log('a', d.aborted, e.aborted, event.type, event.target === a.signal, event.currentTarget === a.signal);
});
a.abort();

const show = (reason: unknown): void => {
  if (!(reason instanceof DOMException)) return console.log('not a DOMException:', reason);
  const { name, message, code } = reason;
  console.log(reason, String(reason), name, message, code, reason instanceof Error, Object.keys(reason));
};
show(a.signal.reason);
show(d.reason);
show(new DOMException('no such thing', 'NotFoundError'));
show(new DOMException('plain'));
show(new DOMException('with a cause', { name: 'DataCloneError' }));
console.log(new DOMException('caused', { name: 'AbortError', cause: 3 }).cause, new DOMException().message === '');
console.log({ reason: a.signal.reason }, DOMException.name, AbortSignal.name, a instanceof AbortController);

try {
  new AbortSignal();
} catch (error) {
  console.log(String(error), error instanceof TypeError);
}

const withUndefined = new AbortController();
withUndefined.abort(undefined);
show(withUndefined.signal.reason);
const withNull = new AbortController();
withNull.abort(null);
withNull.abort('again');
console.log(withNull.signal.reason, withNull.signal);
for (const signal of [withNull.signal, new AbortController().signal, AbortSignal.abort(new RangeError('too far'))]) {
  try {
    signal.throwIfAborted();
    console.log('goes on');
  } catch (error) {
    console.log('thrown', error);
  }
}
console.log(AbortSignal.abort('x').reason, AbortSignal.any([]).aborted);
console.log(
  AbortSignal.any([withNull.signal, AbortSignal.abort(5)]).reason,
  AbortSignal.any([AbortSignal.abort(5), withNull.signal]).reason,
);

const f = new AbortController();
f.signal.addEventListener('abort', () => {
  console.log('first');
  f.signal.addEventListener('abort', () => console.log('added'));
});
f.signal.onabort = () => console.log('never');
f.signal.addEventListener('abort', () => console.log('second'), { once: true });
const listener = {
  calls: 0,
  handleEvent(event: AbortEvent) {
    this.calls++;
    console.log('object', this === listener, event.type);
  },
};
f.signal.addEventListener('abort', listener);
f.signal.addEventListener('abort', listener, { once: true });
f.signal.addEventListener('abort', listener, true);
f.signal.onabort = function () {
  console.log('on', this === f.signal);
};
const gone = () => console.log('gone');
f.signal.addEventListener('abort', gone);
f.signal.removeEventListener('abort', gone);
f.signal.addEventListener('abort', gone, true);
f.signal.removeEventListener('abort', gone);
f.signal.removeEventListener('abort', gone, { capture: true });
const remover = new AbortController();
f.signal.addEventListener('abort', () => console.log('never'), { signal: AbortSignal.abort() });
f.signal.addEventListener('abort', () => console.log('never either'), { signal: remover.signal });
remover.abort();
const last = () => {
  console.log('last');
  f.signal.addEventListener('abort', () => console.log('added by the last'));
};
f.signal.addEventListener('abort', last);
f.abort('reason');
f.abort('another');
console.log(f.signal.reason, listener.calls);
f.signal.addEventListener('abort', () => console.log('too late'));

const cancellable = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    queueMicrotask(() => queueMicrotask(() => resolve('done')));
  });
const attempt = async (): Promise<void> => {
  const controller = new AbortController();
  console.log(await cancellable(controller.signal));
  queueMicrotask(() => controller.abort());
  for (const signal of [controller.signal, controller.signal, AbortSignal.any([controller.signal])]) {
    try {
      console.log(await cancellable(signal));
    } catch (error) {
      console.log('cancelled:', String(error));
    }
  }
};
void attempt();

export {};
