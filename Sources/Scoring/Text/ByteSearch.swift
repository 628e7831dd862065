#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The places of one byte in a text, found with `memchr`, which looks at many bytes at once.
struct ByteSearch {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next place of a byte, behind the last one returned; nil where there is none.
    mutating func next(_ byte: UInt8) -> Int? {
        guard position < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + position, Int32(byte), bytes.count - position)
        else { return nil }
        let index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        position = index + 1
        return index
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a word stands at a place.
    func holds(_ word: StaticString, at index: Int) -> Bool {
        guard index >= 0, index + word.utf8CodeUnitCount <= count, let base = baseAddress else { return false }
        return memcmp(base + index, word.utf8Start, word.utf8CodeUnitCount) == 0
    }

    /// The first place of a text at or behind another place; nil where it does not stand there, or is empty.
    func firstIndex(of text: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        guard let first = text.first, let wanted = text.baseAddress, let base = baseAddress else { return nil }
        var position = start
        while position >= 0, position + text.count <= count,
            let found = memchr(base + position, Int32(first), count - text.count + 1 - position)
        {
            if memcmp(found, wanted, text.count) == 0 { return UnsafeRawPointer(found) - UnsafeRawPointer(base) }
            position = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
        }
        return nil
    }

    /// The first place of a word at or behind another place; nil where it does not stand there.
    func firstIndex(of word: StaticString, from start: Int = 0) -> Int? {
        firstIndex(of: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount), from: start)
    }

    /// A part of it, counted from 0.
    func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: self[range]) }
}

/// Whether no byte of a text is above 7F₁₆, looked at eight at a time.
func isASCII(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let raw = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes))
    var union: UInt64 = 0
    var index = 0
    while index + 8 <= raw.count {
        union |= raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        index += 8
    }
    while index < raw.count {
        union |= UInt64(raw[index])
        index += 1
    }
    return union & 0x8080_8080_8080_8080 == 0
}
