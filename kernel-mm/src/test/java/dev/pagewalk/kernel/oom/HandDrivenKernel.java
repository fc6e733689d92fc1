package dev.pagewalk.kernel.oom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import java.nio.charset.StandardCharsets;

/**
 * A booted kernel whose guest never executes: the test says which traps it takes, one at a time, so that exactly one
 * operation happens between two looks at the kernel's state.
 */
final class HandDrivenKernel {
    /** What {@link #call} returns where the caller does not go on with a result: it has ended, or waits. */
    static final long NO_RESULT = Long.MIN_VALUE;

    /** A program with code, a page of data that begins within a page, and .bss. */
    private static final ElfImage IMAGE = TestMachine.assemble("""
            .globl _start
            _start: ecall
            .data
            .zero 20480
            .byte 1
            .bss
            .zero 20480
            """);

    private static final long LONGER_THAN_A_SLICE_CYCLES = 100_000_000;
    private static final int SP = 2;
    private static final int A0 = 10;
    private static final int A7 = 17;

    private final TestMachine test;
    private final Hart hart;

    HandDrivenKernel(TestMachine.Options options) {
        test = options.boot(IMAGE);
        hart = test.hart();
    }

    Kernel kernel() {
        return test.kernel();
    }

    FrameAllocator frames() {
        return kernel().frames();
    }

    PhysicalMemory ram() {
        return test.machine().bus().memory();
    }

    String console() {
        return test.console();
    }

    void failBy(FailurePlan plan) {
        frames().setFailurePlan(plan);
    }

    /** The process that has the hart; null where none has. */
    Process process() {
        return kernel().processes().stream()
                .filter(process -> process.leader().state() == TaskState.RUNNING)
                .findFirst()
                .orElse(null);
    }

    AddressSpace space() {
        return process().space();
    }

    /** A system call of the process that has the hart, to its end. */
    long call(long number, long... arguments) {
        Process caller = process();
        hart.x[A7] = number;
        for (int i = 0; i < arguments.length; i++) {
            hart.x[A0 + i] = arguments[i];
        }
        settle(kernel().trap(0, TrapCause.SYSTEM_CALL, 0));
        return process() == caller ? hart.x[A0] : NO_RESULT;
    }

    /** A call that has to succeed. */
    long must(long number, long... arguments) {
        long result = call(number, arguments);
        assertThat(result).as("call %d", number).isNotNegative();
        return result;
    }

    /** An access that the MMU refuses. Returns 0, or {@link #NO_RESULT} where it ended the process. */
    long fault(AccessType access, long address) {
        Process accused = process();
        TrapCause cause = switch (access) {
            case FETCH -> TrapCause.INSTRUCTION_PAGE_FAULT;
            case LOAD -> TrapCause.LOAD_PAGE_FAULT;
            case STORE -> TrapCause.STORE_PAGE_FAULT;
        };
        settle(kernel().trap(0, cause, address));
        return process() == accused ? 0 : NO_RESULT;
    }

    private void settle(KernelStep first) {
        KernelStep step = first;
        while (step == KernelStep.CONTINUE) {
            step = kernel().continueWork(0);
        }
    }

    /** The next task gets the hart. */
    void yieldTurn() {
        hart.cycle += LONGER_THAN_A_SLICE_CYCLES;
        settle(kernel().trap(0, TrapCause.TIMER_INTERRUPT, 0));
    }

    /** Lets the guest store a doubleword, which lies in one page. */
    void store(long address, long value) {
        ram().writeLong(accessible(address, AccessType.STORE), value);
    }

    /** Lets the guest load a doubleword. */
    long load(long address) {
        return ram().readLong(accessible(address, AccessType.LOAD));
    }

    /** Lets the guest store a string and a zero, in one page. */
    void storeText(long address, String text) {
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.ISO_8859_1);
        ram().write(accessible(address, AccessType.STORE), bytes, 0, bytes.length);
    }

    /** Lets the guest store a doubleword to each page of a range; the value is told apart from others by its address. */
    void touch(long start, long lengthBytes) {
        for (long page = start; page < start + lengthBytes; page += 4096) {
            store(page + 8, page ^ 0x5A5A);
        }
    }

    /** Lets the guest load from each page of a range. */
    void look(long start, long lengthBytes) {
        for (long page = start; page < start + lengthBytes; page += 4096) {
            load(page);
        }
    }

    private long accessible(long address, AccessType access) {
        if (!KernelPte.permits(space().pageTable().peek(address), access)) {
            assertThat(fault(access, address))
                    .as("fault at 0x%x; console: %s", address, console())
                    .isZero();
        }
        PageEntry entry = space().pageTable().look(address);
        assertThat(KernelPte.permits(entry.pte(), access)).isTrue();
        return entry.physicalAddress(address);
    }

    long stackPointer() {
        return hart.x[SP];
    }

    void setStackPointer(long address) {
        hart.x[SP] = address;
    }

    /** All processes exit; then every frame must be back. */
    void finish() {
        for (int exits = 0; process() != null; exits++) {
            assertThat(exits).as("processes that ended").isLessThan(100);
            call(Guest.EXIT_GROUP, 0);
        }
        test.finish();
    }
}
