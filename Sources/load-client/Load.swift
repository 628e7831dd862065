// The load itself: connections of one thread over epoll, requests at a fixed rate or one after the other.
//
// At a fixed rate a request's time counts from the moment at which it was due, not from that at which a connection was free
// ("coordinated omission": G. Tene, wrk2), so a stall is felt by every request that it delays.

import CLinux
import Glibc

/// What is asked, how often.
struct LoadPlan {
    var port: UInt16
    var connections: Int
    /// Requests a second over all connections; nil asks again as soon as an answer is there.
    var rate: Double?
    /// The time between the moments at which requests are due, several together; 0 gives each its own.
    var tickNanoseconds: UInt64
    var seconds: Double
    /// Leading seconds that are not counted.
    var warmup: Double
    var request: RequestTemplate
    /// Whether each event's time is of interest, not only the answer's.
    var isStreamed: Bool
}

/// A request whose session changes from one to the next.
struct RequestTemplate {
    private(set) var bytes: [UInt8]
    /// Where the session's digits stand, as many for each.
    private let digits: Range<Int>
    private let sessions: Int
    private let first: Int

    init(path: String, body: [UInt8], sessions: Int, first: Int) {
        let before = Array(
            """
            POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.count)\r\nAuthorization: Bearer sk-bench\r\nX-Session-Id: s-
            """.utf8
        )
        digits = before.count..<(before.count + String(sessions - 1).utf8.count)
        bytes = before + Array(repeating: 0x30, count: digits.count) + Array("\r\n\r\n".utf8) + body
        self.sessions = sessions
        self.first = first
    }

    /// Makes it the request of this number.
    mutating func turn(to number: Int) {
        var rest = (first + number) % sessions
        for place in digits.reversed() {
            bytes[place] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
    }
}

/// What was measured, times in nanoseconds.
struct LoadResult {
    var started = 0
    var finished = 0
    var failed = 0
    var statuses: [Int: Int] = [:]
    /// Distinct bodies by hash; one where every answer is the same.
    var bodies: [UInt64: Int] = [:]
    var total: [UInt64] = []
    var firstEvent: [UInt64] = []
    var gaps: [UInt64] = []
    var events = 0
    var seconds = 0.0
}

struct Load {
    private struct Connection {
        var socket: Socket
        var scanner = AnswerScanner()
        /// When the request was due; nil while idle.
        var due: UInt64?
        var lastEvent: UInt64?
    }

    private var plan: LoadPlan
    private let poll: Int32
    private let timer: Int32
    /// The moment for which the timer is set.
    private var timerSet: UInt64 = 0
    private var connections: [Connection] = []
    private var idle: [Int] = []
    private var result = LoadResult()
    private var started = 0
    private var begin: UInt64 = 0
    private var countFrom: UInt64 = 0
    private var until: UInt64 = 0
    private var open = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    init(_ plan: LoadPlan) throws(LoadError) {
        self.plan = plan
        poll = epoll_create1(0)
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK))
        guard poll >= 0, timer >= 0 else { throw LoadError("epoll", errno) }
    }

    /// Runs the whole plan; answers that are still under way at its end have ten more seconds.
    mutating func run() throws(LoadError) -> LoadResult {
        for index in 0..<plan.connections {
            connections.append(Connection(socket: try Socket(port: plan.port)))
            try watch(connections[index].socket.descriptor, UInt64(index))
        }
        try watch(timer, .max)
        idle = Array(connections.indices.reversed())
        begin = now()
        countFrom = begin + UInt64(plan.warmup * 1e9)
        until = countFrom + UInt64(plan.seconds * 1e9)
        try startDue()
        var events = [epoll_event](repeating: epoll_event(), count: 512)
        while now() < until + 10_000_000_000, now() < until || open > 0 {
            let count = epoll_wait(poll, &events, Int32(events.count), 200)
            if count < 0, errno != EINTR { throw LoadError("epoll_wait", errno) }
            for event in events.prefix(max(0, Int(count))) {
                if event.data.u64 == .max {
                    var expirations: UInt64 = 0
                    _ = Glibc.read(timer, &expirations, 8)
                } else {
                    try read(Int(event.data.u64))
                }
            }
            try startDue()
        }
        result.started = started
        result.failed += open
        result.seconds = plan.seconds
        buffer.deallocate()
        return result
    }

    private func watch(_ descriptor: Int32, _ number: UInt64) throws(LoadError) {
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: number))
        guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw LoadError("epoll_ctl", errno) }
    }

    /// Starts what is due on idle connections and sets the timer for what comes next.
    private mutating func startDue() throws(LoadError) {
        let time = now()
        guard time < until else { return }
        guard let rate = plan.rate else {
            while let index = idle.popLast() { try start(index, due: now()) }
            return
        }
        while let index = idle.last {
            let due = due(number: started, rate: rate)
            if due > time {
                setTimer(due)
                return
            }
            idle.removeLast()
            try start(index, due: due)
        }
    }

    private func due(number: Int, rate: Double) -> UInt64 {
        let time = UInt64(Double(number) / rate * 1e9)
        let tick = max(1, plan.tickNanoseconds)
        return begin + (time + tick - 1) / tick * tick
    }

    /// Setting a timer costs more than all else that a request does here where the processor is a virtual one.
    private mutating func setTimer(_ due: UInt64) {
        guard due != timerSet else { return }
        timerSet = due
        var next = itimerspec()
        next.it_value.tv_sec = Int(due / 1_000_000_000)
        next.it_value.tv_nsec = Int(due % 1_000_000_000)
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &next, nil)
    }

    private mutating func start(_ index: Int, due: UInt64) throws(LoadError) {
        plan.request.turn(to: started)
        started += 1
        open += 1
        connections[index].due = due
        connections[index].lastEvent = nil
        connections[index].scanner = AnswerScanner()
        try connections[index].socket.send(plan.request.bytes)
    }

    private mutating func read(_ index: Int) throws(LoadError) {
        let count = Glibc.read(connections[index].socket.descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        let time = now()
        if count <= 0 {
            try finish(index, at: time, isWhole: count == 0 && connections[index].scanner.isUntilClose)
            return
        }
        let before = connections[index].scanner.events
        connections[index].scanner.scan(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        let new = connections[index].scanner.events - before
        if new > 0, plan.isStreamed, let due = connections[index].due {
            if due >= countFrom {
                result.events += new
                if let last = connections[index].lastEvent {
                    result.gaps.append(time - last)
                } else {
                    result.firstEvent.append(time - due)
                }
            }
            connections[index].lastEvent = time
        }
        if connections[index].scanner.isDone { try finish(index, at: time, isWhole: true) }
    }

    private mutating func finish(_ index: Int, at time: UInt64, isWhole: Bool) throws(LoadError) {
        let connection = connections[index]
        if let due = connection.due {
            open -= 1
            connections[index].due = nil
            if due >= countFrom {
                if isWhole, connection.scanner.status == 200 {
                    result.finished += 1
                    result.total.append(time - due)
                } else {
                    result.failed += 1
                }
                result.statuses[isWhole ? connection.scanner.status : 0, default: 0] += 1
                result.bodies[connection.scanner.bodyHash, default: 0] += 1
            }
        }
        if !connection.scanner.isDone || !isWhole {
            close(connection.socket.descriptor)
            connections[index].socket = try Socket(port: plan.port)
            try watch(connections[index].socket.descriptor, UInt64(index))
        }
        idle.append(index)
    }
}
