package dev.pagewalk.tools.history;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.devices.console.ConsoleInput;

/** A synchronous console input whose bytes are logged as the guest consumes them: each once, however often the run goes back. */
public final class RecordedStream implements ConsoleInput {
    private final ConsoleInput input;
    private final InputLogWriter log;
    private long position;
    private long loggedBytes;

    /** @param input at its beginning */
    public RecordedStream(ConsoleInput input, InputLogWriter log) {
        this.input = input;
        this.log = log;
    }

    @Override
    public int next() {
        int value = input.next();
        if (value != NONE) {
            position++;
            if (position > loggedBytes) {
                loggedBytes = position;
                log.streamed(value);
            }
        }
        return value;
    }

    @Override
    public boolean ended() {
        return input.ended();
    }

    @Override
    public boolean mayWait() {
        return input.mayWait();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(position);
        input.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        position = in.readLong();
        input.restore(in);
    }
}
