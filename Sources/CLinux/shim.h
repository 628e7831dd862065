// What of Linux the Glibc module leaves out: epoll, eventfd, timerfd, and the settings of malloc.
#ifndef UNDERSTUDY_CLINUX_SHIM_H
#define UNDERSTUDY_CLINUX_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#endif
