package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.ElfFile;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a kernel's changes to memory mean to the rest of the machine: reservations, decoded code, time. */
class KernelTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    /** {@code li a0, 7; ret}. */
    private static final String STUB = "stub: li a0, 7\n ret\n";

    private static Guest withStubAt(long address) {
        return new Guest()
                .mmap(address, PAGE, RW | X, ANON | FIXED)
                .line("la s1, stub")
                .line("ld s2, 0(s1)")
                .line("li s3, " + address)
                .line("sd s2, 0(s3)")
                .line("jalr s3")
                .expect(7)
                .data(STUB);
    }

    @Test
    void aTrapGivesTheReservationUp() {
        TestMachine.options()
                .run(new Guest()
                        .mmap(AT, PAGE, RW, ANON | FIXED)
                        .store(AT, 1)
                        .line("li s1, " + AT)
                        .line("lr.d t1, (s1)")
                        .line("sc.d a0, t1, (s1)")
                        .expect(0)
                        .line("lr.d t1, (s1)")
                        .call(GETPID)
                        .line("sc.d a0, t1, (s1)")
                        .expect(1));
    }

    @Test
    void codeThatTheKernelOverwritesIsDecodedAnew() {
        // read() puts li a0, 9; ret where li a0, 7; ret has run.
        Guest guest =
                withStubAt(AT).call(READ, 0, AT, 8).expect(8).line("jalr s3").expect(9);
        TestMachine.options()
                .input("\u0013\u0005\u0090\u0000\u0067\u0080\u0000\u0000")
                .run(guest);
    }

    @Test
    void aFrameThatHeldCodeIsDataAfterItsReuse() {
        Guest guest = withStubAt(AT)
                .munmap(AT, PAGE)
                .expect(0)
                .mmap(AT, PAGE, RW | X, ANON | FIXED)
                .expect(AT)
                .load(AT)
                .expect(0)
                .line("jalr s3");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.console()).isEqualTo("[KERN] illegal instruction at 0x0000000020000000\n");
    }

    @Test
    @Tag("S23")
    void theEndOfAProcessLeavesItsTablesFirst() {
        TestMachine test = TestMachine.options().run(withStubAt(AT));
        assertThat(test.hart().mmu().asid()).isZero();
        assertThat(test.machine().bus().memory().contains(test.hart().mmu().rootAddress(), PAGE))
                .isTrue();
        assertThat(test.process().space().pageTable().rootAddress()).isZero();
    }

    @Test
    void kernelWorkTakesTimeByTheProfile() {
        // getpid costs the trap and the dispatch, to the cycle.
        TestMachine none = TestMachine.options().run(new Guest());
        TestMachine two = TestMachine.options().run(new Guest().call(GETPID).call(GETPID));
        TestMachine four = TestMachine.options()
                .run(new Guest().call(GETPID).call(GETPID).call(GETPID).call(GETPID));
        var costs = none.machine().config().profile().kernel();
        int call = costs.trapEntryCycles() + costs.trapExitCycles() + costs.systemCallCycles();
        long perPair = four.hart().cycle - two.hart().cycle;
        assertThat(perPair).isGreaterThanOrEqualTo(2L * call).isLessThan(2L * call + 50);
        assertThat(two.hart().cycle - none.hart().cycle).isEqualTo(perPair);
    }

    @Test
    void onlyOneProcessRunsAndItIsListed() {
        TestMachine test = TestMachine.options()
                .boot(new ElfFile().code(0x1_0000, ElfFile.EXIT_0).image(0x1_0000));
        assertThat(test.kernel().processes()).hasSize(1);
        assertThat(test.process().pid()).isEqualTo(1);
        assertThat(test.process().hasEnded()).isFalse();
        test.finish();
        assertThat(test.process().hasEnded()).isTrue();
    }
}
