// What the loader tells: memory map, command line, ACPI root pointer. Xen public headers, arch-x86/hvm/start_info.h;
// memory types as in E820 (ACPI 6.5 §15.1).
//
// The loader's tables lie in ordinary memory that is given out later, so all of it is copied, sorted and bounded here.

const console = @import("console.zig");
const layout = @import("layout.zig");
const panic = @import("panic.zig");
const processor = @import("processor.zig");

const start_info_magic = 0x336ec578;
const memory_map_version = 1; // The first version with a memory map.

const StartInfo = extern struct {
    magic: u32,
    version: u32,
    flags: u32,
    module_count: u32,
    module_list: u64,
    command_line: u64,
    rsdp: u64,
    memory_map: u64,
    memory_map_count: u32,
    reserved: u32,
};

/// One entry of the memory map.
pub const MemoryRegion = extern struct {
    start: u64,
    length: u64,
    type: u32,
    reserved: u32,

    pub fn end(region: MemoryRegion) u64 {
        return region.start + region.length;
    }
};

pub const memory_ram = 1;
pub const memory_acpi = 3;
pub const memory_acpi_storage = 4;

const memory_region_count_max = 64; // QEMU gives about ten, firmware on hardware up to forty.
const command_line_length_max = 4096;

var regions_storage: [memory_region_count_max]MemoryRegion = undefined;
var region_count: usize = 0;
var command_line_storage: [command_line_length_max]u8 = undefined;
var command_line_length: usize = 0;
var rsdp_address: u64 = 0;

/// Copies what the start info at this physical address says. Without a memory map the machine is not usable.
pub inline fn read(address: u64) void {
    if (!reachable(address, @sizeOf(StartInfo))) refuse("the loader gave no start info");
    const info = layout.direct(*align(1) const StartInfo, address);
    if (info.magic != start_info_magic) refuse("the start info has a wrong magic number: not booted through PVH");
    const has_memory_map = info.version >= memory_map_version and info.memory_map_count != 0;
    if (!has_memory_map) refuse("the start info has no memory map");
    rsdp_address = info.rsdp;
    copyMemoryMap(info.memory_map, info.memory_map_count);
    copyCommandLine(info.command_line);
}

/// Memory map, ascending by address.
pub fn memoryMap() []const MemoryRegion {
    return regions_storage[0..region_count];
}

/// The kernel's command line, without a NUL; one that is longer than 4096 bytes ends with its last whole word before that.
pub fn commandLine() []const u8 {
    return command_line_storage[0..command_line_length];
}

/// Physical address of the ACPI root pointer as the loader gave it, 0 for none.
pub fn rsdp() u64 {
    return rsdp_address;
}

fn refuse(reason: []const u8) noreturn {
    panic.stop(.machine_not_usable, .{reason});
}

fn reachable(address: u64, length: u64) bool {
    return address != 0 and address < layout.boot_reach and length <= layout.boot_reach - address;
}

fn copyMemoryMap(address: u64, count: u32) void {
    if (count > memory_region_count_max or !reachable(address, @as(u64, count) * @sizeOf(MemoryRegion))) {
        panic.stop(.machine_not_usable, .{ "the memory map with ", count, " entries is too long or out of reach" });
    }
    const source = layout.direct([*]align(1) const MemoryRegion, address);
    const physical_end = @min(processor.physicalEnd(), layout.direct_reach);
    for (source[0..count]) |region| {
        if (region.length == 0 or region.start >= physical_end or region.length > physical_end - region.start) continue;
        insert(region);
    }
}

/// Keeps the map sorted by address.
fn insert(region: MemoryRegion) void {
    var index = region_count;
    while (index > 0 and regions_storage[index - 1].start > region.start) : (index -= 1) {
        regions_storage[index] = regions_storage[index - 1];
    }
    regions_storage[index] = region;
    region_count += 1;
}

/// A loader that passes no command line gives no address.
fn copyCommandLine(address: u64) void {
    if (!reachable(address, 1)) return;
    const source = layout.direct([*]const u8, address)[0..layout.boot_reach - address];
    for (source, 0..) |byte, index| {
        if (byte == 0) return;
        if (index == command_line_length_max) return cutCommandLine(byte);
        command_line_storage[index] = byte;
        command_line_length = index + 1;
    }
}

/// Half a word could mean something else than the whole: `next`, the first byte that has no place, must begin a new one.
fn cutCommandLine(next: u8) void {
    var following = next;
    while (command_line_length != 0 and following > ' ') {
        command_line_length -= 1;
        following = command_line_storage[command_line_length];
    }
    console.print(.{ "boot: the command line is longer than ", command_line_length_max, " bytes; the rest of it is not read\n" });
}
