// The privileged and the odd instructions, one function each. Intel SDM vol. 2.

/// The four registers of one CPUID answer.
pub const Cpuid = struct { eax: u32, ebx: u32, ecx: u32, edx: u32 };

/// Returns what the processor says about `leaf` and `subleaf`; all zero for a leaf above the highest one it has.
pub fn cpuid(leaf: u32, subleaf: u32) Cpuid {
    const highest = rawCpuid(leaf & 0xffff_0000, 0).eax;
    if (leaf > highest) return .{ .eax = 0, .ebx = 0, .ecx = 0, .edx = 0 };
    return rawCpuid(leaf, subleaf);
}

fn rawCpuid(leaf: u32, subleaf: u32) Cpuid {
    var eax: u32 = undefined;
    var ebx: u32 = undefined;
    var ecx: u32 = undefined;
    var edx: u32 = undefined;
    asm volatile ("cpuid"
        : [eax] "={eax}" (eax),
          [ebx] "={ebx}" (ebx),
          [ecx] "={ecx}" (ecx),
          [edx] "={edx}" (edx),
        : [leaf] "{eax}" (leaf),
          [subleaf] "{ecx}" (subleaf),
    );
    return .{ .eax = eax, .ebx = ebx, .ecx = ecx, .edx = edx };
}

/// Returns the end of the physical addresses: CPUID leaf 0x80000008, eax bits 7 to 0; 36 bits where it is not told.
pub fn physicalEnd() u64 {
    const told: u8 = @truncate(cpuid(0x8000_0008, 0).eax);
    const width: u6 = if (told >= 32 and told <= 52) @intCast(told) else 36;
    return @as(u64, 1) << width;
}

/// Returns the time stamp counter.
pub fn timeStamp() u64 {
    var low: u32 = undefined;
    var high: u32 = undefined;
    asm volatile ("rdtsc"
        : [low] "={eax}" (low),
          [high] "={edx}" (high),
        :
        : .{ .memory = true });
    return @as(u64, high) << 32 | low;
}

/// Returns 64 bits from the processor's generator (RDRAND), or null where it has none or has run dry.
pub fn randomWord() ?u64 {
    if (cpuid(1, 0).ecx & 1 << 30 == 0) return null;
    var value: u64 = undefined;
    const valid = asm volatile ("rdrand %[value]"
        : [value] "=r" (value),
          [valid] "={@ccc}" (-> u8),
    );
    return if (valid != 0) value else null;
}

/// Returns 64 bits from the source that its generator is seeded from (RDSEED), or null where it has none or has run dry.
pub fn seedWord() ?u64 {
    if (cpuid(7, 0).ebx & 1 << 18 == 0) return null;
    var value: u64 = undefined;
    const valid = asm volatile ("rdseed %[value]"
        : [value] "=r" (value),
          [valid] "={@ccc}" (-> u8),
    );
    return if (valid != 0) value else null;
}

/// Writes a model-specific register.
pub fn writeMsr(register: u32, value: u64) void {
    asm volatile ("wrmsr"
        :
        : [register] "{ecx}" (register),
          [low] "{eax}" (@as(u32, @truncate(value))),
          [high] "{edx}" (@as(u32, @truncate(value >> 32))),
        : .{ .memory = true });
}

/// Returns a model-specific register.
pub fn readMsr(register: u32) u64 {
    var low: u32 = undefined;
    var high: u32 = undefined;
    asm volatile ("rdmsr"
        : [low] "={eax}" (low),
          [high] "={edx}" (high),
        : [register] "{ecx}" (register),
        : .{ .memory = true });
    return @as(u64, high) << 32 | low;
}

/// Keeps interrupts out.
pub fn disableInterrupts() void {
    asm volatile ("cli" ::: .{ .memory = true });
}

/// Lets interrupts in.
pub fn enableInterrupts() void {
    asm volatile ("sti" ::: .{ .memory = true });
}

/// Lets interrupts in and stops until one has come. No interrupt comes between the two: `sti` works from the instruction
/// after the next one on. Vol. 2, STI
pub fn enableInterruptsAndWait() void {
    asm volatile ("sti; hlt" ::: .{ .memory = true });
}

/// Returns the address that the last page fault was about.
pub fn faultAddress() u64 {
    return asm volatile ("mov %%cr2, %[value]"
        : [value] "=r" (-> u64),
    );
}

/// Makes `physical` the root of the page tables and forgets every cached translation.
pub fn setPageTables(physical: u64) void {
    asm volatile ("mov %[value], %%cr3"
        :
        : [value] "r" (physical),
        : .{ .memory = true });
}

/// Forgets the cached translation of one page.
pub fn forgetPage(address: u64) void {
    asm volatile ("invlpg (%[address])"
        :
        : [address] "r" (address),
        : .{ .memory = true });
}

/// Resets the processor: an exception without a handler, and none for what follows from that. Intel SDM vol. 3, §6.15
pub fn tripleFault() noreturn {
    const no_vectors = [_]u8{0} ** 10;
    while (true) {
        asm volatile (
            \\lidt (%[table])
            \\ud2
            :
            : [table] "r" (&no_vectors),
            : .{ .memory = true });
    }
}

/// Stops for ever. Nothing but a reset or QEMU's end comes after it.
pub fn halt() noreturn {
    while (true) asm volatile ("cli; hlt");
}
