import Threads

/// A value of which a test awaits that it fits; whoever changes it wakes those for whom it does.
package final class Awaited<Value: Sendable>: Sendable {
    private struct Waiter {
        var isEnough: @Sendable (Value) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
    }

    private let state: Locked<State>

    package init(_ value: Value) {
        state = Locked(State(value: value))
    }

    package var now: Value { state.withLock { $0.value } }

    /// Changes the value under its lock.
    package func change(_ body: (inout Value) -> Void) {
        let ready = state.withLock { state in
            body(&state.value)
            let ready = state.waiters.filter { $0.value.isEnough(state.value) }
            for number in ready.keys { state.waiters[number] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    /// Returns once the value fits, or the task is cancelled, as by a time limit.
    package func wait(until isEnough: @escaping @Sendable (Value) -> Bool) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if isEnough(state.value) || Task.isCancelled { return true }
                    state.waiters[number] = Waiter(isEnough: isEnough, continuation: continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.continuation.resume()
        }
    }
}
