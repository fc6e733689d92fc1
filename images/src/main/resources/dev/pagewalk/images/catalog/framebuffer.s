# framebuffer: draws the Mandelbrot set on the screen, /dev/fb0, and prints a checksum of its pixels.
        .equ    IOCTL, 29
        .equ    OPENAT, 56
        .equ    CLOSE, 57
        .equ    WRITE, 64
        .equ    EXIT, 93
        .equ    MUNMAP, 215
        .equ    MMAP, 222
        .equ    AT_FDCWD, -100
        .equ    O_RDWR, 2
        .equ    READ_WRITE, 1 | 2       # PROT_READ, PROT_WRITE
        .equ    MAP_SHARED, 0x01

        # linux/fb.h: the requests, and where their structs have the fields that count here.
        .equ    FBIOGET_VSCREENINFO, 0x4600
        .equ    XRES, 0
        .equ    YRES, 4
        .equ    BITS_PER_PIXEL, 24
        .equ    VSCREENINFO_BYTES, 160
        .equ    FBIOGET_FSCREENINFO, 0x4602
        .equ    LINE_LENGTH, 48
        .equ    FSCREENINFO_BYTES, 80

        # The plane's numbers are fixed-point, with 24 bits after the point; products have 48.
        .equ    ONE, 1 << 24
        .equ    VIEW_WIDTH, 53687091    # 3.2
        .equ    CENTRE, -10066330       # -0.6
        .equ    FAR, 64 << 48           # a point whose square of the distance is larger does not come back
        .equ    MOST_STEPS, 192         # a point that is not far by then counts as one of the set
        .equ    COLOURS, 1024           # a power of two

        .globl  _start
_start:
        li      a0, AT_FDCWD
        la      a1, device
        li      a2, O_RDWR
        li      a3, 0
        li      a7, OPENAT
        ecall
        bltz    a0, no_screen
        mv      s0, a0

        li      a1, FBIOGET_VSCREENINFO
        la      a2, variable
        li      a7, IOCTL
        ecall
        bltz    a0, strange
        mv      a0, s0
        li      a1, FBIOGET_FSCREENINFO
        la      a2, fixed
        li      a7, IOCTL
        ecall
        bltz    a0, strange
        la      t0, variable
        lwu     s1, XRES(t0)
        lwu     s2, YRES(t0)
        lwu     t1, BITS_PER_PIXEL(t0)
        li      t2, 32
        bne     t1, t2, strange
        la      t0, fixed
        lwu     s3, LINE_LENGTH(t0)

        mul     s4, s2, s3              # all pixels, in bytes
        li      a0, 0
        mv      a1, s4
        li      a2, READ_WRITE
        li      a3, MAP_SHARED
        mv      a4, s0
        li      a5, 0
        li      a7, MMAP
        ecall
        bltz    a0, strange
        mv      s5, a0
        mv      a0, s0                  # the mapping stays without its descriptor
        li      a7, CLOSE
        ecall

        call    mix_colours
        call    draw
        call    sum_pixels
        mv      s6, a0

        mv      a0, s5
        mv      a1, s4
        li      a7, MUNMAP
        ecall
        bnez    a0, strange

        mv      a0, s1
        call    print_number
        la      a0, by_text
        call    print
        mv      a0, s2
        call    print_number
        la      a0, checksum_text
        call    print
        mv      a0, s6
        call    print_hexadecimal
        la      a0, newline
        call    print
        li      a0, 0
        li      a7, EXIT
        ecall

no_screen:
        la      a0, no_screen_text
        j       complain
strange:
        la      a0, strange_text
complain:
        call    print
        li      a0, 1
        li      a7, EXIT
        ecall

# Draws s1 x s2 pixels at s5, rows s3 bytes apart. The set is its own mirror image: each row is drawn twice, from the top
# down and from the bottom up.
draw:
        addi    sp, sp, -64
        sd      ra, 0(sp)
        sd      s6, 8(sp)
        sd      s7, 16(sp)
        sd      s8, 24(sp)
        sd      s9, 32(sp)
        sd      s10, 40(sp)
        sd      s11, 48(sp)
        li      t0, VIEW_WIDTH
        divu    s6, t0, s1              # from a pixel to the next
        mv      s7, s5                  # the upper row
        addi    t0, s2, -1
        mul     t0, t0, s3
        add     s8, s5, t0              # the lower row
        addi    t0, s2, -1
        mul     t0, t0, s6
        srai    s9, t0, 1               # the upper row's imaginary part
next_row:
        addi    t0, s1, -1
        mul     t0, t0, s6
        srai    t0, t0, 1
        li      s10, CENTRE
        sub     s10, s10, t0            # the real part, from the left
        li      s11, 0                  # where in the row, in bytes
next_pixel:
        mv      a0, s10
        mv      a1, s9
        call    colour
        add     t0, s7, s11
        sw      a0, (t0)
        add     t0, s8, s11
        sw      a0, (t0)
        add     s10, s10, s6
        addi    s11, s11, 4
        slli    t0, s1, 2
        bltu    s11, t0, next_pixel
        sub     s9, s9, s6
        add     s7, s7, s3
        sub     s8, s8, s3
        bleu    s7, s8, next_row
        ld      ra, 0(sp)
        ld      s6, 8(sp)
        ld      s7, 16(sp)
        ld      s8, 24(sp)
        ld      s9, 32(sp)
        ld      s10, 40(sp)
        ld      s11, 48(sp)
        addi    sp, sp, 64
        ret

# Gives the colour of the point a0 + a1 i: black for one of the set; else the more steps z = z^2 + c takes to get far
# away from 0, the further along the palette.
colour:
        mul     t1, a1, a1
        li      t0, ONE / 4             # inside the large cardioid no steps are needed
        sub     t2, a0, t0
        mul     t3, t2, t2
        add     t3, t3, t1
        srai    t3, t3, 24
        add     t2, t2, t3
        mul     t2, t2, t3
        srai    t3, t1, 2
        ble     t2, t3, inside
        li      t0, ONE                 # nor in the disc on its left
        add     t0, a0, t0
        mul     t0, t0, t0
        add     t0, t0, t1
        li      t1, ONE * ONE / 16
        blt     t0, t1, inside

        li      a2, FAR
        li      a3, MOST_STEPS
        mv      t0, a0
        mv      t1, a1
1:      mul     t2, t0, t0
        mul     t3, t1, t1
        add     t4, t2, t3              # the square of the distance
        bgt     t4, a2, outside
        mul     t1, t0, t1
        srai    t1, t1, 23              # twice the product
        add     t1, t1, a1
        sub     t0, t2, t3
        srai    t0, t0, 24
        add     t0, t0, a0
        addi    a3, a3, -1
        bnez    a3, 1b
inside:
        li      a0, 0
        ret

# How far it went beyond makes a fraction of a step of it, so that the colours have no edges: log2 of the square is 6
# where it has just become FAR, and 12 where it nearly was a step before.
outside:
        srai    t4, t4, 46              # 8 bits after the point from here on; 64 is 1 here
        li      t0, 6 << 8
        li      t1, 2 << 8
2:      blt     t4, t1, 3f
        srli    t4, t4, 1
        addi    t0, t0, 1 << 8
        j       2b
3:      add     t0, t0, t4              # between powers of two log2 is nearly straight
        addi    t0, t0, -(1 << 8)
        li      t2, 6
        divu    t0, t0, t2
        li      t1, MOST_STEPS + 2
        sub     t1, t1, a3
        slli    t1, t1, 8
        sub     t1, t1, t0
        li      t2, 3
        mul     t1, t1, t2
        srli    t1, t1, 5               # 24 colours a step
        andi    t1, t1, COLOURS - 1
        slli    t1, t1, 2
        la      t0, palette
        add     t0, t0, t1
        lwu     a0, (t0)
        ret

# Fills the palette: between two knots each of red, green and blue changes evenly.
mix_colours:
        la      a0, palette
        la      a1, knots
        li      a2, 0                   # the colour's number
next_colour:
        lw      t0, 16(a1)              # the next knot's
        bltu    a2, t0, 1f
        addi    a1, a1, 16
        lw      t0, 16(a1)
1:      lw      t1, 0(a1)
        sub     t0, t0, t1              # from knot to knot
        sub     t1, a2, t1              # from the knot to here
        li      a3, 0                   # the mixed colour
        addi    a4, a1, 4
        addi    a5, a1, 16
2:      lw      t2, 0(a4)
        lw      t3, 16(a4)
        sub     t3, t3, t2
        mul     t3, t3, t1
        div     t3, t3, t0
        add     t2, t2, t3
        slli    a3, a3, 8
        or      a3, a3, t2
        addi    a4, a4, 4
        bne     a4, a5, 2b
        sw      a3, (a0)
        addi    a0, a0, 4
        addi    a2, a2, 1
        li      t0, COLOURS
        bltu    a2, t0, next_colour
        ret

# Gives the FNV-1a hash of the s4 bytes at s5, eight at a time.
sum_pixels:
        ld      a0, hash_start
        ld      t0, hash_prime
        mv      t1, s5
        add     t2, s5, s4
1:      ld      t3, (t1)
        xor     a0, a0, t3
        mul     a0, a0, t0
        addi    t1, t1, 8
        bltu    t1, t2, 1b
        ret

# Writes the text at a0, up to its zero byte.
print:
        mv      a2, a0
1:      lbu     t0, (a2)
        addi    a2, a2, 1
        bnez    t0, 1b
        sub     a2, a2, a0
        addi    a2, a2, -1              # the zero byte itself stays out
        mv      a1, a0
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        ret

# Writes a0 as an unsigned decimal number.
print_number:
        addi    sp, sp, -32
        addi    a1, sp, 32              # the digits grow downwards from here
        li      t0, 10
1:      remu    t1, a0, t0
        divu    a0, a0, t0
        addi    t1, t1, '0'
        addi    a1, a1, -1
        sb      t1, (a1)
        bnez    a0, 1b
        addi    a2, sp, 32
        sub     a2, a2, a1
        li      a0, 1                   # standard output
        li      a7, WRITE
        ecall
        addi    sp, sp, 32
        ret

# Writes a0 as 16 hexadecimal digits.
print_hexadecimal:
        addi    sp, sp, -16
        addi    a1, sp, 16
        li      t0, 10
1:      andi    t1, a0, 15
        srli    a0, a0, 4
        bltu    t1, t0, 2f
        addi    t1, t1, 'a' - 10 - '0'
2:      addi    t1, t1, '0'
        addi    a1, a1, -1
        sb      t1, (a1)
        bne     a1, sp, 1b
        li      a0, 1                   # standard output
        li      a2, 16
        li      a7, WRITE
        ecall
        addi    sp, sp, 16
        ret

        .section .rodata
device: .asciz  "/dev/fb0"
no_screen_text:
        .asciz  "there is no /dev/fb0; boot with --framebuffer FILE.png\n"
strange_text:
        .asciz  "/dev/fb0 is no screen with 32 bits per pixel that can be mapped\n"
by_text:
        .asciz  " x "
checksum_text:
        .asciz  " pixels, checksum "
newline:
        .asciz  "\n"

        .balign 8
hash_start:
        .dword  0xcbf29ce484222325
hash_prime:
        .dword  0x100000001b3

knots:  .word   0, 0, 7, 100            # the colour's number, red, green, blue
        .word   164, 32, 107, 203
        .word   430, 237, 255, 255
        .word   658, 255, 170, 0
        .word   878, 0, 2, 0
        .word   1024, 0, 7, 100

        .bss
        .balign 8
variable:
        .space  VSCREENINFO_BYTES
fixed:  .space  FSCREENINFO_BYTES
palette:
        .space  COLOURS * 4
