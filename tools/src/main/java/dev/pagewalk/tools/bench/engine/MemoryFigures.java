package dev.pagewalk.tools.bench.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What memory this JVM uses.
 *
 * @param residentBytes of the process, in the host's RAM; null where the host does not say it as Linux does
 * @param heapBytes after a garbage collection, the guest's RAM included as far as it was touched
 * @param metaspaceBytes for classes, those of regions among them
 */
public record MemoryFigures(Long residentBytes, long heapBytes, long metaspaceBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    static MemoryFigures now() {
        Long resident = residentBytesNow();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        return new MemoryFigures(resident, heap, metaspace);
    }

    private static Long residentBytesNow() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
