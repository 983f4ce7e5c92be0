// A socket device on a real QEMU. The host is a process of ours, vsock-host.zig, which shares the guest's memory and has the other side of its queues: what it says has come is what the guest
// says has gone out, and the other way round. The kernel's own host, where there is one, is what docs/devices/vsock.md boots.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootToEnd, temporaryFolder } from './harness.ts';
import { hashOf } from './images/entropy-hash.ts';
import { PLATFORMS } from './platforms.ts';
import { startVsockHost } from './vsock-host.ts';

const IMAGE = 'test/boot/images/vsock.ts';
const TIMEOUT_MS = 300_000;
const MEMORY = '64M';
const LENGTH = 80_000;
const CALL_LENGTH = 60_000;

/** Times that the guest opens its device. */
const ROUND_COUNT = 2;

/** Returns the hash of the bytes from `start` on, which go round after 251. */
const patternHash = (start: number, length: number): number =>
  hashOf(Uint8Array.from({ length }, (_, i) => (start + i) % 251));

describe.each(PLATFORMS)('a socket device, on $name', (platform) => {
  it('connects, is connected to, and loses nothing either way', { timeout: TIMEOUT_MS }, async () => {
    const socket = path.join(temporaryFolder(), 'vsock.sock');
    const host = await startVsockHost(socket);
    const { exit, text } = await bootToEnd(IMAGE, {
      machine: platform.machine,
      memory: MEMORY,
      extra: [
        ...platform.extra,
        ...['-object', `memory-backend-memfd,id=memory,size=${MEMORY},share=on`, '-machine', 'memory-backend=memory'],
        ...['-chardev', `socket,id=host,path=${socket}`],
        ...['-device', platform.device('vsock', 'chardev=host').replace('virtio-vsock', 'vhost-user-vsock')],
      ],
      commandLine: `length=${LENGTH}`,
    });
    await host.ended;
    expect(exit).toEqual({ status: 0, reason: 'success' });
    const lines = text.replaceAll('\r', '').split('\n');
    expect(lines).toContainEqual(expect.stringMatching(platform.interrupts));
    const sentHash = patternHash(5, LENGTH);
    for (const line of [
      'context id 3',
      `echo: ${LENGTH} bytes, true, hash ${sentHash}`,
      `called by 2: ${CALL_LENGTH} bytes, hash ${patternHash(0, CALL_LENGTH)}`,
      'many: number 0, number 1, number 2',
      'nobody: refused',
      'closed, 0 bytes of memory are missing',
    ])
      expect(lines.filter((each) => each === line)).toHaveLength(ROUND_COUNT);
    const said = host.lines();
    expect(said.filter((line) => line === `port 7: ${LENGTH} bytes, hash ${sentHash}`)).toHaveLength(ROUND_COUNT);
    expect(said.filter((line) => line.startsWith('failed'))).toEqual([]);
  });
});
