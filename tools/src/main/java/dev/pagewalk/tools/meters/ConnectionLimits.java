package dev.pagewalk.tools.meters;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what a client can hold: so many connections at once, each so long, whether its client sends too slowly, reads too
 * slowly or does nothing.
 */
final class ConnectionLimits extends ChannelInboundHandlerAdapter {
    private final AtomicInteger connections;
    private final int mostConnections;
    private final long longestMillis;
    private Future<?> end;

    /** @param connections of all clients together */
    ConnectionLimits(AtomicInteger connections, int mostConnections, long longestMillis) {
        this.connections = connections;
        this.mostConnections = mostConnections;
        this.longestMillis = longestMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (connections.incrementAndGet() > mostConnections) {
            context.close();
            return;
        }
        end = context.executor().schedule(() -> context.close(), longestMillis, TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connections.decrementAndGet();
        if (end != null) {
            end.cancel(false);
        }
        context.fireChannelInactive();
    }
}
