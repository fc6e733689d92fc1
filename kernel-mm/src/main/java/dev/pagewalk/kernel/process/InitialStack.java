package dev.pagewalk.kernel.process;

import com.google.common.primitives.Longs;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.mmu.table.PagingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The first stack as Linux lays it out: argc, argv, envp and the auxiliary vector at the stack pointer, their strings
 * above. Source: Linux, fs/binfmt_elf.c, {@code create_elf_tables}; System V ABI, "Process Initialization".
 */
final class InitialStack {
    private static final long AT_NULL = 0;
    private static final long AT_PHDR = 3;
    private static final long AT_PHENT = 4;
    private static final long AT_PHNUM = 5;
    private static final long AT_PAGESZ = 6;
    private static final long AT_BASE = 7;
    private static final long AT_FLAGS = 8;
    private static final long AT_ENTRY = 9;
    private static final long AT_UID = 11;
    private static final long AT_EUID = 12;
    private static final long AT_GID = 13;
    private static final long AT_EGID = 14;
    private static final long AT_HWCAP = 16;
    private static final long AT_CLKTCK = 17;
    private static final long AT_SECURE = 23;
    private static final long AT_RANDOM = 25;
    private static final long AT_EXECFN = 31;

    /** One bit per single-letter extension. */
    private static final long HWCAP_IMAC =
            "IMAC".chars().mapToLong(letter -> 1L << letter - 'A').sum();

    private static final long CLOCK_TICKS_PER_SECOND = 100;

    /** AT_RANDOM's 16 bytes are always these: runs repeat. */
    private static final long[] RANDOM = {0x7061_6765_7761_6c6bL, 0x243F_6A88_85A3_08D3L};

    /** Linux lets arguments take a quarter of the stack's limit. */
    private static final int SHARE_OF_STACK = 4;

    private final UserMemory userMemory;

    InitialStack(UserMemory userMemory) {
        this.userMemory = userMemory;
    }

    /**
     * Makes the stack region and fills it.
     *
     * @return the stack pointer, a multiple of 16
     * @throws ProgramException where arguments and environment are too long
     * @throws KernelException OUT_OF_MEMORY
     */
    long build(ElfImage image, ProgramArguments program, AddressSpace space) throws ProgramException, KernelException {
        long top = space.layout().stackTop();
        List<byte[]> strings = new ArrayList<>();
        // Linux gives a program that is started without arguments an empty name: fs/exec.c, do_execveat_common.
        List<byte[]> arguments = program.arguments().isEmpty() ? List.of(new byte[0]) : program.arguments();
        arguments.forEach(argument -> strings.add(terminated(argument)));
        program.environment().forEach(variable -> strings.add(terminated(variable)));
        long stringBytes = strings.stream().mapToLong(bytes -> bytes.length).sum();
        long limitBytes = space.layout().stackLimitBytes() / SHARE_OF_STACK;
        if (stringBytes + strings.size() * 8L > limitBytes) {
            throw new ProgramException("arguments and environment take more than " + limitBytes + " bytes");
        }

        // Strings from the top down: the random bytes, then environment and arguments in order.
        long randomAddress = top - 16;
        long stringsAddress = randomAddress - stringBytes;
        List<Long> words = new ArrayList<>();
        words.add((long) arguments.size());
        long address = stringsAddress;
        for (int i = 0; i < strings.size(); i++) {
            if (i == arguments.size()) {
                words.add(0L);
            }
            words.add(address);
            address += strings.get(i).length;
        }
        words.addAll(Collections.nCopies(program.environment().isEmpty() ? 2 : 1, 0L));
        addAuxiliaryVector(words, image, randomAddress, stringsAddress);

        long stackPointer = stringsAddress - words.size() * 8L & -16;
        ByteBuffer content = ByteBuffer.allocate((int) (top - stackPointer)).order(ByteOrder.LITTLE_ENDIAN);
        words.forEach(content::putLong);
        content.position((int) (stringsAddress - stackPointer));
        strings.forEach(content::put);
        content.put(Longs.toByteArray(RANDOM[0])).put(Longs.toByteArray(RANDOM[1]));

        long regionStart = stackPointer & PagingMode.PAGE_MASK;
        RegionKind kind = RegionKind.STACK;
        space.regions().insert(new Region(regionStart, top, kind, kind.defaultProtection()));
        userMemory.initialize(space, stackPointer, content.rewind());
        return stackPointer;
    }

    private static void addAuxiliaryVector(List<Long> words, ElfImage image, long randomAddress, long nameAddress) {
        long[][] entries = {
            {AT_PHDR, image.programHeaderAddress()},
            {AT_PHENT, image.programHeaderEntrySizeBytes()},
            {AT_PHNUM, image.programHeaderCount()},
            {AT_PAGESZ, PagingMode.PAGE_BYTES},
            {AT_BASE, 0},
            {AT_FLAGS, 0},
            {AT_ENTRY, image.entryPoint()},
            {AT_UID, 0},
            {AT_EUID, 0},
            {AT_GID, 0},
            {AT_EGID, 0},
            {AT_HWCAP, HWCAP_IMAC},
            {AT_CLKTCK, CLOCK_TICKS_PER_SECOND},
            {AT_SECURE, 0},
            {AT_RANDOM, randomAddress},
            {AT_EXECFN, nameAddress},
            {AT_NULL, 0}
        };
        for (long[] entry : entries) {
            words.add(entry[0]);
            words.add(entry[1]);
        }
    }

    private static byte[] terminated(byte[] string) {
        return Arrays.copyOf(string, string.length + 1);
    }
}
