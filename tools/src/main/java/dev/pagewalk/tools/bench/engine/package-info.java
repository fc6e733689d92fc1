/**
 * How fast guests are executed: the same kernels in assembly on our engines and under QEMU, as ratios in one run.
 *
 * <p>{@link dev.pagewalk.tools.bench.engine.EngineKernel} names the kernels, {@link dev.pagewalk.tools.bench.engine.EngineStudy} has each
 * measured by {@link dev.pagewalk.tools.bench.engine.HostSpeedMeter}, which starts a process for every sample: a JVM that runs
 * {@link dev.pagewalk.tools.bench.engine.EngineTrial}, or QEMU.
 */
package dev.pagewalk.tools.bench.engine;
