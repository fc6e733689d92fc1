package dev.pagewalk.tools.cli;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.ConsoleInput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.devices.console.HostInputPump;
import dev.pagewalk.devices.console.QueuedConsoleInput;
import dev.pagewalk.devices.console.StreamConsoleInput;
import dev.pagewalk.devices.console.StreamConsoleOutput;
import dev.pagewalk.devices.console.socket.SocketConsole;
import dev.pagewalk.tools.history.InputLog;
import dev.pagewalk.tools.history.InputLogWriter;
import dev.pagewalk.tools.history.RecordedStream;
import dev.pagewalk.tools.live.Bell;
import dev.pagewalk.tools.live.ConsoleFeed;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;

/**
 * The console's host ends. What a terminal or a socket sends arrives when it likes; a file or a pipe is read when the guest asks, so
 * that its input needs no log to come at the same time again.
 */
final class BootConsole implements AutoCloseable {
    /** Set by the launcher where standard input is a terminal. */
    private static final String TERMINAL_PROPERTY = "pagewalk.terminal";

    private final ConsoleInput input;
    private final ConsoleOutput output;
    private final ConsoleFeed feed;

    /** Null where the guest waits for its input. */
    private final QueuedConsoleInput queue;

    /** Null where the console is not on a socket. */
    private final SocketConsole socket;

    private BootConsole(
            ConsoleInput input,
            ConsoleOutput output,
            ConsoleFeed feed,
            QueuedConsoleInput queue,
            SocketConsole socket) {
        this.input = input;
        this.output = output;
        this.feed = feed;
        this.queue = queue;
        this.socket = socket;
    }

    /**
     * @param address of the console's socket; null for standard input and output
     * @param log where what the guest reads is kept; null for nowhere
     * @param bell rung when something has come
     * @throws UserErrorException USAGE where the socket cannot be listened on
     */
    static BootConsole open(InetSocketAddress address, InputLogWriter log, Bell bell) throws UserErrorException {
        if (address != null) {
            return onSocket(address, bell);
        }
        InputStream in = new FileInputStream(FileDescriptor.in);
        if (willArrive(null)) {
            HostInputPump pump = new HostInputPump(in, bell::ring);
            QueuedConsoleInput queue = new QueuedConsoleInput(() -> {
                pump.start();
                bell.ring();
            });
            return new BootConsole(queue, standardOutput(), ConsoleFeed.of(pump, queue), queue, null);
        }
        StreamConsoleInput stream = new StreamConsoleInput(in);
        ConsoleInput input = log == null ? stream : new RecordedStream(stream, log);
        return new BootConsole(input, standardOutput(), ConsoleFeed.of(stream), null, null);
    }

    /** Whether input of such a console arrives when it likes. */
    static boolean willArrive(InetSocketAddress address) {
        return address != null || Boolean.getBoolean(TERMINAL_PROPERTY);
    }

    private static BootConsole onSocket(InetSocketAddress address, Bell bell) throws UserErrorException {
        try {
            SocketConsole socket = new SocketConsole(address, bell::ring);
            QueuedConsoleInput queue = new QueuedConsoleInput(bell::ring);
            ListenAddress.announce("console", address.getAddress(), socket.port());
            return new BootConsole(queue, socket, ConsoleFeed.of(socket, queue), queue, socket);
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, "--console: " + e.getMessage());
        }
    }

    /**
     * A console whose input is what a log says.
     *
     * @param arrives whether it arrived when it liked; else the guest had waited for it
     */
    static BootConsole replaying(InputLog log, boolean arrives) {
        QueuedConsoleInput queue = arrives ? new QueuedConsoleInput() : null;
        ConsoleInput input = arrives ? queue : new BytesConsoleInput(log.stream());
        return new BootConsole(input, standardOutput(), ConsoleFeed.ofNothing(), queue, null);
    }

    private static ConsoleOutput standardOutput() {
        return new StreamConsoleOutput(new FileOutputStream(FileDescriptor.out));
    }

    ConsoleInput input() {
        return input;
    }

    ConsoleOutput output() {
        return output;
    }

    ConsoleFeed feed() {
        return feed;
    }

    /** Null where the guest waits for its input. */
    QueuedConsoleInput queue() {
        return queue;
    }

    /** Whether input arrives when it likes. */
    boolean arrives() {
        return queue != null;
    }

    @Override
    public void close() {
        if (socket != null) {
            output.flush();
            socket.close();
        }
    }
}
