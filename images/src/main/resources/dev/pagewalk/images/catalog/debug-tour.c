// debug-tour: structs, a list, recursion, loops and a global counter, for a first session with a debugger.
#include "guest.h"

enum kind { TRIANGLE = 3, SQUARE = 4 };

struct point {
    int x;
    int y;
};

struct shape {
    const char *name;
    enum kind kind;
    struct point corners[4];
};

struct node {
    long value;
    struct node *next;
};

struct tree {
    long key;
    struct tree *left;
    struct tree *right;
};

// Something to watch: it changes in count_up only.
long counter;

struct shape square = {"unit square", SQUARE, {{0, 0}, {1, 0}, {1, 1}, {0, 1}}};

static struct tree leaves[] = {{1, 0, 0}, {3, 0, 0}, {5, 0, 0}, {7, 0, 0}};
static struct tree branches[] = {{2, &leaves[0], &leaves[1]}, {6, &leaves[2], &leaves[3]}};
struct tree root = {4, &branches[0], &branches[1]};

static long factorial(long n) {
    if (n <= 1) {
        return 1;
    }
    long smaller = factorial(n - 1);
    return n * smaller;
}

static long sum(const struct tree *tree) {
    if (tree == 0) {
        return 0;
    }
    long below = sum(tree->left) + sum(tree->right);
    return below + tree->key;
}

static struct node *push(struct node *node, struct node *list, long value) {
    node->value = value;
    node->next = list;
    return node;
}

static long list_length(const struct node *list) {
    long nodes = 0;
    while (list != 0) {
        nodes++;
        list = list->next;
    }
    return nodes;
}

static void count_up(long step) {
    counter += step;
}

static void count(long last) {
    for (long i = 1; i <= last; i++) {
        count_up(i);
    }
    print_line("counter: ", counter);
}

// The number that an argument gives: with a large one there is time to attach.
static long number(const char *text) {
    long value = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        value = 10 * value + *text - '0';
    }
    return value;
}

static void move_shape(struct shape *shape, int dx, int dy) {
    for (int i = 0; i < (int) shape->kind; i++) {
        shape->corners[i].x += dx;
        shape->corners[i].y += dy;
    }
}

int main(int argc, char **argv) {
    struct node nodes[3];
    struct node *list = 0;
    for (long i = 0; i < 3; i++) {
        list = push(&nodes[i], list, 10 * (i + 1));
    }
    print_line("nodes: ", list_length(list));
    print_line("factorial: ", factorial(6));
    print_line("sum: ", sum(&root));
    count(argc > 1 ? number(argv[1]) : 10);
    move_shape(&square, 2, 5);
    print_line("corner: ", square.corners[2].x * 10 + square.corners[2].y);
    return 0;
}
