package dev.pagewalk.kernel.file;

/** Told by the file system, implemented by those who map files: what a mapping has to learn of its file. */
public interface MappingObserver {
    /**
     * A file has become shorter: whatever maps a page that lies wholly beyond its end takes the translation away, before
     * the page cache drops the page. The inode has its new size already.
     */
    void truncated(Inode inode, long newSizeBytes);
}
