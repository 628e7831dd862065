// Linux's epoll, eventfd and timerfd, which the Glibc module leaves out.
#ifndef UNDERSTUDY_CEPOLL_SHIM_H
#define UNDERSTUDY_CEPOLL_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#endif
