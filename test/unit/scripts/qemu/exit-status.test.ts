import { describe, expect, it } from 'vitest';
import { decodeExit } from '../../../../scripts/qemu/exit-status.ts';

const leavesWith = (status: number): number => ((0x40 | status) << 1) | 1;

describe('exit status', () => {
  it('is what the guest wrote, for each of the 64', () => {
    for (let status = 0; status < 64; status++) expect(decodeExit(leavesWith(status), null).status).toBe(status);
  });

  it('names the ends that Hedyn defines', () => {
    expect(decodeExit(leavesWith(0), null).reason).toBe('success');
    expect(decodeExit(leavesWith(32), null).reason).toBe('uncaught exception');
    expect(decodeExit(leavesWith(36), null).reason).toBe('stack overflow');
    expect(decodeExit(leavesWith(7), null).reason).toBe("the program's own status");
  });

  it('is 61 when QEMU refused, and not mistaken for a status of the guest', () => {
    expect(decodeExit(1, null)).toEqual({ status: 61, reason: 'QEMU failed with exit code 1' });
    expect(decodeExit(127, null).status).toBe(61);
  });

  it('is 61 when QEMU was ended by a signal', () => {
    expect(decodeExit(null, 'SIGKILL')).toEqual({ status: 61, reason: 'QEMU was ended by SIGKILL' });
  });

  it('is never success when QEMU ended without an answer', () => {
    expect(decodeExit(0, null).status).toBe(61);
    expect(decodeExit(0, null, 'guest-reset').reason).toContain('triple fault');
    expect(decodeExit(0, null, 'host-qmp-quit').status).toBe(61);
  });

  it('is success when the guest switched the machine off', () => {
    const off = { status: 0, reason: 'the guest switched the machine off' };
    expect(decodeExit(0, null, 'guest-shutdown')).toEqual(off);
    expect(decodeExit(1, null, 'guest-shutdown').status).toBe(61);
  });
});
