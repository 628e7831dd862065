/// Character n-gram F-score of two texts, n = 1…6, β = 2, white space left out.
///
/// Equals sacreBLEU's `CHRF(char_order=6, word_order=0, beta=2)` on a sentence, divided by 100: precision and recall are
/// averaged over the orders for which both texts have n-grams.
///
/// - Returns: 0…1; nil where either text has no character but white space.
func characterNGramF(_ reference: String, _ other: String) -> Double? {
    let left = visibleScalars(reference)
    let right = visibleScalars(other)
    guard !left.isEmpty, !right.isEmpty else { return left.isEmpty == right.isEmpty ? nil : 0 }
    if left == right { return 1 }
    var table = CountTable(capacity: left.count)
    var precision = 0.0
    var recall = 0.0
    var orders = 0
    var leftHashes = Array(repeating: UInt64(0), count: left.count)
    var rightHashes = Array(repeating: UInt64(0), count: right.count)
    for order in 1...6 {
        let leftCount = left.count - order + 1
        let rightCount = right.count - order + 1
        guard leftCount > 0, rightCount > 0 else { break }
        if order > 1 { table.removeAll() }
        for index in 0..<leftCount {
            leftHashes[index] = extended(leftHashes[index], by: left[index + order - 1])
            table.add(mixed(leftHashes[index]))
        }
        var matches = 0
        for index in 0..<rightCount {
            rightHashes[index] = extended(rightHashes[index], by: right[index + order - 1])
            if table.take(mixed(rightHashes[index])) { matches += 1 }
        }
        precision += Double(matches) / Double(rightCount)
        recall += Double(matches) / Double(leftCount)
        orders += 1
    }
    precision /= Double(orders)
    recall /= Double(orders)
    guard precision + recall > 0 else { return 0 }
    return 5 * precision * recall / (4 * precision + recall)
}

/// The hash of an n-gram from that of its first n − 1 characters.
private func extended(_ hash: UInt64, by scalar: UInt32) -> UInt64 {
    (hash &+ UInt64(scalar) &+ 1) &* 0x9E37_79B9_7F4A_7C15
}

private func visibleScalars(_ text: String) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        let isSpace =
            scalar.value < 0x80
            ? scalar.value == 0x20 || (scalar.value >= 0x09 && scalar.value <= 0x0D) : scalar.properties.isWhitespace
        if !isSpace { scalars.append(scalar.value) }
    }
    return scalars
}
