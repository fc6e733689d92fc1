/** What everything that listens on a socket of the host has in common: {@link dev.pagewalk.devices.socket.ListeningSocket}. */
package dev.pagewalk.devices.socket;
