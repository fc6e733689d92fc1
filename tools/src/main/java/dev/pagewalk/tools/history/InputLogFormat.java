package dev.pagewalk.tools.history;

import dev.pagewalk.devices.console.QueuedConsoleInput;

/**
 * What input logs look like: JSON, a line for each object. The first line says what it is a log of; each of the others is an
 * input, {@link #STREAM}, or {@link #BACK}. Bytes are in base64.
 */
final class InputLogFormat {
    static final String FORMAT = "pagewalk input log";
    static final int VERSION = 1;

    static final String FIELD_FORMAT = "format";
    static final String FIELD_VERSION = "version";
    static final String FIELD_IMAGE = "image_sha256";
    static final String FIELD_OPTIONS = "options";

    static final String FIELD_TURN = "turn";
    static final String FIELD_RETIRED = "retired";
    /** Left out where it is 0. */
    static final String FIELD_HOLDS = "holds";

    static final String FIELD_KIND = "input";
    static final String FIELD_BYTES = "bytes";
    static final String FIELD_PID = "pid";
    static final String FIELD_TID = "tid";
    static final String FIELD_TIDS = "tids";
    static final String FIELD_ADDRESS = "address";
    static final String FIELD_REGISTER = "register";
    static final String FIELD_VALUE = "value";
    static final String FIELD_SIGNAL = "signal";
    static final String FIELD_INPUTS = "inputs";

    static final String CONSOLE = "console";
    static final String HANG_UP = "hang-up";
    static final String MEMORY = "memory";
    static final String REGISTER = "register";
    static final String SUSPEND = "suspend";
    static final String DECISION = "decision";
    static final String SIGNAL = "signal";
    static final String KILL = "kill";

    /** Bytes of a synchronous input that the guest has consumed after those of the former lines; it has no position. */
    static final String STREAM = "stream";
    /** The run has gone back to where it had had this many inputs, and another future has begun. */
    static final String BACK = "back";
    /** The recording has not been cut off: the last line. */
    static final String END = "end";

    static final int MAX_CONSOLE_BYTES = QueuedConsoleInput.CAPACITY_BYTES;
    static final int MAX_MEMORY_BYTES = 1 << 20;
    static final int MAX_STREAM_CHUNK_BYTES = 64 << 10;
    static final int MAX_STREAM_BYTES = 1 << 30;
    static final int MAX_TIDS = 1 << 16;
    static final int MAX_ENTRIES = 1 << 22;
    static final int MAX_LINE_BYTES = 2 << 20;
    static final int MAX_SIGNAL = 64;

    private InputLogFormat() {}
}
