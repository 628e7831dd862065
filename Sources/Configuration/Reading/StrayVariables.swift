/// Variables that start with `UNDERSTUDY_` and stand for no key.
///
/// One that is a letter or two away from a key's is a misspelling, and an error: the value would silently not be in
/// force. Any other gets a warning only, since programs share an environment; the variables that Kubernetes sets for
/// a Service named "understudy" (`UNDERSTUDY_SERVICE_HOST`, `UNDERSTUDY_PORT_8080_TCP` …) not even that.
extension Reading {
    func checkStrayVariables(warnings: inout [String]) {
        for variable in environment.keys.sorted() where variable.hasPrefix("UNDERSTUDY_") {
            guard variables[variable] == nil, !namedVariables.contains(variable),
                !Self.isSetByKubernetes(variable)
            else { continue }
            guard let nearest = NearestName.nearest(to: variable, among: variables.keys.sorted()) else { continue }
            if nearest.distance <= 2 {
                report(
                    .unknownVariable,
                    .environment(variable: variable),
                    variables[nearest.name] ?? "",
                    "\(variable) stands for no key; did you mean \(nearest.name)?"
                )
            } else {
                warnings.append("\(variable) stands for no key and is ignored; the nearest is \(nearest.name).")
            }
        }
    }

    private static func isSetByKubernetes(_ variable: String) -> Bool {
        variable == "UNDERSTUDY_PORT" || variable.hasPrefix("UNDERSTUDY_PORT_")
            || variable.contains("_SERVICE_HOST") || variable.contains("_SERVICE_PORT")
            || variable.contains("_PORT_") && (variable.contains("_TCP") || variable.contains("_UDP"))
    }
}
