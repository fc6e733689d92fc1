package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Test;

class SystemCallTraceTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final String DATA = "        .data\ntext: .ascii \"a\\\"b\\\\c\\t\\r\\n\\001\\377\"\n"
            + "        .section .rodata\nlong: .ascii \"0123456789012345678901234567890123456789\"\n"
            + "        .bss\nbuffer: .zero 64\n";

    private static Guest guest() {
        return new Guest()
                .call(WRITE, 1, "=text", 10)
                .call(WRITE, 2, "=long", 40)
                .call(WRITE, 7, "=long", 32)
                .call(WRITE, 1, 0, 5)
                .call(READ, 0, "=buffer", 64)
                .call(READ, 0, "=buffer", 64)
                .mmap(0, 2 * PAGE, RW, ANON)
                .mmap(AT, PAGE, PROT_NONE, SHARED | ANONYMOUS | FIXED | POPULATE | NOREPLACE | 0x20000)
                .mmap(0, 0, 7, ANON)
                .call(WRITE, 1, AT, 5)
                .mprotect(AT, PAGE, R | X)
                .munmap(AT, PAGE)
                .munmap(1, PAGE)
                .brk(0)
                .call(GETPID)
                .call(CLOCK_GETTIME, 1, "=buffer")
                .call(777, 5)
                .call(EXIT, 3)
                .data(DATA);
    }

    @Test
    void everyCallIsALineInTheMannerOfStrace() {
        TestMachine test = TestMachine.options().traced().input("hi\n").run(guest().source());
        assertThat(test.trace())
                .containsExactly(
                        "1 write(1, \"a\\\"b\\\\c\\t\\r\\n\\x01\\xff\", 10) = 10",
                        "1 write(2, \"01234567890123456789012345678901\"..., 40) = 40",
                        "1 write(7, \"01234567890123456789012345678901\", 32) = -1 EBADF",
                        "1 write(1, NULL, 5) = -1 EFAULT",
                        "1 read(0, 0x13000, 64) = 3 \"hi\\n\"",
                        "1 read(0, 0x13000, 64) = 0",
                        "1 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x400000000000",
                        "1 mmap(0x20000000, 4096, PROT_NONE, "
                                + "MAP_SHARED|MAP_FIXED|MAP_ANONYMOUS|MAP_POPULATE|MAP_FIXED_NOREPLACE|0x20000, -1, 0)"
                                + " = 0x20000000",
                        "1 mmap(NULL, 0, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL",
                        "1 write(1, 0x20000000, 5) = -1 EFAULT",
                        "1 mprotect(0x20000000, 4096, PROT_READ|PROT_EXEC) = 0",
                        "1 munmap(0x20000000, 4096) = 0",
                        "1 munmap(0x1, 4096) = -1 EINVAL",
                        "1 brk(NULL) = 0x14000",
                        "1 getpid() = 1",
                        "1 clock_gettime(1, 0x13000) = 0",
                        "1 syscall_777(0x5, ...) = -1 ENOSYS",
                        "1 exit(3) = ?",
                        "1 +++ exited with 3 +++");
    }

    @Test
    void aKilledProcessIsTracedToo() {
        TestMachine test =
                TestMachine.options().traced().run(new Guest().load(0).source());
        assertThat(test.trace()).containsExactly("1 +++ killed by SIGSEGV +++");
    }

    @Test
    void aTracedRunCostsTheSameCycles() {
        TestMachine traced = TestMachine.options().traced().input("hi\n").run(guest().source());
        TestMachine plain = TestMachine.options().input("hi\n").run(guest().source());
        assertThat(traced.hart().cycle).isEqualTo(plain.hart().cycle).isPositive();
        assertThat(traced.hart().retired).isEqualTo(plain.hart().retired);
        assertThat(traced.hart().mmu().counters()).isEqualTo(plain.hart().mmu().counters());
        assertThat(plain.trace()).isEmpty();
    }
}
