package import Testing

extension Trait where Self == TimeLimitTrait {
    /// A minute, and five with a sanitizer, which makes a program some times slower: what takes longer hangs.
    package static var hangLimit: Self {
        #if THREAD_SANITIZER || ADDRESS_SANITIZER
        .timeLimit(.minutes(5))
        #else
        .timeLimit(.minutes(1))
        #endif
    }
}
