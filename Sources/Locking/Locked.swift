// A value behind a lock, with the interface of the standard library's Mutex.
//
// In every ordinary build `Locked` is a Mutex and nothing else. In a build for the thread sanitizer (`-DTHREAD_SANITIZER`, as
// Scripts/test passes it) it is a POSIX mutex of the same interface. The reason: on Linux the standard library's Mutex is a
// futex that is locked inside the library, which is not instrumented. The sanitizer does not see that one critical
// section comes after the other and reports each pair of them as a race. It knows pthread_mutex_lock.
//
// Limits: what the sanitizer checks is our use of the lock, not Mutex itself.

#if THREAD_SANITIZER

import Glibc

/// A value that is reached only under its lock.
package struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // Unchecked: the value is only reached through `withLock`, and both pointers live as long as this does.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    package init(_ initial: consuming sending Value) {
        mutex = .allocate(capacity: 1)
        value = .allocate(capacity: 1)
        value.initialize(to: initial)
        let code = pthread_mutex_init(mutex, nil)
        precondition(code == 0, "pthread_mutex_init answers \(code)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value.pointee)
    }
}

#else

package import Synchronization

/// A value that is reached only under its lock.
package struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>

    @inlinable package init(_ initial: consuming sending Value) {
        mutex = Mutex(initial)
    }

    // Inlined, so that it costs what Mutex costs.
    @inlinable package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock(body)
    }
}

#endif
