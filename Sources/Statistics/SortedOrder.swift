/// The order of values, by radix sort: sorting a million (value, index) pairs by comparison takes about twice as long.
enum SortedOrder {
    /// The indices of finite values in ascending order of value; equal values keep their order.
    static func ascending(_ values: [Double]) -> [UInt32] {
        precondition(values.count < UInt32.max, "\(values.count) values are too many for one sample")
        guard values.count > 512 else {
            return values.indices.map(UInt32.init).sorted {
                values[Int($0)] != values[Int($1)] ? values[Int($0)] < values[Int($1)] : $0 < $1
            }
        }
        // IEEE bits order as unsigned numbers once the sign bit is flipped (negative numbers: all bits). Adding 0 turns −0
        // into 0, so that the two compare equal as they should.
        var keys = values.map { value in
            let bits = (value + 0).bitPattern
            return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
        }
        var order = (0..<UInt32(values.count)).map { $0 }
        var otherKeys = keys
        var otherOrder = order
        let digit = 11
        let buckets = 1 << digit
        for shift in stride(from: 0, to: 64, by: digit) {
            var starts = [Int](repeating: 0, count: buckets + 1)
            for key in keys { starts[Int(truncatingIfNeeded: key >> shift) & (buckets - 1) + 1] += 1 }
            // All values share this digit: nothing to do.
            if starts.contains(values.count) { continue }
            for bucket in 0..<buckets { starts[bucket + 1] += starts[bucket] }
            for position in keys.indices {
                let bucket = Int(truncatingIfNeeded: keys[position] >> shift) & (buckets - 1)
                let target = starts[bucket]
                starts[bucket] = target + 1
                otherKeys[target] = keys[position]
                otherOrder[target] = order[position]
            }
            swap(&keys, &otherKeys)
            swap(&order, &otherOrder)
        }
        return order
    }
}
