package dev.pagewalk.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.device.ConsoleDriver;
import dev.pagewalk.kernel.device.DeviceBus;
import dev.pagewalk.kernel.device.Terminal;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.file.OpenFlags;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.mmu.table.PagingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A file system over some RAM, with a console, and short forms of what tests do with it. */
public final class TestFiles {
    public static final int PAGE = 4096;
    public static final int NEW = OpenFlags.READ_WRITE | OpenFlags.CREATE;

    public final TestMemory memory;
    private final TestUart uart;
    public final FileSystem system;
    private final int freeAtBoot;

    public TestFiles(long ramBytes) {
        this(ramBytes, "");
    }

    /** @param input what the console gives */
    public TestFiles(long ramBytes, String input) {
        memory = new TestMemory(ramBytes, PagingMode.SV48);
        freeAtBoot = memory.frames.freeFrames();
        uart = new TestUart(input);
        memory.bus.attach(uart);
        system = another();
        memory.frames.setReclaimer(system);
    }

    /** A second file system over the same memory, to restore a snapshot into. */
    public FileSystem another() {
        FileSystem files = new FileSystem(memory.frames, memory.bus, memory.meter);
        files.attachConsole(new Terminal(new ConsoleDriver(new DeviceBus(memory.bus, memory.meter, 1))));
        return files;
    }

    /** What was sent to the console. */
    public String console() {
        return uart.output();
    }

    /** How many frames are given out that were not at boot. */
    public int framesInUse() {
        return freeAtBoot - memory.frames.freeFrames();
    }

    public OpenFile open(String path, int flags) throws KernelException {
        return system.open(PathBase.ROOT, path, flags, 0644);
    }

    public OpenFile create(String path) throws KernelException {
        return open(path, NEW);
    }

    public static int write(OpenFile file, String text) throws KernelException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return file.write(bytes, bytes.length);
    }

    public static int writeAt(OpenFile file, long offset, String text) throws KernelException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return file.writeAt(offset, bytes, bytes.length);
    }

    /** Up to so many bytes as text; null where the read would have to wait. */
    public static String read(OpenFile file, int length) throws KernelException {
        byte[] bytes = new byte[length];
        int count = file.read(bytes, length);
        return count == OpenFile.WOULD_WAIT ? null : text(bytes, count);
    }

    public static String readAt(OpenFile file, long offset, int length) throws KernelException {
        byte[] bytes = new byte[length];
        return text(bytes, file.readAt(offset, bytes, length));
    }

    /** The bytes of a frame. */
    public byte[] frame(long address) {
        byte[] bytes = new byte[PAGE];
        memory.ram.read(address, bytes, 0, PAGE);
        return bytes;
    }

    /** Drops all files' pages; every frame must be back then. */
    public void end() {
        end(system);
    }

    /** As {@link #end()}, where another file system has taken the first one's place. */
    public void end(FileSystem last) {
        int steps = 0;
        while (!last.dropStep()) {
            steps++;
        }
        assertThat(steps).as("steps, each of 512 pages").isLessThan(100);
        assertThat(framesInUse()).as("frames in use at the end").isZero();
    }

    /** What the file system saves. */
    public byte[] saved() {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        system.save(out);
        return out.toByteArray();
    }

    private static String text(byte[] bytes, int count) {
        return new String(Arrays.copyOf(bytes, count), StandardCharsets.ISO_8859_1);
    }
}
