package dev.pagewalk.devices.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Begins to listen, or says in one line why that cannot be. */
public final class ListeningSocket {
    private ListeningSocket() {}

    /**
     * Waits until a server listens.
     *
     * @param address where; port 0 for any that is free
     * @throws IOException where that cannot be listened on; the message is one line with the address
     */
    public static Channel bind(ServerBootstrap server, InetSocketAddress address) throws IOException {
        ChannelFuture bound = server.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            String problem = bound.cause().getMessage();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + (problem == null ? "no such address" : problem),
                    bound.cause());
        }
        return bound.channel();
    }
}
