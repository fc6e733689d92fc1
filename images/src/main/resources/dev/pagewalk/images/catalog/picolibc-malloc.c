// picolibc-malloc: a heap by brk; blocks of all sizes come, grow, shrink and go, and keep what was written into them.
#include "platform.h"

#include <stdint.h>
#include <string.h>

#define BLOCKS 64
#define MOST_BYTES 3000

struct block {
    unsigned char *bytes;
    size_t size;
    unsigned char fill;
};

static struct block blocks[BLOCKS];
static unsigned long state = 1;

// From 0 to limit - 1; the same numbers in every run.
static unsigned long random_below(unsigned long limit) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return (state >> 33) % limit;
}

static void fail(const char *what) {
    printf("failed: %s\n", what);
    exit(1);
}

static void check(const struct block *block, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (block->bytes[i] != block->fill) {
            fail("a block has lost its content");
        }
    }
}

static void fill(struct block *block, size_t size) {
    block->size = size;
    block->fill = (unsigned char) random_below(256);
    memset(block->bytes, block->fill, size);
    if (block->bytes == NULL || (uintptr_t) block->bytes % sizeof(long) != 0) {
        fail("a block is missing or not aligned");
    }
}

static void replace(struct block *block) {
    if (block->bytes != NULL) {
        check(block, block->size);
    }
    size_t size = 1 + random_below(MOST_BYTES);
    switch (random_below(3)) {
        case 0: {
            unsigned char *moved = realloc(block->bytes, size);
            size_t kept = size < block->size ? size : block->size;
            block->bytes = moved;
            check(block, kept);
            break;
        }
        case 1:
            free(block->bytes);
            block->bytes = malloc(size);
            break;
        default:
            free(block->bytes);
            block->bytes = calloc(1, size);
            block->fill = 0;
            check(block, size);
            break;
    }
    fill(block, size);
}

int main(int argc, char **argv) {
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 300;
    char *before = sbrk(0);
    for (long i = 0; i < rounds; i++) {
        replace(&blocks[random_below(BLOCKS)]);
    }
    size_t in_use = 0;
    for (int i = 0; i < BLOCKS; i++) {
        check(&blocks[i], blocks[i].size);
        in_use += blocks[i].size;
    }
    printf("%ld blocks made, %zu bytes in use at the end\n", rounds, in_use);
    size_t heap = (char *) sbrk(0) - before;
    printf("the heap is %s\n", heap < 3 * in_use ? "less than three times as large" : "full of holes");

    for (int i = 0; i < BLOCKS; i++) {
        free(blocks[i].bytes);
    }
    void *large = malloc(heap / 2);
    printf("what is given back is used again: %s\n", (char *) large < before + heap ? "yes" : "no");
    errno = 0;
    void *impossible = malloc((size_t) 1 << 60);
    printf("more than there is: %s\n", impossible == NULL && errno == ENOMEM ? "ENOMEM" : "given");
    return 0;
}
