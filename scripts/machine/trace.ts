// `trace` of kernel/hal/trace.ts in C: nothing, or an event in the ring of boot/trace.zig. Under a dozen instructions, because it stands in every request.

/** Bytes of the ring and of an event, as boot/trace.zig has them. */
export const RING_BYTES = 1 << 21;
export const EVENT_BYTES = 32;

/** Returns what stands for it. The ring's place is taken in one instruction: an interrupt that comes before or behind it has a place of its own. */
export const traceHelper = (traced: boolean): string =>
  traced
    ? `
struct hed_event { uint32_t low, high, kind, a; uint64_t b, c; };
extern char hal_traceRing[${RING_BYTES}];
extern uint64_t hal_traceWritten;
static inline __attribute__((always_inline, unused, nodebug)) void hed_trace(uint32_t kind, uint32_t a, uint64_t b, uint64_t c) {
  uint64_t at = sizeof(struct hed_event);
  uint32_t low, high;
  __asm__ volatile("xaddq %0, %1" : "+r"(at), "+m"(hal_traceWritten));
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  struct hed_event *const event = (struct hed_event *)(hal_traceRing + (at & (sizeof hal_traceRing - 1)));
  event->low = low;
  event->high = high;
  event->kind = kind;
  event->a = a;
  event->b = b;
  event->c = c;
}
`
    : '#define hed_trace(kind, a, b, c) ((void)0)\n';
