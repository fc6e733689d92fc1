package dev.pagewalk.emulator.engine.translator;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Translates at once, or on another thread that lives while there is work. All methods are for the machine's thread. */
final class TranslationQueue {
    private static final long IDLE_SECONDS = 2;
    private static final int MOST_PENDING = 64;

    private final RegionCompiler compiler;
    private final Consumer<Translation> whenDone;
    private final ConcurrentLinkedQueue<Translation> done = new ConcurrentLinkedQueue<>();

    /** Null where translation is not in the background. */
    private final ThreadPoolExecutor worker;

    private int pending;
    private volatile Throwable failure;

    TranslationQueue(RegionCompiler compiler, boolean inBackground, Consumer<Translation> whenDone) {
        this.compiler = compiler;
        this.whenDone = whenDone;
        this.worker = inBackground ? newWorker() : null;
    }

    private static ThreadPoolExecutor newWorker() {
        ThreadPoolExecutor worker =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "pagewalk-translator");
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }

    void submit(TranslationRequest request) {
        if (worker == null) {
            whenDone.accept(compiler.translate(request));
            return;
        }
        pending++;
        worker.execute(() -> {
            try {
                done.add(compiler.translate(request));
            } catch (Throwable e) {
                failure = e;
            }
        });
    }

    /** Whether what becomes hot now has to wait until it is so again. */
    boolean isFull() {
        return pending >= MOST_PENDING;
    }

    boolean isPending() {
        return pending != 0;
    }

    /** Hands over what has been finished. */
    void takeFinished() {
        if (failure != null) {
            throw new IllegalStateException("translation has failed", failure);
        }
        for (Translation translation = done.poll(); translation != null; translation = done.poll()) {
            pending--;
            whenDone.accept(translation);
        }
    }
}
