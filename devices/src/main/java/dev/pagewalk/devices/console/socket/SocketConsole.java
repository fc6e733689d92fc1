package dev.pagewalk.devices.console.socket;

import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.devices.console.HostInputSource;
import dev.pagewalk.devices.socket.ListeningSocket;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The guest's console on a TCP port, byte for byte: a client such as {@code nc} is the terminal.
 *
 * <ul>
 *   <li>One client at a time: another one is told so and closed. But one that has shut down its sending half, or that has
 *       sent more than anybody takes, gives way to a newcomer, because it may be gone.
 *   <li>A client that leaves does not end the guest's input: the next one goes on.
 *   <li>While there is no client the last 64 KiB of output are kept, for the next one.
 *   <li>What a client sends is kept up to 64 KiB; then it is not read until the guest has taken some.
 *   <li>A client that takes no output lets 64 KiB pile up; then the machine waits for it a second, once, and until
 *       it takes something again the oldest bytes are dropped.
 * </ul>
 *
 * <p>The methods may be called by any thread; output comes from the machine's alone.
 */
public final class SocketConsole implements HostInputSource, ConsoleOutput, AutoCloseable {
    private static final int CONNECTIONS_WAITING = 8;
    private static final int SHUTDOWN_SECONDS = 2;

    private final ConsoleLine line;
    private final EventLoopGroup loop;
    private final InetSocketAddress address;
    private volatile boolean closed;

    /**
     * Listens from now on.
     *
     * @param address where; port 0 lets the host choose one
     * @param wakeUp as {@link HostInputSource} has it
     * @throws IOException where that cannot be listened on; the message says so in one line
     */
    public SocketConsole(InetSocketAddress address, Runnable wakeUp) throws IOException {
        this.line = new ConsoleLine(wakeUp);
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("console-socket", true), NioIoHandler.newFactory());
        ConsoleLine clients = line;
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, CONNECTIONS_WAITING)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(ConsoleLine.PIECE_BYTES).maxMessagesPerRead(1))
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientHandler(clients));
                    }
                });
        try {
            this.address =
                    (InetSocketAddress) ListeningSocket.bind(server, address).localAddress();
        } catch (IOException e) {
            shutDown();
            throw e;
        }
    }

    /** The port that is listened on. */
    public int port() {
        return address.getPort();
    }

    /** Whether a client is connected. */
    public boolean hasClient() {
        return line.hasClient();
    }

    /** How many bytes of output a connected client has not got because it was too slow. */
    public long droppedBytes() {
        return line.droppedBytes();
    }

    @Override
    public byte[] take(int maxBytes) {
        return line.take(maxBytes);
    }

    /** Never, before {@link #close}: a client may always come. */
    @Override
    public boolean isOver() {
        return closed;
    }

    @Override
    public void write(int value) {
        line.write(value);
    }

    @Override
    public void flush() {
        line.flush();
    }

    /** Gives the client what is left, as far as it takes it within a second, and ends the connection. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            line.close();
            shutDown();
        }
    }

    private void shutDown() {
        loop.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
