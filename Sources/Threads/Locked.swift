// A value behind a lock, with the interface of the standard library's Mutex.
//
// In ordinary builds `Locked` is Mutex. In a build for the thread sanitizer (`-DTHREAD_SANITIZER`, passed by Scripts/test) it
// is a POSIX mutex with the same interface. The reason: on Linux the standard library's Mutex is a futex that is locked inside
// the library, which is not instrumented. The sanitizer does not see the order of two critical sections and reports each pair
// as a race. It knows pthread_mutex_lock.
//
// Limits: what the sanitizer checks is our use of the lock, not Mutex itself.

#if THREAD_SANITIZER

import Glibc

/// A value that is reached only under its lock.
package struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // Unchecked: the value is reached only through `withLock`, and both pointers live as long as this object.
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

// Exported, because the members of an alias are visible only where its module is imported (SE-0444). An alias and not a wrapper:
// the compiler specialises Mutex where it is used, but a wrapper's generic code only within its own module.
@_exported public import Synchronization

/// A value that is reached only under its lock.
package typealias Locked<Value: ~Copyable> = Mutex<Value>

#endif
