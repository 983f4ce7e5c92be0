// From the PVH entry point to 64-bit code, with the first 4 GiB mapped at their own addresses in 2 MiB pages: RAM, ECAM and BARs are
// all below. Nothing here is timed.

/// One PML4, one PDPT, four page directories.
export var page_tables: [6][512]u64 align(4096) = @splat(@splat(0));
export var stack: [64 * 1024]u8 align(4096) = undefined;

comptime {
    asm (
        \\.pushsection .note.Xen, "a", @note
        \\.balign 4
        \\.long 4, 4, 18          # XEN_ELFNOTE_PHYS32_ENTRY
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
        \\  movl $page_tables + 0x1003, page_tables
        \\  mov $page_tables + 0x1000, %edi
        \\  mov $page_tables + 0x2003, %eax
        \\  mov $4, %ecx
        \\1: mov %eax, (%edi)
        \\  add $8, %edi
        \\  add $0x1000, %eax
        \\  loop 1b
        \\  mov $page_tables + 0x2000, %edi
        \\  mov $0x83, %eax         # Present, writable, 2 MiB.
        \\  mov $2048, %ecx
        \\2: mov %eax, (%edi)
        \\  add $8, %edi
        \\  add $0x200000, %eax
        \\  loop 2b
        \\
        \\  mov $page_tables, %eax
        \\  mov %eax, %cr3
        \\  mov %cr4, %eax
        \\  or $0x620, %eax         # PAE, OSFXSR, OSXMMEXCPT.
        \\  mov %eax, %cr4
        \\  mov $0xc0000080, %ecx   # EFER.LME
        \\  rdmsr
        \\  or $0x100, %eax
        \\  wrmsr
        \\  mov %cr0, %eax
        \\  and $0x9ffffff3, %eax   # CD, NW, TS, EM off.
        \\  or $0x80000022, %eax    # PG, NE, MP.
        \\  mov %eax, %cr0
        \\  lgdt gdt_pointer
        \\  ljmp $8, $start64
        \\
        \\.code64
        \\start64:
        \\  mov $16, %eax
        \\  mov %eax, %ds
        \\  mov %eax, %es
        \\  mov %eax, %ss
        \\  mov $stack + 65536, %esp
        \\  xor %ebp, %ebp
        \\  call floor_main
        \\  ud2
        \\.popsection
        \\
        \\.pushsection .rodata.entry, "a", @progbits
        \\.balign 8
        \\gdt:
        \\  .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
        \\gdt_pointer:
        \\  .word . - gdt - 1
        \\  .long gdt
        \\.popsection
    );
}
