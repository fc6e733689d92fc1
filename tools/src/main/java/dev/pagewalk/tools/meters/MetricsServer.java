package dev.pagewalk.tools.meters;

import dev.pagewalk.devices.socket.ListeningSocket;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The endpoint that Prometheus scrapes: {@code GET /metrics} gives all meters in its text format 0.0.4.
 *
 * <p>One daemon thread of Netty's serves all clients; the machine's thread never waits for it. A connection is for one
 * request, and is closed when it is served or after {@link #CONNECTION_SECONDS}, whatever the client does; there are at
 * most {@link #MOST_CONNECTIONS}. What is no small request is refused.
 */
public final class MetricsServer implements AutoCloseable {
    /** The path of the figures. */
    public static final String PATH = "/metrics";

    /** How long a client may take to ask and to read. */
    static final int CONNECTION_SECONDS = 10;

    static final int MOST_CONNECTIONS = 16;

    private static final int LONGEST_REQUEST_LINE = 1024;
    private static final int LONGEST_HEADERS = 8192;
    private static final int LONGEST_BODY = 1024;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ScrapedMeters meters;

    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("metrics-server", true), NioIoHandler.newFactory());
    private final Channel listener;

    /**
     * Listens from now on.
     *
     * @param address where; port 0 for any that is free
     * @param meters what is told
     * @throws IOException where that cannot be listened on; the message says so in one line
     */
    public MetricsServer(InetSocketAddress address, ScrapedMeters meters) throws IOException {
        this(address, meters, CONNECTION_SECONDS * 1000L);
    }

    MetricsServer(InetSocketAddress address, ScrapedMeters meters, long connectionMillis) throws IOException {
        this.meters = meters;
        meters.bindTo(registry);
        AtomicInteger connections = new AtomicInteger();
        ServerBootstrap server = new ServerBootstrap()
                .group(eventLoop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new ConnectionLimits(connections, MOST_CONNECTIONS, connectionMillis))
                                .addLast(new HttpServerCodec(LONGEST_REQUEST_LINE, LONGEST_HEADERS, LONGEST_BODY))
                                .addLast(new HttpObjectAggregator(LONGEST_BODY, true))
                                .addLast(new ScrapeHandler(MetricsServer.this::scrape));
                    }
                });
        try {
            listener = ListeningSocket.bind(server, address);
        } catch (IOException e) {
            shutDown();
            throw e;
        }
    }

    /** All that is told now, as a scrape would have it. */
    public synchronized String scrape() {
        meters.beforeScrape();
        return registry.scrape();
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Listens no more; whoever is being served is cut off. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        shutDown();
        registry.close();
    }

    private void shutDown() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
