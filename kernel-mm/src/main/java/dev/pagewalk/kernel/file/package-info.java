/**
 * Files, all in RAM: inodes and their page cache, paths, open files, descriptors, pipes.
 *
 * <p>On the path of a load from a mapped file: {@link dev.pagewalk.kernel.file.Inode#page} gives the frame that the fault
 * handler maps.
 */
package dev.pagewalk.kernel.file;
