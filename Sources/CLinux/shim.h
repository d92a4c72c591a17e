#pragma once
#define _GNU_SOURCE 1
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>

// What Swift's Glibc module hides, and what it cannot call: accept4 takes a transparent union.

static inline int linux_accept(int listener, struct sockaddr_storage *peer) {
    socklen_t length = sizeof *peer;
    return accept4(listener, (struct sockaddr *)peer, peer == NULL ? NULL : &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
