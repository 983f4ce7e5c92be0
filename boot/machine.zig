// Everything that compiled code may call or read. TypeScript sees it as the declarations in kernel/hal; `dmaRead8`
// there is `hal_dmaRead8` here. Strings and byte arrays arrive as pointer and length.
//
// Not here, because the machine back end inlines them over the two windows: dmaRead*, dmaWrite* and mmioRead*,
// mmioWrite* of one value, fence.

const acpi = @import("acpi.zig");
const balloon = @import("balloon.zig");
const clock = @import("clock.zig");
const config_space = @import("config-space.zig");
const device_fence = @import("device-fence.zig");
const device_memory = @import("device-memory.zig");
const dma = @import("dma.zig");
const host_bridge = @import("host-bridge.zig");
const interrupts = @import("interrupts.zig");
const mmio = @import("mmio.zig");
const output = @import("output.zig");
const pages = @import("pages.zig");
const panic = @import("panic.zig");
const pin_routing = @import("pin-routing.zig");
const plugged = @import("plugged.zig");
const ports = @import("ports.zig");
const power = @import("power.zig");
const processor = @import("processor.zig");
const program = @import("program.zig");
const rtc = @import("rtc.zig");
const state = @import("state.zig");
const start_info = @import("start-info.zig");
const virtio_mmio = @import("virtio-mmio.zig");

comptime {
    // console.ts, power.ts
    provide("consoleWrite", &consoleWrite);
    provide("exit", &leave);
    provide("panic", &panic.panicText);
    provide("poweroffNow", &power.poweroff);
    provide("rebootNow", &power.reboot);

    // The compiler's own: what ends the machine. boot/panic.zig
    provide("trap", &panic.trap);
    provide("assertionFailed", &panic.assertionFailed);
    provide("comparisonFailed", &panic.comparisonFailed);
    provide("assertionFailedText", &panic.assertionFailedText);
    provide("windowFault", &panic.windowFault);
    provide("uncaught", &panic.uncaught);
    provide("uncaughtTraced", &panic.uncaughtTraced);
    provide("printTrace", &panic.printTrace);
    provide("unsettledAwait", &panic.unsettledAwait);
    provide("panicText", &panic.panicText);
    provide("outOfMemoryText", &panic.outOfMemoryText);

    // panic.ts, and who calls what a program has to say. boot/state.zig
    provide("panicWrite", &state.writeText);
    provide("panicWriteNumber", &state.writeNumber);
    provide("panicWriteHex", &state.writeHex);
    provide("panicLine", &state.endLine);
    provide("panicAwaiting", &state.printAwaiting);

    // clock.ts, cpu.ts
    provide("clockNow", &clock.now);
    provide("clockHertz", &clock.frequency);
    provide("clockReference", &clock.referenceNumber);
    provide("clockWall", &rtc.wallMilliseconds);
    provide("clockSetWall", &rtc.setWall);
    provide("clockAt", &clock.timeOfCounter);
    provide("cpuid", &cpuid);
    provide("pause", &pause);
    provide("rdrand", &rdrand);
    provide("rdseed", &rdseed);

    // memory.ts, command-line.ts, acpi.ts
    provide("memoryTotal", &pages.totalBytes);
    provide("memoryFree", &pages.freeBytes);
    provide("memoryTouched", &pages.touchedBytes);
    provide("memoryRegionCount", &memoryRegionCount);
    provide("memoryRegionStart", &memoryRegionStart);
    provide("memoryRegionLength", &memoryRegionLength);
    provide("memoryRegionType", &memoryRegionType);
    provide("commandLineLength", &commandLineLength);
    provide("commandLineByte", &commandLineByte);
    provide("nurseryBytes", &program.nursery_bytes);
    provide("acpiRsdp", &acpi.rootPointer);
    provide("acpiOemByte", &acpi.oemByte);
    provide("acpiTableLength", &acpi.tableLength);
    provide("acpiTableBytes", &acpi.tableBytes);
    provide("acpiVirtioMmioCount", &virtio_mmio.count);
    provide("acpiVirtioMmioBase", &virtio_mmio.base);
    provide("acpiVirtioMmioLength", &virtio_mmio.length);
    provide("acpiVirtioMmioInterrupt", &virtio_mmio.interrupt);

    // page-runs.ts, plugged-memory.ts
    provide("pageRunTake", &pages.takeRun);
    provide("pageRunGive", &pages.giveRun);
    provide("heldPrepare", &balloon.prepare);
    provide("heldPut", &balloon.put);
    provide("heldTake", &balloon.take);
    provide("heldPageCount", &balloon.pageCount);
    provide("heldSetLending", &balloon.setLending);
    provide("pluggedOpen", &plugged.open);
    provide("pluggedAdd", &plugged.plug);
    provide("pluggedRemove", &plugged.unplug);
    provide("pluggedHas", &plugged.isPlugged);

    // config.ts, host-bridge.ts
    provide("configMechanism", &config_space.mechanismNumber);
    provide("configBase", &config_space.baseAddress);
    provide("configFirstBus", &config_space.firstBus);
    provide("configLastBus", &config_space.lastBus);
    provide("configRead8", &config_space.read8);
    provide("configRead16", &config_space.read16);
    provide("configRead32", &config_space.read32);
    provide("configWrite8", &config_space.write8);
    provide("configWrite16", &config_space.write16);
    provide("configWrite32", &config_space.write32);
    provide("hostWindowStart", &host_bridge.windowStart);
    provide("hostWindowEnd", &host_bridge.windowEnd);
    provide("hostWindowsAreFromAcpi", &host_bridge.windowsAreFromAcpi);

    // dma.ts, mmio.ts: start and lengths are variables, so that an inlined access can use them.
    provide("dmaLength", &dma.length);
    provide("dmaStart", &dma.physical_start);
    provide("dmaFill", &dma.fill);
    provide("dmaReadBytes", &dma.readBytes);
    provide("dmaWriteBytes", &dma.writeBytes);
    provide("mmioLength", &mmio.length);
    provide("mmioMap", &mmio.map);

    // device-memory.ts
    provide("deviceMemoryMap", &device_memory.map);
    provide("deviceMemoryRead8", &device_memory.read8);
    provide("deviceMemoryRead16", &device_memory.read16);
    provide("deviceMemoryRead32", &device_memory.read32);
    provide("deviceMemoryWrite8", &device_memory.write8);
    provide("deviceMemoryWrite16", &device_memory.write16);
    provide("deviceMemoryWrite32", &device_memory.write32);
    provide("deviceMemoryReadBytes", &device_memory.readBytes);
    provide("deviceMemoryWriteBytes", &device_memory.writeBytes);

    // interrupts.ts
    provide("interruptAllocate", &interrupts.allocate);
    provide("interruptMessageAddress", &interrupts.messageAddress);
    provide("interruptRoute", &interrupts.route);
    provide("interruptRearm", &interrupts.rearm);
    provide("interruptNext", &interrupts.next);
    provide("interruptIsNoted", &interrupts.isNoted);
    provide("interruptCount", &interrupts.count);
    provide("interruptLastTime", &interrupts.lastTime);
    provide("interruptUnexpectedCount", &interrupts.unexpectedCount);
    provide("interruptSpuriousCount", &interrupts.spuriousCount);
    provide("idleUntil", &interrupts.idleUntil);
    provide("fenceDevices", &device_fence.fence);
    provide("acpiInterruptOfPin", &pin_routing.interruptOfPin);
    provide("acpiPinIsActiveLow", &pin_routing.pinIsActiveLow);

    // ports.ts
    provide("portRead8", &ports.read8);
    provide("portRead16", &ports.read16);
    provide("portRead32", &ports.read32);
    provide("portWrite8", &ports.write8);
    provide("portWrite16", &ports.write16);
    provide("portWrite32", &ports.write32);
}

/// Exports `thing`, a function or a variable, as `hal_NAME`.
fn provide(comptime name: []const u8, comptime thing: anytype) void {
    @export(thing, .{ .name = "hal_" ++ name });
}

/// Writes UTF-8 text to the console.
fn consoleWrite(utf8: [*]const u8, length: usize) callconv(.c) void {
    output.write(utf8[0..length]);
}

/// Ends the machine with `status`, by the C library's exit: stdout may still hold the beginning of a line.
fn leave(status: u8) callconv(.c) noreturn {
    exit(status);
}
extern fn exit(status: c_int) noreturn;

/// What stands for no number: more than 32 bits hold.
const no_random: u64 = 1 << 32;

fn rdrand() callconv(.c) u64 {
    const word = processor.randomWord() orelse return no_random;
    return @as(u32, @truncate(word));
}

fn rdseed() callconv(.c) u64 {
    const word = processor.seedWord() orelse return no_random;
    return @as(u32, @truncate(word));
}

/// Returns register 0 eax, 1 ebx, 2 ecx or 3 edx of a CPUID leaf; 0 for a leaf or register that is not there.
fn cpuid(leaf: u32, subleaf: u32, register: u8) callconv(.c) u32 {
    const answer = processor.cpuid(leaf, subleaf);
    return switch (register) {
        0 => answer.eax,
        1 => answer.ebx,
        2 => answer.ecx,
        3 => answer.edx,
        else => 0,
    };
}

/// Tells the processor that this is a loop that waits.
fn pause() callconv(.c) void {
    asm volatile ("pause");
}

/// Entries of the loader's memory map, ascending; an index beyond them is an empty region of type 0.
fn memoryRegionCount() callconv(.c) u32 {
    return @intCast(start_info.memoryMap().len);
}
fn memoryRegionStart(index: u32) callconv(.c) u64 {
    return regionAt(index).start;
}
fn memoryRegionLength(index: u32) callconv(.c) u64 {
    return regionAt(index).length;
}
fn memoryRegionType(index: u32) callconv(.c) u32 {
    return regionAt(index).type;
}

fn regionAt(index: u32) start_info.MemoryRegion {
    const map = start_info.memoryMap();
    return if (index < map.len) map[index] else .{ .start = 0, .length = 0, .type = 0, .reserved = 0 };
}

/// The kernel's command line, a byte at a time; 0 beyond its end.
fn commandLineLength() callconv(.c) u32 {
    return @intCast(start_info.commandLine().len);
}
fn commandLineByte(index: u32) callconv(.c) u8 {
    const line = start_info.commandLine();
    return if (index < line.len) line[index] else 0;
}
