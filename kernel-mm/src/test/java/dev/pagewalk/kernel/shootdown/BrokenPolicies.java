package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.shootdown.policy.EarlyAckPolicy;
import dev.pagewalk.kernel.shootdown.policy.LatrPolicy;
import dev.pagewalk.kernel.shootdown.policy.LazyPolicy;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import java.util.function.Supplier;

/** Shootdown policies with the mistakes that kernels make. */
public final class BrokenPolicies {
    private BrokenPolicies() {}

    /** Another policy with something wrong in it. */
    private abstract static class Mistaken implements ShootdownPolicy {
        final ShootdownPolicy right;

        Mistaken(ShootdownPolicy right) {
            this.right = right;
        }

        @Override
        public String name() {
            return right.name();
        }

        @Override
        public int ceilingPages(int profilePages) {
            return right.ceilingPages(profilePages);
        }

        @Override
        public FlushAction plan(Shootdown shootdown, long seen) {
            return right.plan(shootdown, seen);
        }

        @Override
        public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
            right.dispatch(shootdown, delivery);
        }

        @Override
        public boolean acknowledgesOnReceipt(Shootdown shootdown) {
            return right.acknowledgesOnReceipt(shootdown);
        }
    }

    /** Leaves the highest hart out that should be told. */
    public static ShootdownPolicy leavingOneOut(ShootdownPolicy right) {
        return new Mistaken(right) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                delivery.flushOwn(shootdown);
                long told = delivery.hartsWith(shootdown);
                told &= ~Long.highestOneBit(told);
                for (long rest = told; rest != 0; rest = HartBits.withoutLowest(rest)) {
                    delivery.interrupt(HartBits.lowest(rest), shootdown, RemoteFlush.WHAT_CHANGED);
                }
            }
        };
    }

    /** Gives frames and tables back as soon as everybody has been told. */
    public static ShootdownPolicy freeingBeforeTheAnswer(ShootdownPolicy right, Supplier<FrameAllocator> frames) {
        return new Mistaken(right) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                right.dispatch(shootdown, delivery);
                free(shootdown, frames.get());
            }
        };
    }

    private static void free(Shootdown shootdown, FrameAllocator frames) {
        PageTable table = shootdown.space().pageTable();
        shootdown.frames.forEach(frames::release);
        shootdown.tables.forEach(table::releaseUnhooked);
        shootdown.frames.clear();
        shootdown.tables.clear();
    }

    /** Answers before the flush also where tables are freed. */
    public static ShootdownPolicy answeringEarlyForTables() {
        return new Mistaken(new EarlyAckPolicy()) {
            @Override
            public boolean acknowledgesOnReceipt(Shootdown shootdown) {
                return true;
            }
        };
    }

    /** Flushes the pages of the latest request, whatever the hart has missed before. */
    public static ShootdownPolicy forgettingMissedGenerations() {
        return new Mistaken(new TargetedPolicy()) {
            @Override
            public FlushAction plan(Shootdown shootdown, long seen) {
                boolean isLatest = shootdown.generation()
                        == shootdown.space().generations().current();
                return isLatest && !shootdown.flushesSpace() ? FlushAction.PAGES : FlushAction.SKIP;
            }
        };
    }

    /** Takes every hart for one that has seen the latest. */
    public static ShootdownPolicy skippingTooMuch() {
        return new Mistaken(new TargetedPolicy()) {
            @Override
            public FlushAction plan(Shootdown shootdown, long seen) {
                return FlushAction.SKIP;
            }
        };
    }

    /** Leaves notes, and gives the frames back at once: as the published patch does. */
    public static ShootdownPolicy latrWithoutParking(Supplier<FrameAllocator> frames) {
        return new Mistaken(new LatrPolicy()) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                right.dispatch(shootdown, delivery);
                if (shootdown.parked) {
                    free(shootdown, frames.get());
                }
            }
        };
    }

    /** Leaves notes also of what keeps its mapping. */
    public static ShootdownPolicy latrForAll() {
        return new Mistaken(new LatrPolicy()) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                delivery.flushOwn(shootdown);
                for (long rest = delivery.hartsWith(shootdown); rest != 0; rest = HartBits.withoutLowest(rest)) {
                    delivery.queue(HartBits.lowest(rest), shootdown);
                }
            }
        };
    }

    /** Leaves idle harts alone also where tables are freed. */
    public static ShootdownPolicy lazyWithTables() {
        return new Mistaken(new LazyPolicy()) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                delivery.flushOwn(shootdown);
                for (long rest = delivery.hartsWith(shootdown); rest != 0; rest = HartBits.withoutLowest(rest)) {
                    int hartId = HartBits.lowest(rest);
                    if (HartBits.contains(delivery.idleHarts(), hartId) || !delivery.isLoaded(hartId, shootdown)) {
                        delivery.queue(hartId, shootdown);
                    } else {
                        delivery.interrupt(hartId, shootdown, RemoteFlush.WHAT_CHANGED);
                    }
                }
            }
        };
    }

    /** Flushes no more than the pages of a request, although the hart may have missed one before. */
    public static ShootdownPolicy ignoringGaps() {
        return new Mistaken(new TargetedPolicy()) {
            @Override
            public FlushAction plan(Shootdown shootdown, long seen) {
                if (seen >= shootdown.generation()) {
                    return FlushAction.SKIP;
                }
                return shootdown.flushesSpace() ? FlushAction.SPACE : FlushAction.PAGES;
            }
        };
    }

    /** Tells nobody, itself included, where a fork has made pages read-only. */
    public static ShootdownPolicy forgettingForks(ShootdownPolicy right) {
        return new Mistaken(right) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                boolean isFork = shootdown.flushesSpace() && !shootdown.freesTables() && shootdown.frames.isEmpty();
                if (!isFork) {
                    right.dispatch(shootdown, delivery);
                }
            }
        };
    }

    /** Puts a page's new PTE in while harts are still being told of the old one's end. */
    public static ShootdownPolicy installingAtOnce(ShootdownPolicy right) {
        return new Mistaken(right) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                right.dispatch(shootdown, delivery);
                if (shootdown.replacedPage != Shootdown.NO_PAGE) {
                    PageTable table = shootdown.space().pageTable();
                    long pte = shootdown.space().inTransit().cancel(shootdown.replacedPage);
                    table.write(table.look(shootdown.replacedPage), pte);
                }
            }
        };
    }

    /** Takes harts that were left to flush at their next switch for such as have done so. */
    public static ShootdownPolicy lazyWithoutFlushAtSwitch() {
        return new Mistaken(new LazyPolicy()) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                right.dispatch(shootdown, delivery);
                long left = delivery.otherHarts() & ~shootdown.awaited;
                for (long rest = left; rest != 0; rest = HartBits.withoutLowest(rest)) {
                    TlbGenerations generations = shootdown.space().generations();
                    generations.caughtUp(HartBits.lowest(rest), generations.current());
                }
            }
        };
    }

    /** Parks frames and tables, and lets the range of addresses be used again at once. */
    public static ShootdownPolicy latrWithoutParkingTheRange() {
        return new Mistaken(new LatrPolicy()) {
            @Override
            public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
                right.dispatch(shootdown, delivery);
                if (shootdown.holdsRange) {
                    shootdown.space().parked().remove(shootdown.lingerStart, shootdown.lingerEnd);
                    shootdown.holdsRange = false;
                }
            }
        };
    }
}
