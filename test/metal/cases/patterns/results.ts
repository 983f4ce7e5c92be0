// Results: a small program as a kernel has them.
type Result<T> = { ok: true; value: T } | { ok: false; error: string };
const attempt = <T>(f: () => T): Result<T> => {
  try {
    return { ok: true, value: f() };
  } catch (e) {
    return { ok: false, error: e instanceof Error ? e.message : String(e) };
  }
};
for (const f of [
  () => 1,
  () => {
    throw new Error('two');
  },
  () => {
    throw 'three';
  },
]) {
  const r = attempt(f);
  console.log(r.ok ? r.value : r.error);
}

export {};
