package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signals as guests see them. */
class SignalCallsTest {
    private static final long AT = 0x2000_0000L;

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest.words("action", "old", "status", "seen", "set"));
    }

    @Test
    @Tag("S35")
    void aGuestPagesForItself() {
        Guest guest = new Guest()
                .mmap(AT, 4 * 4096, PROT_NONE, ANON | FIXED)
                .onSignal(SIGSEGV, "pager", SA_SIGINFO)
                .line("li s0, 0")
                .line("li t3, 77")
                .load(AT + 8)
                .expect(8)
                .load(AT + 3 * 4096 + 16)
                .expect(16)
                .line("mv a0, t3")
                .expect(77)
                .line("mv a0, s0")
                .expect(2)
                .exit(0)
                .text("""
                        pager:                      # (signal, info, context)
                            ld   s1, 16(a1)         # si_addr
                            lw   s2, 8(a1)          # si_code
                            li   t3, 0              # restored on return
                            srli a0, s1, 12
                            slli a0, a0, 12
                            li   a1, 4096
                            li   a2, 3
                            li   a7, 226
                            ecall
                            andi t0, s1, 0xff
                            sd   t0, 0(s1)
                            ld   t0, 368(sp)        # s0 of the interrupted: x8
                            addi t0, t0, 1
                            sd   t0, 368(sp)
                            ret
                        """);
        TestMachine test = run(guest);
        assertThat(test.console()).isEmpty();
        assertThat(test.kernel().faultCounters().killed).isZero();
    }

    @Test
    @Tag("S35")
    void theInformationNamesTheFault() {
        Guest guest = new Guest()
                .onSignal(SIGSEGV, "skip", SA_SIGINFO)
                .onSignal(SIGBUS, "skip", SA_SIGINFO)
                .onSignal(SIGILL, "skip", SA_SIGINFO)
                .mmap(AT, 4096, R, ANON | FIXED)
                .load(0x123450)
                .line("ld a0, seen")
                .expect(0x123450)
                .line("ld a0, seen + 8")
                .expect(1 << 8 | SIGSEGV)
                .store(AT + 24, 1)
                .line("ld a0, seen")
                .expect(AT + 24)
                .line("ld a0, seen + 8")
                .expect(2 << 8 | SIGSEGV)
                .line("li t1, " + (AT + 2))
                .line("amoadd.w a0, zero, (t1)")
                .line("ld a0, seen")
                .expect(AT + 2)
                .line("ld a0, seen + 8")
                .expect(1 << 8 | SIGBUS)
                .text("bad: .word 0")
                .line("ld a0, seen")
                .expect("=bad")
                .line("ld a0, seen + 8")
                .expect(1 << 8 | SIGILL)
                .exit(0)
                .text("""
                        skip:
                            la   t0, seen
                            ld   t1, 16(a1)
                            sd   t1, 0(t0)
                            lw   t1, 8(a1)
                            slli t1, t1, 8
                            or   t1, t1, a0
                            sd   t1, 8(t0)
                            ld   t1, 176(a2)        # the interrupted pc
                            addi t1, t1, 4
                            sd   t1, 176(a2)
                            ret
                        """);
        run(guest);
    }

    @Test
    void aHandlerRunsOnTheAlternateStackWhereTheStackIsFull() {
        Guest guest = new Guest()
                .set("t0", "=set")
                .line("la t1, stack")
                .line("sd t1, 0(t0)")
                .line("sd zero, 8(t0)")
                .line("li t1, 8192")
                .line("sd t1, 16(t0)")
                .call(SIGALTSTACK, "=set", 0)
                .expect(0)
                .onSignal(SIGSEGV, "overflow", SA_ONSTACK)
                .text("""
                        1:  addi sp, sp, -2000
                            sd   zero, 0(sp)
                            j    1b
                        overflow:
                            la   t0, stack
                            li   t1, 8192
                            add  t1, t0, t1
                            bltu sp, t0, 2f
                            bgeu sp, t1, 2f
                            li   a0, 0
                            j    3f
                        2:  li   a0, 1
                        3:
                        """)
                .keep("s1")
                .call(SIGALTSTACK, 0, "=old")
                .line("lw a0, old + 8")
                .expect(1)
                .call(SIGALTSTACK, "=set", 0)
                .expect(EPERM)
                .line("mv a0, s1")
                .expect(0)
                .exit(0)
                .data("        .bss\n        .balign 16\nstack: .zero 8192");
        run(guest);
    }

    @Test
    void aFullStackWithoutAnAlternativeKillsInSpiteOfAHandler() {
        Guest guest =
                new Guest().onSignal(SIGSEGV, "handler", 0).text("""
                        1:  addi sp, sp, -2000
                            sd   zero, 0(sp)
                            j    1b
                        handler:
                        """).exit(0).words("action");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.exitStatus()).isEqualTo(128 + SIGSEGV);
        assertThat(test.console()).startsWith("[KERN] stack overflow at 0x");
    }

    @Test
    void aBlockedFaultSignalKills() {
        Guest guest = new Guest()
                .onSignal(SIGSEGV, "handler", 0)
                .set("t0", "=set")
                .line("li t1, " + (1 << SIGSEGV - 1))
                .line("sd t1, 0(t0)")
                .call(RT_SIGPROCMASK, 0, "=set", 0, 8)
                .load(8)
                .text("handler:")
                .exit(0)
                .words("action", "set");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.exitStatus()).isEqualTo(128 + SIGSEGV);
        assertThat(test.console()).isEqualTo("[KERN] invalid uva at 0x0000000000000008\n");
    }

    @Test
    void blockedSignalsWaitUntilTheyAreUnblocked() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "count", 0)
                .set("t0", "=set")
                .line("li t1, " + (1 << SIGUSR1 - 1))
                .line("sd t1, 0(t0)")
                .call(RT_SIGPROCMASK, 0, "=set", "=old", 8)
                .expect(0)
                .call(KILL, 1, SIGUSR1)
                .call(KILL, 1, SIGUSR1)
                .load("=seen")
                .expect(0)
                .call(RT_SIGPENDING, "=old", 8)
                .load("=old")
                .expect(1 << SIGUSR1 - 1)
                .call(RT_SIGPROCMASK, 1, "=set", 0, 8)
                .expect(0)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text(COUNT);
        run(guest);
    }

    private static final String COUNT = """
            count:
                la   t0, seen
                ld   t1, 0(t0)
                addi t1, t1, 1
                sd   t1, 0(t0)
                ret
            """;

    @Test
    void aHandlerIsNotInterruptedByItsOwnSignalUnlessItWantsThat() {
        String nesting = """
                nest:
                    addi sp, sp, -16
                    sd   ra, 0(sp)
                    la   t0, seen
                    ld   t1, 0(t0)
                    addi t1, t1, 1
                    sd   t1, 0(t0)
                    ld   t2, 8(t0)
                    bge  t1, t2, 1f
                    sd   t1, 16(t0)         # how deep when sending
                    li   a0, 1
                    li   a1, 10
                    li   a7, 129
                    ecall
                    la   t0, seen
                    ld   t1, 0(t0)
                    sd   t1, 24(t0)         # after sending
                1:  ld   ra, 0(sp)
                    addi sp, sp, 16
                    ret
                """;
        Guest deferred = new Guest()
                .onSignal(SIGUSR1, "nest", 0)
                .set("t0", "=seen")
                .line("li t1, 2")
                .line("sd t1, 8(t0)")
                .call(KILL, 1, SIGUSR1)
                .load("=seen")
                .expect(2)
                .line("ld a0, seen + 24")
                .expect(1)
                .exit(0)
                .text(nesting);
        run(deferred);
        Guest nested = new Guest()
                .onSignal(SIGUSR1, "nest", SA_NODEFER)
                .set("t0", "=seen")
                .line("li t1, 2")
                .line("sd t1, 8(t0)")
                .call(KILL, 1, SIGUSR1)
                .line("ld a0, seen + 24")
                .expect(2)
                .exit(0)
                .text(nesting);
        run(nested);
    }

    @Test
    void aHandlerThatIsResetRunsOnce() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "count", SA_RESETHAND)
                .call(KILL, 1, SIGUSR1)
                .load("=seen")
                .expect(1)
                .call(RT_SIGACTION, SIGUSR1, 0, "=old", 8)
                .load("=old")
                .expect(0)
                .exit(0)
                .text(COUNT);
        run(guest);
    }

    @Test
    void killAndStopCannotBeCaughtAndStrangeSignalsAreRefused() {
        Guest guest = new Guest()
                .call(RT_SIGACTION, SIGKILL, "=action", 0, 8)
                .expect(EINVAL)
                .call(RT_SIGACTION, SIGSTOP, "=action", 0, 8)
                .expect(EINVAL)
                .call(RT_SIGACTION, SIGKILL, 0, "=old", 8)
                .expect(0)
                .call(RT_SIGACTION, 0, 0, 0, 8)
                .expect(EINVAL)
                .call(RT_SIGACTION, 65, 0, 0, 8)
                .expect(EINVAL)
                .call(RT_SIGACTION, SIGUSR1, 0, 0, 4)
                .expect(EINVAL)
                .call(RT_SIGPROCMASK, 3, "=set", 0, 8)
                .expect(EINVAL)
                .call(KILL, 1, 65)
                .expect(EINVAL)
                .call(KILL, 55, SIGUSR1)
                .expect(ESRCH);
        run(guest);
    }

    @Test
    void aSignalWithoutAHandlerEndsTheProcess() {
        Guest guest = new Guest()
                .fork("child")
                .keep("s1")
                .call(KILL, "s1", SIGTERM)
                .expect(0)
                .wait4("s1", "status")
                .load("=status")
                .expect(SIGTERM)
                .exit(0)
                .text("child: j child");
        run(guest);
    }

    @Test
    void ignoredSignalsAreGoneAndAnIgnoredChildLeavesNoZombie() {
        Guest guest = new Guest()
                .set("t0", "=action")
                .line("li t1, 1")
                .line("sd t1, 0(t0)")
                .call(RT_SIGACTION, SIGTERM, "=action", 0, 8)
                .call(KILL, 1, SIGTERM)
                .expect(0)
                .call(RT_SIGACTION, SIGCHLD, "=action", 0, 8)
                .fork("child")
                .wait4(-1, "status")
                .expect(ECHILD)
                .exit(0)
                .text("child:")
                .exit(0);
        run(guest);
    }

    @Test
    void aCallThatWaitsIsInterruptedOrMadeAgain() {
        for (boolean restarts : new boolean[] {false, true}) {
            Guest guest = new Guest()
                    .onSignal(SIGUSR1, "count", restarts ? SA_RESTART : 0)
                    .fork("child")
                    .wait4(-1, "status")
                    .expect(restarts ? 2 : EINTR)
                    .load("=seen")
                    .expect(1);
            if (!restarts) {
                guest.wait4(-1, "status").expect(2);
            }
            guest.exit(0)
                    .text("child:")
                    .call(KILL, 1, SIGUSR1)
                    // The parent has the hart now and then until this is over.
                    .line("li s1, 3000000")
                    .text("1: addi s1, s1, -1\n bnez s1, 1b")
                    .exit(0)
                    .text(COUNT);
            TestMachine test = run(guest);
            assertThat(test.kernel().systemCallCounts().get("wait4")).isEqualTo(2);
        }
    }

    @Test
    void whatHasComeAlreadyCountsMoreThanTheSignalThatCameWithIt() {
        // The child's end sends SIGCHLD and makes wait4 succeed: Linux looks for the child first.
        Guest guest = new Guest()
                .onSignal(SIGCHLD, "count", 0)
                .fork("child")
                .wait4(-1, "status")
                .expect(2)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text("child:")
                .exit(0)
                .text(COUNT);
        run(guest);
    }

    @Test
    void flagsThatNobodyKnowsAreDropped() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "count", 0x7FFF_FFFF)
                .call(RT_SIGACTION, SIGUSR1, 0, "=old", 8)
                .line("ld a0, old + 8")
                .expect(0x5800_0807)
                .exit(0)
                .text(COUNT);
        run(guest);
    }

    @Test
    void suspendingWaitsForAHandlerAndBringsTheMaskBack() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "count", 0)
                .set("t0", "=set")
                .line("li t1, " + (1 << SIGUSR1 - 1))
                .line("sd t1, 0(t0)")
                .call(RT_SIGPROCMASK, 0, "=set", 0, 8)
                .fork("child")
                .call(RT_SIGSUSPEND, "=old", 8)
                .expect(EINTR)
                .load("=seen")
                .expect(1)
                .call(RT_SIGPROCMASK, 0, 0, "=old", 8)
                .load("=old")
                .expect(1 << SIGUSR1 - 1)
                .wait4(-1, "status")
                .exit(0)
                .text("child:")
                .call(KILL, 1, SIGUSR1)
                .exit(0)
                .text(COUNT);
        run(guest);
    }

    @Test
    void aSignalThatWaitsAlreadyEndsASuspensionAtOnce() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "count", 0)
                .set("t0", "=set")
                .line("li t1, " + (1 << SIGUSR1 - 1))
                .line("sd t1, 0(t0)")
                .call(RT_SIGPROCMASK, 0, "=set", 0, 8)
                .call(KILL, 1, SIGUSR1)
                .call(RT_SIGSUSPEND, "=old", 8)
                .expect(EINTR)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text(COUNT);
        run(guest);
    }

    @Test
    void aStoppedProcessGoesOnWhenItIsContinued() {
        Guest guest = new Guest()
                .fork("child")
                .keep("s1")
                .call(KILL, "s1", SIGSTOP)
                .call(WAIT4, "s1", "=status", 2, 0)
                .expect("s1")
                .load("=status")
                .expect(SIGSTOP << 8 | 0x7F)
                .call(WAIT4, "s1", "=status", 1, 0)
                .expect(0)
                .call(KILL, "s1", SIGCONT)
                .call(WAIT4, "s1", "=status", 8, 0)
                .expect("s1")
                .line("lwu a0, status")
                .expect(0xFFFF)
                .wait4("s1", "status")
                .line("lwu a0, status")
                .expect(6 << 8)
                .exit(0)
                .text("child:")
                .line("li s2, 2000000")
                .text("1: addi s2, s2, -1\n bnez s2, 1b")
                .exit(6);
        run(guest);
    }

    @Test
    void aStoppedProcessCanBeKilled() {
        Guest guest = new Guest()
                .fork("child")
                .keep("s1")
                .call(KILL, "s1", SIGSTOP)
                .call(WAIT4, "s1", "=status", 2, 0)
                .call(KILL, "s1", SIGKILL)
                .wait4("s1", "status")
                .load("=status")
                .expect(SIGKILL)
                .exit(0)
                .text("child: j child");
        run(guest);
    }

    @Test
    void returningWithoutAFrameKills() {
        Guest guest = new Guest().line("li sp, 8").line("li a7, 139").line("ecall");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.exitStatus()).isEqualTo(128 + SIGSEGV);
    }

    @Test
    void aChildInheritsHandlersAndMaskButNoPendingSignals() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "count", 0)
                .set("t0", "=set")
                .line("li t1, " + (1 << SIGUSR1 - 1))
                .line("sd t1, 0(t0)")
                .call(RT_SIGPROCMASK, 0, "=set", 0, 8)
                .call(KILL, 1, SIGUSR1)
                .fork("child")
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .call(RT_SIGPROCMASK, 1, "=set", "=old", 8)
                .load("=old")
                .expect(1 << SIGUSR1 - 1)
                .load("=seen")
                .expect(0)
                .call(KILL, 2, SIGUSR1)
                .load("=seen")
                .expect(1)
                .exit(0)
                .text(COUNT);
        run(guest);
    }
}
