# compressed: all compressed instructions by their own names, and what .option rvc makes of others, for comparison with
# the GNU assembler. That one shortens branches and jumps to labels too: here they are written as they come out.
        .option norelax
        .option rvc
        .equ    SMALL, 40
        .globl  _start
        .text
_start: c.addi4spn a0, sp, 16; c.addi4spn a5, sp, 1020
        c.lw a0, 4(a1); c.lw s0, 124(a5); c.ld a0, SMALL(a1); c.ld a5, 248(a5); c.lw a0, (a1)
        c.sw a0, 8(s0); c.sw a0, 124(s0); c.sd s0, 56(s1); c.sd a5, 248(a5)
        c.nop; c.addi a0, 1; c.addi t6, -32; c.addiw a0, 0; c.addiw a0, 31; c.li a0, 31; c.li t6, -32
        c.addi16sp sp, 32; c.addi16sp sp, -512; c.lui a0, 1; c.lui a0, 31; c.lui t6, 0xfffe0; c.lui t6, 0xfffff
        c.srli a0, 63; c.srai a5, 1; c.andi a0, -1; c.andi a0, 31; c.slli a0, 3; c.slli t6, 63
        c.sub a0, a1; c.xor a0, a1; c.or a0, a1; c.and a0, a1; c.subw a0, a1; c.addw a0, a1
        c.lwsp a0, 4(sp); c.lwsp ra, 252(x2); c.ldsp ra, 8(sp); c.ldsp t6, 504(sp)
        c.swsp a0, 252(sp); c.sdsp a0, 8(sp); c.sdsp zero, 504(sp)
1:      c.j 1b; c.j 2f; c.beqz a0, 1b; c.bnez a5, 2f
2:      c.jr ra; c.mv a0, a1; c.ebreak; c.jalr a0; c.add a0, a1; c.unimp
        # what is as good in two bytes
        addi a0,a0,0; addi a0,a1,0; addi sp,sp,16; addi sp,sp,32; addi sp,sp,0; addi a0,sp,16; addi s4,sp,0; addi sp,sp,-512
        add a0,zero,a1; add a0,a1,a0; add a0,a0,a0; add a0,a0,1; and a0,a1,a0; and a0,a0,1; or a0,a0,a0; xor a0,a1,a0
        addw a0,a1,a0; subw a0,a0,a1; sub a0,a0,a1; sext.w a0,a0; addiw a0,a0,1; addi a0,zero,0; addi a0,zero,-32
        nop; ret; jr a0; jalr a0; ebreak; unimp; mv a0,a1; slli a0,a0,3; srli a0,a0,63; srai a0,a0,1; andi a0,a0,-1
        li a0,5; li a0,-33; li a0,0x1000; li a0,0x12345; li a0,0x123456789abcdef0; lui a0,31; lui a0,0xfffff
        lw a0,4(sp); lw a0,4(a1); ld a0,8(a1); ld ra,0(sp); sd a0,8(sp); sw a0,8(s0); sd ra,SMALL(sp); lw a0,(a1)
        # what is not
        add a0,a1,zero; add zero,zero,a0; add zero,a0,a1; add a0,zero,zero; addi zero,zero,5; addi a0,a0,32; addi a0,a1,1
        lui zero,1; lui sp,1; lui a0,32; slli zero,zero,3; slli a0,a0,0; srli a0,a0,0; srli a6,a6,1; slli a0,a1,3
        lw zero,0(sp); lw a0,2(sp); lw a0,256(sp); lw a6,4(a1); ld a0,252(a1); addiw a0,zero,3; subw a0,a1,a0; sub a0,a1,a0
        mv zero,a0; li zero,3; jr 4(a0); ecall; fence; mul a0,a0,a1; lb a0,0(a0)
        lui a0, %hi(data); addi a0, a0, %lo(data); ld a0, %lo(data)(a0)
        # distances over code of both lengths, and padding after it
        .option push
        .option norvc
        addi a0, a0, 1; mv a0, a1; ret; unimp
        .option pop
        addi a0, a0, 1; mv a0, a1; ret; unimp
3:      addi a0, a0, 1
4:      addi a0, a1, 1
5:
        c.nop
        .balign 8
        c.nop
        .balign 4
        .4byte  5b - 4b
        .data
data:   .8byte  2b, 4b - 3b
