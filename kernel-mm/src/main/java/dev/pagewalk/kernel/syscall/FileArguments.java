package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.file.OpenFlags;

/** How a trace writes the arguments of calls that concern files. */
final class FileArguments {
    private static final int TCGETS = 0x5401;
    private static final int TIOCGWINSZ = 0x5413;

    private FileArguments() {}

    /** Whether an argument means anything, after those before it. */
    static boolean isShown(ParameterKind kind, CallContext call, int index) {
        return switch (kind) {
            case CREATION_MODE -> (call.argument(index - 1) & OpenFlags.CREATE) != 0;
            case FCNTL_ARGUMENT ->
                switch ((int) call.argument(index - 1)) {
                    case FileControl.F_GETFD, FileControl.F_GETFL -> false;
                    default -> true;
                };
            default -> true;
        };
    }

    /** The text of an argument of a kind that concerns files. */
    static String text(ParameterKind kind, CallContext call, int index) {
        int value = (int) call.argument(index);
        return switch (kind) {
            case DIRECTORY -> value == CallContext.CURRENT_DIRECTORY ? "AT_FDCWD" : Integer.toString(value);
            case OPEN_FLAGS -> openFlags(value);
            case CREATION_MODE -> "0" + Integer.toOctalString(value);
            case DESCRIPTOR_FLAGS -> statusFlags(value).joined("0");
            case AT_FLAGS -> atFlags(value);
            case WHENCE -> whence(value);
            case FCNTL_COMMAND -> command(value);
            case FCNTL_ARGUMENT -> commandArgument((int) call.argument(index - 1), value);
            case IOCTL_REQUEST -> request(value);
            default -> throw new IllegalArgumentException(kind + " does not concern files");
        };
    }

    private static String openFlags(int value) {
        String mode = switch (value & OpenFlags.ACCESS_MODE) {
            case OpenFlags.READ_ONLY -> "O_RDONLY";
            case OpenFlags.WRITE_ONLY -> "O_WRONLY";
            case OpenFlags.READ_WRITE -> "O_RDWR";
            default -> "O_ACCMODE";
        };
        String others = statusFlags(value & ~OpenFlags.ACCESS_MODE).joined("");
        return others.isEmpty() ? mode : mode + "|" + others;
    }

    private static FlagNames statusFlags(int value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(OpenFlags.CREATE, "O_CREAT");
        names.add(OpenFlags.EXCLUSIVE, "O_EXCL");
        names.add(OpenFlags.NO_TERMINAL, "O_NOCTTY");
        names.add(OpenFlags.TRUNCATE, "O_TRUNC");
        names.add(OpenFlags.APPEND, "O_APPEND");
        names.add(OpenFlags.NON_BLOCKING, "O_NONBLOCK");
        names.add(OpenFlags.LARGE_FILE, "O_LARGEFILE");
        names.add(OpenFlags.DIRECTORY, "O_DIRECTORY");
        names.add(OpenFlags.NO_FOLLOW, "O_NOFOLLOW");
        names.add(OpenFlags.CLOSE_ON_EXEC, "O_CLOEXEC");
        names.add(OpenFlags.PATH_ONLY, "O_PATH");
        return names;
    }

    private static String atFlags(int value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(StatusAt.AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW");
        names.add(UnlinkAt.AT_REMOVEDIR, "AT_REMOVEDIR");
        names.add(StatusAt.AT_EMPTY_PATH, "AT_EMPTY_PATH");
        return names.joined("0");
    }

    private static String whence(int value) {
        return switch (value) {
            case OpenFile.SEEK_SET -> "SEEK_SET";
            case OpenFile.SEEK_CURRENT -> "SEEK_CUR";
            case OpenFile.SEEK_END -> "SEEK_END";
            case OpenFile.SEEK_DATA -> "SEEK_DATA";
            case OpenFile.SEEK_HOLE -> "SEEK_HOLE";
            default -> Integer.toString(value);
        };
    }

    private static String command(int value) {
        return switch (value) {
            case FileControl.F_DUPFD -> "F_DUPFD";
            case FileControl.F_GETFD -> "F_GETFD";
            case FileControl.F_SETFD -> "F_SETFD";
            case FileControl.F_GETFL -> "F_GETFL";
            case FileControl.F_SETFL -> "F_SETFL";
            case FileControl.F_DUPFD_CLOEXEC -> "F_DUPFD_CLOEXEC";
            default -> Integer.toString(value);
        };
    }

    private static String commandArgument(int command, int value) {
        return switch (command) {
            case FileControl.F_SETFD -> value == FileControl.FD_CLOEXEC ? "FD_CLOEXEC" : Integer.toString(value);
            case FileControl.F_SETFL -> openFlags(value);
            default -> Integer.toString(value);
        };
    }

    private static String request(int value) {
        return switch (value) {
            case TCGETS -> "TCGETS";
            case TIOCGWINSZ -> "TIOCGWINSZ";
            case ScreenInfo.FBIOGET_VSCREENINFO -> "FBIOGET_VSCREENINFO";
            case ScreenInfo.FBIOGET_FSCREENINFO -> "FBIOGET_FSCREENINFO";
            default -> "0x" + Integer.toHexString(value);
        };
    }
}
