/** How a machine is switched off from inside: {@link dev.pagewalk.devices.power.TestFinisher}. */
package dev.pagewalk.devices.power;
