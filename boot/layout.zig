// Where everything lies. The one page of addresses.
//
//   virtual address           what                                                        mapped by
//   0x0000000000100000        the image, at its physical address, rights by section       paging.zig
//   0x0000000400000000        Porffor's arena, 4 GiB                                      regions.zig, on demand
//   0x00006000001a0000        DMA window: one physically contiguous piece of RAM          dma.zig
//   0x0000610000000000        MMIO window: registers of devices, uncached                 mmio.zig
//   0x0000620000000000        PCI configuration space (ECAM), 1 MiB a bus, uncached       config-space.zig
//   0x0000630000000000        registers of local APIC and I/O APICs, uncached             local-apic.zig, io-apic.zig
//   0x0000640000000000        device memory: memory that belongs to devices, cached       device-memory.zig
//   0x0000700000000000        what mmap hands out                                         regions.zig, on demand
//   0x00007fff00000000        top of the main stack, which grows down                     regions.zig, on demand
//   0xffff800000000000        direct map: all RAM, at this base plus its address, NX      paging.zig
//
// Everything else is unmapped: page 0 and the rest of the first MiB, and the page below each stack.
//
// A translation cache has few places for a page, which the low bits of its address choose. The rings of devices are used
// together with the first pages of the image and of the arena, so the DMA window does not begin at the same low bits.

pub const page_size = 4096;
pub const large_page_size = 2 << 20;

pub const dynamic_low_start: u64 = 0x1_0000_0000;
pub const dynamic_low_end: u64 = 0x6000_0000_0000;
pub const dma_window: u64 = 0x6000_001a_0000;
pub const mmio_window: u64 = 0x6100_0000_0000;
pub const config_window: u64 = 0x6200_0000_0000;
pub const controller_window: u64 = 0x6300_0000_0000;
pub const device_memory_window: u64 = 0x6400_0000_0000;
pub const device_memory_length_max: u64 = 0x0800_0000_0000;
pub const mmap_start: u64 = 0x7000_0000_0000;
pub const mmap_end: u64 = 0x7f00_0000_0000;
pub const main_stack_top: u64 = 0x7fff_0000_0000;
pub const dynamic_high_end: u64 = 0x8000_0000_0000;
pub const direct_map: u64 = 0xffff_8000_0000_0000;

/// The first physical address that the direct map has no place for.
pub const direct_reach: u64 = 1 << 47;

/// The first physical address that the page tables of entry.zig do not reach.
pub const boot_reach: u64 = 0x1_0000_0000;

/// The symbols of linker.ld. Only their addresses mean anything.
const linker = struct {
    extern const image_start: u8;
    extern const text_end: u8;
    extern const rodata_start: u8;
    extern const data_start: u8;
    extern const hedyn_symbols_start: u8;
    extern const hedyn_symbols_end: u8;
    extern const image_end: u8;
};

/// ELF header, notes and code: readable and executable.
pub fn imageStart() u64 {
    return @intFromPtr(&linker.image_start);
}
pub fn textEnd() u64 {
    return @intFromPtr(&linker.text_end);
}
/// Constants: readable.
pub fn rodataStart() u64 {
    return @intFromPtr(&linker.rodata_start);
}
/// Data and bss: readable and writable. Ends where the symbol table starts.
pub fn dataStart() u64 {
    return @intFromPtr(&linker.data_start);
}
/// The symbol table for backtraces: readable. Whole pages: what is behind its end is zero.
pub fn symbolsStart() u64 {
    return @intFromPtr(&linker.hedyn_symbols_start);
}
pub fn symbolsEnd() u64 {
    return @intFromPtr(&linker.hedyn_symbols_end);
}
pub fn imageEnd() u64 {
    return @intFromPtr(&linker.image_end);
}

/// Returns where the direct map shows a physical address.
pub fn direct(comptime Pointer: type, physical: u64) Pointer {
    return @ptrFromInt(direct_map + physical);
}

/// Returns `value` rounded down to a multiple of `alignment`, a power of two.
pub fn alignDown(value: u64, alignment: u64) u64 {
    return value & ~(alignment - 1);
}

/// Returns `value` rounded up to a multiple of `alignment`, a power of two. The caller keeps it below 2^64.
pub fn alignUp(value: u64, alignment: u64) u64 {
    return (value + alignment - 1) & ~(alignment - 1);
}
