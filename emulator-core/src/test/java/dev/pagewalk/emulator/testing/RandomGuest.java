package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.CompressedInstruction;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random programs under a random kernel, reproducible from a seed: all harts run the same loop over shared data, with
 * loads, stores and atomics of every size in 4 KiB and 2 MiB pages, now and then into a page of code, and call the kernel,
 * which answers with all kinds of steps, interrupts and wake-ups. The kernel's decisions depend on saved state alone.
 */
public final class RandomGuest {
    private static final long SMALL = 0x1000_0000L;
    private static final int SMALL_PAGES = 32;
    private static final long LARGE = 0x4000_0000L;
    private static final long CODE = 0x1_0000L;
    private static final int CODE_PAGES = 5;
    private static final int BLOCKS = 14;

    private static final int SYSTEM_CALL_EXIT = 93;

    private static final List<String> PLAIN =
            List.of("lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "ld", "sb", "sh", "sw", "sd", "sd");
    private static final List<String> ATOMIC = List.of(
            "amoadd.w", "amoadd.d", "amoswap.w", "amoxor.d", "amomaxu.w", "amomin.d", "lr.w", "lr.d", "sc.w", "sc.d");
    private static final List<String> COMPUTE =
            List.of("add", "sub", "xor", "mul", "mulhu", "sltu", "srl", "sraw", "divu", "remw", "or", "addw");

    private static final List<CompressedInstruction> SHORT =
            List.of(CompressedTable.find("c.add"), CompressedTable.find("c.mv"));

    private RandomGuest() {}

    /** A machine ready to run; the same for equal arguments. */
    public static GuestMachine create(TimingProfile profile, int harts, long seed, int rounds) {
        return create(new MachineConfig(harts, GuestMachine.RAM_BYTES, PagingMode.SV48, profile), seed, rounds);
    }

    public static GuestMachine create(MachineConfig config, long seed, int rounds) {
        int harts = config.harts();
        Random random = new Random(seed);
        GuestMachine guest = new GuestMachine(config);
        installKernel(guest, seed);
        // Neither A nor D: both are set by the first accesses, by hardware or by the kernel.
        for (int page = 0; page <= SMALL_PAGES; page++) {
            // Every fourth page is an alias of the one before.
            long frame = page % 4 == 3 ? guest.physical(SMALL + 4096L * (page - 1)) : guest.newFrame();
            guest.mapTo(SMALL + 4096L * page, frame, Pte.R | Pte.W | Pte.U);
        }
        for (int page = 0; page < 2; page++) {
            long frame = PhysicalMemory.RAM_BASE + (4L + 2 * page << 20);
            guest.put(LARGE + ((long) page << 21), 1, Pte.leaf(frame, Pte.R | Pte.W | Pte.U));
        }
        guest.map(CODE, CODE_PAGES, Pte.R | Pte.W | Pte.X | Pte.U);
        writeProgram(guest, random);
        for (Hart hart : guest.machine.harts()) {
            for (int register = 5; register <= 15; register++) {
                hart.x[register] = random.nextLong();
            }
            hart.x[31] = rounds;
            hart.cycle = random.nextInt(100);
            guest.start(hart.id(), blockAddress(0));
        }
        if (harts > 1) {
            guest.machine.raise(harts - 1, InterruptLine.TIMER, 3000);
        }
        return guest;
    }

    /** Blocks lie in the lower halves of the code pages; what is stored into code goes into the upper halves. */
    private static long blockAddress(int block) {
        return CODE + 4096L * (block % CODE_PAGES) + 0x200L * (block / CODE_PAGES);
    }

    private static void writeProgram(GuestMachine guest, Random random) {
        for (int block = 0; block < BLOCKS; block++) {
            Code code = new Code();
            for (int n = 0; n < 10; n++) {
                randomInstruction(code, random);
            }
            if (random.nextInt(3) == 0) {
                code.i("addi", 17, 0, 1).ecall();
            }
            if (block == BLOCKS - 1) {
                code.i("addi", 31, 31, -1)
                        .branch("bne", 31, 0, "again")
                        .i("addi", 17, 0, SYSTEM_CALL_EXIT)
                        .ecall()
                        .label("again");
            }
            long here = blockAddress(block) + 4L * code.length();
            code.raw(Code.word("jal", 0, 0, 0, (int) (blockAddress((block + 1) % BLOCKS) - here)));
            if (code.length() > 0x200 / 4) {
                throw new AssertionError("block too long: " + code.length());
            }
            guest.code(blockAddress(block), code);
        }
    }

    private static void randomInstruction(Code code, Random random) {
        int rd = 5 + random.nextInt(11);
        int one = 5 + random.nextInt(11);
        int other = 5 + random.nextInt(11);
        switch (random.nextInt(9)) {
            case 8 -> compressed(code, random, rd, one, other);
            case 0, 1 -> code.r(COMPUTE.get(random.nextInt(COMPUTE.size())), rd, one, other);
            case 2 ->
                code.branch(random.nextBoolean() ? "blt" : "bgeu", one, other, "skip" + code.length())
                        .r("xor", rd, one, other)
                        .label("skip" + (code.length() - 2));
            case 3 -> {
                address(code, random, one, true);
                String mnemonic = ATOMIC.get(random.nextInt(ATOMIC.size()));
                code.r(mnemonic, rd, 28, mnemonic.startsWith("lr") ? 0 : other);
                if (mnemonic.startsWith("lr") && random.nextBoolean()) {
                    code.r("sc" + mnemonic.substring(2), rd, 28, other);
                }
            }
            default -> {
                address(code, random, one, random.nextInt(8) != 0);
                String mnemonic = PLAIN.get(random.nextInt(PLAIN.size()));
                if (mnemonic.startsWith("s")) {
                    code.store(mnemonic, other, 28, 0);
                } else {
                    code.i(mnemonic, rd, 28, 0);
                }
                if (random.nextInt(3) == 0) {
                    code.i("csrrs", rd, 0, 0xC00 + random.nextInt(3));
                }
            }
        }
    }

    /** An instruction of four bytes between two of two: nothing stands at a multiple of 4 but the first. */
    private static void compressed(Code code, Random random, int rd, int one, int other) {
        int first = SHORT.get(random.nextInt(SHORT.size())).encode(Map.of("rd", rd, "rs2", one));
        int middle = Code.word(COMPUTE.get(random.nextInt(COMPUTE.size())), rd, one, other, 0);
        int last = SHORT.get(random.nextInt(SHORT.size())).encode(Map.of("rd", one, "rs2", rd));
        code.raw(first | middle << 16).raw(middle >>> 16 | last << 16);
    }

    /** An address in x28 that depends on a register; a doubleword there, aligned or not, lies in its region. */
    private static void address(Code code, Random random, int register, boolean aligned) {
        switch (random.nextInt(5)) {
            case 0 -> code.li(28, 0x3F_EFF8).r("and", 28, 28, register).li(29, LARGE);
            case 1 -> code.i("andi", 28, register, 0x7F0).li(29, CODE + 0x800 + 4096L * random.nextInt(CODE_PAGES));
            case 2 -> code.i("andi", 28, register, 0xF8).li(29, SMALL);
            default ->
                code.li(28, SMALL_PAGES * 4096 - 1 & -8)
                        .r("and", 28, 28, register)
                        .li(29, SMALL);
        }
        code.r("add", 28, 28, 29);
        if (!aligned) {
            code.i("andi", 29, register, 7).r("or", 28, 28, 29);
        }
    }

    private static void installKernel(GuestMachine guest, long seed) {
        ScriptedKernel kernel = guest.kernel;
        List<Hart> harts = guest.machine.harts();
        kernel.onTrap = (hart, cause, value) -> {
            Random random = new Random(seed * 1_000_003 + kernel.callCount);
            hart.charge(50 + random.nextInt(300));
            if (cause.isInterrupt()) {
                return KernelStep.RESUME;
            }
            if (cause != TrapCause.SYSTEM_CALL) {
                return repair(guest, hart, cause, value);
            }
            hart.pc += 4;
            if (hart.x[17] == SYSTEM_CALL_EXIT) {
                kernel.notes[hart.id()] = 2;
                return KernelStep.IDLE;
            }
            return randomStep(guest, hart, random, harts);
        };
        kernel.onContinue = hart -> {
            Random random = new Random(seed * 1_000_003 + kernel.callCount);
            hart.charge(random.nextInt(200));
            return randomStep(guest, hart, random, harts);
        };
        kernel.onBegin = (hart, line, nowCycle) -> hart.charge(new Random(seed + kernel.callCount).nextInt(4) * 200L);
        kernel.onEnd = (hart, line, nowCycle) -> {
            if (kernel.callCount % 3 == 0) {
                hart.mmu().flush(TlbFlush.ofAsid(1));
            }
            if (kernel.notes[hart.id()] == 1) {
                kernel.notes[hart.id()] = 0;
                guest.machine.hartControl().wake(hart.id(), nowCycle + kernel.callCount % 2 * 700);
            }
        };
    }

    private static KernelStep randomStep(GuestMachine guest, Hart hart, Random random, List<Hart> harts) {
        long arrival = hart.cycle + guest.machine.interleaving().interruptLatencyCycles() + random.nextInt(100);
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                return KernelStep.CONTINUE;
            }
            case 8 -> {
                return KernelStep.RESUME_ONCE;
            }
            case 2 -> guest.machine.raise(random.nextInt(harts.size()), InterruptLine.SOFTWARE, arrival);
            case 3 -> guest.machine.raise(random.nextInt(harts.size()), InterruptLine.TIMER, hart.cycle + 1);
            case 4, 5 -> {
                // Its own interrupt wakes it, if nobody else's does.
                guest.machine.raise(hart.id(), InterruptLine.SOFTWARE, arrival + random.nextInt(1000));
                guest.kernel.notes[hart.id()] = 1;
                return random.nextBoolean() ? KernelStep.WAIT : KernelStep.IDLE;
            }
            default -> {
                // Nothing special.
            }
        }
        return KernelStep.RESUME;
    }

    /** Sets A, or A and D, as a kernel does where the hardware faults for them. */
    private static KernelStep repair(GuestMachine guest, Hart hart, TrapCause cause, long va) {
        if (cause != TrapCause.LOAD_PAGE_FAULT
                && cause != TrapCause.STORE_PAGE_FAULT
                && cause != TrapCause.INSTRUCTION_PAGE_FAULT) {
            throw new AssertionError(cause + " at " + Long.toHexString(hart.pc) + ", " + Long.toHexString(va));
        }
        int level = va >= LARGE ? 1 : 0;
        long address = guest.pteAddress(va, level);
        long pte = guest.memory.readLong(address);
        if (pte == 0) {
            throw new AssertionError(cause + " at " + Long.toHexString(hart.pc) + ", " + Long.toHexString(va));
        }
        guest.memory.writeLong(address, pte | Pte.A | (cause == TrapCause.STORE_PAGE_FAULT ? Pte.D : 0));
        hart.mmu().flush(TlbFlush.address(va));
        return KernelStep.RESUME;
    }
}
