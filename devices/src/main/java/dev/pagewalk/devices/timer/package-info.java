/** The machine's clock and the alarms that harts set on it: {@link dev.pagewalk.devices.timer.TimerDevice}. */
package dev.pagewalk.devices.timer;
