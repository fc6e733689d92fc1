package dev.pagewalk.devices.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.devices.testing.RecordingInterruptPort;
import dev.pagewalk.devices.testing.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Uart16550Test {
    private final CapturedConsoleOutput output = new CapturedConsoleOutput(1000);
    private final RecordingInterruptPort port = new RecordingInterruptPort();
    private final QueuedConsoleInput queue = new QueuedConsoleInput();
    private Uart16550 uart = uartWith("");

    @Test
    void standsWhereQemuHasIt() {
        assertThat(uart.baseAddress()).isEqualTo(0x1000_0000L);
        assertThat(uart.lengthBytes()).isEqualTo(0x1000);
    }

    @Test
    void bytesWrittenToThrAreSentInOrder() {
        for (char c : "hi\n".toCharArray()) {
            write(Uart16550.THR, c);
        }
        write(Uart16550.THR, 0x1FF);
        assertThat(output.bytes()).containsExactly('h', 'i', '\n', 0xFF);
    }

    @Test
    void theTransmitterIsAlwaysReady() {
        assertThat(read(Uart16550.LSR)).isEqualTo(0x60);
        write(Uart16550.THR, 'x');
        assertThat(read(Uart16550.LSR)).isEqualTo(0x60);
    }

    @Test
    void aPolledReceiverTakesEveryByteOnce() {
        uart = uartWith("a\u00ff");
        StringBuilder received = new StringBuilder();
        while ((read(Uart16550.LSR) & Uart16550.LSR_DATA_READY) != 0) {
            received.append((char) read(Uart16550.RBR));
        }
        assertThat(received.toString()).isEqualTo("a\u00ff");
        assertThat(read(Uart16550.LSR) & Uart16550.LSR_DATA_READY).isZero();
        assertThat(read(Uart16550.RBR)).isZero();
    }

    @Test
    void aHeldByteStaysUntilItIsTaken() {
        uart = uartWith("ab");
        assertThat(read(Uart16550.LSR)).isEqualTo(0x61);
        assertThat(read(Uart16550.LSR)).isEqualTo(0x61);
        assertThat(read(Uart16550.RBR)).isEqualTo('a');
        assertThat(read(Uart16550.LSR)).isEqualTo(0x61);
        assertThat(read(Uart16550.RBR)).isEqualTo('b');
    }

    @Test
    void onlyReadingLsrAsksTheHost() {
        ScriptedInput input = new ScriptedInput();
        uart = new Uart16550(input, output, port);
        for (int register = 0; register < 8; register++) {
            if (register != Uart16550.LSR) {
                read(register);
                write(register, 0);
            }
        }
        assertThat(input.calls).isEmpty();
        read(Uart16550.LSR);
        assertThat(input.calls).containsExactly("next");
    }

    @Test
    void outputIsFlushedBeforeAnInputThatMayWait() {
        ScriptedInput input = new ScriptedInput();
        input.mayWait = true;
        uart = new Uart16550(
                input,
                new ConsoleOutput() {
                    @Override
                    public void write(int value) {
                        input.calls.add("write " + (char) value);
                    }

                    @Override
                    public void flush() {
                        input.calls.add("flush");
                    }
                },
                port);

        write(Uart16550.THR, '?');
        read(Uart16550.LSR);
        input.mayWait = false;
        read(Uart16550.RBR);
        read(Uart16550.LSR);

        assertThat(input.calls).containsExactly("write ?", "flush", "next", "next");
    }

    @Test
    void theDivisorHidesBehindDlab() {
        write(Uart16550.IER, 0x03);
        write(Uart16550.LCR, 0x83);
        write(0, 0x34);
        write(1, 0x12);

        assertThat(output.bytes()).isEmpty();
        assertThat(read(0)).isEqualTo(0x34);
        assertThat(read(1)).isEqualTo(0x12);
        assertThat(read(Uart16550.LCR)).isEqualTo(0x83);

        write(Uart16550.LCR, 0x03);
        assertThat(read(Uart16550.IER)).isEqualTo(0x03);
        write(Uart16550.THR, 'x');
        assertThat(output.text()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"1, 0xFF, 0x0F", "3, 0x7F, 0x7F", "4, 0xFF, 0x0F", "7, 0xA5, 0xA5", "5, 0x00, 0x60", "6, 0x00, 0xB0"})
    void registersKeepTheBitsThatTheyHave(int register, int written, int kept) {
        write(register, written);
        assertThat(read(register)).isEqualTo(kept);
    }

    @Test
    void iirSaysNothingPendingAndWhetherTheFifosAreOn() {
        assertThat(read(Uart16550.IIR)).isEqualTo(0x01);
        write(Uart16550.FCR, 0x01);
        assertThat(read(Uart16550.IIR)).isEqualTo(0xC1);
        write(Uart16550.FCR, 0x00);
        assertThat(read(Uart16550.IIR)).isEqualTo(0x01);
    }

    @ParameterizedTest
    @CsvSource({"0x03, b", "0x01, a", "0x00, b"})
    void clearingTheReceiverDropsTheHeldByte(int fifoControl, char next) {
        uart = uartWith("ab");
        write(Uart16550.FCR, 0x01);
        read(Uart16550.LSR);

        write(Uart16550.FCR, fifoControl);

        read(Uart16550.LSR);
        assertThat(read(Uart16550.RBR)).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void widerAccessesReadZeroAndWriteNothing(int sizeBytes) {
        uart = uartWith("a");
        uart.write(0, sizeBytes, 'x', 0);
        assertThat(output.bytes()).isEmpty();
        assertThat(uart.read(0, sizeBytes, 0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 0x100, 0xFFF, 0x1_0000_0005L})
    void offsetsBeyondTheRegistersReadZeroAndWriteNothing(long offset) {
        uart.write(offset, 1, 'x', 0);
        assertThat(output.bytes()).isEmpty();
        assertThat(uart.read(offset, 1, 0)).isZero();
    }

    @Test
    void aRestoredUartGoesOnAsTheSavedOneWould() {
        uart = uartWith("abc");
        write(Uart16550.LCR, 0x80);
        write(0, 0xFE);
        write(1, 0xFD);
        write(Uart16550.LCR, 0x1B);
        write(Uart16550.IER, 0x05);
        write(Uart16550.MCR, 0x0A);
        write(Uart16550.SCR, 0xC3);
        write(Uart16550.FCR, 0x01);
        read(Uart16550.LSR);
        byte[] saved = Snapshots.save(uart);
        Uart16550 restored = uartWith("abc");

        Snapshots.restore(restored, saved);

        assertThat(Snapshots.save(restored)).isEqualTo(saved);
        uart = restored;
        assertThat(read(Uart16550.RBR)).isEqualTo('a');
        assertThat(read(Uart16550.LSR)).isEqualTo(0x61);
        assertThat(read(Uart16550.RBR)).isEqualTo('b');
        assertThat(read(Uart16550.IER)).isEqualTo(0x05);
        assertThat(read(Uart16550.IIR)).isEqualTo(0xC1);
        assertThat(read(Uart16550.MCR)).isEqualTo(0x0A);
        assertThat(read(Uart16550.SCR)).isEqualTo(0xC3);
        assertThat(read(Uart16550.LCR)).isEqualTo(0x1B);
        write(Uart16550.LCR, 0x80);
        assertThat(read(0)).isEqualTo(0xFE);
        assertThat(read(1)).isEqualTo(0xFD);
    }

    @Test
    void anEmptyReceiverIsRestoredEmpty() {
        byte[] saved = Snapshots.save(uart);
        uart = uartWith("a");
        read(Uart16550.LSR);
        Snapshots.restore(uart, saved);
        assertThat(read(Uart16550.RBR)).isZero();
        read(Uart16550.LSR);
        assertThat(read(Uart16550.RBR)).isEqualTo('a');
    }

    @Test
    void theCarrierFallsWhenAReadFindsTheEndOfASynchronousInput() {
        uart = uartWith("a");
        read(Uart16550.LSR);
        read(Uart16550.RBR);
        assertThat(read(Uart16550.MSR)).isEqualTo(0xB0);

        read(Uart16550.LSR);

        assertThat(read(Uart16550.MSR)).isEqualTo(0x38);
        assertThat(read(Uart16550.MSR)).isEqualTo(0x30);
    }

    @Test
    void aSynchronousInputNeverInterrupts() {
        uart = uartWith("a");
        write(Uart16550.IER, 0x0F);
        read(Uart16550.LSR);
        assertThat(read(Uart16550.IIR)).isEqualTo(0x04);
        read(Uart16550.RBR);
        read(Uart16550.LSR);
        assertThat(port.takeCalls()).isEmpty();
    }

    @Test
    void anEmptyQueueKeepsTheCarrierUntilItIsHungUp() {
        uart = new Uart16550(queue, output, port);
        assertThat(read(Uart16550.LSR)).isEqualTo(0x60);
        assertThat(read(Uart16550.MSR)).isEqualTo(0xB0);
        queue.receive(new byte[] {'a'}, 10);
        queue.hangUp(20);
        assertThat(read(Uart16550.MSR)).isEqualTo(0xB0);

        assertThat(read(Uart16550.LSR)).isEqualTo(0x61);
        assertThat(read(Uart16550.MSR)).isEqualTo(0xB0);
        assertThat(read(Uart16550.RBR)).isEqualTo('a');
        assertThat(read(Uart16550.LSR)).isEqualTo(0x60);
        assertThat(read(Uart16550.MSR)).isEqualTo(0x38);
    }

    @Test
    void whatArrivesInterruptsHartZeroWhereItIsEnabled() {
        uart = new Uart16550(queue, output, port);
        queue.receive(new byte[] {'a'}, 10);
        assertThat(port.takeCalls()).isEmpty();

        write(Uart16550.IER, 0x01, 15);
        assertThat(port.takeCalls()).containsExactly("raise EXTERNAL hart 0 at 15");
        write(Uart16550.IER, 0x09, 16);
        assertThat(port.takeCalls()).isEmpty();
        queue.receive(new byte[] {'b'}, 20);
        assertThat(port.takeCalls()).containsExactly("raise EXTERNAL hart 0 at 20");
        assertThat(read(Uart16550.IIR)).isEqualTo(0x04);

        for (int i = 0; i < 2; i++) {
            read(Uart16550.LSR);
            read(Uart16550.RBR);
        }
        assertThat(read(Uart16550.IIR)).isEqualTo(0x01);
        queue.hangUp(30);
        assertThat(port.takeCalls()).containsExactly("raise EXTERNAL hart 0 at 30");
        assertThat(read(Uart16550.IIR)).isEqualTo(0x00);
        read(Uart16550.MSR);
        assertThat(read(Uart16550.IIR)).isEqualTo(0x01);
    }

    @Test
    void theEndInterruptsWhereModemStatusIsEnabledOnly() {
        uart = new Uart16550(queue, output, port);
        write(Uart16550.IER, 0x01);
        queue.hangUp(30);
        assertThat(port.takeCalls()).isEmpty();
        assertThat(read(Uart16550.MSR)).isEqualTo(0x38);
    }

    @Test
    void aRestoredUartHasTheCarrierOfTheSavedOne() {
        uart = new Uart16550(queue, output, port);
        byte[] before = Snapshots.save(uart);
        queue.hangUp(30);
        byte[] after = Snapshots.save(uart);

        Snapshots.restore(uart, before);
        assertThat(read(Uart16550.MSR)).isEqualTo(0xB0);
        Snapshots.restore(uart, after);
        assertThat(read(Uart16550.MSR)).isEqualTo(0x38);
    }

    private Uart16550 uartWith(String input) {
        return new Uart16550(new BytesConsoleInput(input.getBytes(StandardCharsets.ISO_8859_1)), output, port);
    }

    private int read(int register) {
        return (int) uart.read(register, 1, 0);
    }

    private void write(int register, int value) {
        write(register, value, 0);
    }

    private void write(int register, int value, long nowCycle) {
        uart.write(register, 1, value, nowCycle);
    }

    /** Delivers one letter after the other and writes down that it was asked. */
    private static final class ScriptedInput implements ConsoleInput {
        final List<String> calls = new ArrayList<>();
        boolean mayWait;

        @Override
        public int next() {
            calls.add("next");
            return 'a';
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public boolean mayWait() {
            return mayWait;
        }

        @Override
        public void save(ByteArrayDataOutput out) {}

        @Override
        public void restore(ByteArrayDataInput in) {}
    }
}
