package dev.pagewalk.kernel.space;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Regions in address order that finds one by address, and the lowest gap of a length, in logarithmic time.
 *
 * <p>An AVL tree each of whose nodes knows the bounds of its subtree and the largest gap between two neighbours in it.
 * Source: G. M. Adelson-Velsky and E. M. Landis, "An algorithm for the organization of information", 1962; the gaps are an
 * augmentation as in Linux's former mm/mmap.c, {@code rb_subtree_gap}.
 */
final class RegionTree extends AbstractCollection<Region> {
    private Node root;
    private int size;
    private int changes;
    private long nodesVisited;

    private static final class Node {
        Region region;
        Node left;
        Node right;
        int height;
        /** Where the subtree's first region begins. */
        long start;
        /** Where its last region ends. */
        long end;
        /** The longest gap between two regions of the subtree. */
        long largestGapBytes;

        Node(Region region) {
            this.region = region;
            update();
        }

        void update() {
            height = 1 + Math.max(height(left), height(right));
            start = left == null ? region.start() : left.start;
            end = right == null ? region.end() : right.end;
            long gapBytes = 0;
            if (left != null) {
                gapBytes = Math.max(left.largestGapBytes, region.start() - left.end);
            }
            if (right != null) {
                gapBytes = Math.max(gapBytes, Math.max(right.largestGapBytes, right.start - region.end()));
            }
            largestGapBytes = gapBytes;
        }
    }

    private static int height(Node node) {
        return node == null ? 0 : node.height;
    }

    @Override
    public int size() {
        return size;
    }

    /** Nodes looked at since the tree was made: what its operations cost, for tests. */
    long nodesVisited() {
        return nodesVisited;
    }

    @Override
    public void clear() {
        root = null;
        size = 0;
        changes++;
    }

    /** The region with the highest start at or below an address, or null. */
    Region floor(long address) {
        Region found = null;
        Node node = root;
        while (node != null) {
            nodesVisited++;
            if (node.region.start() <= address) {
                found = node.region;
                node = node.right;
            } else {
                node = node.left;
            }
        }
        return found;
    }

    /** The region with the lowest end above an address, or null. */
    Region firstEndingAfter(long address) {
        Region found = null;
        Node node = root;
        while (node != null) {
            nodesVisited++;
            if (node.region.end() > address) {
                found = node.region;
                node = node.left;
            } else {
                node = node.right;
            }
        }
        return found;
    }

    /** Adds a region, which is not empty and overlaps none. */
    void insert(Region region) {
        root = insert(root, region);
        size++;
        changes++;
    }

    private Node insert(Node node, Region region) {
        if (node == null) {
            return new Node(region);
        }
        nodesVisited++;
        if (region.start() < node.region.start()) {
            node.left = insert(node.left, region);
        } else {
            node.right = insert(node.right, region);
        }
        return balanced(node);
    }

    /** Takes out the region that begins at an address. */
    void remove(long start) {
        root = remove(root, start);
        size--;
        changes++;
    }

    private Node remove(Node node, long start) {
        Node found = required(node, start);
        if (start < found.region.start()) {
            found.left = remove(found.left, start);
        } else if (start > found.region.start()) {
            found.right = remove(found.right, start);
        } else if (found.left == null || found.right == null) {
            return found.left == null ? found.right : found.left;
        } else {
            Node next = found.right;
            while (next.left != null) {
                nodesVisited++;
                next = next.left;
            }
            found.region = next.region;
            found.right = remove(found.right, next.region.start());
        }
        return balanced(found);
    }

    /** Puts another region in the place of the one that begins at an address; it keeps clear of that one's neighbours. */
    void replace(long start, Region replacement) {
        replace(root, start, replacement);
        changes++;
    }

    private void replace(Node node, long start, Region replacement) {
        Node found = required(node, start);
        if (start == found.region.start()) {
            found.region = replacement;
        } else {
            replace(start < found.region.start() ? found.left : found.right, start, replacement);
        }
        found.update();
    }

    private Node required(Node node, long start) {
        if (node == null) {
            throw new IllegalStateException(String.format("no region begins at 0x%x", start));
        }
        nodesVisited++;
        return node;
    }

    private static Node balanced(Node node) {
        node.update();
        int leaning = height(node.left) - height(node.right);
        if (leaning > 1) {
            if (height(node.left.left) < height(node.left.right)) {
                node.left = rotatedLeft(node.left);
            }
            return rotatedRight(node);
        }
        if (leaning < -1) {
            if (height(node.right.right) < height(node.right.left)) {
                node.right = rotatedRight(node.right);
            }
            return rotatedLeft(node);
        }
        return node;
    }

    private static Node rotatedLeft(Node node) {
        Node top = node.right;
        node.right = top.left;
        top.left = node;
        node.update();
        top.update();
        return top;
    }

    private static Node rotatedRight(Node node) {
        Node top = node.left;
        node.left = top.right;
        top.right = node;
        node.update();
        top.update();
        return top;
    }

    /** The lowest address, at or above {@code from}, at which so many free bytes begin. */
    long firstGap(long from, long lengthBytes) {
        long found = firstGap(root, from, from, lengthBytes);
        if (found >= 0) {
            return found;
        }
        return root == null ? from : Math.max(from, root.end);
    }

    /**
     * Searches before and between the regions of a subtree. Of the subtrees that lie wholly above {@code from} only those
     * that hold the answer are entered.
     *
     * @param after where the free bytes before the subtree begin
     * @return -1 where there is no such gap
     */
    private long firstGap(Node node, long from, long after, long lengthBytes) {
        if (node == null) {
            return -1;
        }
        nodesVisited++;
        if (node.end <= from || Math.max(node.largestGapBytes, node.start - after) < lengthBytes) {
            return -1;
        }
        long found = firstGap(node.left, from, after, lengthBytes);
        if (found >= 0) {
            return found;
        }
        long before = node.left == null ? after : Math.max(after, node.left.end);
        if (node.region.start() - before >= lengthBytes) {
            return before;
        }
        return firstGap(node.right, from, Math.max(after, node.region.end()), lengthBytes);
    }

    /** The regions in address order; they may not change meanwhile. */
    @Override
    public Iterator<Region> iterator() {
        return new InOrder();
    }

    private final class InOrder implements Iterator<Region> {
        private final Deque<Node> path = new ArrayDeque<>();
        private final int changesAtStart = changes;

        InOrder() {
            descend(root);
        }

        private void descend(Node from) {
            for (Node node = from; node != null; node = node.left) {
                path.push(node);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Region next() {
            if (changes != changesAtStart) {
                throw new ConcurrentModificationException();
            }
            if (path.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node node = path.pop();
            descend(node.right);
            return node.region;
        }
    }
}
