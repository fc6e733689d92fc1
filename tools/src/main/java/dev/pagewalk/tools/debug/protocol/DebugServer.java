package dev.pagewalk.tools.debug.protocol;

import dev.pagewalk.devices.socket.ListeningSocket;
import io.netty.bootstrap.ServerBootstrap;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The socket that a debugger connects to: one client at a time, its messages handed to the machine's thread in order.
 *
 * <p>Netty's one thread, a daemon, frames bytes; {@code poll}, {@code take} and {@link #send} are for the machine's. After
 * {@link ClientMessage.Disconnected} has been taken the next client is admitted.
 */
public final class DebugServer implements AutoCloseable {
    /** The longest packet that is taken, and promised to take. */
    public static final int PACKET_SIZE_BYTES = 0x4000;

    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("debug-server", true), NioIoHandler.newFactory());
    private final Admission admission = new Admission();
    private final Mailbox mailbox;
    private final Channel listener;

    /**
     * Listens.
     *
     * @param address where; port 0 for any that is free
     * @param wakeUp called on Netty's thread after each message; must not block
     * @throws IOException if nobody can listen there
     */
    public DebugServer(InetSocketAddress address, Runnable wakeUp) throws IOException {
        mailbox = new Mailbox(wakeUp);
        ServerBootstrap server = new ServerBootstrap()
                .group(eventLoop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(PACKET_SIZE_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new PacketFramer(PACKET_SIZE_BYTES))
                                .addLast(new PacketCodec(PACKET_SIZE_BYTES))
                                .addLast(new ClientHandler(mailbox, admission));
                    }
                });
        try {
            listener = ListeningSocket.bind(server, address);
        } catch (IOException e) {
            shutDown();
            throw e;
        }
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whether a message waits to be taken; any thread. */
    public boolean hasMessage() {
        return !mailbox.isEmpty();
    }

    /** The next message; empty where there is none yet. */
    public Optional<ClientMessage> poll() {
        return taken(mailbox.poll());
    }

    /** The next message; empty where none has come in time. */
    public Optional<ClientMessage> poll(long timeout, TimeUnit unit) throws InterruptedException {
        return taken(mailbox.poll(timeout, unit));
    }

    /** The next message, when there is one. */
    public ClientMessage take() throws InterruptedException {
        ClientMessage message = mailbox.take();
        taken(message);
        return message;
    }

    private Optional<ClientMessage> taken(ClientMessage message) {
        if (eventLoop.isShuttingDown()) {
            return Optional.ofNullable(message);
        }
        if (message instanceof ClientMessage.Disconnected) {
            eventLoop.execute(admission::released);
        } else if (mailbox.isHalfEmpty()) {
            ClientHandler client = admission.current();
            if (client != null) {
                client.roomInMailbox();
            }
        }
        return Optional.ofNullable(message);
    }

    /**
     * Sends a packet to the client; lost where there is none.
     *
     * @param payload as it means; framed and escaped here; not to be changed afterwards
     */
    public void send(byte[] payload) {
        ClientHandler client = admission.current();
        if (client != null) {
            client.send(payload);
        }
    }

    /** Closes the client's connection behind all that has been sent, and listens no more. */
    @Override
    public void close() {
        ClientHandler client = admission.current();
        if (client != null) {
            client.close();
        }
        listener.close().awaitUninterruptibly();
        shutDown();
    }

    private void shutDown() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
