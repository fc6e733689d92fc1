/**
 * The ways to shoot translations down that {@code --shootdown} chooses from, a class each: whom they tell, what those do, and
 * what the initiator waits for. {@link dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies} lists them.
 */
package dev.pagewalk.kernel.shootdown.policy;
