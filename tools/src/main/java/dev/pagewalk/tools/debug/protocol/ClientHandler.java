package dev.pagewalk.tools.debug.protocol;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One connection: acknowledges packets, sends the last one again when it got lost, and posts what the machine's thread is
 * to see.
 *
 * <p>It reads on only while the mailbox has room and the client takes what it is sent, so that nobody can make it hoard.
 */
final class ClientHandler extends ChannelDuplexHandler {
    private static final System.Logger LOG = System.getLogger(ClientHandler.class.getName());

    private static final byte[] NO_ACKNOWLEDGEMENTS = ascii("QStartNoAckMode");
    /** Linux's E2BIG, EINVAL and EBADMSG. */
    private static final byte[] ERROR_OVERSIZED = ascii("E07");

    private static final byte[] ERROR_MALFORMED = ascii("E16");
    private static final byte[] ERROR_CHECKSUM = ascii("E4a");

    private final Mailbox mailbox;
    private final Admission admission;
    private ChannelHandlerContext context;
    private boolean admitted;
    private boolean acknowledging = true;
    private byte[] lastSent;
    /** Read by the machine's thread, too. */
    private volatile boolean paused = true;

    ClientHandler(Mailbox mailbox, Admission admission) {
        this.mailbox = mailbox;
        this.admission = admission;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        updateReading();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        admission.arrived(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (admitted) {
            mailbox.put(new ClientMessage.Disconnected());
        }
        admission.left(this);
    }

    /** It is this client's turn. */
    void admit() {
        admitted = true;
        mailbox.put(new ClientMessage.Connected());
        updateReading();
    }

    boolean isOpen() {
        return context.channel().isActive();
    }

    void close() {
        context.close();
    }

    void afterMilliseconds(long delayMilliseconds, Runnable action) {
        context.executor().schedule(action, delayMilliseconds, TimeUnit.MILLISECONDS);
    }

    /** Called on the machine's thread. */
    void send(byte[] payload) {
        context.channel().writeAndFlush(payload);
    }

    /** Called on the machine's thread when the mailbox has become emptier. */
    void roomInMailbox() {
        if (paused) {
            context.executor().execute(this::updateReading);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof byte[] payload) {
            packet(payload);
        } else if (message instanceof Incoming.Mark mark) {
            mark(mark);
        } else {
            throw new IllegalStateException("no message of the codec's: " + message);
        }
        updateReading();
    }

    private void packet(byte[] payload) {
        acknowledge('+');
        if (Arrays.equals(payload, NO_ACKNOWLEDGEMENTS)) {
            acknowledging = false;
        }
        mailbox.put(new ClientMessage.PacketReceived(payload));
    }

    private void mark(Incoming.Mark mark) {
        switch (mark) {
            case ACKNOWLEDGEMENT -> {}
            case REFUSAL -> sendAgain();
            case INTERRUPT -> mailbox.putInterrupt();
            case BAD_CHECKSUM -> {
                if (acknowledging) {
                    acknowledge('-');
                } else {
                    context.channel().writeAndFlush(ERROR_CHECKSUM);
                }
            }
            case OVERSIZED -> refuse(ERROR_OVERSIZED);
            case MALFORMED -> refuse(ERROR_MALFORMED);
            case HOPELESS -> context.close();
        }
    }

    private void refuse(byte[] error) {
        acknowledge('+');
        context.channel().writeAndFlush(error);
    }

    /** A client that does not read what it asks for again gets it once it does. */
    private void sendAgain() {
        if (acknowledging && lastSent != null && context.channel().isWritable()) {
            context.channel().writeAndFlush(lastSent);
        }
    }

    private void acknowledge(char sign) {
        if (acknowledging) {
            context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) sign}));
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof byte[] payload) {
            lastSent = payload;
        }
        context.write(message, promise);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        updateReading();
    }

    /** {@code paused} comes first: whoever empties the mailbox after it has been looked at calls again. */
    private void updateReading() {
        paused = true;
        boolean reads = admitted && !mailbox.isFull() && context.channel().isWritable();
        paused = !reads;
        context.channel().config().setAutoRead(reads);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.WARNING, "The debugger's connection is closed because of an internal error", cause);
        }
        context.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
