# everything: each kind of operand and directive, for comparison with the GNU assembler.
        .equ    SMALL, 40
        .set    BIG, 0x123456789abcdef0
        .globl  _start
        .text
_start: lui a0, 0x12345
        lui a1, %hi(message)
        addi a1, a1, %lo(message)
1:      auipc a2, %pcrel_hi(value)
        ld a3, %pcrel_lo(1b)(a2)
        sd a3, %pcrel_lo(1b)(a2)
        lui a4, %hi(value)
        lw a5, %lo(value)(a4)
        sw a5, %lo(value+4)(a4)
        add a0, a1, a2; add a0, a1, 5
        and a0,a1,7; or a0,a1,-1; xor t0,t1,2047; slt a0,a1,-2048; sltu a0,a1,1
        sll a0,a1,63; srl a0,a1,1; sra a0,a1,32; addw a0,a1,1; sllw a0,a1,31; srlw a0,a1,3; sraw a0,a1,4
        sub a0,a1,a2; sll a0,a1,a2; slt a0,a1,a2; sltu a0,a1,a2; xor a0,a1,a2; srl a0,a1,a2; sra a0,a1,a2; or a0,a1,a2; and a0,a1,a2
        addw a0,a1,a2; subw a0,a1,a2; sllw a0,a1,a2; srlw a0,a1,a2; sraw a0,a1,a2
        mul a0,a1,a2; mulh a0,a1,a2; mulhsu a0,a1,a2; mulhu a0,a1,a2; div a0,a1,a2; divu a0,a1,a2; rem a0,a1,a2; remu a0,a1,a2
        mulw a0,a1,a2; divw a0,a1,a2; divuw a0,a1,a2; remw a0,a1,a2; remuw a0,a1,a2
        lb a0,(a1); lh a0,-1(a1); lw a0,2047(a1); ld a0,-2048(a1); lbu a0,SMALL(a1); lhu a0,SMALL+2(sp); lwu x31, (8*4)(x1)
        sb a0,(a1); sh a0,-1(a1); sw a0,2047(a1); sd a0,-2048(a1)
        lr.w a0,(a1); lr.d.aqrl a0,(a1); sc.w a0,a2,(a1); sc.d.rl a0,a2,0(a1)
        amoswap.w a0,a2,(a1); amoadd.w.aq a0,a2,(a1); amoxor.w.rl a0,a2,(a1); amoand.w.aqrl a0,a2,(a1)
        amoor.d a0,a2,(a1); amomin.d a0,a2,(a1); amomax.d a0,a2,(a1); amominu.d.aqrl a0,a2,(a1); amomaxu.d a0,a2,(a1)
        fence; fence rw,rw; fence i,o; fence iorw,w; fence.tso; fence.i; ecall; ebreak; scall; sbreak
        csrrw a0, cycle, a1; csrrs a0, time, a1; csrrc a0, instret, a1; csrrwi a0, 0x300, 5; csrrsi a0, hpmcounter3, 31; csrrci a0, hpmcounter31, 0
        csrrw a0, 0x7c0, 5
        csrr a0, cycle; csrw 0x7c0, a0; csrs 0x7c0, a0; csrc 0x7c0, a0; csrwi 0x7c0, 1; csrsi 0x7c0, 2; csrci 0x7c0, 3; csrw 0x7c0, 9
        rdcycle t0; rdtime t1; rdinstret t2
        nop; mv a0,a1; move a0,a1; not a0,a1; neg a0,a1; negw a0,a1; sext.w a0,a1; seqz a0,a1; snez a0,a1; sltz a0,a1; sgtz a0,a1
        sgt a0,a1,a2; sgtu a0,a1,a2; zext.b a0,a1; sext.b a0,a1; sext.h a0,a1; zext.h a0,a1; zext.w a0,a1
2:      beq a0,a1,2b; bne a0,a1,2f; blt a0,a1,2b; bge a0,a1,_start; bltu a0,a1,2f; bgeu a0,a1,2f
        beqz a0,2f; bnez a0,2b; blez a0,2b; bgez a0,2f; bltz a0,2f; bgtz a0,2f; bgt a0,a1,2b; ble a0,a1,2b; bgtu a0,a1,2b; bleu a0,a1,2f
        j 2f; jal 2f; jal t0, 2b; jr a0; jr 8(a0); jalr a0; jalr t0, a0; jalr t0, 4(a0); jalr t0, a0, 4; jalr 12(a0); jalr t0,(a0); ret
2:      call _start; call t0, end; tail end; jump end, t2; unimp
        la a0, message; lla a1, value; ld a2, value; lw a2, value+4; lbu a3, message; sd a2, value, t0; sb a3, message+1, t1
        la a0, SMALL; la a0, 0x12345
        li a0, 0; li a0,-1; li a0,2047; li a0,2048; li a0,-2049; li a0,0x7ffff800; li a0,0x7fffffff; li a0, 0x80000000; li a0,0xffffffff
        li a0,-2147483648; li a0,0x100000000; li a0,BIG; li a0,0x7fffffffffffffff; li a0,0x8000000000000000; li a0,0xDEADBEEF000; li a0, ~0xfff; li a0, 0xfffffffff
        li a0, 'a'; li a0, '\n' ; li a0, 1<<40 | 3 ; li a0, 2+3*4; li a0, 2+3|4; li a0, 7&3+1; li a0, (5>4) ; li a0, 5==4; li a0, -8>>60; li a0, 7/2*2 ; li a0, -7/2; li a0,-7%3; li a0,!0; li a0,~5; li a0,2!1; li a0, 1&&2; li a0, 0||0
        .align 4
end:    nop
        .byte 1
        .balign 8
        nop
        .align 5, 0xff
        nop
        .p2align 6,,3
        .section .rodata
message: .asciz "hello\n\t\"\\\101\x42"
        .string "a", "b"
        .ascii "xyz" "w"
        .align 3
        .dword message, end-message, . , _start
        .half 1,2,-3, 0xffff; .2byte 5
        .word end - _start, . - message
        .data
value:  .8byte 1, -1; .quad 5
        .balign 16, 3
        .fill 3, 2, 0x1234
        .space 5, 7
        .zero 3
        .skip 2
        .byte 'x', 255, -128
counter = . - value
        .4byte counter
        .bss
        .align 3
buffer: .space 100
        .lcomm extra, 24
