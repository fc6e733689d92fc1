package dev.pagewalk.images.listing;

import dev.pagewalk.emulator.isa.Decoder;
import java.nio.ByteBuffer;

/**
 * The bytes that a hart would fetch as one instruction.
 *
 * @param raw four bytes, or two in the low half
 * @param lengthBytes 4 or 2
 */
record FetchedInstruction(int raw, int lengthBytes) {
    /** The instruction at {@code offset}; null where none can begin there or it is longer than {@code available} bytes. */
    static FetchedInstruction at(ByteBuffer bytes, int offset, long address, long available) {
        if (address % 2 != 0 || available < 2) {
            return null;
        }
        int low = Short.toUnsignedInt(bytes.getShort(offset));
        int lengthBytes = Decoder.lengthBytes(low);
        if (available < lengthBytes) {
            return null;
        }
        return new FetchedInstruction(lengthBytes == 4 ? bytes.getInt(offset) : low, lengthBytes);
    }

    /** How far it is to the next address at which an instruction may begin: 1 or 2. */
    static int bytesToBoundary(long address) {
        return 2 - (int) (address & 1);
    }
}
