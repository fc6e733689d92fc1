/**
 * What {@code pagewalk bench shootdown} measures: how long a guest's munmap takes, in simulated cycles, where other harts
 * have to be told of it.
 *
 * <p>Reading order: {@code ShootdownStudy} (which machines), {@code MunmapMachine} and {@code MunmapRounds} (one of them),
 * then what is made of the results: {@code ShootdownTables}, {@code ShootdownFiles}, {@code ShootdownCharts}.
 */
package dev.pagewalk.tools.bench.shootdown;
