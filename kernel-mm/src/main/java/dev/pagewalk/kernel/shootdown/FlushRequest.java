package dev.pagewalk.kernel.shootdown;

/** What a hart has been asked for by an interrupt. */
record FlushRequest(Shootdown shootdown, RemoteFlush what) {}
