package dev.pagewalk.kernel.fault;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.mmu.table.PagingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S35")
@Tag("S21")
class FaultMarkersTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final int SIGSEGV = 139;
    private static final UserLayout LAYOUT = UserLayout.DEFAULT;

    private static TestMachine dies(TestMachine.Options options, Guest guest, String marker, long address, int status) {
        TestMachine test = options.run(guest.source());
        assertThat(test.console()).isEqualTo(String.format("[KERN] %s 0x%016x\n", marker, address));
        assertThat(test.exitStatus()).isEqualTo(status);
        assertThat(test.kernel().faultCounters().killed).isEqualTo(1);
        return test;
    }

    private static TestMachine dies(Guest guest, String marker, long address, int status) {
        return dies(TestMachine.options(), guest, marker, address, status);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, 0xFFFF, 0xDEADBEEF000L, 0x7FFF_FFFF_0000L, 0x0000_8000_0000_0000L, -8, Long.MIN_VALUE})
    void anAddressWhereNothingIsIsAnInvalidOne(long address) {
        dies(new Guest().load(address), "invalid uva at", address, SIGSEGV);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void theKernelHalfIsNotForGuests(PagingMode mode) {
        long linear = dev.pagewalk.kernel.pagetable.KernelHalf.linearAddress(mode, 0x8000_0000L);
        dies(TestMachine.options().mode(mode), new Guest().load(linear), "invalid uva at", linear, SIGSEGV);
        dies(TestMachine.options().mode(mode), new Guest().store(linear, 1), "invalid uva at", linear, SIGSEGV);
    }

    @Test
    void jumpingToNowhereIsAnInvalidAddress() {
        dies(new Guest().line("li t0, 0x30000000").line("jr t0"), "invalid uva at", 0x3000_0000L, SIGSEGV);
    }

    @Test
    void aJumpIntoUnmappedCodeIsATextFault() {
        Guest guest = new Guest()
                .line("li t0, 0x40000000")
                .line("jr t0")
                .data("        .section .far, \"ax\"\n        .address 0x40000000\n"
                        + "        li a0, 0x10000\n        li a1, 4096\n        li a7, 215\n        ecall\n"
                        + "        li t0, 0x10008\n        jr t0\n");
        dies(guest, "text fault at", 0x1_0008, SIGSEGV);
    }

    @Test
    void aLoadFromUnmappedCodeIsATextFault() {
        Guest guest = new Guest()
                .line("li t0, 0x40000000")
                .line("jr t0")
                .data("        .section .far, \"ax\"\n        .address 0x40000000\n"
                        + "        li a0, 0x10000\n        li a1, 4096\n        li a7, 215\n        ecall\n"
                        + "        li t0, 0x10000\n        lb t1, 3(t0)\n");
        dies(guest, "text fault at", 0x1_0003, SIGSEGV);
    }

    @Test
    void unmappingTheCodeThatRunsIsATextFaultAtTheNextInstruction() {
        TestMachine test = TestMachine.options()
                .run(new Guest().munmap(0x1_0000, PAGE).line("nop").source());
        assertThat(test.console()).matches("\\[KERN\\] text fault at 0x00000000000100[0-9a-f]{2}\n");
        assertThat(test.exitStatus()).isEqualTo(SIGSEGV);
    }

    @Test
    void accessesThatTheRegionDoesNotAllowArePermFaults() {
        Guest guest = new Guest().line("la t0, _start").line("sw x0, 4(t0)");
        dies(guest, "perm fault at", 0x1_0004, SIGSEGV);
        dies(new Guest().mmap(AT, PAGE, PROT_NONE, ANON | FIXED).load(AT + 16), "perm fault at", AT + 16, SIGSEGV);
        dies(new Guest().mmap(AT, PAGE, R, ANON | FIXED).store(AT + 8, 1), "perm fault at", AT + 8, SIGSEGV);
        dies(new Guest().mmap(AT, PAGE, X, ANON | FIXED).load(AT), "perm fault at", AT, SIGSEGV);
        dies(
                new Guest()
                        .mmap(AT, PAGE, RW, ANON | FIXED)
                        .store(AT, 1)
                        .mprotect(AT, PAGE, PROT_NONE)
                        .load(AT),
                "perm fault at",
                AT,
                SIGSEGV);
        dies(
                new Guest().mmap(AT, PAGE, R, ANON | FIXED).line("li t0, " + AT).line("amoadd.d t1, t2, (t0)"),
                "perm fault at",
                AT,
                SIGSEGV);
    }

    @Test
    void executingWhatIsNotExecutableIsAnExecFault() {
        dies(
                new Guest()
                        .mmap(AT, PAGE, RW, ANON | FIXED)
                        .line("li t0, " + AT)
                        .line("jr t0"),
                "exec fault at",
                AT,
                SIGSEGV);
        Guest data = new Guest().line("la t0, datum").line("jr t0").data("        .data\ndatum: .dword 0x13");
        TestMachine test = TestMachine.options().run(data.source());
        assertThat(test.console()).isEqualTo("[KERN] exec fault at 0x0000000000011000\n");
        dies(
                new Guest()
                        .line("li t0, -16")
                        .line("and t0, sp, t0")
                        .line("mv s0, t0")
                        .line("jr t0"),
                "exec fault at",
                initialStackPointer(),
                SIGSEGV);
    }

    private static long initialStackPointer() {
        return TestMachine.options().boot(new Guest().source()).hart().x[2];
    }

    @Test
    void aMisalignedAtomicIsABusError() {
        Guest guest = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("li t0, " + (AT + 4))
                .line("amoadd.d t1, t2, (t0)");
        dies(guest, "bus error at", AT + 4, 135);
        Guest reserved = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .line("li t0, " + (AT + 2))
                .line("lr.w t1, (t0)");
        dies(reserved, "bus error at", AT + 2, 135);
    }

    @Test
    void anIllegalInstructionIsNamedByItsPc() {
        dies(new Guest().line("nop").line(".word 0xFFFFFFFF"), "illegal instruction at", 0x1_0004, 132);
        dies(new Guest().line("csrw cycle, x0"), "illegal instruction at", 0x1_0000, 132);
        dies(new Guest().line("c.nop").line("c.unimp"), "illegal instruction at", 0x1_0002, 132);
    }

    @Test
    void aBreakpointIsNamedByItsPc() {
        dies(new Guest().line("nop").line("nop").line("ebreak"), "breakpoint at", 0x1_0008, 133);
        dies(new Guest().line("nop").line("c.nop").line("c.ebreak"), "breakpoint at", 0x1_0006, 133);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u74", "ideal"})
    void touchingMorePagesThanThereAreIsOom(String profile) {
        Guest guest = new Guest()
                .mmap(AT, 1 << 20, RW, ANON | FIXED)
                .line("li t0, " + AT)
                .line("li t1, 4096")
                .line("1: sd t1, 0(t0)")
                .line("add t0, t0, t1")
                .line("j 1b");
        TestMachine test =
                TestMachine.options().profile(profile).ramBytes(256 << 10).run(guest.source());
        // 64 frames: what the kernel, the tables and the first pages leave goes to the mapping.
        assertThat(test.console()).matches("\\[KERN\\] OOM at 0x00000000200[23][0-9a-f]000\n");
        assertThat(test.exitStatus()).isEqualTo(137);
        long first = Long.parseLong(test.console().strip().split("0x")[1], 16);
        assertThat(test.process().space().peakUserPages()).isEqualTo((int) ((first - AT) / PAGE) + 2);
    }

    @Test
    void aStackThatFindsNoFrameIsOomToo() {
        Guest guest = new Guest()
                .mmap(AT, 1 << 20, RW, ANON | FIXED | POPULATE)
                .line("li t0, 0x20000")
                .line("sub t0, sp, t0")
                .line("sd t0, 0(t0)");
        TestMachine test = TestMachine.options().ramBytes(256 << 10).run(guest.source());
        assertThat(test.console()).startsWith("[KERN] OOM at 0x00007ffe");
        assertThat(test.exitStatus()).isEqualTo(137);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u74", "rocket", "skylake", "ideal"})
    void accessedAndDirtyAreSetByTheKernelWhereTheHardwareLeavesThemToIt(String profile) {
        TestMachine test = TestMachine.options()
                .profile(profile)
                .run(new Guest()
                        .mmap(AT, 2 * PAGE, RW, ANON | FIXED)
                        .load(AT)
                        .expect(0)
                        .store(AT, 3)
                        .load(AT)
                        .expect(3)
                        .store(AT + PAGE, 4)
                        .load(AT + PAGE)
                        .expect(4)
                        .line("la s5, datum")
                        .line("ld a0, 0(s5)")
                        .expect(42)
                        .line("sd x0, 0(s5)")
                        .line("ld a0, 0(s5)")
                        .expect(0)
                        .data("        .data\ndatum: .dword 42"));
        boolean hardware = test.machine().config().profile().translation().hardwareUpdatesAccessedDirty();
        assertThat(test.kernel().faultCounters().spurious).isEqualTo(hardware ? 0 : 1);
    }

    @Test
    void aFaultInTheGuardOfTheStackIsAnOverflow() {
        long guardTop = LAYOUT.stackLimit() - 8;
        dies(new Guest().store(guardTop, 1), "stack overflow at", guardTop, SIGSEGV);
        dies(new Guest().load(LAYOUT.stackReserveStart()), "stack overflow at", LAYOUT.stackReserveStart(), SIGSEGV);
    }

    @Test
    void belowTheGuardAnAddressIsOnlyInvalid() {
        long below = LAYOUT.stackReserveStart() - 8;
        dies(new Guest().store(below, 1), "invalid uva at", below, SIGSEGV);
        dies(new Guest().store(LAYOUT.stackTop(), 1), "invalid uva at", LAYOUT.stackTop(), SIGSEGV);
    }

    @Test
    @Tag("S25")
    void theStackGrowsPageByPageToItsLimitAndOverflowsThere() {
        Guest guest = new Guest()
                .line("li t1, -4096")
                .line("and t0, sp, t1")
                .line("1: sd t0, 0(t0)")
                .line("add t0, t0, t1")
                .line("j 1b");
        TestMachine test = dies(guest, "stack overflow at", LAYOUT.stackLimit() - PAGE, SIGSEGV);
        assertThat(test.process().memoryUse().bytes(RegionKind.STACK)).isEqualTo(8 << 20);
        assertThat(test.process().space().peakUserPages()).isEqualTo(2048 + 1);
        assertThat(test.kernel().faultCounters().stack).isEqualTo(2047);
    }

    @Test
    void theStackIsLazyBetweenItsPages() {
        long limit = LAYOUT.stackLimit();
        TestMachine test = TestMachine.options()
                .run(new Guest()
                        .store(limit, 5)
                        .load(limit)
                        .expect(5)
                        .load(limit + (1 << 20))
                        .expect(0));
        assertThat(test.process().memoryUse().bytes(RegionKind.STACK)).isEqualTo(8 << 20);
        assertThat(test.process().space().peakUserPages()).isEqualTo(1 + 3);
    }

    @Test
    void theStackDoesNotGrowIntoOrCloseToAMappingBelowIt() {
        long mapping = LAYOUT.stackLimit() + (2 << 20);
        Guest guest = new Guest()
                .mmap(mapping, PAGE, RW, ANON | FIXED)
                .expect(mapping)
                .store(mapping, 1)
                .store(mapping + (2 << 20), 2)
                .load(mapping)
                .expect(1)
                .load(mapping + (2 << 20))
                .expect(2);
        TestMachine.options().run(guest);
        dies(guest.store(mapping - 8, 1), "invalid uva at", mapping - 8, SIGSEGV);
        Guest close = new Guest().mmap(mapping, PAGE, RW, ANON | FIXED).store(mapping + PAGE, 1);
        dies(close, "invalid uva at", mapping + PAGE, SIGSEGV);
        TestMachine.options()
                .run(new Guest().mmap(mapping, PAGE, PROT_NONE, ANON | FIXED).store(mapping + PAGE, 1));
    }

    @Test
    void aSplitAccessFaultsAtThePageThatIsMissing() {
        dies(new Guest().mmap(AT, PAGE, RW, ANON | FIXED).load(AT + PAGE - 4), "invalid uva at", AT + PAGE, SIGSEGV);
    }
}
