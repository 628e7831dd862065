// What of Linux the Glibc module leaves out: epoll, eventfd, timerfd, and the slice of a thread.
#ifndef UNDERSTUDY_CLINUX_SHIM_H
#define UNDERSTUDY_CLINUX_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

// sched_setattr(2), for which older C libraries have neither the function nor the structure. Sets the calling thread's
// slice, between 0.1 and 100 ms; kernels before 6.12 take the call and ignore it. The nice value stays.
static inline long clinux_set_slice(uint64_t nanoseconds) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = 48, .nice = getpriority(PRIO_PROCESS, 0), .runtime = nanoseconds};
    return syscall(SYS_sched_setattr, 0, &attributes, 0);
}

#endif
