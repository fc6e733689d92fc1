package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The guest's files, to be read only: {@code vFile:setfs open pread fstat close} and others.
 *
 * <p>Errors are those of the protocol's "File-I/O", whose numbers are Linux's. A file that is open keeps its content.
 */
final class FilePackets {
    private static final int ENOENT = 2;
    private static final int EBADF = 9;
    private static final int EINVAL = 22;
    private static final int EMFILE = 24;
    private static final int EROFS = 30;

    private static final int MAXIMUM_OPEN_FILES = 16;

    /** The result of a read is at most this and its number's digits. */
    private static final int LONGEST_RESULT = "F12345678;".length();

    /** O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC as the protocol numbers them. */
    private static final int WRITING_FLAGS = 0x1 | 0x2 | 0x8 | 0x200 | 0x400;

    private static final int STAT_BYTES = 64;
    private static final int REGULAR_FILE_READABLE_BY_ALL = 0100555;
    private static final int BLOCK_BYTES = 512;

    private final DebugTarget target;
    private final Client client;
    private final Map<Integer, byte[]> openFiles = new TreeMap<>();

    /** The process whose files are meant; 0 for the selected one. */
    private int filesystemPid;

    FilePackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("vFile", this::operate);
    }

    private Reply operate(PacketReader packet) {
        packet.expect(':');
        String operation = packet.textUntil(':');
        return switch (operation) {
            case "setfs" -> selectFilesystem(packet);
            case "open" -> open(packet);
            case "pread" -> read(packet);
            case "fstat" -> describeOpen(packet);
            case "stat", "lstat" -> describe(packet);
            case "close" -> close(packet);
            case "readlink" -> readLink(packet);
            case "pwrite", "unlink" -> failure(EROFS);
            default -> Reply.UNSUPPORTED;
        };
    }

    private Reply selectFilesystem(PacketReader packet) {
        int pid = packet.hexInt();
        packet.expectEnd();
        if (pid != 0 && !target.processes().contains(pid)) {
            return failure(ENOENT);
        }
        filesystemPid = pid;
        return result(0);
    }

    private Reply open(PacketReader packet) {
        String path = packet.hexText();
        packet.expect(',');
        int flags = packet.hexInt();
        packet.expect(',');
        packet.hexInt();
        packet.expectEnd();
        if ((flags & WRITING_FLAGS) != 0) {
            return failure(EROFS);
        }
        if (openFiles.size() == MAXIMUM_OPEN_FILES) {
            return failure(EMFILE);
        }
        Optional<byte[]> content = content(path);
        if (content.isEmpty()) {
            return failure(ENOENT);
        }
        int descriptor = 1;
        while (openFiles.containsKey(descriptor)) {
            descriptor++;
        }
        openFiles.put(descriptor, content.get());
        return result(descriptor);
    }

    private Optional<byte[]> content(String path) {
        List<Integer> processes = target.processes();
        if (processes.contains(filesystemPid)) {
            return target.file(filesystemPid, path);
        }
        if (client.hasSelected()) {
            return target.file(client.selected().pid(), path);
        }
        return processes.isEmpty() ? Optional.empty() : target.file(processes.get(0), path);
    }

    private Reply read(PacketReader packet) {
        byte[] content = openFiles.get(packet.hexInt());
        packet.expect(',');
        long count = packet.hexLong();
        packet.expect(',');
        long offset = packet.hexLong();
        packet.expectEnd();
        if (content == null) {
            return failure(EBADF);
        }
        int start = Long.compareUnsigned(offset, content.length) < 0 ? (int) offset : content.length;
        int most = Long.compareUnsigned(count, content.length) < 0 ? (int) count : content.length;
        int length = Reply.fitting(content, start, most, client.packetSizeBytes() - LONGEST_RESULT);
        return Reply.binary("F%x;".formatted(length), content, start, length);
    }

    private Reply describeOpen(PacketReader packet) {
        byte[] content = openFiles.get(packet.hexInt());
        packet.expectEnd();
        return content == null ? failure(EBADF) : status(content.length);
    }

    private Reply describe(PacketReader packet) {
        String path = packet.hexText();
        packet.expectEnd();
        return content(path).map(content -> status(content.length)).orElseGet(() -> failure(ENOENT));
    }

    /** The protocol's {@code struct stat}, its numbers big-endian. */
    private static Reply status(long sizeBytes) {
        ByteBuffer status = ByteBuffer.allocate(STAT_BYTES);
        int device = 0;
        int inode = 0;
        int links = 1;
        int user = 0;
        int group = 0;
        status.putInt(device).putInt(inode).putInt(REGULAR_FILE_READABLE_BY_ALL).putInt(links);
        status.putInt(user).putInt(group).putInt(device);
        status.putLong(sizeBytes).putLong(BLOCK_BYTES).putLong((sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
        return Reply.binary("F%x;".formatted(STAT_BYTES), status.array(), 0, STAT_BYTES);
    }

    /** The one link is {@code /proc/PID/exe}, which {@code info proc} asks for. */
    private Reply readLink(PacketReader packet) {
        String path = packet.hexText();
        packet.expectEnd();
        for (int pid : target.processes()) {
            if (path.equals("/proc/" + pid + "/exe")) {
                byte[] program = target.programPath(pid).getBytes(StandardCharsets.UTF_8);
                return Reply.binary("F%x;".formatted(program.length), program, 0, program.length);
            }
        }
        return failure(EINVAL);
    }

    private Reply close(PacketReader packet) {
        int descriptor = packet.hexInt();
        packet.expectEnd();
        return openFiles.remove(descriptor) == null ? failure(EBADF) : result(0);
    }

    private static Reply result(int value) {
        return Reply.text("F%x".formatted(value));
    }

    private static Reply failure(int errorNumber) {
        return Reply.text("F-1,%x".formatted(errorNumber));
    }
}
