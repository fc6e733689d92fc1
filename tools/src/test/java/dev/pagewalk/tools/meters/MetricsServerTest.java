package dev.pagewalk.tools.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint on a real socket, asked by good and bad clients. */
@Timeout(60)
class MetricsServerTest {
    /** A connection that does nothing lasts so long in these tests. */
    private static final long CONNECTION_MILLIS = 500;

    private final SuiteMeters meters = new SuiteMeters();
    private final MetricsServer server = new MetricsServer(anyPort(), meters, CONNECTION_MILLIS);
    private final HttpClient client = HttpClient.newHttpClient();

    MetricsServerTest() throws IOException {}

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** All that comes up to the end of the connection, in whatever way it ends. */
    private static String readToEnd(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            InputStream stream = socket.getInputStream();
            for (int next = stream.read(); next >= 0; next = stream.read()) {
                text.append((char) next);
            }
        } catch (SocketException e) {
            // Closed by the server while there was something it had not read.
        }
        return text.toString();
    }

    private void assertServes() throws IOException, InterruptedException {
        assertThat(send(request("/metrics")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/metrics?name[]=pagewalk_instructions_total"})
    void aScrapeIsPrometheusText(String path) throws Exception {
        meters.started();

        HttpResponse<String> response = send(request(path.replace("[", "%5B").replace("]", "%5D")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body())
                .contains("# TYPE pagewalk_tests_running gauge\n", "\npagewalk_tests_running 1.0\n")
                .isEqualTo(server.scrape());
    }

    @Test
    void aScrapeIsOfItsMoment() throws Exception {
        meters.started();
        assertThat(send(request("/metrics")).body()).contains("pagewalk_tests_running 1.0\n");
        meters.started();
        assertThat(send(request("/metrics")).body()).contains("pagewalk_tests_running 2.0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics/", "/Metrics", "/metricsx", "/%6detrics", "/favicon.ico"})
    void otherPathsSayWhereTheFiguresAre(String path) throws Exception {
        HttpResponse<String> response = send(request(path));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("the figures are at /metrics\n");
    }

    @Test
    void aHeadHasTheLengthAlone() throws Exception {
        HttpResponse<String> response = send(request("/metrics").method("HEAD", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("content-length"))
                .hasValue(server.scrape().length());
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void nothingCanBeChanged(String method) throws Exception {
        HttpResponse<String> response =
                send(request("/metrics").method(method, BodyPublishers.ofString("pagewalk_instructions_total 1")));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD");
    }

    @Test
    void whatIsNoRequestEndsItsConnectionOnly() throws Exception {
        String endlessHeader = "GET /metrics HTTP/1.1\r\nx: " + "y".repeat(100_000);
        String manyHeaders = "GET /metrics HTTP/1.1\r\n" + "a: b\r\n".repeat(10_000) + "\r\n";
        String largeBody = "POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n";
        for (String bad : List.of(
                "\r\n\r\n",
                "\u0000\u0001\u0002\u00ff\r\n\r\n",
                "GET " + "/".repeat(100_000) + " HTTP/1.1\r\n\r\n",
                "GET http://[ HTTP/1.1\r\n\r\n",
                "GET /%zz HTTP/1.1\r\n\r\n",
                "POST /metrics HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzzzz\r\n",
                endlessHeader,
                manyHeaders,
                largeBody)) {
            try (Socket socket = connect()) {
                writeAsFarAsPossible(socket, bad);
                assertThat(readToEnd(socket)).as(bad).doesNotContain("HTTP/1.1 200");
            }
        }
        assertServes();
    }

    private static void writeAsFarAsPossible(Socket socket, String text) throws IOException {
        try {
            write(socket, text);
        } catch (SocketException e) {
            // The server has heard enough.
        }
    }

    @Test
    void aConnectionIsForOneRequest() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(3));
            assertThat(readToEnd(socket).split("HTTP/1.1 404", -1)).hasSize(2);
        }
    }

    /** Without a bound they would hold their connections for as long as they like. */
    @Test
    void clientsThatDawdleAreCutOff() throws Exception {
        try (Socket silent = connect();
                Socket dripping = connect()) {
            Thread drip = new Thread(() -> {
                try {
                    write(dripping, "GET /metrics HTTP/1.1\r\n");
                    while (true) {
                        write(dripping, "x: y\r\n");
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // Cut off.
                }
            });
            drip.start();
            assertThat(readToEnd(silent)).isEmpty();
            assertThat(readToEnd(dripping)).doesNotContain("200");
            drip.interrupt();
            drip.join();
        }
        assertServes();
    }

    @Test
    void connectionsAreLimitedAndComeFreeAgain() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * MetricsServer.MOST_CONNECTIONS; i++) {
                idle.add(connect());
            }
            // Those beyond the limit are closed at once, the others when their time is over.
            for (Socket socket : idle) {
                assertThat(readToEnd(socket)).isEmpty();
            }
            assertServes();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());

        assertThatThrownBy(() -> new MetricsServer(taken, new SuiteMeters()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on ")
                .hasMessageContaining(":" + server.port() + ": ");
    }

    @Test
    void afterTheEndNobodyListens() {
        int port = server.port();
        server.close();

        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(IOException.class);
    }
}
