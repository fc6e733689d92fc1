package dev.pagewalk.tools.meters;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.function.Supplier;

/** Answers a connection's one request, and closes it. */
final class ScrapeHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
    /** Source: Prometheus, "Exposition formats", "Text-based format". */
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> scrape;
    private boolean answered;

    ScrapeHandler(Supplier<String> scrape) {
        this.scrape = scrape;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (answered) {
            return;
        }
        if (request.decoderResult().isFailure()) {
            answer(context, request, HttpResponseStatus.BAD_REQUEST, PLAIN_TEXT, "this is no request\n");
        } else if (!isScrape(request.uri())) {
            String hint = "the figures are at " + MetricsServer.PATH + "\n";
            answer(context, request, HttpResponseStatus.NOT_FOUND, PLAIN_TEXT, hint);
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            answer(context, request, HttpResponseStatus.METHOD_NOT_ALLOWED, PLAIN_TEXT, "GET alone is of use here\n");
        } else {
            answer(context, request, HttpResponseStatus.OK, PROMETHEUS_TEXT, scrape.get());
        }
    }

    private static boolean isScrape(String uri) {
        return new QueryStringDecoder(uri).rawPath().equals(MetricsServer.PATH);
    }

    private void answer(
            ChannelHandlerContext context,
            FullHttpRequest request,
            HttpResponseStatus status,
            String contentType,
            String text) {
        answered = true;
        ByteBuf body = ByteBufUtil.writeUtf8(context.alloc(), text);
        int lengthBytes = body.readableBytes();
        if (request.method().equals(HttpMethod.HEAD)) {
            body.release();
            body = Unpooled.EMPTY_BUFFER;
        }
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CONTENT_LENGTH, lengthBytes)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Whatever it is, this client has had its turn. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
