package dev.pagewalk.tools.metrics;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over (frame number, bytes) of all non-zero frames of RAM in ascending order. The frame number is the physical
 * address / 4096 as 8 bytes, most significant first.
 */
final class MemoryHash {
    private MemoryHash() {}

    static String of(PhysicalMemory memory) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        memory.forEachNonZeroFrame((address, chunk, offset) -> {
            digest.update(
                    ByteBuffer.allocate(Long.BYTES).putLong(address / 4096).flip());
            digest.update(chunk, offset, 4096);
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
