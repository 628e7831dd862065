// What of Linux the Glibc module leaves out: epoll, eventfd, timerfd, the settings of malloc, and a thread's time slice.
#ifndef UNDERSTUDY_CLINUX_SHIM_H
#define UNDERSTUDY_CLINUX_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// The first version of the kernel's struct sched_attr (sched_setattr(2)), which glibc declares since 2.41 only.
struct clinux_scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns;
    uint64_t deadline_ns;
    uint64_t period_ns;
};

// Of the calling thread. -1, with errno, where the kernel refuses.
static inline int clinux_get_scheduling(struct clinux_scheduling *attributes) {
    return (int)syscall(SYS_sched_getattr, 0, attributes, sizeof *attributes, 0);
}

static inline int clinux_set_scheduling(struct clinux_scheduling *attributes) {
    attributes->size = sizeof *attributes;
    return (int)syscall(SYS_sched_setattr, 0, attributes, 0);
}

#endif
