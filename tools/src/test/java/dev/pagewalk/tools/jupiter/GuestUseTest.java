package dev.pagewalk.tools.jupiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pagewalk.kernel.space.RegionKind;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** What a test method can do with its guest. Each method has one of its own, so the tests are what they test. */
class GuestUseTest {
    private static final String COUNTS = """
                    .globl _start
            _start: la   s0, count
            again:  ld   t0, (s0)
                    addi t0, t0, 1
                    sd   t0, (s0)
                    li   a0, 1
                    la   a1, tick
                    li   a2, 5
                    li   a7, 64
                    ecall
                    ld   t1, limit
                    blt  t0, t1, again
                    li   a0, 0
                    li   a7, 93
                    ecall
                    .section .rodata
            tick:   .ascii "tick\\n"
            name:   .asciz "counts \\303\\274"
                    .data
                    .balign 8
            count:  .dword 0
            limit:  .dword 5
            """;

    private Guest ofSetUp;

    @BeforeEach
    void remember(Guest guest) {
        ofSetUp = guest;
    }

    @GuestTest(image = "hello")
    void aGuestRunsToItsEndAndCostsWhatItCostsElsewhere(Guest guest) {
        assertThat(guest).isSameAs(ofSetUp);
        assertThat(guest.hasEnded()).isFalse();
        assertThat(guest.cycles()).isZero();
        assertThatIllegalStateException().isThrownBy(guest::exitStatus).withMessageContaining("has not ended");

        assertThat(guest.run()).isZero();

        assertThat(guest.hasEnded()).isTrue();
        assertThat(guest.exitStatus()).isZero();
        assertThat(guest.run()).as("once more").isZero();
        assertThat(guest.console()).isEqualTo("hello, world\n");
        // The golden counters of the catalog.
        assertThat(guest.counters().cycles()).isEqualTo(19_988).isEqualTo(guest.cycles());
        assertThat(guest.counters().instructions()).isEqualTo(7);
    }

    @GuestTest(image = "fork-cow")
    void stoppingAndLookingChangesNothing(Guest guest) {
        while (!guest.hasEnded()) {
            guest.runFor(1_000);
            guest.processes();
            guest.counters();
        }

        assertThat(guest.run()).isZero();
        assertThat(guest.counters().cycles()).isEqualTo(170_289);
        assertThat(guest.counters().instructions()).isEqualTo(1_906);
    }

    @GuestTest(image = "echo")
    void whatIsTypedIsReadWhenTheGuestWantsIt(Guest guest) {
        guest.runUntilInputWanted();
        assertThat(guest.wantsInput()).isTrue();
        assertThat(guest.console()).isEmpty();

        guest.type("first line\n").runUntilConsole("first line\n");
        guest.type("second line\n").runUntilInputWanted();
        assertThat(guest.console()).isEqualTo("first line\nsecond line\n");

        guest.type("no newline at the end");
        assertThat(guest.run()).isZero();
        assertThat(guest.console()).endsWith("second line\nno newline at the end");
        assertThat(guest.counters().systemCall("read")).isEqualTo(4);
        // As if all had been there from the start.
        assertThat(guest.counters().instructions()).isEqualTo(65);
        assertThatIllegalStateException().isThrownBy(() -> guest.type("more"));
    }

    @GuestTest(image = "echo", stdin = "first line\nsecond line\nno newline at the end")
    void inputMayBeThereFromTheStart(Guest guest) {
        guest.endInput();

        assertThat(guest.run()).isZero();
        assertThat(guest.counters().cycles()).isEqualTo(36_255);
    }

    @GuestTest(source = COUNTS)
    void textsAreWaitedForOneBehindTheOther(Guest guest) {
        guest.runUntilConsole("tick").runUntilConsole("tick").runUntilConsole("\n");

        assertThat(guest.console()).isEqualTo("tick\ntick\n");
        assertThat(guest.memory().readLong(guest.symbol("count"))).isEqualTo(2);
        guest.runUntilConsole("tick\ntick\n");
        assertThat(guest.console()).isEqualTo("tick\ntick\ntick\ntick\n");
    }

    @GuestTest(source = COUNTS)
    void aTextThatIsThereAlreadyIsNotWaitedFor(Guest guest) {
        guest.run();
        long cycles = guest.cycles();

        for (int i = 0; i < 5; i++) {
            guest.runUntilConsole("tick");
        }

        assertThat(guest.cycles()).isEqualTo(cycles);
    }

    @GuestTest(source = COUNTS)
    void memoryIsReadAndWrittenByAddressesOfSymbols(Guest guest) {
        GuestMemory memory = guest.memory();
        long count = guest.symbol("count");
        assertThat(memory.readString(guest.symbol("name"))).isEqualTo("counts ü");
        memory.writeLong(guest.symbol("limit"), 2);
        guest.runUntilConsole("tick");
        assertThat(memory.readLong(count)).isEqualTo(1);
        memory.writeLong(count, 0x0807_0605_8483_8281L);

        assertThat(memory.readByte(count)).isEqualTo(0x81);
        assertThat(memory.readShort(count)).isEqualTo(0x8281);
        assertThat(memory.readInt(count)).isEqualTo(0x8483_8281);
        assertThat(memory.readBytes(count + 4, 4)).containsExactly(5, 6, 7, 8);
        memory.writeByte(count, 1);
        memory.writeShort(count + 1, 0x0302);
        memory.writeInt(count + 3, 0x0706_0504);
        assertThat(memory.readBytes(count, 8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        memory.writeString(guest.symbol("tick"), "tack");
        memory.writeLong(count, 0);

        assertThat(guest.run()).isZero();
        assertThat(guest.console()).isEqualTo("tick\ntack\0tack\0");
    }

    @GuestTest(source = COUNTS)
    void memoryThatIsNotThereCannotBeUsed(Guest guest) {
        GuestMemory memory = guest.memory();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory.readLong(8))
                .withMessage("process 1 has nothing mapped at 0x8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory.writeByte(8, 1))
                .withMessage("process 1 has nothing mapped at 0x8");
        assertThatIllegalArgumentException().isThrownBy(() -> memory.readString(8));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.readBytes(8, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guest.memory(2))
                .withMessage("there is no process 2; there are 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guest.symbol("nosuch"))
                .withMessageContaining("has no symbol 'nosuch'");
        guest.run();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory.readByte(guest.symbol("count")))
                .withMessage("process 1 has ended; it has no memory");
    }

    @GuestTest(image = "fork-cow", harts = 1)
    void processesHaveAFamilyRegionsAndMemoryOfTheirOwn(Guest guest) {
        guest.runUntilConsole("child wrote:");

        assertThat(guest.processes()).extracting(GuestProcess::pid).containsExactly(1, 2);
        GuestProcess child = guest.process(2);
        assertThat(child.parentPid()).isEqualTo(1);
        assertThat(child.hasEnded()).isFalse();
        assertThat(child.program()).isEqualTo("/bin/fork-cow");
        assertThat(child.regions())
                .extracting(GuestRegion::kind)
                .contains(RegionKind.CODE, RegionKind.STACK, RegionKind.ANONYMOUS);
        GuestRegion code = child.regionAt(guest.symbol("_start")).orElseThrow();
        assertThat(code.permissions()).isEqualTo("r-xp");
        assertThat(code.source()).startsWith("/bin/fork-cow+0x");
        GuestRegion pages = child.regions().stream()
                .filter(region -> region.kind() == RegionKind.ANONYMOUS)
                .findFirst()
                .orElseThrow();
        assertThat(pages.lengthBytes()).isEqualTo(8 * 4096);
        assertThat(pages.residentPages()).isEqualTo(8);
        assertThat(pages.sharedPages()).as("the child has written to three").isEqualTo(5);
        assertThat(guest.memory(1).readByte(pages.start())).isZero();
        assertThat(guest.memory(2).readByte(pages.start())).isEqualTo(100);
        assertThat(guest.counters().faults().copyOnWrite()).isEqualTo(4);
        assertThat(child.regionAt(0)).isEmpty();

        guest.run();
        assertThat(guest.process(2).exitStatus()).hasValue(7);
        assertThat(guest.process(2).regions()).isEmpty();
    }

    @GuestTest(
            image = "fork-storm",
            harts = 2,
            ram = "64M",
            paging = "sv39",
            profile = "p550",
            shootdown = "broadcast",
            fork = "eager",
            options = {"--asid-bits=4", "--sanitize"})
    void theMachineIsTheOneThatIsAskedFor(Guest guest) {
        guest.run();

        GuestCounters counters = guest.counters();
        assertThat(counters.harts()).extracting(GuestCounters.Hart::id).containsExactly(0, 1);
        assertThat(counters.frames().total()).isEqualTo((64 << 20) / 4096);
        assertThat(counters.frames().free()).isEqualTo(counters.frames().freeAtBoot());
        assertThat(counters.shootdowns().policy()).isEqualTo("broadcast");
        assertThat(counters.faults().copyOnWrite()).as("fork is eager").isZero();
        assertThat(counters.systemCalls()).containsEntry("clone", counters.systemCall("clone"));
        assertThat(counters.systemCall("clone")).isPositive();
        assertThat(counters.systemCall("nosuch")).isZero();
        assertThat(counters.tlb().walks())
                .isEqualTo(counters.harts().stream()
                        .mapToLong(hart -> hart.tlb().walks())
                        .sum())
                .isGreaterThanOrEqualTo(counters.tlb().secondLevel().misses());
    }

    @GuestTest(
            image = "args",
            args = {"one", "two words"},
            env = "KEY=value")
    void argumentsAndEnvironmentAreTheGuests(Guest guest) {
        guest.run();

        assertThat(guest.console()).contains("argc=3\n", "argv 0=args\n", "argv 2=two words\n", "env ", "KEY=value\n");
    }

    @GuestTest(image = "answer.s")
    void anImageMayBeAResourceBesideTheTest(Guest guest) {
        assertThat(guest.run()).isEqualTo(42);
    }

    @GuestTest(image = "src/test/resources/dev/pagewalk/tools/jupiter/answer.s")
    void anImageMayBeAFile(Guest guest) {
        guest.memory().writeInt(guest.symbol("answer"), 7);

        assertThat(guest.run()).isEqualTo(7);
    }

    @GuestTest(image = "hello", harts = 1)
    @Retention(RetentionPolicy.RUNTIME)
    @interface OnOneHart {}

    @OnOneHart
    void annotationsCanBeComposed(Guest guest) {
        guest.run();

        assertThat(guest.counters().harts()).hasSize(1);
        assertThat(List.of(guest.console())).containsExactly("hello, world\n");
    }
}
