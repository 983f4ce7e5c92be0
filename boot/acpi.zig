// ACPI tables, as far as boot needs them: MCFG or DSDT for configuration space, FADT for the PM timer. ACPI 6.5 §5.2;
// PCI Firmware 3.2 §4.1.2.
//
//   RSDP ─► XSDT or RSDT ─► tables, each with a header { signature, length, …, checksum }; FADT ─► DSDT
//
// Firmware wrote them, so they are input: signatures, lengths and checksums are checked, every walk is bounded, and
// what does not hold counts as absent. Addresses are physical and below 4 GiB. What boot itself needs is read once,
// before any page is given out; the DSDT, and what `find` returns, at any time.

const std = @import("std");
const host_bridge = @import("host-bridge.zig");
const layout = @import("layout.zig");
const paging = @import("paging.zig");
const processor = @import("processor.zig");
const start_info = @import("start-info.zig");

const header_size = 36;
const table_length_max = 1 << 20;
const root_entry_count_max = 256;

/// Configuration space of segment 0: where bus 0 is or would be, and the buses that are there.
pub const ConfigSpace = struct {
    base: u64,
    first_bus: u8,
    last_bus: u8,

    const bus_size = 1 << 20;
    pub const Range = struct { start: u64, end: u64 };

    /// Its addresses. The base is that of bus 0, even where the buses start later.
    pub fn range(space: ConfigSpace) Range {
        return .{
            .start = space.base + @as(u64, space.first_bus) * bus_size,
            .end = space.base + (@as(u64, space.last_bus) + 1) * bus_size,
        };
    }
};

var root_pointer: u64 = 0;
var oem_id: [6]u8 = @splat(0);
var config_space: ?ConfigSpace = null;
var dsdt_address: u64 = 0;
var pm_timer_port: u16 = 0;
var is_hardware_reduced = false;

/// Physical address of the root pointer, 0 when there is none that holds.
pub fn rootPointer() callconv(.c) u64 {
    return root_pointer;
}

/// Byte `index` of the firmware's OEM id, which has 6; 0 when absent.
pub fn oemByte(index: u32) callconv(.c) u8 {
    return if (index < oem_id.len) oem_id[index] else 0;
}

pub fn configSpace() ?ConfigSpace {
    return config_space;
}

/// Port of the PM timer, 0 for none.
pub fn pmTimerPort() u16 {
    return pm_timer_port;
}

/// Says whether the machine has none of a PC's fixed hardware: QEMU's microvm, Firecracker. §4.1
pub fn isHardwareReduced() bool {
    return is_hardware_reduced;
}

/// Reads what is wanted from the tables.
pub inline fn read() void {
    const rsdp = bytesAt(start_info.rsdp(), 20) orelse return;
    if (!startsWith(u64, rsdp, "RSD PTR ") or !sumsToZero(rsdp)) return;
    root_pointer = start_info.rsdp();
    oem_id = rsdp[9..15].*;
    readRoot(rootTable(rsdp));
    if (config_space == null) config_space = configSpaceOfBridge();
}

/// The FADT, null when there is none that holds.
pub fn fadt() ?[]const u8 {
    return find("FACP");
}

/// The code of the DSDT, null when there is none that holds.
pub fn dsdt() ?[]const u8 {
    const table = tableLater(dsdt_address, "DSDT") orelse return null;
    return table[header_size..];
}

/// The first table with a signature, its header with it; null when there is none that holds. The DSDT is not in the list: the FADT has it. §5.2.9
pub fn find(signature: *const [4]u8) ?[]const u8 {
    if (startsWith(u32, signature, "DSDT")) return tableLater(dsdt_address, signature);
    const rsdp = bytesAt(root_pointer, 20) orelse return null;
    paging.showDirect(root_pointer, 36);
    const address = rootTable(rsdp);
    const root = Root.of(tableLater(address, "XSDT") orelse tableLater(address, "RSDT") orelse return null) orelse return null;
    for (0..root.count()) |index| return tableLater(root.entry(index), signature) orelse continue;
    return null;
}

/// Bytes of the first table with a signature, its header included; 0 when there is none that holds.
pub fn tableLength(signature: u32) callconv(.c) u32 {
    return @intCast((find(@ptrCast(&signature)) orelse return 0).len);
}

/// Copies the first `count` bytes of that table; what lies behind its end stays as it is.
pub fn tableBytes(signature: u32, target: [*]u8, count: u32) callconv(.c) void {
    const table = find(@ptrCast(&signature)) orelse return;
    const length = @min(table.len, count);
    @memcpy(target[0..length], table[0..length]);
}

/// Returns a table at any time: its memory is not the page allocator's.
fn tableLater(address: u64, signature: *const [4]u8) ?[]const u8 {
    const header = bytesAt(address, header_size) orelse return null;
    paging.showDirect(address, header_size);
    const length = lengthOf(header) orelse return null;
    if (bytesAt(address, length) == null) return null;
    paging.showDirect(address, length);
    const table = tableAt(address) orelse return null;
    return if (startsWith(u32, table, signature)) table else null;
}

/// Where there is no MCFG.
fn configSpaceOfBridge() ?ConfigSpace {
    const found = host_bridge.findConfigSpace(dsdt() orelse return null) orelse return null;
    return if (makesSense(found)) found else null;
}

/// Address of the XSDT where there is one, else of the RSDT. §5.2.5.3
inline fn rootTable(rsdp: []const u8) u64 {
    const extended = if (rsdp[15] >= 2) extendedRoot() else null;
    return extended orelse std.mem.readInt(u32, rsdp[16..20], .little);
}

inline fn extendedRoot() ?u64 {
    const rsdp = bytesAt(root_pointer, 36) orelse return null;
    const address = std.mem.readInt(u64, rsdp[24..32], .little);
    return if (sumsToZero(rsdp) and address != 0) address else null;
}

/// The XSDT has addresses of 8 bytes, the RSDT of 4. §5.2.7, §5.2.8
const Root = struct {
    table: []const u8,
    entry_size: usize,

    inline fn of(table: []const u8) ?Root {
        const entry_size: usize = if (startsWith(u32, table, "XSDT")) 8 else 4;
        if (entry_size == 4 and !startsWith(u32, table, "RSDT")) return null;
        return .{ .table = table, .entry_size = entry_size };
    }

    inline fn count(root: Root) usize {
        return @min((root.table.len - header_size) / root.entry_size, root_entry_count_max);
    }

    inline fn entry(root: Root, index: usize) u64 {
        const bytes = root.table[header_size + index * root.entry_size ..];
        const low = std.mem.readInt(u32, bytes[0..4], .little);
        const high = if (root.entry_size == 8) std.mem.readInt(u32, bytes[4..8], .little) else 0;
        return @as(u64, high) << 32 | low;
    }
};

fn readRoot(address: u64) void {
    const root = Root.of(tableAt(address) orelse return) orelse return;
    for (0..root.count()) |index| readTable(root.entry(index));
}

fn readTable(address: u64) void {
    const table = tableAt(address) orelse return;
    if (startsWith(u32, table, "MCFG")) readConfigSpace(table);
    if (startsWith(u32, table, "FACP")) readFixedDescription(table);
}

/// The first allocation of segment 0 that makes sense. PCI Firmware 3.2, table 4-3
fn readConfigSpace(table: []const u8) void {
    const allocations_offset = 44;
    const allocation_size = 16;
    var offset: usize = allocations_offset;
    while (offset + allocation_size <= table.len and config_space == null) : (offset += allocation_size) {
        const allocation = table[offset..][0..allocation_size];
        const base = std.mem.readInt(u64, allocation[0..8], .little);
        const segment = std.mem.readInt(u16, allocation[8..10], .little);
        const found: ConfigSpace = .{ .base = base, .first_bus = allocation[10], .last_bus = allocation[11] };
        if (segment == 0 and makesSense(found)) config_space = found;
    }
}

fn makesSense(space: ConfigSpace) bool {
    if (space.base == 0 or space.base % layout.page_size != 0 or space.first_bus > space.last_bus) return false;
    if (space.base >= processor.physicalEnd()) return false;
    const range = space.range();
    if (range.end > processor.physicalEnd()) return false;
    for (start_info.memoryMap()) |region| {
        if (region.type == start_info.memory_ram and range.start < region.end() and region.start < range.end) return false;
    }
    return true;
}

/// §5.2.9: DSDT at 40, PM_TMR_BLK at 76, PM_TMR_LEN at 91, flags at 112, X_DSDT at 140. fadt.zig reads the rest.
fn readFixedDescription(table: []const u8) void {
    if (table.len < 116) return; // The length in ACPI 1.0.
    dsdt_address = std.mem.readInt(u32, table[40..44], .little);
    const port = std.mem.readInt(u32, table[76..80], .little);
    if (table[91] == 4 and port <= 0xfffc) pm_timer_port = @intCast(port);
    const hardware_reduced = 1 << 20;
    is_hardware_reduced = std.mem.readInt(u32, table[112..116], .little) & hardware_reduced != 0;
    if (table.len < 148) return;
    const extended = std.mem.readInt(u64, table[140..148], .little);
    if (extended != 0) dsdt_address = extended;
}

/// Returns the table at a physical address when its length and checksum hold.
fn tableAt(address: u64) ?[]const u8 {
    const header = bytesAt(address, header_size) orelse return null;
    const table = bytesAt(address, lengthOf(header) orelse return null) orelse return null;
    return if (sumsToZero(table)) table else null;
}

fn lengthOf(header: []const u8) ?u32 {
    const length = std.mem.readInt(u32, header[4..8], .little);
    return if (length >= header_size and length <= table_length_max) length else null;
}

/// Compares the first bytes as one word.
fn startsWith(comptime Word: type, bytes: []const u8, text: *const [@sizeOf(Word)]u8) bool {
    return std.mem.readInt(Word, bytes[0..@sizeOf(Word)], .little) == std.mem.readInt(Word, text, .little);
}

fn bytesAt(address: u64, length: u64) ?[]const u8 {
    if (address == 0 or address >= layout.boot_reach or length > layout.boot_reach - address) return null;
    return layout.direct([*]const u8, address)[0..length];
}

fn sumsToZero(bytes: []const u8) bool {
    var sum: u8 = 0;
    for (bytes) |byte| sum +%= byte;
    return sum == 0;
}
