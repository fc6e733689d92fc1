/**
 * What a guest can draw on: {@link dev.pagewalk.devices.display.Framebuffer}, whose pixels are the one device memory that
 * the kernel maps for user code.
 *
 * <p>A store to a pixel comes here from {@code dev.pagewalk.emulator.engine.MemoryAccess}, each time: device pages are
 * in no L0 filter.
 */
package dev.pagewalk.devices.display;
