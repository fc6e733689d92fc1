package dev.pagewalk.devices.console.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;

/** One client's connection, on Netty's thread: what happens there goes to the {@link ConsoleLine}. */
final class ClientHandler extends SimpleChannelInboundHandler<ByteBuf> {
    static final String OCCUPIED = "pagewalk: the console has a client already\r\n";

    private final ConsoleLine line;

    ClientHandler(ConsoleLine line) {
        this.line = line;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!line.connect(context.channel())) {
            byte[] refusal = OCCUPIED.getBytes(StandardCharsets.US_ASCII);
            context.writeAndFlush(Unpooled.wrappedBuffer(refusal)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        line.received(context.channel(), ByteBufUtil.getBytes(bytes));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        line.readOn(context.channel());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            line.fallSilent(context.channel());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        line.disconnect(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that fails is one that has ended.
        context.close();
    }
}
