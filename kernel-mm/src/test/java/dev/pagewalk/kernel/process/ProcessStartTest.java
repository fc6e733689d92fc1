package dev.pagewalk.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.testing.ElfFile;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first stack, read back from simulated RAM through the page tables, as a program finds it. */
@Tag("S48")
class ProcessStartTest {
    private static final String NOTHING = new Guest().source();

    private TestMachine test;
    private long position;

    private void boot(TestMachine.Options options) {
        test = options.boot(NOTHING);
        position = test.hart().x[2];
    }

    private int readByte(long address) {
        WalkResult result = new WalkResult();
        PageTableWalker walker = new PageTableWalker(
                test.machine().bus().memory(), test.machine().config().pagingMode());
        long root = test.process().space().pageTable().rootAddress();
        assertThat(walker.probe(root, address, AccessType.LOAD, result)).isNull();
        return test.machine().bus().memory().readByte(result.physicalAddress());
    }

    private long readLong(long address) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | readByte(address + i);
        }
        return value;
    }

    private long nextLong() {
        position += 8;
        return readLong(position - 8);
    }

    private String string(long address) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long at = address; readByte(at) != 0; at++) {
            bytes.write(readByte(at));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private List<String> vector() {
        List<String> found = new ArrayList<>();
        for (long pointer = nextLong(); pointer != 0; pointer = nextLong()) {
            found.add(string(pointer));
        }
        return found;
    }

    private Map<Long, Long> auxiliaryVector() {
        Map<Long, Long> found = new TreeMap<>();
        for (long key = nextLong(); key != 0; key = nextLong()) {
            found.put(key, nextLong());
        }
        assertThat(nextLong()).isZero();
        return found;
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void theStackHoldsArgumentsEnvironmentAndAuxiliaryVector(PagingMode mode) {
        boot(TestMachine.options()
                .mode(mode)
                .arguments(List.of("guest", "", "zwei Wörter"))
                .environment(List.of("HOME=/", "LANG=")));
        assertThat(position % 16).isZero();
        assertThat(nextLong()).isEqualTo(3);
        assertThat(vector()).containsExactly("guest", "", "zwei Wörter");
        assertThat(vector()).containsExactly("HOME=/", "LANG=");
        Map<Long, Long> auxiliary = auxiliaryVector();
        assertThat(auxiliary)
                .containsEntry(4L, 56L)
                .containsEntry(6L, 4096L)
                .containsEntry(7L, 0L)
                .containsEntry(8L, 0L)
                .containsEntry(9L, 0x1_0000L)
                .containsEntry(11L, 0L)
                .containsEntry(12L, 0L)
                .containsEntry(13L, 0L)
                .containsEntry(14L, 0L)
                .containsEntry(16L, 0x1105L)
                .containsEntry(17L, 100L)
                .containsEntry(23L, 0L);
        assertThat(string(auxiliary.get(31L))).isEqualTo("guest");
        long random = auxiliary.get(25L);
        assertThat(readLong(random)).isNotZero().isNotEqualTo(readLong(random + 8));
        assertThat(random + 16).isEqualTo(test.process().space().layout().stackTop());
        test.finish();
    }

    @Test
    @Tag("S1")
    void allOtherRegistersAreZeroAndThePcIsTheEntryPoint() {
        boot(TestMachine.options());
        for (int i = 0; i < 32; i++) {
            assertThat(i == 2 || test.hart().x[i] == 0).as("x%d", i).isTrue();
        }
        assertThat(test.hart().pc).isEqualTo(0x1_0000);
        assertThat(test.hart().mmu().rootAddress())
                .isEqualTo(test.process().space().pageTable().rootAddress());
        assertThat(test.hart().mmu().asid())
                .isNotZero()
                .isEqualTo(test.process().space().translations().asid());
        assertThat(test.hart().cycle).isZero();
    }

    @Test
    void aProgramWithoutArgumentsGetsAnEmptyName() {
        boot(TestMachine.options().arguments(List.of()).environment(List.of("A=1")));
        assertThat(nextLong()).isEqualTo(1);
        assertThat(vector()).containsExactly("");
        assertThat(vector()).containsExactly("A=1");
        assertThat(string(auxiliaryVector().get(31L))).isEmpty();
        boot(TestMachine.options().arguments(List.of()));
        assertThat(nextLong()).isEqualTo(1);
        assertThat(vector()).containsExactly("");
        assertThat(vector()).isEmpty();
        assertThat(string(auxiliaryVector().get(31L))).isEmpty();
    }

    @Test
    void theStackPointerIsAlignedWhateverTheArguments() {
        for (int count = 0; count < 9; count++) {
            for (int length = 0; length < 3; length++) {
                List<String> arguments = Collections.nCopies(count + 1, "x".repeat(length));
                boot(TestMachine.options().arguments(arguments));
                assertThat(position % 16).isZero();
                assertThat(nextLong()).isEqualTo(count + 1);
                assertThat(vector()).isEqualTo(arguments);
                assertThat(vector()).isEmpty();
                assertThat(auxiliaryVector()).hasSize(16);
            }
        }
    }

    @Test
    void manyAndLongArgumentsSpanPages() {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            arguments.add("argument-" + i);
        }
        arguments.add("y".repeat(100_000));
        boot(TestMachine.options().arguments(arguments).environment(arguments.subList(0, 500)));
        assertThat(nextLong()).isEqualTo(1001);
        assertThat(vector()).isEqualTo(arguments);
        assertThat(vector()).isEqualTo(arguments.subList(0, 500));
        assertThat(auxiliaryVector()).containsKey(25L);
        test.finish();
    }

    @Test
    void argumentsThatAreTooLongAreRefusedAndLeakNothing() {
        ElfImage image = TestMachine.assemble(NOTHING);
        String reason = TestMachine.options()
                .arguments(List.of("guest", "z".repeat(3 << 20)))
                .refusal(image);
        assertThat(reason).isEqualTo("arguments and environment take more than 2097152 bytes");
        assertThat(TestMachine.options()
                        .environment(Collections.nCopies(300_000, ""))
                        .refusal(image))
                .isEqualTo(reason);
        // The longest that goes: 8 bytes a pointer, a terminator each.
        int longest = (2 << 20) - 8 - 1;
        TestMachine.options()
                .arguments(List.of("a".repeat(longest)))
                .boot(image)
                .finish();
        assertThat(TestMachine.options()
                        .arguments(List.of("a".repeat(longest + 1)))
                        .refusal(image))
                .isEqualTo(reason);
    }

    @Test
    void theStackRegionBeginsAtTheStackPointersPage() {
        boot(TestMachine.options());
        var region = test.process().space().regions().find(position);
        assertThat(region.kind()).isEqualTo(RegionKind.STACK);
        assertThat(region.start()).isEqualTo(position & -4096);
        assertThat(region.end()).isEqualTo(test.process().space().layout().stackTop());
    }

    @Test
    void theProgramHeadersAreNamedWhereASegmentHoldsThem() {
        ElfImage image = new ElfFile()
                .headersInFirstSegment(0x4_0000)
                .code(0x5_0000, ElfFile.EXIT_0)
                .image(0x5_0000);
        test = TestMachine.options().boot(image);
        position = test.hart().x[2];
        nextLong();
        vector();
        vector();
        Map<Long, Long> auxiliary = auxiliaryVector();
        assertThat(auxiliary)
                .containsEntry(3L, 0x4_0000L + 64)
                .containsEntry(4L, 56L)
                .containsEntry(5L, 2L)
                .containsEntry(9L, 0x5_0000L);
        assertThat(test.kernel().peek(test.process(), auxiliary.get(3L), 1))
                .as("PT_LOAD")
                .containsExactly(1);
        test.finish();
    }

    @Test
    void everyRunGetsTheSameBytes() {
        boot(TestMachine.options());
        byte[] first = new byte[4096];
        long page = position & -4096;
        for (int i = 0; i < 4096; i++) {
            first[i] = (byte) readByte(page + i);
        }
        boot(TestMachine.options());
        for (int i = 0; i < 4096; i++) {
            assertThat((byte) readByte(page + i)).isEqualTo(first[i]);
        }
    }
}
