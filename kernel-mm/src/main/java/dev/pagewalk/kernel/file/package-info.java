/**
 * Files, all in RAM: names, inodes and their page cache, open files, descriptors, pipes.
 *
 * <p>{@link dev.pagewalk.kernel.file.FileSystem} is the front, {@link dev.pagewalk.kernel.file.DescriptorTable} what a
 * process has of it. Two ports go up: {@link dev.pagewalk.kernel.file.MappingObserver} to those who map files, {@link
 * dev.pagewalk.kernel.file.PipeObserver} to those who wait for pipes.
 *
 * <p>On the path of a load from a mapped file: {@link dev.pagewalk.kernel.file.Inode#page} gives the frame. Next: {@link
 * dev.pagewalk.kernel.pagetable.PageTable#map}.
 */
package dev.pagewalk.kernel.file;
