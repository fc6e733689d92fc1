package dev.pagewalk.kernel.file;

/** Told by pipes, implemented by whoever lets tasks wait for them. */
public interface PipeObserver {
    /**
     * Bytes, room or an end of a pipe has come or gone: whoever waits for it looks again, by {@link FileSystem#isReady}.
     *
     * @param pipe the number of the pipe's inode
     */
    void changed(long pipe);
}
