/** The snapshot contract, which every part with state implements. */
package dev.pagewalk.mmu.state;
