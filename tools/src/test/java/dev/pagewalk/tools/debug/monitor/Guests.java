package dev.pagewalk.tools.debug.monitor;

/** Guests that are written for these tests. */
final class Guests {
    /** Where mmap puts the first mapping with Sv48. */
    static final long BASE = 0x4000_0000_0000L;

    /**
     * Maps five pages, and goes on loading from the first one for good. The first has been stored to, the second only
     * loaded, the third not touched, the last two have lost all rights: the fourth untouched, the fifth stored to.
     */
    static final String FIVE_PAGES = """
            _start:
                    li      a0, 0
                    li      a1, 5 * 4096
                    li      a2, 1 | 2
                    li      a3, 0x02 | 0x20
                    li      a4, -1
                    li      a5, 0
                    li      a7, 222         # mmap
                    ecall
                    mv      s0, a0
                    li      t0, 4096
                    sd      t0, (s0)
                    add     s1, s0, t0
                    ld      t1, (s1)
                    slli    t2, t0, 2
                    add     t2, s0, t2
                    sd      t0, (t2)
                    sub     a0, t2, t0
                    li      a1, 2 * 4096
                    li      a2, 0
                    li      a7, 226         # mprotect
                    ecall
                    ld      t1, (s1)        # the hart has forgotten what it knew
            1:      ld      t1, (s0)
                    j       1b
                    .section .rodata
            text:   .asciz  "never read"
            """;

    private Guests() {}
}
