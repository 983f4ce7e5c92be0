// From the loader's 32-bit entry to 64-bit code.
//
// The image carries a Xen ELF note that names a 32-bit physical entry point (XEN_ELFNOTE_PHYS32_ENTRY); QEMU's -kernel
// honours it, and so do Firecracker and Cloud Hypervisor. The contract is PVH,
// https://xenbits.xen.org/docs/unstable/misc/pvh.html: protected mode with flat segments, paging off, interrupts off,
// ebx = physical address of the start info.
//
// Always true afterwards: the first 4 GiB are mapped twice, at their own address (where this code runs) and at the
// direct map. paging.zig replaces both by the real map.

const layout = @import("layout.zig");

/// The first page tables: one PML4, one PDPT, four page directories of 2 MiB pages. Given back to the page allocator by
/// paging.zig.
pub export var boot_tables: [6][512]u64 align(layout.page_size) = @splat(@splat(0));

/// The time stamp counter at the first instruction: the zero of the clock.
pub export var entry_time_stamp: u64 = 0;

comptime {
    // The assembly below writes the second PML4 entry at this index.
    if ((layout.direct_map >> 39) & 511 != 256) @compileError("the direct map is not at PML4 index 256");
}

comptime {
    asm (
        \\.pushsection .note.Xen, "a", @note
        \\.balign 4
        \\.long 4, 4, 18          # sizes of name and value, XEN_ELFNOTE_PHYS32_ENTRY
        \\.asciz "Xen"
        \\.long start32
        \\.popsection
        \\
        \\.pushsection .text.entry, "ax", @progbits
        \\.code32
        \\.globl start32
        \\start32:
        \\  cli
        \\  cld
        \\  mov %ebx, %ebp          # The start info, kept where cpuid does not write.
        \\  rdtsc
        \\  mov %eax, entry_time_stamp
        \\  mov %edx, entry_time_stamp + 4
        \\
        \\  # Without long mode and no-execute pages there is no way on. Leaf 0x80000001, edx bits 29 and 20.
        \\  mov $0x80000000, %eax
        \\  cpuid
        \\  cmp $0x80000001, %eax
        \\  jb no_long_mode
        \\  mov $0x80000001, %eax
        \\  cpuid
        \\  and $0x20100000, %edx
        \\  cmp $0x20100000, %edx
        \\  jne no_long_mode
        \\
        \\  # PML4 entries 0 and 256 -> PDPT -> four page directories -> 2048 pages of 2 MiB.
        \\  mov $boot_tables, %edi
        \\  lea 0x1003(%edi), %eax
        \\  mov %eax, (%edi)
        \\  mov %eax, 2048(%edi)
        \\  add $0x1000, %edi
        \\  lea 0x1003(%edi), %eax
        \\  mov $4, %ecx
        \\1: mov %eax, (%edi)
        \\  add $8, %edi
        \\  add $0x1000, %eax
        \\  loop 1b
        \\  mov $boot_tables + 0x2000, %edi
        \\  mov $0x83, %eax         # Present, writable, 2 MiB.
        \\  mov $2048, %ecx
        \\2: mov %eax, (%edi)
        \\  add $8, %edi
        \\  add $0x200000, %eax
        \\  loop 2b
        \\
        \\  mov $boot_tables, %eax
        \\  mov %eax, %cr3
        \\  mov %cr4, %eax
        \\  or $0x620, %eax         # PAE; OSFXSR and OSXMMEXCPT: the compiled code uses SSE.
        \\  mov %eax, %cr4
        \\  mov $0xc0000080, %ecx   # EFER: SCE (system calls), LME (long mode), NXE (no-execute pages).
        \\  rdmsr
        \\  or $0x901, %eax
        \\  wrmsr
        \\  mov %cr0, %eax
        \\  and $0x9ffffff3, %eax   # CD, NW, TS, EM off: caches and floating point on.
        \\  or $0x80010022, %eax    # PG, WP (read-only binds the kernel too), NE, MP.
        \\  mov %eax, %cr0
        \\  lgdt entry_gdt_pointer
        \\  ljmp $8, $start64
        \\
        \\no_long_mode:
        \\  mov $no_long_mode_text, %esi
        \\1: lodsb
        \\  test %al, %al
        \\  jz 3f
        \\  mov %al, %bl
        \\  mov $10000, %ecx        # Waits for the transmitter, but not for ever: there may be none.
        \\  mov $0x3fd, %dx
        \\2: in %dx, %al
        \\  test $0x20, %al
        \\  loopz 2b
        \\  mov %bl, %al
        \\  out %al, $0xe9          # For boards without a UART.
        \\  mov $0x3f8, %dx
        \\  out %al, %dx
        \\  jmp 1b
        \\3: mov $0x68, %al          # 0x40 | status 40, as exit.zig does.
        \\  mov $0xf4, %dx
        \\  out %al, %dx
        \\4: hlt
        \\  jmp 4b
        \\
        \\.code64
        \\start64:
        \\  mov $16, %eax
        \\  mov %eax, %ds
        \\  mov %eax, %es
        \\  mov %eax, %ss
        \\  xor %eax, %eax
        \\  mov %eax, %fs
        \\  mov %eax, %gs
        \\  mov $boot_stack_top, %esp
        \\  fninit
        \\  mov %ebp, %edi          # First argument: the start info. Clears the upper half too.
        \\  xor %ebp, %ebp          # The backtrace ends here.
        \\  call kernel_main
        \\  ud2
        \\.popsection
        \\
        \\.pushsection .rodata.entry, "a", @progbits
        \\.balign 8
        \\entry_gdt:
        \\  .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
        \\entry_gdt_pointer:
        \\  .word . - entry_gdt - 1
        \\  .long entry_gdt
        \\no_long_mode_text:
        \\  .asciz "PANIC machine not usable (status 40)\n  the processor has no long mode or no no-execute pages\n"
        \\.popsection
    );
}
