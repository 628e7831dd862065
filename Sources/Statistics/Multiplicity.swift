/// Corrections for testing several hypotheses at once; all control the chance of any false rejection.
public enum Multiplicity {
    /// Holm's adjusted p-values.
    ///
    /// A hypothesis is rejected at level α where its adjusted value is at most α. Source: Holm, Scandinavian Journal of
    /// Statistics 6 (1979) 65–70.
    ///
    /// - Parameter pValues: between 0 and 1.
    /// - Returns: the adjusted values in the order given.
    public static func holm(_ pValues: [Double]) -> [Double] {
        var adjusted = [Double](repeating: 1, count: pValues.count)
        var largest = 0.0
        for (step, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
            largest = max(largest, min(1, pValues[index] * Double(pValues.count - step)))
            adjusted[index] = largest
        }
        return adjusted
    }

    /// The same for e-values: Holm's steps on 1/e, valid under any dependence.
    ///
    /// The j-th largest e-value is divided by the number of hypotheses left, and none may exceed one before it. A
    /// hypothesis is rejected at level α where its adjusted value is at least 1/α (Vovk, Wang, Annals of Statistics 49
    /// (2021) 1736–1754, §5; Hartog, Lei (2025)).
    ///
    /// - Parameter eValues: not negative.
    /// - Returns: the adjusted values in the order given.
    public static func eHolm(_ eValues: [Double]) -> [Double] {
        var adjusted = [Double](repeating: 0, count: eValues.count)
        var smallest = Double.greatestFiniteMagnitude
        for (step, index) in eValues.indices.sorted(by: { eValues[$0] > eValues[$1] }).enumerated() {
            smallest = min(smallest, eValues[index] / Double(eValues.count - step))
            adjusted[index] = smallest
        }
        return adjusted
    }
}
